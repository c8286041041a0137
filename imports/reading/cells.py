"""What the reader hands over, and how it travels from the child process."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

import orjson


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
    (in a CSV the usual number of cells of a line). Hidden lines are read like any other, unless
    the options say so. `head` holds the first lines, `merges` the merged ranges among them
    (first line, first column, last line, last column; columns from 0).
    """

    name: str
    hidden: bool
    rows: int
    columns: int
    hidden_rows: int = 0
    hidden_columns: list[int] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    head: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Options:
    """How somebody said that the file is to be read. What is blank is found out.

    With `marks_hidden`, hidden lines are still handed over, and named. With `fills_merged`,
    cells below the first one of a merged range have its value.
    """

    encoding: str = ""
    delimiter: str = ""
    marks_hidden: bool = False
    fills_merged: bool = False


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
    `ragged` names the lines of a CSV that have more or fewer cells than the others, `hidden`
    the hidden ones if they were asked for, `filled` those with a value of a merged range.

    `rows` are the cells of each line as they travelled: the same cells, the same bytes.
    `cells_of` takes one line apart, `lines` all of them. They raise ValueError if it is none.
    """

    numbers: list[int]
    rows: list[bytes]
    ragged: frozenset[int] = field(default_factory=frozenset)
    hidden: frozenset[int] = field(default_factory=frozenset)
    filled: frozenset[int] = field(default_factory=frozenset)

    @cached_property
    def lines(self) -> list[Line]:
        cells = [cells_of(row) for row in self.rows]
        return list(zip(self.numbers, cells, strict=True))


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


_OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME
_PLAIN_TYPES = frozenset({type(None), str, int, float, bool})


def to_wire(value: object) -> bytes:
    return orjson.dumps(value, default=_mark, option=_OPTIONS)


def from_wire(payload: bytes | bytearray) -> Any:
    """Return what was sent, marks still as they travelled. Raises ValueError if it is no JSON."""
    return orjson.loads(payload)


def cells_of(row: bytes) -> list[Cell]:
    """Return the cells of one line of a chunk. Raises ValueError if it is no line."""
    return cells_from_wire(from_wire(row))


def cells_from_wire(cells: Any) -> list[Cell]:
    """Return the cells of a line, each of a type that a cell may have. Raises ValueError."""
    if type(cells) is not list:
        raise ValueError(type(cells).__name__)
    if _PLAIN_TYPES.issuperset(map(type, cells)):
        return cells
    return [cell if type(cell) in _PLAIN_TYPES else _unmark(cell) for cell in cells]


def _mark(value: object) -> dict[str, str]:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    raise TypeError(type(value).__name__)


def _unmark(found: Any) -> Cell:
    if type(found) is not dict or len(found) != 1:
        raise ValueError(type(found).__name__)
    [(mark, text)] = found.items()
    if mark == "d":
        return date.fromisoformat(text)
    if mark == "t":
        return datetime.fromisoformat(text)
    return _MARKS[mark](text)
