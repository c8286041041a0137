"""Readers for sex, places, numbers, money, positions and yes-or-no columns."""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

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
    text_reader,
    tidy,
)
from ppaos.lib.thai_text import strip_area_prefix

_NOTHING = PLACEHOLDERS | UNKNOWN_WORDS


_SEXES = {
    **dict.fromkeys(("ชาย", "ช", "ช.", "เพศชาย", "ผู้ชาย", "m", "male", "1"), "ชาย"),
    **dict.fromkeys(("หญิง", "ญ", "ญ.", "เพศหญิง", "ผู้หญิง", "f", "female", "2"), "หญิง"),
}


def sex_reader(column: str) -> Reader:
    def read(cell: object) -> Outcome:
        text = tidy(cell).lower()
        if text in _NOTHING:
            return BLANK
        sex = _SEXES.get(text)
        return (sex, ()) if sex else only("W_VALUE", column, cell)

    return read


# Words of a status column that turn up here when a line has slipped sideways.
_LEVEL_WORDS = frozenset(
    {"อยู่ยาก", "อยู่ลำบาก", "อยู่พอได้", "พออยู่ได้", "อยู่ได้", "อยู่ดี", "ไม่มีข้อมูล"}
    | {"ชาย", "หญิง", "นาย", "นาง", "นางสาว", "ผ่าน", "ไม่ผ่าน", "ตกเกณฑ์", "มี", "ใช่"}
)
_NUMBER = re.compile(r"[0-9][0-9.,/\- ]*")


def place_reader(column: str, size: int, level: str) -> Reader:
    """A place's name without the word for its level. A number or a status is a slipped line."""
    read_text = text_reader(column, size)

    def read(cell: object) -> Outcome:
        text, found = read_text(cell)
        if text is None:
            return text, found
        if level != "VILLAGE" and (text in _LEVEL_WORDS or _NUMBER.fullmatch(tidy(text))):
            return only("E_AREA_SHIFT", column, cell)
        if text in UNKNOWN_WORDS:
            return BLANK
        return strip_area_prefix(text, level), found

    return read


def area_code_reader(column: str, digits: int) -> Reader:
    """A code of exactly `digits` digits. Words in it are a slipped line."""

    def read(cell: object) -> Outcome:
        text = tidy(cell)
        if text.lower() in _NOTHING and text not in _LEVEL_WORDS:
            return BLANK
        if SCIENTIFIC.fullmatch(text):
            return only("E_ID_SCI", column, cell)
        code = text.replace(" ", "").replace("-", "").removesuffix(".0")
        if code.isascii() and code.isdigit():
            if len(code) == digits:
                return code, digit_repairs(column, cell)
            unknown = "W_VALUE" if column == "postcode" else "E_AREA_UNKNOWN"
            return only(unknown, column, cell, f"ต้องมี {digits} หลัก")
        return only("W_VALUE" if column == "postcode" else "E_AREA_SHIFT", column, cell)

    return read


_WHOLE = re.compile(r"([0-9]{1,7})(?:\.0+)?\s*(?:คน|ปี)?")
_MOO = re.compile(r"(?:หมู่ที่|หมู่|ม\.?|moo)?\s*([0-9]{1,2})(?:\.0+)?", re.IGNORECASE)


# Below these a number cannot be right; a household without a member is none.
_LEAST = {"member_count": 1, "member_seq": 1, "household_seq": 1}


def whole_reader(column: str, greatest: int) -> Reader:
    """A whole number up to `greatest`; anything else is left out with a warning."""
    least = _LEAST.get(column, 0)
    bounds = f"ต้องเป็นจำนวนเต็ม {least}–{greatest:,}"

    def read(cell: object) -> Outcome:
        text = tidy(cell)
        if text.lower() in _NOTHING:
            return BLANK
        number = _WHOLE.fullmatch(text)
        if isinstance(cell, bool) or number is None or not least <= int(number[1]) <= greatest:
            return only("W_VALUE", column, cell, bounds)
        return int(number[1]), digit_repairs(column, cell)

    return read


def moo_reader(column: str) -> Reader:
    """The number of the village in its tambon. It decides the area, so it must be readable."""

    def read(cell: object) -> Outcome:
        text = tidy(cell)
        if text.lower() in _NOTHING:
            return BLANK
        number = _MOO.fullmatch(text)
        if number is None or isinstance(cell, bool):
            return only("H_UNREADABLE", column, cell)
        return int(number[1]), digit_repairs(column, cell)

    return read


# A mean that a spreadsheet calculated has up to 17 digits; ".-" is written for "no satang".
_AMOUNT = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.-|\.[0-9]{1,17})?")
_TOO_GREAT = Decimal(10) ** 9
# Above 25 times จปฐ's line of 40,000 baht a head and year (2565 to 2567), for a household of five,
# an amount is worth a look: a list of poor households seldom means it.
_WORTH_A_LOOK = {
    "income_per_person_per_year": Decimal(1_000_000),
    "income_year": Decimal(5_000_000),
    "income_month": Decimal(400_000),
}
_CENTS = Decimal("0.01")


