"""Which rows and columns of a worksheet its author hid or filtered away."""

import re
import zipfile
from pathlib import Path

from imports.reading import archive as zipped
from imports.reading.biff import survey_xls
from imports.reading.cells import Kind
from imports.reading.findings import Merge
from imports.reading.limits import Limits
from imports.reading.package import Sheet, blocks, feed, local, new_parser, open_package
from imports.reading.shape import OddShapeError, merged_ranges, row_blocks

_ROW = re.compile(rb"<row ([^>]*)>")
_NUMBER = re.compile(rb'(?:^| )r="(\d+)"')
_HIDDEN = re.compile(rb'(?:^| )hidden="(?:1|true)"')
_SMALL = 48 * 1024 * 1024
_HEAD_LINES = 40


def hidden_lines(path: Path, kind: Kind, sheet: str | None, limits: Limits) -> frozenset[int]:
    """Return the numbers of a sheet's hidden rows; a CSV has none."""
    if kind is Kind.CSV:
        return frozenset()
    if kind is Kind.XLS:
        for each in survey_xls(path, limits):
            if each.name == sheet or (sheet is None and not each.hidden):
                return frozenset(each.hidden_lines)
        return frozenset()
    with zipped.open_archive(path, limits) as archive:
        for found in open_package(archive, limits).sheets:
            if found.name == sheet or (sheet is None and not found.hidden):
                return _hidden_rows(archive, found)
    return frozenset()


def _hidden_rows(archive: zipfile.ZipFile, sheet: Sheet) -> frozenset[int]:
    try:
        return frozenset(
            int(number[1])
            for body in row_blocks(blocks(archive, sheet.part))
            if b"hidden" in body
            for row in _ROW.finditer(body)
            if _HIDDEN.search(row[1]) and (number := _number(row[1]))
        )
    except OddShapeError:
        return _by_expat(archive, sheet)


def _number(attributes: bytes) -> "re.Match[bytes]":
    number = _NUMBER.search(attributes)
    if number is None:
        raise OddShapeError
    return number


def _by_expat(archive: zipfile.ZipFile, sheet: Sheet) -> frozenset[int]:
    found: set[int] = set()
    line = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal line
        if local(tag) == "row":
            line = int(attributes.get("r") or line + 1)
            if attributes.get("hidden") in ("1", "true"):
                found.add(line)

    parser = new_parser()
    parser.StartElementHandler = start
    feed(parser, blocks(archive, sheet.part))
    return frozenset(found)


def hidden_columns(archive: zipfile.ZipFile, sheet: Sheet, columns: int) -> list[int]:
    """Return the hidden ones of the sheet's used columns, from 0. They stand before the rows."""
    found: set[int] = set()

    def start(tag: str, attributes: dict[str, str]) -> None:
        if local(tag) == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = int(attributes.get("min", "1")), int(attributes.get("max", "1"))
            found.update(range(first - 1, min(last, columns)))

    head = next(blocks(archive, sheet.part), b"")
    end = head.find(b"sheetData")
    if b"hidden" in head[: max(end, 0)]:
        parser = new_parser()
        parser.StartElementHandler = start
        feed(parser, (head[: head.rfind(b"<", 0, end)],), is_last=False)
    return sorted(found)


def head_merges(archive: zipfile.ZipFile, sheet: Sheet, limits: Limits) -> list[Merge]:
    """Return the merged ranges among the first lines; of a very large sheet none.

    They stand behind all rows, so that they cost unpacking the whole sheet once more.
    """
    if archive.getinfo(sheet.part).file_size > _SMALL:
        return []
    return [merge for merge in merged_ranges(archive, sheet, limits) if merge[0] <= _HEAD_LINES]
