"""Readers for titles and names of persons."""

import re

from imports.normalise.cells import (
    UNKNOWN_WORDS,
    Outcome,
    Reader,
    finding,
    only,
    text_reader,
)
from ppaos.lib.thai_text import split_title

NAME_COLUMNS = frozenset({"first_name", "last_name", "full_name"})
_FIRST_NAMES = NAME_COLUMNS - {"last_name"}

_LETTER = re.compile(r"[ก-ฮA-Za-z]")
# Words of Thai letters, or of Latin ones, none mixed, with a number behind: "ใจดี 2"; dots,
# hyphens, apostrophes and brackets.
_NAME = re.compile(
    r"(?:(?:[ก-ฮเ-ไ][ก-ฺเ-๎]*|[A-Za-z\u00c0-\u024f]+)(?![ก-๎A-Za-z\u00c0-\u024f])"
    r"|[ .'\u2019\-/()0-9๐-๙])+"
)
_NO_NAMES = UNKNOWN_WORDS | {
    *("ไม่มีชื่อ", "ไม่มีนามสกุล", "ไม่มีสกุล", "ไม่มีชื่อสกุล", "ไม่ทราบชื่อ", "ไม่ทราบนามสกุล"),
    *("ไม่ปรากฏ", "ไม่ปรากฏชื่อ", "ไม่ระบุชื่อ", "ไม่ระบุนามสกุล"),
}


def title_reader(column: str, size: int) -> Reader:
    """A title in its long form; one that is not known stays as it is written."""
    read_text = text_reader(column, size)

    def read(cell: object) -> Outcome:
        text, found = read_text(cell)
        if text is None:
            return text, found
        if not _LETTER.search(text):
            return only("W_VALUE", column, cell)
        title, rest = split_title(text)
        return (title if title and not rest else text), found

    return read


def _is_no_name(text: str) -> bool:
    # What begins like a formula is kept as it is; whoever hands it out again disarms it.
    return split_title(text)[1] == "" or not (_LETTER.search(text) or text[0] in "=+-@")


def name_reader(column: str, size: int) -> Reader:
    """A person's name as it is written; words for "nobody knows" are none.

    What has no letters, or is a title alone, is held: a line may have slipped sideways.
    """
    read_text = text_reader(column, size)

    def read(cell: object) -> Outcome:
        text, found = read_text(cell)
        if text is None or text in _NO_NAMES:
            return None, found
        if column in _FIRST_NAMES and _is_no_name(text):
            return text, (*found, finding("H_NAME", column, cell))
        if not _NAME.fullmatch(text):
            return text, (*found, finding("W_NAME_CHARS", column, cell))
        return text, found

    return read
