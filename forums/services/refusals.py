"""How the services of this room say no. The messages are for the user."""


class UnableToConvene(Exception):
    """A rule of forums says no; `field` names what to mend, "" for the whole."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class WrongState(UnableToConvene):
    """The forum or the resolution is not, or no longer, in a state for this."""


class Stale(UnableToConvene):
    """Somebody else saved first."""
