"""The survey of a worksheet through expat, for worksheets of any shape."""

import re
import zipfile
from array import array

from imports.reading.errors import damaged, too_many_columns, too_many_lines
from imports.reading.findings import MARKS, Mark, Survey, column_index, too_many_marks
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
        elif name == "mergeCell":
            corners = re.fullmatch(r"([A-Z]+)(\d+):([A-Z]+)(\d+)", attributes.get("ref", ""))
            if corners and len(self.found.merges) <= self.limits.merged_ranges:
                left, top, right, bottom = corners.groups()
                self.found.merges.append(
                    (int(top), column_index(left), int(bottom), column_index(right))
                )

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
        mark = self._mark(kind, value)
        if mark:
            self.found.marks.setdefault(self.line, {})[self.column] = mark
        if not (value or self.texts.get("t") or mark):
            return
        if self.line > self.limits.lines:
            raise too_many_lines(self.limits.lines)
        if self.column >= self.limits.columns:
            raise too_many_columns(self.limits.columns, self.line)
        self.lines.add(self.line)
        self.found.columns = max(self.found.columns, self.column + 1)

    def _mark(self, kind: str, value: str) -> Mark | None:
        if kind == "e":
            return {"e": value or "#ERROR"}
        if "f" not in self.texts or value or "t" in self.texts:
            return None
        if kind == "str" and "v" in self.texts:
            return None
        return {"f": "=" + self.texts["f"]}


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
    if len(scan.found.marks) > MARKS:
        raise too_many_marks()
    scan.found.filled = array("L", sorted(scan.lines))
    return scan.found
