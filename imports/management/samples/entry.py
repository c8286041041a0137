"""What one line of a sample is about."""

from typing import Protocol

from imports.management.samples.people import Person


class Entry(Protocol):
    """A line's place in the list, and whose it is.

    `is_alone` says that no other line speaks of the household; `is_last_member` that none
    behind it does.
    """

    @property
    def index(self) -> int: ...

    @property
    def household(self) -> int: ...

    @property
    def person(self) -> Person: ...

    @property
    def is_alone(self) -> bool: ...

    @property
    def is_last_member(self) -> bool: ...
