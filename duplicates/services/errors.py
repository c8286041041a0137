"""What these services refuse. All texts are for the user."""

from collections.abc import Sequence


class UnableToDecide(Exception):
    """The pair cannot be judged so, or somebody judged it first."""


class UnableToMerge(Exception):
    """The two cannot become one, or somebody merged them first."""


class UnableToUnmerge(Exception):
    """Later work stands on the merge. `reasons` name it, one sentence each."""

    def __init__(self, message: str, *, reasons: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.reasons = list(reasons)
