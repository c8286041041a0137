"""Reads .xlsx row by row with our own reader, and .xls with calamine."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import python_calamine as calamine

from imports.reading import archive as zipped
from imports.reading.biff import survey_xls
from imports.reading.cells import Inspection, Kind, SheetInfo
from imports.reading.errors import (
    damaged,
    no_such_sheet,
    nothing_inside,
    too_many_lines,
)
from imports.reading.hidden import head_merges, hidden_columns
from imports.reading.limits import Limits
from imports.reading.merged import Covered
from imports.reading.package import open_package
from imports.reading.plain_rows import checked, rows
from imports.reading.shape import merged_ranges
from imports.reading.survey import survey
from imports.reading.values import CellReader, clock, tidy_number

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
                    hidden_columns=hidden_columns(archive, sheet, found.columns),
                    merges=head_merges(archive, sheet, limits),
                )
            )
    return _checked(Inspection(kind=Kind.XLSX, sheets=sheets))


def glance_xlsx(path: Path, limits: Limits) -> Inspection:
    """Return the sheets without counting anything: each as if it had one full line."""
    with zipped.open_archive(path, limits) as archive:
        package = open_package(archive, limits)
    sheets = [
        SheetInfo(name=sheet.name, hidden=sheet.hidden, rows=1, columns=1)
        for sheet in package.sheets
    ]
    return Inspection(kind=Kind.XLSX, sheets=sheets)


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
                    hidden_rows=each.found.hidden_rows,
                    hidden_columns=each.hidden_columns,
                    merges=each.merges,
                )
                for each in survey_xls(path, limits)
            ],
        )
    )


def _checked(found: Inspection) -> Inspection:
    if not any(sheet.rows for sheet in found.sheets):
        raise nothing_inside()
    return found


def read_xlsx(
    path: Path, sheet: str | None, skip_to: int, limits: Limits, filled: set[int] | None = None
) -> Iterator[Row]:
    """Yield (line, cells) above `skip_to`, only lines that the file writes.

    With `filled`, cells below the first one of a merged range get its value, and their lines
    are put into it.
    """
    with zipped.open_archive(path, limits) as archive:
        package = open_package(archive, limits)
        chosen = choose(package.sheets, sheet)
        covered = Covered(merged_ranges(archive, chosen, limits), filled)
        start = covered.first_needed(skip_to)
        with closing(CellReader(archive, package)) as reader:
            for line, cells in rows(archive, chosen, reader, limits, skip_to=start):
                if line > limits.lines and any(cell is not None for cell in cells):
                    raise too_many_lines(limits.lines)
                covered.cover(line, cells)
                if line > skip_to:
                    yield line, cells


def head_xlsx(path: Path, sheet: str, limits: Limits) -> Iterator[Row]:
    """Yield lines from the top, unpacking no more than is asked for; merged cells are blank."""
    with zipped.open_archive(path, limits) as archive:
        package = open_package(archive, limits)
        chosen = choose(package.sheets, sheet)
        with closing(CellReader(archive, package)) as reader:
            yield from rows(archive, chosen, reader, limits)


def read_xls(
    path: Path, sheet: str | None, skip_to: int, limits: Limits, filled: set[int] | None = None
) -> Iterator[Row]:
    chosen = choose(survey_xls(path, limits), sheet)
    covered = Covered(chosen.merges, filled)
    start = covered.first_needed(skip_to)
    for line, cells in calamine_rows(path, chosen.index):
        if line > start:
            marks = chosen.marks.get(line, {})
            cells.extend([None] * (max(marks, default=-1) + 1 - len(cells)))
            for column, mark in marks.items():
                cells[column] = mark
            covered.cover(line, cells)
        if line > skip_to:
            yield line, checked(line, cells, limits)


def choose(sheets: Any, name: str | None) -> Any:
    """Return the named sheet, or the first visible one."""
    for sheet in sheets:
        if sheet.name == name or (name is None and not sheet.hidden):
            return sheet
    raise no_such_sheet()


def calamine_rows(path: Path, index: int) -> Iterator[Row]:
    """Yield all lines of a sheet; errors and formulas without a value read as blank."""
    try:
        workbook = calamine.CalamineWorkbook.from_path(str(path))
        sheet = workbook.get_sheet_by_index(index)
    except (calamine.CalamineError, IndexError) as error:
        raise damaged() from error
    # iter_rows starts at the first line but at the first used column.
    before = [None] * (sheet.start[1] if sheet.start else 0)
    try:
        for line, cells in enumerate(sheet.iter_rows(), 1):
            yield line, before + [_tidy(cell) for cell in cells]
    except OverflowError as error:
        # A date millions of years away.
        raise damaged() from error


def _tidy(cell: Any) -> Any:
    kind = type(cell)
    if kind is str:
        return cell or None
    if kind is float:
        return tidy_number(cell)
    if kind in (bool, int, date, datetime):
        return cell
    if kind is time:
        return clock(timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second))
    return clock(cell)
