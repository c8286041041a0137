"""Which lines of a worksheet hold something, and how wide they are, from its raw XML.

It builds no cells and shares no code with the reader, so that their counts can be compared.
"""

import re
import zipfile
from collections.abc import Iterator

from imports.reading.errors import too_many_columns, too_many_lines
from imports.reading.findings import Survey, column_index
from imports.reading.limits import Limits
from imports.reading.package import Package, Sheet, blocks
from imports.reading.shape import OddShapeError, row_blocks
from imports.reading.shared_strings import empty_strings
from imports.reading.survey_slow import survey_slow

_ROW = re.compile(rb'<row(?: [^>]*?)? r="(\d+)"[^>]*>(?:<c r="[A-Z]+(\d+)")?')
_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"([^>]*)>')
_PLACE = re.compile(rb' r="([A-Z]+)(\d+)"')
_TEXT = re.compile(rb'<t>\s*[^\s<]|<t xml:space="preserve">[^<]')
_FILLED = re.compile(rb'<v(?: [^>]*)?>[^<]|<t>\s*[^\s<]|<t xml:space="preserve">[^<]')
_TYPED_VALUE = re.compile(rb"<c ([^>]*)>(?:<f[^>]*>[^<]*</f>|<f[^>]*/>)?<v>([^<]+)</v>")
_FAR = re.compile(rb' r="(?:[A-Z]{3,}|G[S-Z]|[H-Z][A-Z])\d')


def survey(archive: zipfile.ZipFile, package: Package, sheet: Sheet, limits: Limits) -> Survey:
    """Survey one worksheet. Raises UnableToRead above the limits of lines and columns."""
    empty = empty_strings(archive, package)
    try:
        return _PlainSurvey(empty, limits).run(blocks(archive, sheet.part))
    except OddShapeError:
        return survey_slow(archive, sheet, empty, limits)


class _PlainSurvey:
    def __init__(self, empty: frozenset[int], limits: Limits) -> None:
        self.empty = empty
        self.limits = limits
        self.found = Survey()

    def run(self, pieces: Iterator[bytes]) -> Survey:
        for body in row_blocks(pieces):
            has_far = _FAR.search(body) is not None
            for piece in body.split(b"</row>")[:-1]:
                self._piece(piece, has_far)
        return self.found

    def _piece(self, piece: bytes, has_far: bool) -> None:
        start = piece.rfind(b"<row")
        match = _ROW.match(piece, start)
        if match is None:
            raise OddShapeError
        line = int(match[1])
        if match[2] and int(match[2]) != line:
            raise OddShapeError
        if has_far:
            self._check_far(piece, line)
        if self._is_filled(piece, start):
            self._note(line, piece, start)
        if b' hidden="1"' in match[0] or b' hidden="true"' in match[0]:
            self.found.hidden_rows += 1

    def _note(self, line: int, piece: bytes, start: int) -> None:
        if line > self.limits.lines:
            raise too_many_lines(self.limits.lines)
        if line <= self.found.last_line:
            raise OddShapeError
        self.found.filled.append(line)
        # The last cell with anything between its tags; formatted blanks close themselves.
        last = piece.rfind(b"<c", start, piece.rfind(b"</c>"))
        cell = _PLACE.search(piece, last)
        if cell is None or int(cell[2]) != line:
            raise OddShapeError
        self.found.columns = max(self.found.columns, column_index(cell[1]) + 1)

    def _is_filled(self, piece: bytes, start: int) -> bool:
        if _FILLED.search(piece, start) is None:
            return b"<f" in piece and _has_bare_formula(piece, start)
        if not self.empty:
            return True
        return (
            _TEXT.search(piece, start) is not None
            or any(
                b't="s"' not in cell[1] or int(cell[2]) not in self.empty
                for cell in _TYPED_VALUE.finditer(piece, start)
            )
            or (b"<f" in piece and _has_bare_formula(piece, start))
        )

    def _check_far(self, piece: bytes, line: int) -> None:
        for cell in _CELL.finditer(piece):
            if column_index(cell[1]) < self.limits.columns or cell[0].endswith(b"/>"):
                continue
            body = piece[cell.end() : piece.find(b"</c>", cell.end())]
            if _FILLED.search(body) or b"<f" in body:
                raise too_many_columns(self.limits.columns, line)


def _has_bare_formula(piece: bytes, start: int) -> bool:
    """Whether a formula was never calculated; an empty text is a value, if the type says text."""
    for cell in piece[start:].split(b"</c>"):
        _, found, body = cell.partition(b"<f")
        is_empty_text = b' t="str"' in cell and b"<v" in body
        if found and not is_empty_text and not _FILLED.search(body):
            return True
    return False