def amount_reader(column: str) -> Reader:
    """Baht as a string with two decimals. Ranges, negatives and brackets are refused."""
    bound = _WORTH_A_LOOK.get(column, _TOO_GREAT)

    def read(cell: object) -> Outcome:
        text = tidy(cell)
        if text == "ไม่มี":
            # Nothing earned, or nothing known? A blank and a 0 are not the same.
            return only("W_VALUE", column, cell, "หากไม่มีรายได้ให้ใส่ 0")
        if text.lower() in _NOTHING:
            return BLANK
        bare = text.removeprefix("฿").removesuffix("บาท").strip()
        if isinstance(cell, bool) or not _AMOUNT.fullmatch(bare):
            return only("E_AMOUNT", column, cell)
        amount = Decimal(bare.removesuffix(".-").replace(",", ""))
        if amount >= _TOO_GREAT:
            return only("E_AMOUNT", column, cell, f"ต้องน้อยกว่า {_TOO_GREAT:,} บาท")
        rounded = amount.quantize(_CENTS, ROUND_HALF_UP)
        found = digit_repairs(column, cell)
        if rounded != amount:
            found = (*found, finding("F_ROUNDED", column, cell))
        if rounded > bound:
            detail = f"เกิน {bound:,} บาท ค่าเริ่มต้นของระบบ"
            found = (*found, finding("W_OUTLIER", column, cell, detail))
        return str(rounded), found

    return read


_DEGREES = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]+)?")
_MICRODEGREE = Decimal("0.000001")


def degrees_reader(column: str) -> Reader:
    """A latitude or longitude as a decimal string; 0 stands for "not measured"."""

    def read(cell: object) -> Outcome:
        text = tidy(cell).removesuffix("°")
        if text.lower() in _NOTHING:
            return BLANK
        if not _DEGREES.fullmatch(text):
            return only("W_VALUE", column, cell)
        degrees = Decimal(text)
        if not degrees:
            return BLANK
        return str(degrees.quantize(_MICRODEGREE)), digit_repairs(column, cell)

    return read


def capital_reader(column: str) -> Reader:
    """A capital's score 1.00 to 4.00 as a string; 0 stands for "not assessed"."""

    def read(cell: object) -> Outcome:
        text = tidy(cell)
        if text.lower() in _NOTHING:
            return BLANK
        if isinstance(cell, bool) or not _SCORE.fullmatch(text):
            return only("E_CAP_RANGE", column, cell)
        score = Decimal(text)
        if not score:
            return BLANK
        if not 1 <= score <= 4:
            return only("E_CAP_RANGE", column, cell)
        return str(score.quantize(_CENTS, ROUND_HALF_UP)), digit_repairs(column, cell)

    return read


_SCORE = re.compile(r"[0-9](\.[0-9]{1,17})?")
_TRUE = dict.fromkeys(("1", "1.0", "true", "ใช่", "มี", "/", "√", "✓", "✔", "☑", "yes", "y"), True)
_FALSE = dict.fromkeys(("0", "0.0", "false", "ไม่", "ไม่ใช่", "ไม่มี", "no", "n"), False)
_WORDS = {**_TRUE, **_FALSE}
_FLAG_WORDS = {
    **_WORDS,
    **dict.fromkeys(("ได้รับ", "ลงทะเบียน", "มีบัตร"), True),
    **dict.fromkeys(("ไม่ได้รับ", "ไม่ได้ลงทะเบียน", "ไม่มีบัตร"), False),
}
_FAILS = {
    **dict.fromkeys(("ตก", "ตกเกณฑ์", "ไม่ผ่าน", "ไม่ผ่านเกณฑ์", "มีปัญหา"), True),
    **dict.fromkeys(("ผ่าน", "ผ่านเกณฑ์", "ไม่ตก", "ไม่ตกเกณฑ์", "ไม่มีปัญหา"), False),
}


def flag_reader(column: str, *, x_means: bool | None) -> Reader:
    """Yes or no; blank is unknown."""
    return _words_reader(column, _FLAG_WORDS, blank=None, x_means=x_means)


def dimension_reader(
    column: str, *, one_is_problem: bool, blank: bool | None, x_means: bool | None
) -> Reader:
    """Whether the dimension is a problem. `one_is_problem` is the file's polarity."""
    plain = {word: value is one_is_problem for word, value in _WORDS.items()}
    return _words_reader(column, {**plain, **_FAILS}, blank=blank, x_means=x_means)


def indicator_reader(column: str, *, x_means: bool | None, one_is_passed: bool = True) -> Reader:
    """1 passed, 0 failed, None not applicable or not asked. In จปฐ. 1 is good."""
    passes = {
        **{word: int(value is one_is_passed) for word, value in _WORDS.items()},
        **{word: int(not fails) for word, fails in _FAILS.items()},
    }
    return _words_reader(column, passes, blank=None, x_means=x_means)


def _words_reader(
    column: str, words: Mapping[str, bool | int], *, blank: bool | None, x_means: bool | None
) -> Reader:
    nothing: Outcome = (blank, ())

    def read(cell: object) -> Outcome:
        text = tidy(cell).lower()
        if text in words:
            return words[text], ()
        if text in PLACEHOLDERS:
            return nothing
        if text in UNKNOWN_WORDS:
            # Said to be unknown is not left blank, which may mean "not flagged".
            return BLANK
        if text in ("x", "✗", "✘", "×") and x_means is not None:
            return x_means, ()
        return only("H_UNREADABLE", column, cell)

    return read
