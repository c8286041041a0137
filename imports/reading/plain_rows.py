"""Reads worksheets in the plain shape that spreadsheet programs write, row by row, fast.

One search finds all cells of a row; a row with anything it does not know goes through expat
alone, and a sheet of another shape altogether goes through expat from there on.
"""

import re
import zipfile
from collections.abc import Iterator
from html import unescape
from typing import Any

from imports.reading.errors import damaged, too_many_columns
from imports.reading.findings import column_index
from imports.reading.package import Sheet, blocks
from imports.reading.shape import OddShapeError, row_blocks
from imports.reading.shared_strings import plain
from imports.reading.streaming import Row, RowCollector, streamed_rows
from imports.reading.values import CellReader, mark_of

_ROW = re.compile(r'<row(?: [^>]*?)? r="(\d+)"[^>]*>')
_CELL = re.compile(
    r'<c r="([A-Z]+)(\d+)"(?: s="(\d+)")?(?: t="(\w+)")?(?: ?/>|>'
    r"(<f[^>]*>[^<]*</f>|<f[^>]*/>)?"
    r'(?:(<v>|<v ?/>)(?:([^<]*)</v>)?|<is><t( xml:space="preserve")?>([^<]*)</t></is>)?</c>)'
)
# Whole numbers of so many digits are exact in a double, and the same as int.
_EXACT_DIGITS = 15


def rows(
    archive: zipfile.ZipFile, sheet: Sheet, reader: CellReader, columns: int, *, skip_to: int = 0
) -> Iterator[Row]:
    """Yield (line, cells) of each row above `skip_to` that the worksheet writes.

    A cell without a value has its mark: {"e": error text} or {"f": formula}.

    Raises UnableToRead where the rows do not ascend, or a cell stands beyond the last column.
    """
    latest = skip_to
    try:
        for row in _PlainRows(reader, columns, skip_to).read(blocks(archive, sheet.part)):
            latest = row[0]
            yield row
    except OddShapeError:
        for row in streamed_rows(archive, sheet, reader, columns):
            if row[0] > latest:
                yield row


class _PlainRows:
    def __init__(self, reader: CellReader, columns: int, skip_to: int) -> None:
        self._reader = reader
        self._dated = reader.styles.dates | reader.styles.spans
        self._limit = columns
        self._skip_to = skip_to
        self._columns: dict[str, int] = {}
        self._latest = 0

    def read(self, pieces: Iterator[bytes]) -> Iterator[Row]:
        for body in row_blocks(pieces):
            try:
                text = body.decode()
            except UnicodeDecodeError as error:
                raise damaged() from error
            if "\r" in text:
                text = text.replace("\r\n", "\n").replace("\r", "\n")
            for piece in text.split("</row>")[:-1]:
                row = self._row(piece)
                if row is not None:
                    yield row

    def _row(self, piece: str) -> Row | None:
        start = piece.rfind("<row")
        opening = _ROW.match(piece, start)
        if opening is None:
            raise OddShapeError
        line = int(opening[1])
        if line <= self._latest:
            raise damaged()
        self._latest = line
        if line <= self._skip_to:
            return None
        found = _CELL.findall(piece, opening.end())
        if len(found) != piece.count("<c", opening.end()):
            return self._by_expat(piece[start:], line)
        return line, self._cells(found, line)

    def _cells(self, found: list[tuple[str, ...]], line: int) -> list[Any]:
        cells: list[Any] = []
        number = str(line)
        columns, dated, shared = self._columns, self._dated, self._reader.shared
        for place, stands_in, style, kind, formula, has_value, value, kept, text in found:
            if stands_in != number:
                raise OddShapeError
            cell: Any
            if kind == "inlineStr":
                cell = _text(text, kept)
            elif kind == "s" and not formula:
                cell = shared(value) if value else None
            elif (
                kind in ("", "n")
                and value.isdecimal()
                and len(value) <= _EXACT_DIGITS
                and style not in dated
            ):
                cell = int(value)
            else:
                cell = self._rare(kind, style, value, formula, has_value)
            if cell is None:
                continue
            if columns.get(place) == len(cells):
                cells.append(cell)
            else:
                self._put(cells, place, cell, line)
        return cells

    def _rare(self, kind: str, style: str, value: str, formula: str, has_value: str) -> Any:
        if not value and not formula and kind != "e":
            return None
        value = unescape(value) if "&" in value else value
        if formula or kind == "e":
            inner = unescape(formula[formula.find(">") + 1 : formula.rfind("<")])
            mark = mark_of(kind, value, inner if formula else None, has_value=bool(has_value))
            if mark:
                return mark
        return self._reader.read(kind, style or "0", value)

    def _put(self, cells: list[Any], place: str, cell: Any, line: int) -> None:
        column = self._columns.get(place)
        if column is None:
            column = self._columns[place] = column_index(place)
        if column >= self._limit:
            raise too_many_columns(self._limit, line)
        missing = column - len(cells)
        if missing == 0:
            cells.append(cell)
        elif missing > 0:
            cells.extend([None] * missing)
            cells.append(cell)
        else:
            cells[column] = cell

    def _by_expat(self, piece: str, line: int) -> Row:
        collector = RowCollector(self._reader, self._limit)
        for row in collector.parse(iter((f"{piece}</row>".encode(),))):
            return row
        raise damaged()


def _text(text: str, kept: str) -> str | None:
    if "&" in text:
        text = unescape(text)
    if not kept or "_x" in text:
        text = plain(text, bool(kept))
    return text or None
