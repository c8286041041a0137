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
    says_none,
    tidy,
)
from imports.verdicts import Finding
from ppaos.lib import citizen_id, house_code
from ppaos.lib.citizen_id import Kind, compact

_NOTHING = PLACEHOLDERS | UNKNOWN_WORDS | {"0"}
# A code that our own register gave to a house without one.
_TEMPORARY = re.compile(r"TMP-.+", re.IGNORECASE)
# A spreadsheet shows at most six digits of a long number; a re-saved file has zeros for the rest.
_LOST_DIGITS = re.compile(r"[0-9]*0{7}")
# A number that became text on its way through a CSV.
_DECIMAL = re.compile(r"([0-9]+)\.0+")
# A number with something behind its point is no code: its digits must not be run together.
_FRACTION = re.compile(r"-?[0-9]*\.[0-9]+")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_MASKED = re.compile(r"[0-9xX*\- ]*[xX*]{2}[0-9xX*\- ]*")
_ONE_DIGIT = re.compile(r"([0-9])\1+")
_PROVINCE = re.compile(r"[1-9][0-9]")


def citizen_id_reader(column: str, *, is_check_strict: bool) -> Reader:
    """A citizen ID, or none. A wrong check digit rejects, or only warns if not strict."""
    missing = (None, (Finding("W_CID_MISSING", column),))

    def read(cell: object) -> Outcome:
        if type(cell) is str and citizen_id.is_valid(cell) and not _LOST_DIGITS.fullmatch(cell):
            return cell, _kind_findings(column, cell, cell)
        text = tidy(cell)
        if text.lower() in _NOTHING or says_none(text):
            return missing
        if SCIENTIFIC.fullmatch(text):
            return only("E_ID_SCI", column, cell)
        digits = _compact(text, cell)
        if not digits.isascii() or not digits.isdigit() or len(digits) not in (12, 13):
            is_masked = _MASKED.fullmatch(text)
            detail = "เลขถูกปิดบังไว้ ใช้ไฟล์ที่มีเลขเต็ม" if is_masked else ""
            return only("E_CID_LEN", column, cell, detail)
        if len(digits) == 12:
            return _padded(column, cell, "0" + digits)
        return _checked(column, cell, digits, is_check_strict)

    return read


def _compact(text: str, cell: object) -> str:
    """Return the digits that were written with separators; of a fraction nothing usable."""
    number = _DECIMAL.fullmatch(text)
    if number:
        return number[1]
    if _FRACTION.fullmatch(text) or (text[:1] == "-" and not isinstance(cell, str)):
        return text
    return compact(text.replace(",", "") if _GROUPED.fullmatch(text) else text)


def _repairs(column: str, cell: object) -> tuple[Finding, ...]:
    if isinstance(cell, str) and _GROUPED.fullmatch(tidy(cell)):
        return (finding("F_FORMAT", column, cell),)
    return digit_repairs(column, cell)


def _checked(column: str, cell: object, digits: str, is_strict: bool) -> Outcome:
    """Judge thirteen digits."""
    if digits.startswith("9"):
        return only("E_CID_RESERVED", column, cell)
    if _ONE_DIGIT.fullmatch(digits):
        # Typed in to fill the cell: no such number is ever right, however lenient the reading.
        return only("E_CID_CHECK", column, cell, "เลขเดียวกันทั้ง 13 หลัก")
    found = []
    if not citizen_id.is_valid(digits):
        found.append(finding("E_CID_CHECK" if is_strict else "W_CID_CHECK", column, cell))
    if _LOST_DIGITS.fullmatch(digits):
        found.append(finding("E_ID_SCI", column, cell))
    if any(item.code.startswith("E_") for item in found):
        return None, tuple(found)
    return digits, (*found, *_repairs(column, cell), *_kind_findings(column, cell, digits))


def _padded(column: str, cell: object, digits: str) -> Outcome:
    """A number loses its first zero; the check digit tells whether that is what happened."""
    if not citizen_id.is_valid(digits) or _LOST_DIGITS.fullmatch(digits):
        return only("E_CID_LEN", column, cell, "มี 12 หลัก อาจขาดเลข 0 ตัวแรก")
    return digits, (
        finding("F_CID_PADDED", column, cell),
        *_repairs(column, cell),
        *_kind_findings(column, cell, digits),
    )


def _kind_findings(column: str, cell: object, digits: str) -> tuple[Finding, ...]:
    if citizen_id.kind(digits) is Kind.THAI:
        return ()
    return (finding("W_CID_NONTHAI", column, cell),)


def house_code_reader(column: str) -> Reader:
    """A house code, or none, which a person must confirm."""

    def read(cell: object) -> Outcome:
        if type(cell) is str and house_code.is_valid(cell) and not _ONE_DIGIT.fullmatch(cell):
            return cell, ()
        text = tidy(cell)
        if text.lower() in _NOTHING or says_none(text) or _TEMPORARY.fullmatch(text):
            return only("H_NO_HOUSE", column, cell)
        digits = _compact(text, cell)
        if house_code.is_valid(digits) and _ONE_DIGIT.fullmatch(digits):
            return only("H_NO_HOUSE", column, cell, "เลขเดียวกันทั้ง 11 หลัก")
        if SCIENTIFIC.fullmatch(text):
            return only("E_ID_SCI", column, cell)
        if house_code.is_valid(digits):
            if not isinstance(cell, str) and _LOST_DIGITS.fullmatch(digits):
                return only("E_ID_SCI", column, cell)
            return digits, _repairs(column, cell)
        is_ascii = digits.isascii() and digits.isdigit()
        if is_ascii and len(digits) == 12 and digits[0] == "0" and _PROVINCE.match(digits, 1):
            return digits[1:], (finding("F_HC_ZERO", column, cell),)
        return only("E_HC_LEN", column, cell)

    return read


# Mobile numbers begin with 06, 08 or 09 and have ten digits, fixed ones with 02 to 05 or 07 and
# have nine (สำนักงาน กสทช., แผนเลขหมายโทรคมนาคม).
_WITHOUT_ZERO = r"(?:[689][0-9]{8}|[2-57][0-9]{7})"
_PHONE = re.compile("0" + _WITHOUT_ZERO)
_PHONE_WITHOUT_ZERO = re.compile(_WITHOUT_ZERO)
_COUNTRY = re.compile(r"(?:\+|00)?66(?=[2-9])")


def phone_reader(column: str) -> Reader:
    """A Thai telephone number; a lost first zero is put back."""

    def read(cell: object) -> Outcome:
        text = tidy(cell)
        if text.lower() in _NOTHING or says_none(text):
            return BLANK
        digits = _compact(text, cell).replace("(", "").replace(")", "")
        if (country := _COUNTRY.match(digits)) and len(digits) > 10:
            digits = "0" + digits[country.end() :].removeprefix("0")
        if _PHONE.fullmatch(digits):
            return digits, digit_repairs(column, cell)
        if _PHONE_WITHOUT_ZERO.fullmatch(digits):
            return "0" + digits, (finding("F_PHONE_PADDED", column, cell),)
        return only("W_VALUE", column, cell)

    return read
