"""One cell → its value in normal form, with what was found on the way.

Every reader is a function of a cell alone, so that equal cells are read once. None of
them raises an exception, whatever the cell holds.
"""

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from imports.reading.cells import ErrorCell, FormulaWithoutValue, MergedCell
from imports.verdicts import Finding
from ppaos.lib.thai_text import clean, to_ascii_digits

Outcome = tuple[Any, tuple[Finding, ...]]
Reader = Callable[[object], Outcome]

BLANK: Outcome = (None, ())

RAW_LENGTH = 200
"""How much of a cell a finding repeats."""

# What people write into a cell that has no value.
PLACEHOLDERS = frozenset({"", "-", "--", "---", "–", "—", ".", "n/a", "na", "null", "none", "nan"})
UNKNOWN_WORDS = frozenset(
    {"ไม่ทราบ", "ไม่รู้", "ไม่ระบุ", "ไม่มี", "ไม่มีข้อมูล", "ไม่แน่ใจ", "จำไม่ได้", "ไม่ทราบข้อมูล", "?"}
)
# "ไม่มีบัตรปชช.", "ไม่ทราบวันเกิด": whatever it is, there is none or nobody knows it.
_SAYS_NONE = re.compile(r"(?:ไม่มี|ไม่ทราบ|ไม่ระบุ|ไม่ปรากฏ|ไม่พบ|ไม่รู้|จำไม่ได้)[^0-9]*")
# 3.30E+12 is what a spreadsheet shows, and exports, of a long number; people copy it as 3.3×10^12.
SCIENTIFIC = re.compile(
    r"[+-]?[0-9]+(?:[.,][0-9]+)?\s*(?:[eE]\s*[+-]?\s*[0-9]+|[xX×*]\s*10\s*\^?\s*[0-9⁰¹²³⁴-⁹]+)"
)
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Of these two the digits themselves stand in another order than they are seen in.
_OVERRIDES = ("\u202d", "\u202e")
# How a spreadsheet's user keeps a number as text, when it comes out in a CSV: ="0012" and '0012.
_WRAPPED = re.compile(r"""="([^"]*)"|['\u2019](?=.)(.*)""", re.DOTALL)
# The sign for a character that could not be read, or UTF-8 that was taken for CP1252 or CP874.
_DAMAGED = re.compile("[\u202d\u202e\ufffd]|à[¸¹]|(?:(?:เธ|เน).){3}")
_SPACES = re.compile(r"\s+")
# A CSV carries a spreadsheet's errors as plain text.
_ERROR_TEXTS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}
)
_MARKED: Mapping[type, str] = {
    ErrorCell: "E_CELL_ERROR",
    FormulaWithoutValue: "E_CELL_FORMULA",
    MergedCell: "E_CELL_MERGED",
}


def text_of(cell: object) -> str:
    """Return the text that a cell stands for; a whole number has no decimal point."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        whole = math.isfinite(cell) and cell.is_integer()
        return str(int(cell)) if whole else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def is_blank(cell: object) -> bool:
    """Say whether nothing can be seen in the cell."""
    return not clean(text_of(cell))


def tidy(cell: object) -> str:
    """Return a cell's text repaired and with ASCII digits, for values that are not names."""
    return to_ascii_digits(unwrapped(clean(text_of(cell))))


def unwrapped(text: str) -> str:
    """Return text without the sign that keeps it text in a spreadsheet: ="0012" or '0012."""
    if text[:1] not in ("=", "'", "\u2019"):
        return text
    found = _WRAPPED.fullmatch(text)
    return (found[1] or found[2] or "").strip() if found else text


def says_none(text: str) -> bool:
    """Say whether words in the cell mean that there is no such thing, or nobody knows it."""
    return text in UNKNOWN_WORDS or bool(_SAYS_NONE.fullmatch(text))


def finding(code: str, column: str, cell: object, detail: str = "") -> Finding:
    return Finding(code, column, text_of(cell)[:RAW_LENGTH], detail)


def only(code: str, column: str, cell: object, detail: str = "") -> Outcome:
    """Return the outcome of a cell that has no value but something to say."""
    return (None, (finding(code, column, cell, detail),))


def guarded(column: str, read: Reader) -> Reader:
    """Return a reader that first refuses cells without a value of their own."""

    def read_guarded(cell: object) -> Outcome:
        code = _MARKED.get(type(cell))
        if code is None and isinstance(cell, str) and cell.strip().upper() in _ERROR_TEXTS:
            code = "E_CELL_ERROR"
        if code is None and isinstance(cell, str) and not cell.isascii():
            code = _damage(cell)
        return only(code, column, cell) if code else read(cell)

    return read_guarded


def _damage(text: str) -> str | None:
    """Return why the characters of a text cannot be what somebody wrote."""
    if not (found := _DAMAGED.search(text)):
        return None
    return "E_TEXT_DIRECTION" if found[0] in _OVERRIDES else "E_TEXT_LOST"


def digit_repairs(column: str, cell: object) -> tuple[Finding, ...]:
    """Return what is to be said about how digits were written: in Thai, or with hidden marks."""
    text = text_of(cell)
    if text[:1] in ("=", "'", "\u2019") and unwrapped(text) != text:
        return (finding("F_FORMAT", column, cell),)
    if text.isascii():
        return ()
    if to_ascii_digits(text) != text:
        return (finding("F_DIGITS", column, cell),)
    return text_repairs(column, cell)


def text_repairs(column: str, cell: object) -> tuple[Finding, ...]:
    """Return a finding if more than spaces had to be repaired."""
    text = text_of(cell)
    cleaned = clean(text)
    if cleaned is text or cleaned == text or cleaned == _SPACES.sub(" ", text).strip():
        return ()
    return (finding("F_TEXT_REPAIRED", column, cell),)


def text_reader(column: str, size: int) -> Reader:
    """Names, roads and other free text; longer than `size` is refused."""

    def read(cell: object) -> Outcome:
        cleaned = clean(text_of(cell))
        text = unwrapped(cleaned)
        if text.lower() in PLACEHOLDERS:
            return BLANK
        if _DIRECTION.search(text_of(cell)):
            return only("E_TEXT_DIRECTION", column, cell)
        if len(text) > size:
            return only("E_TEXT_LONG", column, cell, f"ไม่เกิน {size} ตัวอักษร")
        if text is not cleaned:
            return text, (finding("F_FORMAT", column, cell),)
        return text, text_repairs(column, cell)

    return read


class CellCache(dict[object, Outcome]):
    """What equal cells of one column became. It forgets everything once it is full."""

    def __init__(self, read: Reader, size: int) -> None:
        super().__init__()
        self._read = read
        self._size = size

    def __missing__(self, cell: object) -> Outcome:
        outcome = self._read(cell)
        if len(self) >= self._size:
            self.clear()
        self[cell] = outcome
        return outcome
