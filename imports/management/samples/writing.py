"""Writes a sample as .xlsx or .csv and its truth as JSON lines; the same sample, the same bytes."""

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

import xlsxwriter

from imports.management.samples.sheet import SheetLine
from imports.management.samples.template import CellError, Raw

# A workbook says when it was made: always then, since the same sample must give the same bytes.
_MADE_AT = datetime(2026, 1, 1)  # noqa: DTZ001
SHEET_NAME = "รายชื่อ"


@dataclass(frozen=True)
class Table:
    """One sheet."""

    name: str
    headers: Sequence[str]
    lines: Iterable[SheetLine]


def write_sample(
    path: Path, *, headers: Iterable[str], lines: Iterable[SheetLine], truth: TextIO | None
) -> int:
    """Write one table as `write_sheets` does."""
    return write_sheets(path, [Table(SHEET_NAME, list(headers), lines)], truth=truth)


def write_sheets(path: Path, tables: Sequence[Table], *, truth: TextIO | None) -> int:
    """Write the file that the name's ending asks for; return the number of lines.

    Raises ValueError if the ending is neither .xlsx nor .csv, or a CSV would need sheets.
    """
    told = [Table(each.name, each.headers, _told(each.lines, truth)) for each in tables]
    ending = path.suffix.lower()
    if ending == ".xlsx":
        return _write_xlsx(path, told)
    if ending != ".csv":
        raise ValueError("only .xlsx and .csv can be made")
    if len(told) > 1:
        raise ValueError("several sheets need .xlsx")
    return _write_csv(path, told[0].headers, told[0].lines)


def _told(lines: Iterable[SheetLine], truth: TextIO | None) -> Iterable[SheetLine]:
    for line in lines:
        if truth is not None:
            truth.write(json.dumps(vars(line.truth), ensure_ascii=False) + "\n")
        yield line


def _write_xlsx(path: Path, tables: Sequence[Table]) -> int:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    count = 0
    with xlsxwriter.Workbook(path, options) as workbook:
        workbook.set_properties({"title": "ตัวอย่าง", "created": _MADE_AT})
        as_date = workbook.add_format({"num_format": "d/m/yyyy"})
        for table in tables:
            sheet = workbook.add_worksheet(table.name)
            for column, header in enumerate(table.headers):
                sheet.write_string(0, column, header)
            row = 0
            for row, line in enumerate(table.lines, start=1):
                for column, raw in enumerate(line.cells):
                    _write_cell(sheet, row, column, raw, as_date)
            count += row
    return count


def _write_cell(sheet: Any, row: int, column: int, raw: Raw, as_date: Any) -> None:
    if isinstance(raw, str):
        sheet.write_string(row, column, raw)
    elif isinstance(raw, (int, float)):
        sheet.write_number(row, column, raw)
    elif isinstance(raw, date):
        sheet.write_datetime(row, column, raw, as_date)
    elif isinstance(raw, CellError):
        sheet.write_formula(row, column, "=NA()", None, raw.text)


def _write_csv(path: Path, headers: Sequence[str], lines: Iterable[SheetLine]) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(headers)
        for line in lines:
            writer.writerow([_text(raw) for raw in line.cells])
            count += 1
    return count


def _text(raw: Raw) -> str:
    if raw is None:
        return ""
    return raw.text if isinstance(raw, CellError) else str(raw)
