"""The workbook of lines to mend, as it comes back: which line each row means, what was changed."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imports import reading
from imports.models import ImportBatch
from imports.normalise.cells import text_of
from imports.services.masking import masked
from imports.services.parts import Part, parts_of, row_of
from ppaos.lib.thai_text import to_ascii_digits
from ppaos.lib.workbook import inert

ROW_HEADER, CODE_HEADER, REASON_HEADER = "แถวที่", "รหัสข้อผิดพลาด", "คำอธิบาย"
MARK_HEADER = "รหัสการนำเข้า"
EXTRA_HEADERS = (ROW_HEADER, CODE_HEADER, REASON_HEADER, MARK_HEADER)
SHEET = "แถวที่ต้องแก้"
_HEAD_LINES = 15
_LONGEST_NAME = 31
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")
_MASKED = re.compile(r"[0-9][0-9\s.\-]*[xX]{2}")


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet that came back: of which part it is, and where its columns stand."""

    part: Part
    sheet: str | None
    header_line: int
    row_column: int
    columns: Mapping[str, int]
    """Canonical column → index in this sheet."""
    mark_column: int | None = None
    """Where each row says of which import it is, if the column was left there."""


@dataclass(frozen=True, slots=True)
class Told:
    """Something the person must know of what they sent. `place` is where it stands there."""

    place: str
    text: str


def mark_of(batch: ImportBatch) -> str:
    """Return by which a row that comes back is known as one of this import."""
    return f"N{batch.pk.hex[-10:]}"


def sheet_name(parts: Sequence[Part], part: Part) -> str:
    """Return what the sheet of a part is called in the workbook."""
    if len(parts) < 2 or not part.sheet:
        return SHEET
    return _NOT_IN_A_NAME.sub(" ", part.sheet)[:_LONGEST_NAME] or SHEET


def find_tables(batch: ImportBatch, path: Path) -> tuple[list[Table], list[Told]]:
    """Find the sheets that hold lines of this import, and say why others are not read.

    Raises UnableToRead.
    """
    parts = parts_of(batch)
    found = reading.inspect(path, head=_HEAD_LINES)
    tables: list[Table] = []
    told: list[Told] = []
    for sheet in found.sheets:
        head = _header(sheet.head)
        if sheet.hidden or not sheet.rows:
            continue
        name = None if found.kind is reading.Kind.CSV else sheet.name
        place = f"แผ่นงาน “{sheet.name}”" if name else "ไฟล์ที่ส่ง"
        part = _part_of(parts, name)
        if head is None or part is None:
            told.append(Told(place, "ไม่ใช่แผ่นงานของแถวที่ต้องแก้ของการนำเข้านี้ จึงไม่อ่าน"))
            continue
        line, headers = head
        columns, wrong = _columns(part, headers)
        if wrong:
            told.append(Told(place, wrong))
            continue
        mark = headers.index(MARK_HEADER) if headers.count(MARK_HEADER) == 1 else None
        tables.append(Table(part, name, line, headers.index(ROW_HEADER), columns, mark))
    return tables, told


def _header(head: Sequence[tuple[int, Sequence[Any]]]) -> tuple[int, list[str]] | None:
    for line, cells in head:
        texts = [text_of(cell).strip() for cell in cells]
        if ROW_HEADER in texts:
            return line, texts
    return None


def _part_of(parts: Sequence[Part], name: str | None) -> Part | None:
    if len(parts) == 1:
        return parts[0]
    return next((part for part in parts if sheet_name(parts, part) == name), None)


def _columns(part: Part, headers: Sequence[str]) -> tuple[dict[str, int], str]:
    """Return where the columns stand, or a sentence on what is wrong with the headers."""
    mapping = part.mapping or part.guess
    counts = Counter(headers)
    columns: dict[str, int] = {}
    for name, index in mapping.columns.items():
        header = inert(part.headers[index]).strip()
        if counts[header] != 1:
            problem = "หายไปหรือถูกเปลี่ยนชื่อ" if not counts[header] else "มีมากกว่าหนึ่งคอลัมน์"
            return {}, f"คอลัมน์ “{header}” {problem} แก้หัวตารางให้เหมือนเดิมแล้วส่งอีกครั้ง"
        columns[name] = headers.index(header)
    if counts[ROW_HEADER] != 1:
        return {}, f"มีคอลัมน์ “{ROW_HEADER}” มากกว่าหนึ่งคอลัมน์ ลบคอลัมน์ที่เพิ่มแล้วส่งอีกครั้ง"
    return columns, ""


# ---- its lines --------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Sent:
    """One line that came back. `row` is the number in the batch, None if it names none.

    `mark` says of which import it is, "" if that was taken out.
    """

    line: int
    row: int | None
    texts: Mapping[str, str]
    mark: str = ""


def lines_of(
    path: Path, table: Table, *, skip_to: int, chunk_lines: int
) -> Iterator[tuple[int, list[Sent]]]:
    """Yield the lines in chunks, each with the last line of the sheet that was read.

    Blank lines are left out. Raises UnableToRead.
    """
    limits = reading.Limits(chunk_lines=chunk_lines)
    behind = max(skip_to, table.header_line)
    for chunk in reading.read(path, sheet=table.sheet, skip_to=behind, limits=limits):
        sent = [
            _sent(table, line, cells) for line, cells in chunk.lines if any(map(text_of, cells))
        ]
        yield chunk.lines[-1][0], sent


def _sent(table: Table, line: int, cells: Sequence[Any]) -> Sent:
    texts = [text_of(cell) for cell in cells]

    def at(index: int) -> str:
        return texts[index] if index < len(texts) else ""

    digits = to_ascii_digits(at(table.row_column)).strip().replace(",", "")
    is_number = digits.isascii() and digits.isdigit() and len(digits) < 8
    row = row_of(table.part.number, int(digits)) if is_number else None
    mark = at(table.mark_column).strip() if table.mark_column is not None else ""
    return Sent(line, row, {name: at(index) for name, index in table.columns.items()}, mark)


def doubled_rows(path: Path, tables: Sequence[Table], *, chunk_lines: int) -> set[int]:
    """Return the lines of the batch that come back more than once: nobody knows which counts."""
    counts: Counter[int] = Counter()
    for table in tables:
        for _, sent in lines_of(path, table, skip_to=0, chunk_lines=chunk_lines):
            counts.update(each.row for each in sent if each.row is not None)
    return {row for row, count in counts.items() if count > 1}


def changes(sent: Sent, now: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return the cells that a person changed, and the columns whose value is still masked.

    `now` is canonical column → text as it stands. What went out inert or masked and
    came back so is no change.
    """
    changed: dict[str, str] = {}
    hidden: list[str] = []
    for name, text in sent.texts.items():
        stands = now.get(name, "")
        shown = masked(stands, name)
        if text.strip() in {stands.strip(), inert(stands).strip(), shown, inert(shown)}:
            continue
        if _MASKED.search(text):
            hidden.append(name)
            continue
        is_inert = text.startswith("'") and inert(text[1:]) == text
        changed[name] = text[1:] if is_inert else text
    return changed, hidden
