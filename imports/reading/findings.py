"""What a survey of a worksheet finds, whichever way it goes."""

from array import array
from dataclasses import dataclass, field

from imports.reading.errors import damaged

Mark = dict[str, str]
Merge = tuple[int, int, int, int]
"""First line, first column, last line, last column; columns from 0."""


@dataclass
class Survey:
    """`filled` holds the number of each line with something in it, ascending."""

    filled: "array[int]" = field(default_factory=lambda: array("L"))
    columns: int = 0
    hidden_rows: int = 0

    @property
    def last_line(self) -> int:
        return self.filled[-1] if self.filled else 0


def column_index(letters: str | bytes) -> int:
    """Return 0 for "A". Raises UnableToRead if it is no column."""
    found = 0
    for letter in letters.decode() if isinstance(letters, bytes) else letters:
        found = found * 26 + ord(letter) - 64
    if not 0 < found <= 16_384:
        raise damaged()
    return found - 1
