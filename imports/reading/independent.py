"""Counts the lines of a file by other code than the code that reads them.

rows_read of an import must equal what is counted here, or the import stops: a reader that
loses lines in silence is worse than one that fails.
"""

import re
from array import array
from bisect import bisect_right
from pathlib import Path

from imports.reading import archive as zipped
from imports.reading.biff import survey_xls
from imports.reading.cells import Count, Kind, Options
from imports.reading.delimited import Dialect, detect, open_text
from imports.reading.errors import no_such_sheet
from imports.reading.limits import Limits
from imports.reading.package import open_package
from imports.reading.survey import survey


def count_lines(
    path: Path, kind: Kind, sheet: str | None, after: int, limits: Limits, options: Options
) -> Count:
    """Count the lines numbered above `after`. Runs in the child; callers use `reading.count`."""
    if kind is Kind.CSV:
        filled = csv_lines(path, detect(path, limits, options))
    elif kind is Kind.XLS:
        filled = _xls_lines(path, sheet, limits)
    else:
        filled = _xlsx_lines(path, sheet, limits)
    behind = len(filled) - bisect_right(filled, after)
    return Count(lines=max(0, filled[-1] - after) if filled else 0, filled=behind)


def _xlsx_lines(path: Path, sheet: str | None, limits: Limits) -> "array[int]":
    with zipped.open_archive(path, limits) as archive:
        package = open_package(archive, limits)
        for each in package.sheets:
            if each.name == sheet or (sheet is None and not each.hidden):
                return survey(archive, package, each, limits).filled
    raise no_such_sheet()


def _xls_lines(path: Path, sheet: str | None, limits: Limits) -> "array[int]":
    for each in survey_xls(path, limits):
        if each.name == sheet or (sheet is None and not each.hidden):
            return each.found.filled
    raise no_such_sheet()


def csv_lines(path: Path, dialect: Dialect) -> "array[int]":
    """Return the number of each record that holds a character, without the csv module."""
    filled: array[int] = array("L")
    between = dialect.delimiter + "\r\n"
    line = 1
    is_open = has_text = False
    with open_text(path, dialect.encoding) as stream:
        if dialect.has_hint:
            stream.readline()
        for text in stream:
            if not is_open and '"' not in text:
                has_text = bool(text.strip(between))
            else:
                is_open, more = _walk(text, dialect.delimiter, is_open)
                has_text = has_text or more
            if is_open:
                continue
            if has_text:
                filled.append(line)
            line += 1
            has_text = False
    return filled


def _walk(text: str, delimiter: str, is_open: bool) -> tuple[bool, bool]:
    """Follow one physical line; return (it ends inside quotes, it holds a character)."""
    position = 0
    has_text = False
    while position < len(text):
        if is_open or text[position] == '"':
            position += not is_open
            end = re.compile('(?:[^"]|"")*').match(text, position)
            assert end is not None
            has_text = has_text or end.end() > position
            position = end.end()
            if position >= len(text):
                return True, has_text
            position += 1
            is_open = False
        cut = text.find(delimiter, position)
        cell = text[position:] if cut < 0 else text[position:cut]
        has_text = has_text or bool(cell.strip("\r\n"))
        position = len(text) if cut < 0 else cut + 1
    return False, has_text
