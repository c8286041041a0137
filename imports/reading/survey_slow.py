"""The survey of a worksheet through expat, for worksheets of any shape."""

import re
import zipfile
from array import array

from imports.reading.errors import damaged, too_many_columns, too_many_lines
from imports.reading.findings import Survey, column_index
from imports.reading.limits import Limits
from imports.reading.package import Sheet, blocks, feed, local, new_parser


class _SlowSurvey:
    def __init__(self, empty: frozenset[int], limits: Limits) -> None:
        self.empty = empty
        self.limits = limits
        self.lines: set[int] = set()
        self.found = Survey()
        self.line = self.column = 0
        self.attributes: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self.open_text = ""
        self.is_kept = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "c":
            self._place(attributes)
        elif name == "row":
            self.line = int(attributes.get("r") or self.line + 1)
            self.column = -1
            self.found.hidden_rows += attributes.get("hidden") in ("1", "true")
        elif name in ("v", "f", "t"):
            self.is_kept = attributes.get("xml:space") == "preserve"
            self.open_text = name
            self.texts.setdefault(name, "")

    def _place(self, attributes: dict[str, str]) -> None:
        self.attributes, self.texts = attributes, {}
        place = re.fullmatch(r"([A-Z]+)(\d+)", attributes.get("r", ""))
        self.column += 1
        if place:
            self.column, self.line = column_index(place[1]), int(place[2])

    def data(self, piece: str) -> None:
        if self.open_text:
            self.texts[self.open_text] += piece

    def end(self, tag: str) -> None:
        name = local(tag)
        if name == self.open_text:
            self.open_text = ""
            if name == "t" and not self.is_kept:
                self.texts["t"] = self.texts["t"].strip()
        elif name == "c":
            self._close()

    def _close(self) -> None:
        kind = self.attributes.get("t", "n")
        value = self.texts.get("v", "")
        if kind == "s" and value and int(value) in self.empty:
            value = ""
        is_bare = "f" in self.texts and not (kind == "str" and "v" in self.texts)
        if not (value or self.texts.get("t") or is_bare or kind == "e"):
            return
        if self.line > self.limits.lines:
            raise too_many_lines(self.limits.lines)
        if self.column >= self.limits.columns:
            raise too_many_columns(self.limits.columns, self.line)
        self.lines.add(self.line)
        self.found.columns = max(self.found.columns, self.column + 1)


def survey_slow(
    archive: zipfile.ZipFile, sheet: Sheet, empty: frozenset[int], limits: Limits
) -> Survey:
    scan = _SlowSurvey(empty, limits)
    parser = new_parser()
    parser.StartElementHandler, parser.EndElementHandler = scan.start, scan.end
    parser.CharacterDataHandler = scan.data
    try:
        feed(parser, blocks(archive, sheet.part))
    except ValueError as error:
        raise damaged() from error
    scan.found.filled = array("L", sorted(scan.lines))
    return scan.found
