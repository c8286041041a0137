"""A line in the making, and what a fault in it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from imports.management.samples.entry import Entry
from imports.management.samples.people import Person
from imports.management.samples.template import Raw

THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
MONTHS = (
    "ม.ค.",
    "ก.พ.",
    "มี.ค.",
    "เม.ย.",
    "พ.ค.",
    "มิ.ย.",
    "ก.ค.",
    "ส.ค.",
    "ก.ย.",
    "ต.ค.",
    "พ.ย.",
    "ธ.ค.",
)
IN_ANOTHER_HOUSE, IN_THE_SAME_HOUSE = "another house", "same house"
ACCEPTED, HELD, REJECTED, SKIPPED = "accepted", "held", "rejected", "skipped"


@dataclass
class Line:
    """A line of the sheet in the making: its cells, and what they mean where that is certain.

    `partner` has the cells and the meaning of the faultless line that this one contradicts.
    """

    entry: Entry
    random: Random
    is_csv: bool
    cells: dict[str, Raw]
    values: dict[str, Any]
    partner: "Line | None" = None

    @property
    def person(self) -> Person:
        return self.entry.person

    def write(self, column: str, raw: Raw) -> None:
        """Write the same value in another way."""
        self.cells[column] = raw

    def change(self, column: str, raw: Raw, value: Any) -> None:
        self.cells[column] = raw
        self.values[column] = value

    def spoil(self, column: str, raw: Raw) -> None:
        """Write something that has no certain value."""
        self.cells[column] = raw
        self.values.pop(column, None)

    @property
    def citizen_id(self) -> str:
        return self.person.citizen_id

    @property
    def born_be(self) -> tuple[int, int, int]:
        born = self.person.birth_date
        return born.day, born.month, born.year + 543


Plant = Callable[[Line], None]


@dataclass(frozen=True)
class Fault:
    """`codes` are those that decide the verdict; F_ notes about repairs may come on top.

    `fits` chooses lines where the fault is alone: a changed address of one member, for
    instance, would contradict the others of the house. `partner` says where the faultless
    line stands that this one contradicts, if it needs one: always before it.
    """

    kind: str
    verdict: str
    codes: tuple[str, ...]
    plant: Plant
    fits: Callable[[Entry], bool] = lambda entry: True
    partner: str = ""


def is_alone(entry: Entry) -> bool:
    return entry.is_alone


def is_later_member(entry: Entry) -> bool:
    return entry.is_last_member and not entry.is_alone


# Faults that are a line of their own, behind a faultless one.
BLANK_LINE, HEADER_LINE, TOTAL_LINE, REPEATED_LINE = "blank", "header", "total", "repeat"
EXTRA_LINES: Mapping[str, str] = {
    BLANK_LINE: "S_BLANK",
    HEADER_LINE: "S_HEADER",
    TOTAL_LINE: "S_TOTAL",
    REPEATED_LINE: "S_REPEAT",
}
