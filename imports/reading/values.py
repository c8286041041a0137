"""What the text between a cell's tags means."""

import re
import zipfile
from datetime import datetime, timedelta
from typing import Any

from imports.reading.package import Package, blocks, feed, local, new_parser
from imports.reading.shared_strings import SharedStrings, plain

# [ECMA-376] 18.8.30: the built-in number formats that show a date or a time of day.
_DATE_FORMATS = frozenset({*range(14, 23), 45, 47})
_SPAN_FORMAT = 46
# Shared strings that are kept decoded; most lists repeat a few names of places and titles.
_RECENT = 50_000
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
        if number < 0 or (style not in self.dates and style not in self.spans):
            return number
        try:
            if style in self.spans or number < 1:
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


class CellReader:
    """Turns type, style and value of a cell into what the caller gets; blank is None."""

    def __init__(self, archive: zipfile.ZipFile, package: Package) -> None:
        self.styles = Styles(archive, package)
        self._strings = SharedStrings(archive, package.strings)
        self._recent: dict[str, str | None] = {}

    def close(self) -> None:
        self._strings.close()

    def read(self, kind: str, style: str, value: str) -> Any:
        if not value or kind == "e":
            return None
        if kind in ("", "n"):
            return self._number(value, style)
        if kind == "s":
            return self.shared(value)
        if kind == "b":
            return value.strip() in ("1", "true")
        return _iso(value) if kind == "d" else plain(value, is_kept=True)

    def shared(self, number: str) -> str | None:
        """Return a shared string by its number."""
        found = self._recent.get(number)
        if found is None:
            if len(self._recent) > _RECENT:
                self._recent.clear()
            found = self._recent[number] = self._strings[int(number)] or None
        return found

    def _number(self, value: str, style: str) -> Any:
        try:
            number = float(value)
        except ValueError:
            return value
        dated = self.styles.value(number, style)
        return tidy_number(number) if dated is number else dated


def _iso(value: str) -> Any:
    try:
        at = datetime.fromisoformat(value.strip())
    except ValueError:
        return value
    return at if "T" in value else at.date()


def mark_of(
    kind: str, value: str, formula: str | None, *, has_value: bool
) -> dict[str, str] | None:
    """Return the mark of an error cell, or of a formula that no program ever calculated.

    A calculated formula may well give no text: its type says so and its value is there, empty.
    """
    if kind == "e":
        return {"e": value or "#ERROR"}
    if formula is None or value or (kind == "str" and has_value):
        return None
    return {"f": f"={formula}"}
