"""A list of any length, written fast: the people of a small one again and again, as others."""

import csv
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from ppaos.lib import citizen_id

_LETTERS = "กขคงจชซดตถทธนบปผพภมยรลวศสหอ"
# What everybody has for themselves.
_OWN = ("รหัสบ้าน", "เลขประจำตัวประชาชน", "นามสกุล")
_HOUSES_OF_SUBDISTRICT = 10_000_000
_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxml'
        'formats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="รายชื่อ" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}
_SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def write_large(path: Path, *, source: Path, rows: int) -> int:
    """Write `rows` lines as .csv or .xlsx, made from those of `source`, a CSV; return how many.

    Every person has an ID, a house and a surname of their own, and says what a person of
    the source says. The lines of `source` that lack an ID or a house code are left out.
    """
    with source.open(encoding="utf-8-sig", newline="") as stream:
        headers, *lines = csv.reader(stream)
    house, person, _ = at = tuple(map(headers.index, _OWN))
    whole = [line for line in lines if len(line[house]) == 11 and citizen_id.is_valid(line[person])]
    people = _people(whole, at, rows)
    if path.suffix == ".csv":
        _write_csv(path, headers, people)
    else:
        _write_xlsx(path, headers, people)
    return rows


def _people(lines: Sequence[list[str]], at: Sequence[int], rows: int) -> Iterator[list[str]]:
    house, person, surname = at
    home, last, again = -1, "", ""
    for number in range(rows):
        turn, place = divmod(number, len(lines))
        line = lines[place].copy()
        if not place:
            again, last = _in_letters(turn), ""
        if line[house] != last:
            home, last = home + 1, line[house]
        line[house] = f"{last[:4]}{home % _HOUSES_OF_SUBDISTRICT:07d}"
        line[person] = citizen_id.generate(number)
        line[surname] += again
        yield line


def _in_letters(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number, len(_LETTERS))
        text += _LETTERS[rest]
    return text


def _write_csv(path: Path, headers: list[str], lines: Iterator[list[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(headers)
        writer.writerows(lines)


def _write_xlsx(path: Path, headers: list[str], lines: Iterator[list[str]]) -> None:
    columns = [_column(number) for number in range(len(headers))]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in _PARTS.items():
            archive.writestr(name, text)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(_SHEET.encode() + _row(1, columns, headers))
            for number, line in enumerate(lines, start=2):
                sheet.write(_row(number, columns, line))
            sheet.write(b"</sheetData></worksheet>")


def _row(number: int, columns: Sequence[str], cells: Sequence[str]) -> bytes:
    written = "".join(
        [
            f'<c r="{column}{number}"><v>{cell}</v></c>'
            if cell.isdecimal() and len(cell) < 5
            else f'<c r="{column}{number}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
            for column, cell in zip(columns, cells, strict=True)
            if cell
        ]
    )
    return f'<row r="{number}">{written}</row>'.encode()


def _column(number: int) -> str:
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
