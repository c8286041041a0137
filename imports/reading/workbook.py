"""Reads .xlsx and .xls: calamine where it fits, the streaming reader above that."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import python_calamine as calamine

from imports.reading import archive as zipped
from imports.reading import streaming
from imports.reading.biff import survey_xls
from imports.reading.cells import Inspection, Kind, SheetInfo
from imports.reading.errors import (
    cell_too_long,
    damaged,
    no_such_sheet,
    nothing_inside,
    nul_character,
)
from imports.reading.findings import Survey
from imports.reading.limits import Limits
from imports.reading.package import Package, Sheet, open_package
from imports.reading.survey import survey

Row = tuple[int, list[Any]]


def inspect_xlsx(path: Path, limits: Limits) -> Inspection:
    with zipped.open_archive(path, limits) as archive:
        package = open_package(archive, limits)
        sheets = []
        for sheet in package.sheets:
            found = survey(archive, package, sheet, limits)
            sheets.append(
                SheetInfo(
                    name=sheet.name,
                    hidden=sheet.hidden,
                    rows=found.last_line,
                    columns=found.columns,
                    hidden_rows=found.hidden_rows,
                )
            )
    return _checked(Inspection(kind=Kind.XLSX, sheets=sheets))


def inspect_xls(path: Path, limits: Limits) -> Inspection:
    return _checked(
        Inspection(
            kind=Kind.XLS,
            sheets=[
                SheetInfo(
                    name=each.name,
                    hidden=each.hidden,
                    rows=each.found.last_line,
                    columns=each.found.columns,
                )
                for each in survey_xls(path, limits)
            ],
        )
    )


def _checked(found: Inspection) -> Inspection:
    if not any(sheet.rows for sheet in found.sheets):
        raise nothing_inside()
    return found


def read_xlsx(path: Path, sheet: str | None, skip_to: int, limits: Limits) -> Iterator[Row]:
    """Yield (line, cells) above `skip_to`, only lines that the file writes."""
    with zipped.open_archive(path, limits) as archive:
        package = open_package(archive, limits)
        chosen = choose(package.sheets, sheet)
        found = survey(archive, package, chosen, limits)
        if _fits_calamine(archive, package, chosen, found, limits):
            try:
                lines = _calamine_rows(path, chosen.name, skip_to)
            except calamine.CalamineError:
                # It knows fewer oddities than expat does, such as a new kind of error cell.
                lines = streaming.rows(archive, package, chosen, limits.columns)
        else:
            lines = streaming.rows(archive, package, chosen, limits.columns)
        yield from _marked(lines, found, skip_to, limits)


def head_xlsx(path: Path, sheet: str | None, limits: Limits) -> Iterator[Row]:
    """Yield lines from the top as they are unpacked; errors, formulas and merges read as blank."""
    with zipped.open_archive(path, limits) as archive:
        package = open_package(archive, limits)
        chosen = choose(package.sheets, sheet)
        for line, cells in streaming.rows(archive, package, chosen, limits.columns):
            yield line, checked(line, cells, limits)


def read_xls(path: Path, sheet: str | None, skip_to: int, limits: Limits) -> Iterator[Row]:
    chosen = choose(survey_xls(path, limits), sheet)
    try:
        lines = _calamine_rows(path, chosen.index, skip_to)
    except (calamine.CalamineError, IndexError) as error:
        raise damaged() from error
    yield from _marked(lines, chosen.found, skip_to, limits)


def _marked(lines: Iterator[Row], found: Survey, skip_to: int, limits: Limits) -> Iterator[Row]:
    covered = Covered(found)
    for line, cells in lines:
        if line > skip_to:
            _mark(cells, found.marks.get(line), covered.columns(line))
            yield line, checked(line, cells, limits)


def choose(sheets: Any, name: str | None) -> Any:
    """Return the named sheet, or the first visible one."""
    for sheet in sheets:
        if sheet.name == name or (name is None and not sheet.hidden):
            return sheet
    raise no_such_sheet()


def _fits_calamine(
    archive: zipfile.ZipFile, package: Package, sheet: Sheet, found: Survey, limits: Limits
) -> bool:
    unpacked = archive.getinfo(sheet.part).file_size
    if package.strings:
        unpacked += archive.getinfo(package.strings).file_size
    cells = found.last_line * found.columns
    return unpacked <= limits.calamine_xml_bytes and cells <= limits.calamine_cells


def _calamine_rows(path: Path, sheet: str | int, skip_to: int) -> Iterator[Row]:
    """Load the sheet at once (CalamineError comes from here), then yield its lines."""
    workbook = calamine.CalamineWorkbook.from_path(str(path))
    if isinstance(sheet, int):
        return _tidied(workbook.get_sheet_by_index(sheet), skip_to)
    return _tidied(workbook.get_sheet_by_name(sheet), skip_to)


def _tidied(sheet: calamine.CalamineSheet, skip_to: int) -> Iterator[Row]:
    # iter_rows starts at the first line but at the first used column.
    before = [None] * (sheet.start[1] if sheet.start else 0)
    for line, cells in enumerate(sheet.iter_rows(), 1):
        if line > skip_to:
            # Text first and without a call: a list has millions of cells.
            yield (
                line,
                before + [(cell or None) if type(cell) is str else _tidy(cell) for cell in cells],
            )


def _tidy(cell: Any) -> Any:
    kind = type(cell)
    if kind is float:
        return streaming.tidy_number(cell)
    if kind in (bool, int, date, datetime):
        return cell
    if kind is time:
        return streaming.clock(timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second))
    return streaming.clock(cell)


def checked(line: int, cells: list[Any], limits: Limits) -> list[Any]:
    for cell in cells:
        if type(cell) is str:
            if len(cell) > limits.cell_characters:
                raise cell_too_long(limits.cell_characters, line)
            if "\0" in cell:
                raise nul_character(line)
    return cells


def _mark(cells: list[Any], marks: dict[int, dict[str, str]] | None, covered: Any) -> None:
    if marks:
        cells.extend([None] * (max(marks) + 1 - len(cells)))
        for column, mark in marks.items():
            cells[column] = mark
    for column in covered:
        if column < len(cells) and cells[column] is None:
            cells[column] = {"m": ""}


class Covered:
    """Tells, line after line, which columns merged ranges cover without their first cell."""

    def __init__(self, found: Survey) -> None:
        self._waiting = sorted(found.merges, reverse=True)
        self._active: list[tuple[int, int, int, int]] = []

    def columns(self, line: int) -> list[int]:
        while self._waiting and self._waiting[-1][0] <= line:
            self._active.append(self._waiting.pop())
        if not self._active:
            return []
        self._active = [merge for merge in self._active if merge[2] >= line]
        return [
            column
            for top, left, _, right in self._active
            for column in range(left, min(right, 255) + 1)
            if (line, column) != (top, left)
        ]
