"""What calamine does not tell of a worksheet, read from its raw XML without building cells.

Which lines hold something, how wide they are, which cells are errors or formulas without a value,
which ranges are merged. Programs that people use all write worksheets in one plain shape, and for
that shape byte searches are exact and take a tenth of a parser's time. Any other shape (prefixes,
comments, cells without a reference …) goes through expat in `survey_slow`.
"""

import re
import zipfile
from collections.abc import Iterator
from html import unescape

from imports.reading.errors import UnableToRead, damaged, too_many_columns, too_many_lines
from imports.reading.findings import MARKS, Mark, Merge, Survey, column_index, too_many_marks
from imports.reading.limits import Limits
from imports.reading.package import Package, Sheet, blocks
from imports.reading.shared_strings import empty_strings
from imports.reading.survey_slow import survey_slow

_WAITING_BYTES = 64 * 1024 * 1024

_ROW = re.compile(rb'<row(?: [^>]*?)? r="(\d+)"([^>]*)>(?:<c r="[A-Z]+(\d+)")?')
_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"([^>]*)>')
_FORMULA = re.compile(rb"<f(?: [^>]*[^/>])?>([^<]*)</f>")
_VALUE = re.compile(rb"<v(?: [^>]*)?>([^<]*)</v>")
_FILLED = re.compile(rb'<v(?: [^>]*)?>[^<]|<t>\s*[^\s<]|<t xml:space="preserve">[^<]')
_TYPED_VALUE = re.compile(
    rb'<c r="[A-Z]+\d+"([^>]*)>(?:<f[^>]*>[^<]*</f>|<f[^>]*/>)?<v>([^<]+)</v>'
)
_MERGE = re.compile(rb'<mergeCell ref="([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?"')
_FAR = re.compile(rb' r="(?:[A-Z]{3,}|G[S-Z]|[H-Z][A-Z])\d')


class OddShapeError(Exception):
    """The worksheet is not written in the plain shape."""


def survey(archive: zipfile.ZipFile, package: Package, sheet: Sheet, limits: Limits) -> Survey:
    """Survey one worksheet. Raises UnableToRead above the limits of lines and columns."""
    empty = empty_strings(archive, package)
    try:
        found = _PlainSurvey(empty, limits).run(blocks(archive, sheet.part))
    except OddShapeError:
        found = survey_slow(archive, sheet, empty, limits)
    if len(found.merges) > limits.merged_ranges:
        raise UnableToRead("too_many_merges", "ไฟล์มีเซลล์ที่ผสานไว้มากเกินไป ยกเลิกการผสานเซลล์ แล้วบันทึกใหม่")
    return found


