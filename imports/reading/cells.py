"""What the reader hands over, and how it travels from the child process."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class ErrorCell(str):
    """A cell that shows a spreadsheet error; the text is the error, like "#N/A"."""

    __slots__ = ()


class FormulaWithoutValue(str):
    """A formula that no program has ever calculated; the text is the formula, with "="."""

    __slots__ = ()


class MergedCell(str):
    """A cell that a merged range covers: empty, its value stands in the range's first cell."""

    __slots__ = ()


_MARKS: Mapping[str, type[str]] = {
    "e": ErrorCell,
    "f": FormulaWithoutValue,
    "m": MergedCell,
}

Cell = None | str | int | float | bool | date | datetime
Line = tuple[int, list[Cell]]


class Kind(StrEnum):
    XLSX = "xlsx"
    XLS = "xls"
    CSV = "csv"


@dataclass(frozen=True)
class SheetInfo:
    """One table of the file. A CSV has one, without a name.

    `rows` is the number of the last line that holds something, `columns` the widest such line
    (in a CSV the usual number of cells of a line). Hidden lines are read like any other.
    `head` holds the first lines.
    """

    name: str
    hidden: bool
    rows: int
    columns: int
    hidden_rows: int = 0
    head: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Inspection:
    kind: Kind
    sheets: list[SheetInfo]
    encoding: str | None = None
    delimiter: str | None = None


@dataclass(frozen=True)
class Chunk:
    """Lines one after the other, without a gap: a blank line between others has only blank cells.

    Each line carries the number that a spreadsheet program shows for it, the first being 1.
    `ragged` names the lines of a CSV that have more or fewer cells than the others.
    """

    lines: list[Line]
    ragged: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Count:
    """Lines behind a header, up to the last one that holds anything, and the full ones of them."""

    lines: int
    filled: int

    @property
    def blank(self) -> int:
        return self.lines - self.filled


def is_empty(cell: Cell) -> bool:
    """Whether the cell holds nothing. A space is something: cleaning it away is not reading."""
    return cell is None or cell == ""


def to_wire(value: object) -> bytes:
    return json.dumps(
        value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_mark
    ).encode()


def from_wire(payload: bytes) -> Any:
    return json.loads(payload, object_hook=_unmark)


def _mark(value: object) -> dict[str, str]:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    raise TypeError(type(value).__name__)


def _unmark(found: dict[str, Any]) -> Any:
    if len(found) != 1:
        return found
    [(mark, text)] = found.items()
    if mark == "d":
        return date.fromisoformat(text)
    if mark == "t":
        return datetime.fromisoformat(text)
    kind = _MARKS.get(mark)
    return kind(text) if kind else found
