"""Reads a worksheet line by line with expat, however it is written; memory does not grow."""

import zipfile
from collections.abc import Iterator
from typing import Any

from imports.reading.errors import damaged, nul_character, too_many_columns
from imports.reading.findings import column_index
from imports.reading.package import Sheet, blocks, feed, local, new_parser
from imports.reading.shared_strings import plain
from imports.reading.values import CellReader, mark_of

Row = tuple[int, list[Any]]


class RowCollector:
    """Collects finished rows of (line, cells); the caller takes them from `done`.

    An error or a formula without a value is its mark, {"e": …} or {"f": …}.
    """

    def __init__(self, reader: CellReader, columns: int) -> None:
        self.done: list[Row] = []
        self._reader = reader
        self._columns = columns
        self._cells: list[Any] = []
        self._line = 0
        self._column = -1
        self._kind = self._style = ""
        self._texts: dict[str, str] = {}
        self._open = ""
        self._pieces: list[str] = []
        self._is_kept = False
        self._names: dict[str, str] = {}

    def parse(self, pieces: Iterator[bytes]) -> Iterator[Row]:
        parser = new_parser()
        parser.StartElementHandler, parser.EndElementHandler = self.start, self.end
        parser.CharacterDataHandler = self.data
        try:
            for piece in pieces:
                feed(parser, (piece,), is_last=False)
                yield from self.done
                self.done.clear()
            feed(parser, ())
        except ValueError as error:
            raise damaged() from error

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = self._names.setdefault(tag, local(tag))
        if name == "c":
            self._open_cell(attributes)
        elif name in ("v", "f", "t"):
            self._open, self._pieces = name, []
            self._is_kept = attributes.get("xml:space") == "preserve"
        elif name == "row":
            line = int(attributes.get("r") or self._line + 1)
            if line <= self._line:
                raise damaged()
            self._line, self._column, self._cells = line, -1, []

    def _open_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        self._column = column_index(place.rstrip("0123456789")) if place else self._column + 1
        self._kind, self._style = attributes.get("t", ""), attributes.get("s", "0")
        self._texts = {}

    def data(self, piece: str) -> None:
        if self._open:
            self._pieces.append(piece)

    def end(self, tag: str) -> None:
        name = self._names[tag]
        if name == self._open:
            self._close_text(name)
        elif name == "c":
            self._close_cell()
        elif name == "row":
            self.done.append((self._line, self._cells))

    def _close_text(self, name: str) -> None:
        text = "".join(self._pieces)
        if name == "t":
            text = self._texts.get("t", "") + plain(text, self._is_kept)
        self._texts[name] = text
        self._open = ""

    def _close_cell(self) -> None:
        texts = self._texts
        if not texts:
            return
        value = texts.get("v", "")
        has_value = "v" in texts or "t" in texts
        found: Any = mark_of(self._kind, value, texts.get("f"), has_value=has_value)
        if found is None and self._kind == "inlineStr":
            found = texts.get("t") or None
        elif found is None:
            found = self._reader.read(self._kind, self._style, value)
        if found is None:
            return
        if self._column >= self._columns:
            raise too_many_columns(self._columns, self._line)
        if isinstance(found, str) and "\0" in found:
            raise nul_character(self._line)
        self._put(found)

    def _put(self, found: Any) -> None:
        cells = self._cells
        if self._column < len(cells):
            cells[self._column] = found
            return
        cells.extend([None] * (self._column - len(cells)))
        cells.append(found)


def streamed_rows(
    archive: zipfile.ZipFile, sheet: Sheet, reader: CellReader, columns: int
) -> Iterator[Row]:
    """Yield (line, cells) of each row that the worksheet writes.

    Raises UnableToRead where the rows do not ascend, or a cell stands beyond the last column.
    """
    return RowCollector(reader, columns).parse(blocks(archive, sheet.part))
