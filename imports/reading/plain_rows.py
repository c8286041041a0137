"""Reads worksheets in the plain shape that spreadsheet programs write, row by row, fast.

A row is cut at its own number, which stands in the place of each of its cells; the pieces
between repeat from row to row. A row that cannot be cut so goes through expat alone, and a
sheet of another shape altogether goes through expat from there on.
"""

import re
import zipfile
from collections.abc import Iterator
from html import unescape
from typing import Any

from imports.reading.errors import cell_too_long, damaged, nul_character, too_many_columns
from imports.reading.findings import column_index
from imports.reading.limits import Limits
from imports.reading.package import Sheet, blocks
from imports.reading.shape import OddShapeError, row_blocks
from imports.reading.shared_strings import plain
from imports.reading.streaming import Row, RowCollector, streamed_rows
from imports.reading.values import CellReader, mark_of

_ROW = re.compile(r'<row(?: [^>]*?)? r="(\d+)"[^>]*>')
_FIRST = re.compile(r'\s*<c r="([A-Z]+)')
# All that stands between the places of two cells: the rest of the one, the column of the other.
_BETWEEN = re.compile(
    r'(?: s="(\d+)")?(?: t="(\w+)")?(?: ?/>|>'
    r"(<f[^>]*>[^<]*</f>|<f[^>]*/>)?"
    r'(?:(<v>|<v ?/>)(?:([^<]*)</v>)?|<is><t( xml:space="preserve")?>([^<]*)</t></is>)?</c>)'
    r'\s*(?:<c r="([A-Z]+))?'
)
# Whole numbers of so many digits are exact in a double, and the same as int.
_EXACT_DIGITS = 15
_CACHED = 50_000


def rows(
    archive: zipfile.ZipFile, sheet: Sheet, reader: CellReader, limits: Limits, *, skip_to: int = 0
) -> Iterator[Row]:
    """Yield (line, cells) of each row above `skip_to` that the worksheet writes.

    A cell without a value has its mark: {"e": error text} or {"f": formula}.

    Raises UnableToRead where the rows do not ascend, a cell stands beyond the last column,
    or holds more characters than a cell may.
    """
    latest = skip_to
    try:
        for row in _PlainRows(reader, limits, skip_to).read(blocks(archive, sheet.part)):
            latest = row[0]
            yield row
    except OddShapeError:
        for line, cells in streamed_rows(archive, sheet, reader, limits.columns):
            if line > latest:
                yield line, checked(line, cells, limits)


def checked(line: int, cells: list[Any], limits: Limits) -> list[Any]:
    for cell in cells:
        if type(cell) is str:
            if len(cell) > limits.cell_characters:
                raise cell_too_long(limits.cell_characters, line)
            if "\0" in cell:
                raise nul_character(line)
    return cells


class _OddCellError(Exception):
    """The cell is written in a way that only expat knows."""


class _Values(dict[str, tuple[Any, str]]):
    """What stands between two places → the first one's value, and the second one's column.

    Most cells of a list repeat others.
    """

    def __init__(self, reader: CellReader, limits: Limits) -> None:
        super().__init__()
        self._reader = reader
        self._longest = limits.cell_characters
        self._dated = reader.styles.dates | reader.styles.spans

    def __missing__(self, between: str) -> tuple[Any, str]:
        found = _BETWEEN.fullmatch(between)
        if found is None:
            raise _OddCellError
        *cell, column = found.groups(default="")
        value = self._read(*cell)
        if type(value) is str and (len(value) > self._longest or "\0" in value):
            raise _OddCellError
        if len(self) >= _CACHED:
            self.clear()
        self[between] = value, column
        return value, column

    def _read(
        self, style: str, kind: str, formula: str, has_value: str, value: str, kept: str, text: str
    ) -> Any:
        if kind == "inlineStr":
            return _text(text, kept)
        if kind == "s" and not formula:
            return self._reader.shared(value) if value else None
        if (
            kind in ("", "n")
            and value.isdecimal()
            and len(value) <= _EXACT_DIGITS
            and style not in self._dated
        ):
            return int(value)
        return self._rare(kind, style, value, formula, has_value)

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


class _PlainRows:
    def __init__(self, reader: CellReader, limits: Limits, skip_to: int) -> None:
        self._reader = reader
        self._values = _Values(reader, limits)
        self._limits = limits
        self._skip_to = skip_to
        self._columns: dict[str, int] = {}
        self._usual: tuple[str, ...] = ()
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
        try:
            return line, self._cells(piece[opening.end() :], opening[1])
        except _OddCellError:
            return self._by_expat(piece[start:], line)

    def _cells(self, body: str, number: str) -> list[Any]:
        if not body or body.isspace():
            return []
        head, *between = body.split(f'{number}"')
        first = _FIRST.fullmatch(head)
        if first is None or not between:
            raise _OddCellError
        # All in C for cells that were seen before: this is where the time goes.
        values, columns = zip(*map(self._values.__getitem__, between), strict=True)
        if columns == self._usual and first[1] == "A":
            read = list(values)
            while read and read[-1] is None:
                read.pop()
            return read
        places = (first[1], *columns)
        if places.index("") != len(values):
            raise _OddCellError
        return self._placed(places[:-1], values, int(number))

    def _placed(self, places: tuple[str, ...], read: tuple[Any, ...], line: int) -> list[Any]:
        cells: list[Any] = []
        for place, cell in zip(places, read, strict=True):
            if cell is not None:
                self._put(cells, place, cell, line)
        if len(cells) == len(places) and [*map(self._columns.get, places)] == [*range(len(places))]:
            # Every column from the first on, each once: the next line is likely to be the same.
            self._usual = (*places[1:], "")
        return cells

    def _put(self, cells: list[Any], place: str, cell: Any, line: int) -> None:
        column = self._columns.get(place)
        if column is None:
            column = self._columns[place] = column_index(place)
        if column >= self._limits.columns:
            raise too_many_columns(self._limits.columns, line)
        missing = column - len(cells)
        if missing >= 0:
            cells.extend([None] * missing)
            cells.append(cell)
        else:
            cells[column] = cell

    def _by_expat(self, piece: str, line: int) -> Row:
        collector = RowCollector(self._reader, self._limits.columns)
        for _, cells in collector.parse(iter((f"{piece}</row>".encode(),))):
            return line, checked(line, cells, self._limits)
        raise damaged()


def _text(text: str, kept: str) -> str | None:
    if "&" in text:
        text = unescape(text)
    if not kept or "_x" in text:
        text = plain(text, bool(kept))
    return text or None
