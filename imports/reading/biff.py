"""Surveys the sheets of an old .xls from its own records. Source: [MS-XLS] 2.1, 2.4."""

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from imports.reading import ole
from imports.reading.errors import damaged, too_many_columns
from imports.reading.findings import Mark, Merge, Survey
from imports.reading.limits import Limits

_BOF = frozenset({0x0809, 0x0409, 0x0209, 0x0009})
_BOUNDSHEET = 0x85
_MULTIPLE_RK = 0xBD
_FORMULA = 0x06
_BOOL_OR_ERROR = 0x205
_MERGED = 0xE5
_ROW, _COLUMNS = 0x208, 0x7D
_LAYOUT = frozenset({_MERGED, _ROW, _COLUMNS})
_ROW_IS_HIDDEN = 0x20
_LAST_COLUMN = 255
# NUMBER, RK, LABELSST, LABEL, RSTRING: one cell each, never blank.
_SINGLE = frozenset({0x203, 0x27E, 0xFD, 0x204, 0xD6})
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


@dataclass
class _Found:
    lines: set[int] = field(default_factory=set)
    last_column: int = -1
    marks: dict[int, dict[int, Mark]] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    hidden_lines: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def cell(self, row: int, column: int) -> None:
        self.lines.add(row + 1)
        self.last_column = max(self.last_column, column)

    def mark_error(self, row: int, column: int, code: int) -> None:
        self.marks.setdefault(row + 1, {})[column] = {"e": _ERRORS.get(code, "#ERROR")}


@dataclass(frozen=True)
class XlsSheet:
    """`index` counts all sheets of the file, charts and macros too.

    `marks` maps line → column (from 0) → {"e": error text}.
    """

    index: int
    name: str
    hidden: bool
    found: Survey
    marks: dict[int, dict[int, Mark]]
    merges: list[Merge]
    hidden_lines: frozenset[int] = frozenset()
    hidden_columns: list[int] = field(default_factory=list)


def survey_xls(path: Path, limits: Limits) -> list[XlsSheet]:
    """Return a survey of each worksheet, in the file's order."""
    with ole.CompoundFile(path) as compound:
        name = "Workbook" if "Workbook" in compound.names() else "Book"
        workbook = compound.stream(name)
    try:
        return [
            XlsSheet(index, title, hidden, *_survey(workbook, start, limits))
            for index, title, hidden, start in _sheets(workbook)
        ]
    except struct.error as error:
        raise damaged() from error


def _sheets(workbook: bytes) -> Iterator[tuple[int, str, bool, int]]:
    """Yield (index, name, hidden, offset) of the worksheets."""
    index = 0
    is_biff8 = True
    for number, _, payload in ole.records(workbook):
        if number in _BOF:
            is_biff8 = struct.unpack_from("<H", payload)[0] >= 0x0600
        elif number == _BOUNDSHEET:
            start, state, kind, length = struct.unpack_from("<L3B", payload)
            if kind == 0:
                yield index, _title(payload, length, is_biff8), state & 3 != 0, start
            index += 1
        elif number == ole.EOF:
            return


def _title(payload: bytes, length: int, is_biff8: bool) -> str:
    if not is_biff8:
        return payload[7 : 7 + length].decode("cp874", "replace")
    if payload[7] & 1:
        return payload[8 : 8 + 2 * length].decode("utf-16-le", "replace")
    return payload[8 : 8 + length].decode("latin-1")


def _survey(
    workbook: bytes, start: int, limits: Limits
) -> tuple[Survey, dict[int, dict[int, Mark]], list[Merge], frozenset[int], list[int]]:
    found = _Found()
    depth = 0
    for number, _, payload in ole.records(workbook, start):
        if number in _BOF:
            depth += 1
        elif number == ole.EOF:
            depth -= 1
            if depth <= 0:
                break
        elif depth == 1:
            _note(found, number, payload)
    if found.last_column >= limits.columns:
        raise too_many_columns(limits.columns, max(found.lines))
    survey = Survey(
        filled=array("L", sorted(found.lines)),
        columns=found.last_column + 1,
        hidden_rows=len(found.hidden_lines),
    )
    columns = sorted(column for column in found.hidden_columns if column < survey.columns)
    merges = found.merges[: limits.merged_ranges]
    return survey, found.marks, merges, frozenset(found.hidden_lines), columns


def _note(found: _Found, number: int, payload: bytes) -> None:
    if number in _SINGLE:
        found.cell(*struct.unpack_from("<2H", payload))
    elif number == _MULTIPLE_RK:
        row, _ = struct.unpack_from("<2H", payload)
        found.cell(row, struct.unpack_from("<H", payload, len(payload) - 2)[0])
    elif number == _BOOL_OR_ERROR:
        row, column, _, value, is_error = struct.unpack_from("<3H2B", payload)
        found.cell(row, column)
        if is_error:
            found.mark_error(row, column, value)
    elif number == _FORMULA:
        _note_formula(found, payload)
    elif number in _LAYOUT:
        _note_layout(found, number, payload)


def _note_layout(found: _Found, number: int, payload: bytes) -> None:
    """Note what is merged and what is hidden."""
    if number == _MERGED:
        (count,) = struct.unpack_from("<H", payload)
        for index in range(count):
            top, bottom, left, right = struct.unpack_from("<4H", payload, 2 + 8 * index)
            found.merges.append((top + 1, left, bottom + 1, right))
    elif number == _ROW:
        row, flags = struct.unpack_from("<H10xH", payload)
        if flags & _ROW_IS_HIDDEN:
            found.hidden_lines.add(row + 1)
    else:
        first, last, _, _, flags = struct.unpack_from("<5H", payload)
        if flags & 1:
            found.hidden_columns.update(range(first, min(last, _LAST_COLUMN) + 1))


def _note_formula(found: _Found, payload: bytes) -> None:
    row, column, _, kind, _, value, _, _, _, signature = struct.unpack_from("<3H6BH", payload)
    is_special = signature == 0xFFFF
    if is_special and kind == 3:
        return
    found.cell(row, column)
    if is_special and kind == 2:
        found.mark_error(row, column, value)
