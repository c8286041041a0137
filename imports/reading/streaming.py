"""Reads a worksheet of any size line by line with expat: slower than calamine, never large."""

import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from imports.reading.errors import damaged, nul_character
from imports.reading.findings import column_index
from imports.reading.package import Package, Sheet, blocks, feed, local, new_parser
from imports.reading.shared_strings import SharedStrings, plain

Row = tuple[int, list[Any]]

# [ECMA-376] 18.8.30: the built-in number formats that show a date or a time of day.
_DATE_FORMATS = frozenset({*range(14, 23), 45, 47})
_SPAN_FORMAT = 46
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


class Styles:
    """Tells which cell styles show a number as a date."""

    def __init__(self, archive: zipfile.ZipFile, package: Package) -> None:
        self.dates: set[str] = set()
        self.spans: set[str] = set()
        self._epoch = datetime(1904, 1, 1) if package.starts_1904 else datetime(1899, 12, 30)  # noqa: DTZ001
        self._formats: dict[int, str] = {}
        self._count = 0
        self._in_cells = False
        if package.styles is not None:
            parser = new_parser()
            parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
            feed(parser, blocks(archive, package.styles))

    def value(self, number: float, style: str) -> Any:
        """Return the number as a date, date and time, or "h:mm:ss" where the style says so."""
        if style not in self.dates and style not in self.spans:
            return number
        try:
            if style in self.spans or 0 <= number < 1:
                return clock(timedelta(seconds=round(number * 86_400)))
            # Excel counts a 29 February 1900 that never was (serial 60).
            shift = 1 if self._epoch.year == 1899 and number < 60 else 0
            at = self._epoch + timedelta(days=shift, milliseconds=round(number * 86_400_000))
        except (OverflowError, ValueError):
            return number
        return at if at.time() != datetime.min.time() else at.date()

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "numFmt":
            self._formats[int(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            self._note(int(attributes.get("numFmtId", "0")))

    def _end(self, tag: str) -> None:
        if local(tag) == "cellXfs":
            self._in_cells = False

    def _note(self, number: int) -> None:
        code = _LITERAL.sub("", self._formats.get(number, "").partition(";")[0]).lower()
        style = str(self._count)
        self._count += 1
        if number == _SPAN_FORMAT or re.search(r"\[[hms]+\]", code):
            self.spans.add(style)
        elif number in _DATE_FORMATS or ("general" not in code and set("dmyhs") & set(code)):
            self.dates.add(style)


def clock(span: timedelta) -> str:
    """Return "26:05:00" of a span or a time of day."""
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def tidy_number(number: float) -> int | float | str:
    """Return whole numbers as int, as far as a double holds them exactly (15 digits)."""
    if -1e15 < number < 1e15:
        return int(number) if number.is_integer() else number
    return number if number - number == 0 else str(number)


class _Rows:
    """Collects finished rows of (line, cells); the caller takes them after each block."""

    def __init__(self, strings: SharedStrings, styles: Styles, columns: int) -> None:
        self.done: list[Row] = []
        self._strings = strings
        self._styles = styles
        self._columns = columns
        self._cells: list[Any] = []
        self._line = 0
        self._column = -1
        self._kind = self._style = ""
        self._text: list[str] | None = None
        self._value = ""
        self._runs: list[str] = []
        self._is_kept = False
        self._names: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = self._names.setdefault(tag, local(tag))
        if name == "c":
            self._open_cell(attributes)
        elif name == "v":
            self._text = []
        elif name == "t":
            self._text = []
            self._is_kept = attributes.get("xml:space") == "preserve"
        elif name == "row":
            line = int(attributes.get("r") or self._line + 1)
            if line <= self._line:
                raise damaged()
            self._line, self._column, self._cells = line, -1, []

    def _open_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        self._column = column_index(place.rstrip("0123456789")) if place else self._column + 1
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "0")
        self._value = ""
        self._runs = []

    def data(self, piece: str) -> None:
        if self._text is not None:
            self._text.append(piece)

    def end(self, tag: str) -> None:
        name = self._names[tag]
        if name == "v" and self._text is not None:
            self._value = "".join(self._text)
            self._text = None
        elif name == "c":
            self._close_cell()
        elif name == "t" and self._text is not None:
            self._runs.append(plain("".join(self._text), self._is_kept))
            self._text = None
        elif name == "row":
            self.done.append((self._line, self._cells))

    def _close_cell(self) -> None:
        value = self._read()
        if value is None or self._column >= self._columns:
            return
        if isinstance(value, str) and "\0" in value:
            raise nul_character(self._line)
        cells = self._cells
        if self._column < len(cells):
            cells[self._column] = value
            return
        cells.extend([None] * (self._column - len(cells)))
        cells.append(value)

    def _read(self) -> Any:
        value, kind = self._value, self._kind
        if kind == "inlineStr":
            return "".join(self._runs) or None
        if not value or kind == "e":
            return None
        if kind == "s":
            return self._strings[int(value)] or None
        if kind == "str":
            return plain(value, is_kept=True)
        if kind == "b":
            return value.strip() in ("1", "true")
        return self._iso(value) if kind == "d" else self._number(value)

    def _iso(self, value: str) -> Any:
        try:
            at = datetime.fromisoformat(value.strip())
        except ValueError:
            return value
        return at if "T" in value else at.date()

    def _number(self, value: str) -> Any:
        try:
            number = float(value)
        except ValueError:
            return value
        dated = self._styles.value(number, self._style)
        return tidy_number(number) if dated is number else dated


def rows(archive: zipfile.ZipFile, package: Package, sheet: Sheet, columns: int) -> Iterator[Row]:
    """Yield (line, cells) of each row that the worksheet writes; errors read as blank.

    Raises UnableToRead where the rows do not ascend.
    """
    collected = _Rows(SharedStrings(archive, package.strings), Styles(archive, package), columns)
    parser = new_parser()
    parser.StartElementHandler, parser.EndElementHandler = collected.start, collected.end
    parser.CharacterDataHandler = collected.data
    try:
        for block in blocks(archive, sheet.part):
            feed(parser, (block,), is_last=False)
            yield from collected.done
            collected.done.clear()
        feed(parser, ())
    except ValueError as error:
        raise damaged() from error
