"""Readers for citizen IDs, house codes and telephone numbers."""

import re

from imports.normalise.cells import (
    BLANK,
    PLACEHOLDERS,
    SCIENTIFIC,
    UNKNOWN_WORDS,
    Outcome,
    Reader,
    digit_repairs,
    finding,
    only,
    tidy,
)
from imports.verdicts import Finding
from ppaos.lib import citizen_id, house_code
from ppaos.lib.citizen_id import Kind, compact

_NO_ID = PLACEHOLDERS | UNKNOWN_WORDS | {"0", "ไม่มีบัตร", "ไม่มีบัตรประชาชน", "ไม่มีเลข", "ไม่มีเลขบัตร"}
_NO_HOUSE = (
    PLACEHOLDERS
    | UNKNOWN_WORDS
    | {"0", "ไม่มีรหัสบ้าน", "ไม่มีทะเบียนบ้าน", "ไม่มีเลขบ้าน", "ไม่มีรหัส", "ไม่มีเลขที่บ้าน", "0" * 11}
)
# A spreadsheet shows at most six digits of a long number; a re-saved file has zeros for the rest.
_LOST_DIGITS = re.compile(r"[0-9]*0{7}")
# A number that became text on its way through a CSV.
_DECIMAL = re.compile(r"([0-9]+)\.0+")
_PROVINCE = re.compile(r"[1-9][0-9]")


def citizen_id_reader(column: str, *, is_check_strict: bool) -> Reader:
    """A citizen ID, or none. A wrong check digit rejects, or only warns if not strict."""
    missing = (None, (Finding("W_CID_MISSING", column),))

    def read(cell: object) -> Outcome:
        if type(cell) is str and citizen_id.is_valid(cell) and not _LOST_DIGITS.fullmatch(cell):
            return cell, _kind_findings(column, cell, cell)
        text = tidy(cell)
        if text.lower() in _NO_ID:
            return missing
        if SCIENTIFIC.fullmatch(text):
            return only("E_ID_SCI", column, cell)
        digits = _compact(text)
        if not digits.isascii() or not digits.isdigit() or len(digits) not in (12, 13):
            return only("E_CID_LEN", column, cell)
        if len(digits) == 12:
            return _padded(column, cell, "0" + digits)
        return _checked(column, cell, digits, is_check_strict)

    return read


def _compact(text: str) -> str:
    number = _DECIMAL.fullmatch(text)
    return compact(number[1] if number else text)


def _checked(column: str, cell: object, digits: str, is_strict: bool) -> Outcome:
    """Judge thirteen digits."""
    if digits.startswith("9"):
        return only("E_CID_RESERVED", column, cell)
    found = []
    if not citizen_id.is_valid(digits):
        found.append(finding("E_CID_CHECK" if is_strict else "W_CID_CHECK", column, cell))
    if _LOST_DIGITS.fullmatch(digits):
        found.append(finding("E_ID_SCI", column, cell))
    if any(item.code.startswith("E_") for item in found):
        return None, tuple(found)
    repairs = digit_repairs(column, cell)
    return digits, (*found, *repairs, *_kind_findings(column, cell, digits))


def _padded(column: str, cell: object, digits: str) -> Outcome:
    """A number loses its first zero; the check digit tells whether that is what happened."""
    if not citizen_id.is_valid(digits) or _LOST_DIGITS.fullmatch(digits):
        return only("E_CID_LEN", column, cell, "มี 12 หลัก อาจขาดเลข 0 ตัวแรก")
    return digits, (
        finding("F_CID_PADDED", column, cell),
        *digit_repairs(column, cell),
        *_kind_findings(column, cell, digits),
    )


def _kind_findings(column: str, cell: object, digits: str) -> tuple[Finding, ...]:
    if citizen_id.kind(digits) is Kind.THAI:
        return ()
    return (finding("W_CID_NONTHAI", column, cell),)


def house_code_reader(column: str) -> Reader:
    """A house code, or none, which a person must confirm."""

    def read(cell: object) -> Outcome:
        if type(cell) is str and house_code.is_valid(cell):
            return cell, ()
        text = tidy(cell)
        if text.lower() in _NO_HOUSE:
            return only("H_NO_HOUSE", column, cell)
        digits = _compact(text)
        if SCIENTIFIC.fullmatch(text):
            return only("E_ID_SCI", column, cell)
        if house_code.is_valid(digits):
            if not isinstance(cell, str) and _LOST_DIGITS.fullmatch(digits):
                return only("E_ID_SCI", column, cell)
            return digits, digit_repairs(column, cell)
        is_ascii = digits.isascii() and digits.isdigit()
        if is_ascii and len(digits) == 12 and digits[0] == "0" and _PROVINCE.match(digits, 1):
            return digits[1:], (finding("F_HC_ZERO", column, cell),)
        return only("E_HC_LEN", column, cell)

    return read


_PHONE = re.compile(r"0[0-9]{8,9}")
_PHONE_WITHOUT_ZERO = re.compile(r"[2-9][0-9]{7,8}")


def phone_reader(column: str) -> Reader:
    """A Thai telephone number of 9 or 10 digits; a lost first zero is put back."""

    def read(cell: object) -> Outcome:
        text = tidy(cell)
        if text.lower() in PLACEHOLDERS | UNKNOWN_WORDS:
            return BLANK
        digits = _compact(text).replace("(", "").replace(")", "")
        if digits.startswith("+66"):
            digits = "0" + digits[3:]
        if _PHONE.fullmatch(digits):
            return digits, digit_repairs(column, cell)
        if _PHONE_WITHOUT_ZERO.fullmatch(digits):
            return "0" + digits, (finding("F_PHONE_PADDED", column, cell),)
        return only("W_VALUE", column, cell)

    return read
