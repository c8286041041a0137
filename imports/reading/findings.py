"""What a survey of a worksheet finds, whichever of the two ways it goes."""

from array import array
from dataclasses import dataclass, field

from imports.reading.errors import UnableToRead, damaged

Mark = dict[str, str]
Merge = tuple[int, int, int, int]

# Errors and formulas without a value that are remembered for one worksheet.
MARKS = 1_000_000


@dataclass
class Survey:
    """`filled` holds the number of each line with something in it, ascending.

    `marks` maps line → column (from 0) → {"e": error text} or {"f": formula}.
    `merges` are (first line, first column, last line, last column), columns from 0.
    """

    filled: "array[int]" = field(default_factory=lambda: array("L"))
    columns: int = 0
    hidden_rows: int = 0
    marks: dict[int, dict[int, Mark]] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)

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


def too_many_marks() -> UnableToRead:
    return UnableToRead(
        "too_many_marks",
        "ไฟล์มีสูตรที่ยังไม่คำนวณหรือเซลล์ผิดพลาดมากเกินไป เปิดด้วย Excel บันทึกเป็นค่า แล้วส่งใหม่",
    )