class _PlainSurvey:
    def __init__(self, empty: frozenset[int], limits: Limits) -> None:
        self.empty = empty
        self.limits = limits
        self.found = Survey()
        self.marked = 0

    def run(self, pieces: Iterator[bytes]) -> Survey:
        waiting = b""
        is_first = True
        for piece in pieces:
            waiting += piece
            if is_first:
                waiting = _after_root(waiting)
                is_first = False
            end = waiting.rfind(b"</row>")
            if end >= 0:
                self._rows(waiting[: end + 6])
                waiting = waiting[end + 6 :]
            if len(waiting) > _WAITING_BYTES:
                raise damaged()
        self._tail(waiting)
        return self.found

    def _rows(self, body: bytes) -> None:
        """Take whole rows, the first behind whatever stands before it."""
        _check_shape(body)
        has_far = _FAR.search(body) is not None
        has_marks = b"<f" in body or b't="e"' in body
        if (has_far or has_marks) and _has_cells_without_reference(body):
            raise OddShapeError
        for piece in body.split(b"</row>")[:-1]:
            start = piece.rfind(b"<row")
            match = _ROW.match(piece, start)
            if match is None:
                raise OddShapeError
            line = int(match[1])
            if match[3] and int(match[3]) != line:
                raise OddShapeError
            if has_far:
                self._check_far(piece, line)
            self._row(line, piece, start, has_marks)
            if b' hidden="1"' in match[0] or b' hidden="true"' in match[0]:
                self.found.hidden_rows += 1

    def _row(self, line: int, piece: bytes, start: int, has_marks: bool) -> None:
        marks = self._marks(piece) if has_marks else None
        if marks:
            self.found.marks[line] = marks
        if not marks and not self._is_filled(piece, start):
            return
        if line > self.limits.lines:
            raise too_many_lines(self.limits.lines)
        if line <= self.found.last_line:
            raise OddShapeError
        self.found.filled.append(line)
        # The last cell with anything between its tags; formatted blanks close themselves.
        cell = _CELL.match(piece, piece.rfind(b'<c r="', start, piece.rfind(b"</c>")))
        if cell is None or int(cell[2]) != line:
            raise OddShapeError
        self.found.columns = max(self.found.columns, column_index(cell[1]) + 1)

    def _is_filled(self, piece: bytes, start: int) -> bool:
        if _FILLED.search(piece, start) is None:
            return False
        if not self.empty:
            return True
        if b"<is>" in piece and re.search(rb'<t>\s*[^\s<]|<t xml:space="preserve">[^<]', piece):
            return True
        return any(
            b't="s"' not in attributes or int(value) not in self.empty
            for attributes, value in _TYPED_VALUE.findall(piece, start)
        )

    def _check_far(self, piece: bytes, line: int) -> None:
        for cell in _CELL.finditer(piece):
            if column_index(cell[1]) < self.limits.columns or cell[0].endswith(b"/>"):
                continue
            body = piece[cell.end() : piece.find(b"</c>", cell.end())]
            if _FILLED.search(body) or b"<f" in body:
                raise too_many_columns(self.limits.columns, line)

    def _marks(self, piece: bytes) -> dict[int, Mark]:
        found: dict[int, Mark] = {}
        for sign in (b"<f", b't="e"'):
            position = piece.find(sign)
            while position >= 0:
                end = piece.find(b"</c>", position)
                start = piece.rfind(b'<c r="', 0, position + 1)
                cell = _CELL.match(piece, start)
                if end < 0 or cell is None:
                    raise OddShapeError
                mark = _mark(cell[3], piece[cell.end() : end])
                if mark:
                    found[column_index(cell[1])] = mark
                position = piece.find(sign, end)
        self.marked += len(found)
        if self.marked > MARKS:
            raise too_many_marks()
        return found

    def _tail(self, waiting: bytes) -> None:
        _check_shape(waiting)
        if b"</sheetData>" not in waiting and b"<sheetData/>" not in waiting:
            raise OddShapeError
        self.found.merges = [
            merge for match in _MERGE.finditer(waiting) if (merge := _merge(match.groups()))
        ]


def _check_shape(body: bytes) -> None:
    """Raise OddShapeError on comments, CDATA, instructions or attributes in single quotes.

    A lone byte is found ten times faster than two, and mostly is not there.
    """
    if b"!" in body and b"<!" in body:
        raise OddShapeError
    if b"?" in body and b"<?" in body:
        raise OddShapeError
    if b"'" in body and (b" t='" in body or b" r='" in body):
        raise OddShapeError


def _has_cells_without_reference(body: bytes) -> bool:
    cells = body.count(b"<c ") + body.count(b"<c>") + body.count(b"<c/>")
    return cells != body.count(b'<c r="')


def _after_root(head: bytes) -> bytes:
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"<?xml"):
        head = head[head.find(b"?>") + 2 :].lstrip()
    if not head.startswith(b"<worksheet"):
        raise OddShapeError
    return head


def _mark(attributes: bytes, body: bytes) -> Mark | None:
    value = _VALUE.search(body)
    text = unescape(value[1].decode()) if value else ""
    if b' t="e"' in attributes:
        return {"e": text or "#ERROR"}
    if text or b"<is>" in body or (b' t="str"' in attributes and b"<v" in body):
        return None
    formula = _FORMULA.search(body)
    return {"f": "=" + (unescape(formula[1].decode()) if formula else "")}


def _merge(groups: tuple[bytes | None, ...]) -> Merge | None:
    left, top, right, bottom = groups
    if not (left and top and right and bottom):
        return None
    return int(top), column_index(left), int(bottom), column_index(right)
