"""The one way to write a spreadsheet: every text inert, every column wide enough to read.

A text that begins like a formula gets an apostrophe in front, so that no program that
opens the file, or a CSV saved from it, runs what somebody once typed into a name.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

import xlsxwriter

_STARTS_FORMULA = ("=", "+", "-", "@", "|", "%", "＝", "＋", "－", "＠")
# What a program drops when it opens a CSV: then what stands behind begins the cell.
_DROPPED = " \u00a0\u200b\u200c\u200d\u2060\ufeff"
_STARTS_LINE = ("\t", "\r", "\n")
_WIDEST = 48
_NARROWEST = 9
_LAST_LINE = 1_048_575


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: bold headers on top, frozen; every value below as text or number.

    Headers named in `required` are coloured. `choices` are the values offered below a
    header; another value is told to be unusual, not refused.
    """

    name: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Any]] = field(default_factory=tuple)
    required: frozenset[str] = frozenset()
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)


def inert(text: str) -> str:
    """Return the text so that no spreadsheet program takes it for a formula; a lone "-" stays."""
    begins = text.lstrip(_DROPPED)
    if text != "-" and begins.startswith(_STARTS_FORMULA + _STARTS_LINE):
        return f"'{text}"
    return text


def write_workbook(stream: IO[bytes], sheets: Iterable[Sheet]) -> None:
    """Write an XLSX. Rows are streamed, not kept in memory."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    with xlsxwriter.Workbook(stream, options) as workbook:
        bold = workbook.add_format({"bold": True, "bottom": 1})
        needed = workbook.add_format({"bold": True, "bottom": 1, "font_color": "#0B5D5E"})
        text = workbook.add_format({"num_format": "@"})
        for sheet in sheets:
            _write_sheet(workbook, sheet, bold, needed, text)


def _write_sheet(workbook: Any, sheet: Sheet, bold: Any, needed: Any, text: Any) -> None:
    page = workbook.add_worksheet(sheet.name)
    page.freeze_panes(1, 0)
    for column, header in enumerate(sheet.headers):
        width = min(_WIDEST, max(_NARROWEST, len(header) + 4))
        # The whole column is text: Excel then neither rounds an ID nor dates a house number.
        page.set_column(column, column, width, text)
        page.write_string(0, column, inert(header), needed if header in sheet.required else bold)
        if header in sheet.choices:
            page.data_validation(1, column, _LAST_LINE, column, _offer(sheet.choices[header]))
    for number, row in enumerate(sheet.rows, start=1):
        for column, value in enumerate(row):
            _write_cell(page, number, column, value, text)


def _offer(values: Sequence[str]) -> dict[str, Any]:
    return {
        "validate": "list",
        "source": list(values),
        "error_type": "information",
        "error_title": "ค่าไม่ตรงกับแบบฟอร์ม",
        "error_message": "ดูค่าที่ใช้ได้ในแผ่นงานคำอธิบาย",
    }


def _write_cell(page: Any, row: int, column: int, value: Any, text: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_string(row, column, "1" if value else "0", text)
    elif isinstance(value, int | float | Decimal):
        page.write_number(row, column, value)
    elif isinstance(value, date | datetime):
        page.write_string(row, column, value.isoformat(), text)
    else:
        page.write_string(row, column, inert(str(value)), text)
