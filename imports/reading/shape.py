"""The plain shape in which spreadsheet programs write worksheets, and how it is told.

In that shape byte searches are exact: no prefixes, comments, CDATA or single quotes, so "<" starts
a tag and nothing else, and "</row>" ends a row.
"""

import re
import zipfile
from collections.abc import Iterator

from imports.reading.errors import UnableToRead, damaged
from imports.reading.findings import Merge, column_index
from imports.reading.limits import Limits
from imports.reading.package import Sheet, blocks

_WAITING_BYTES = 64 * 1024 * 1024
_MERGE = re.compile(rb"""mergeCell [^>]*?ref=["']([A-Z]+)(\d+):([A-Z]+)(\d+)["']""")


class OddShapeError(Exception):
    """The worksheet is not written in the plain shape."""


def row_blocks(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield runs of whole rows, the first behind whatever stands before it.

    Raises OddShapeError where the shape is not the plain one, also at the very end.
    """
    waiting = b""
    is_first = True
    for piece in pieces:
        waiting += piece
        if is_first:
            waiting = _after_root(waiting)
            is_first = False
        end = waiting.rfind(b"</row>")
        if end >= 0:
            _check_shape(waiting[: end + 6])
            yield waiting[: end + 6]
            waiting = waiting[end + 6 :]
        if len(waiting) > _WAITING_BYTES:
            raise damaged()
    _check_shape(waiting)
    if b"sheetData" not in waiting or not waiting.rstrip().endswith(b"</worksheet>"):
        raise OddShapeError


def merged_ranges(archive: zipfile.ZipFile, sheet: Sheet, limits: Limits) -> list[Merge]:
    """Return the merged ranges of a worksheet of any shape; they stand behind its rows."""
    tail = b""
    carry = b""
    for block in blocks(archive, sheet.part):
        if tail:
            tail += block
        elif b"mergeCells" in block or b"mergeCells" in carry + block[:16]:
            tail = carry + block
        carry = block[-16:]
        if len(tail) > _WAITING_BYTES:
            raise _too_many_merges()
    found = [
        (int(top), column_index(left), int(bottom), column_index(right))
        for left, top, right, bottom in _MERGE.findall(tail)
    ]
    if len(found) > limits.merged_ranges:
        raise _too_many_merges()
    return found


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


def _after_root(head: bytes) -> bytes:
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"<?xml"):
        head = head[head.find(b"?>") + 2 :].lstrip()
    if not head.startswith(b"<worksheet"):
        raise OddShapeError
    return head


def _too_many_merges() -> UnableToRead:
    return UnableToRead("too_many_merges", "ไฟล์มีเซลล์ที่ผสานไว้มากเกินไป ยกเลิกการผสานเซลล์ แล้วบันทึกใหม่")
