"""Writes a sample as .xlsx or .csv and its truth as JSON lines; the same sample, the same bytes."""

import csv
import json
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

import xlsxwriter

from imports.management.samples.sheet import SheetLine
from imports.management.samples.template import CellError, Raw

# A workbook says when it was made: always then, since the same sample must give the same bytes.
_MADE_AT = datetime(2026, 1, 1)  # noqa: DTZ001
SHEET_NAME = "รายชื่อ"


def write_sample(
    path: Path, *, headers: Iterable[str], lines: Iterable[SheetLine], truth: TextIO | None
) -> int:
    """Write the file that the name's ending asks for; return the number of lines.

    Raises ValueError if the ending is neither .xlsx nor .csv.
    """
    writers = {".xlsx": _write_xlsx, ".csv": _write_csv}
    if path.suffix.lower() not in writers:
        raise ValueError("only .xlsx and .csv can be made")
    return writers[path.suffix.lower()](path, list(headers), _told(lines, truth))


def _told(lines: Iterable[SheetLine], truth: TextIO | None) -> Iterable[SheetLine]:
    for line in lines:
        if truth is not None:
            truth.write(json.dumps(vars(line.truth), ensure_ascii=False) + "\n")
        yield line


def _write_xlsx(path: Path, headers: list[str], lines: Iterable[SheetLine]) -> int:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    count = 0
    with xlsxwriter.Workbook(path, options) as workbook:
        workbook.set_properties({"title": "ตัวอย่าง", "created": _MADE_AT})
        as_date = workbook.add_format({"num_format": "d/m/yyyy"})
        sheet = workbook.add_worksheet(SHEET_NAME)
        for column, header in enumerate(headers):
            sheet.write_string(0, column, header)
        for line in lines:
            count += 1
            for column, raw in enumerate(line.cells):
                _write_cell(sheet, count, column, raw, as_date)
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


def _write_csv(path: Path, headers: list[str], lines: Iterable[SheetLine]) -> int:
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
