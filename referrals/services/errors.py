"""Why something cannot be done with a referral. The messages are for the user."""


class UnableToRefer(Exception):
    """It cannot be done so; `field` names what has to be put right, if one thing."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class Taken(UnableToRefer):
    """Somebody moved it first. Look at it again, then decide."""


class WrongState(UnableToRefer):
    """The table of moves does not allow it from where the referral stands."""
