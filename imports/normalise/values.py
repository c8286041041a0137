"""Readers for titles, sex, numbers, money, positions and yes-or-no columns."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from imports.normalise.cells import (
    BLANK,
    PLACEHOLDERS,
    UNKNOWN_WORDS,
    Outcome,
    Reader,
    digit_repairs,
    finding,
    only,
    text_reader,
    tidy,
)
from ppaos.lib.buddhist_era import MONTHS_LONG, MONTHS_SHORT
from ppaos.lib.thai_text import split_title, strip_area_prefix

_NOTHING = PLACEHOLDERS | UNKNOWN_WORDS


def title_reader(column: str, size: int) -> Reader:
    """A title in its long form; one that is not known stays as it is written."""
    read_text = text_reader(column, size)

    def read(cell: object) -> Outcome:
        text, found = read_text(cell)
        if text is None:
            return text, found
        title, rest = split_title(text)
        return (title if title and not rest else text), found

    return read


_SEXES = {
    **dict.fromkeys(("ชาย", "ช", "ช.", "เพศชาย", "m", "male", "1"), "ชาย"),
    **dict.fromkeys(("หญิง", "ญ", "ญ.", "เพศหญิง", "f", "female", "2"), "หญิง"),
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
_LEVEL_WORDS = frozenset({"อยู่ยาก", "อยู่ลำบาก", "อยู่พอได้", "อยู่ดี", "ไม่มีข้อมูล"})
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
        return strip_area_prefix(text, level), found

    return read


def area_code_reader(column: str, digits: int) -> Reader:
    """A code of exactly `digits` digits. Words in it are a slipped line."""

    def read(cell: object) -> Outcome:
        text = tidy(cell)
        if text.lower() in _NOTHING and text not in _LEVEL_WORDS:
            return BLANK
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


def whole_reader(column: str, greatest: int) -> Reader:
    """A whole number from 0 to `greatest`; anything else is left out with a warning."""

    def read(cell: object) -> Outcome:
        text = tidy(cell)
        if text.lower() in _NOTHING:
            return BLANK
        number = _WHOLE.fullmatch(text)
        if number is None or int(number[1]) > greatest:
            return only("W_VALUE", column, cell)
        return int(number[1]), digit_repairs(column, cell)

    return read


def moo_reader(column: str) -> Reader:
    """The number of the village in its tambon. It decides the area, so it must be readable."""

    def read(cell: object) -> Outcome:
        text = tidy(cell)
        if text.lower() in _NOTHING:
            return BLANK
        number = _MOO.fullmatch(text)
        if number is None:
            return only("H_UNREADABLE", column, cell)
        return int(number[1]), digit_repairs(column, cell)

    return read


_AMOUNT = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]{1,4})?")
_GREATEST_AMOUNT = Decimal(10) ** 9
_CENTS = Decimal("0.01")


def amount_reader(column: str) -> Reader:
    """Baht as a string with two decimals. Ranges, negatives and brackets are refused."""

    def read(cell: object) -> Outcome:
        text = tidy(cell)
        if text.lower() in _NOTHING:
            return BLANK
        bare = text.removeprefix("฿").removesuffix("บาท").strip()
        if not _AMOUNT.fullmatch(bare) or (amount := Decimal(bare.replace(",", ""))) > (
            _GREATEST_AMOUNT
        ):
            return only("E_AMOUNT", column, cell)
        return str(amount.quantize(_CENTS)), digit_repairs(column, cell)

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
        return (str(degrees.quantize(_MICRODEGREE)), ()) if degrees else BLANK

    return read


def capital_reader(column: str) -> Reader:
    """A capital's score 1.00 to 4.00 as a string; 0 stands for "not assessed"."""

    def read(cell: object) -> Outcome:
        text = tidy(cell)
        if text.lower() in _NOTHING:
            return BLANK
        if not re.fullmatch(r"[0-9](\.[0-9]{1,10})?", text):
            return only("E_CAP_RANGE", column, cell)
        score = Decimal(text)
        if not score:
            return BLANK
        if not 1 <= score <= 4:
            return only("E_CAP_RANGE", column, cell)
        return str(score.quantize(_CENTS)), ()

    return read


_TRUE = dict.fromkeys(("1", "1.0", "true", "ใช่", "มี", "/", "✓", "✔", "☑", "yes", "y"), True)
_FALSE = dict.fromkeys(("0", "0.0", "false", "ไม่", "ไม่ใช่", "ไม่มี", "no", "n"), False)
_WORDS = {**_TRUE, **_FALSE}
_FLAG_WORDS = {**_WORDS, "ได้รับ": True, "ไม่ได้รับ": False, "ลงทะเบียน": True, "ไม่ได้ลงทะเบียน": False}
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
        if text in _NOTHING:
            return nothing
        if text in ("x", "✗", "✘", "×") and x_means is not None:
            return x_means, ()
        return only("H_UNREADABLE", column, cell)

    return read


_ENGLISH_MONTHS = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
_MONTHS = "|".join(
    sorted(
        {re.escape(name) for name in MONTHS_LONG}
        | {re.escape(name).removesuffix(r"\.") + r"\.?" for name in MONTHS_SHORT}
        | set(_ENGLISH_MONTHS),
        key=len,
        reverse=True,
    )
)
_DAY_AND_MONTH = re.compile(
    rf"(?P<day>[0-9]{{1,2}})[-/ ]?(?P<month>{_MONTHS})(?:[-/ ]?[0-9]{{2,4}})?", re.IGNORECASE
)
_MONTH_AND_YEAR = re.compile(rf"(?P<month>{_MONTHS})[-/ ]?(?P<year>[0-9]{{2,4}})", re.IGNORECASE)
_DATE_TEXT = re.compile(
    r"(?P<year>(?:19|20|24|25)[0-9]{2})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})(?:[ T].*)?"
    r"|(?P<day2>[0-9]{1,2})/(?P<month2>[0-9]{1,2})/(?:19|20|24|25)[0-9]{2}"
)
_HOUSE_NO_WORDS = re.compile(r"^(?:บ้าน)?เลขที่\s*")


def house_no_reader(column: str, size: int) -> Reader:
    """A house number as text. One that became a date is held, with day/month as the proposal."""
    read_text = text_reader(column, size)

    def read(cell: object) -> Outcome:
        text = tidy(cell)
        if proposal := _from_date(cell, text):
            return proposal, (finding("H_HOUSENO_DATE", column, cell, f"เสนอ {proposal}"),)
        value, found = read_text(cell)
        if value is None:
            return value, found
        house_no = _HOUSE_NO_WORDS.sub("", tidy(value))
        return (house_no or None), (*found, *digit_repairs(column, value))

    return read


def _from_date(cell: object, text: str) -> str | None:
    if isinstance(cell, date):
        return f"{cell.day}/{cell.month}"
    if match := _DATE_TEXT.fullmatch(text):
        return f"{int(match['day'] or match['day2'])}/{int(match['month'] or match['month2'])}"
    if match := _DAY_AND_MONTH.fullmatch(text):
        return f"{int(match['day'])}/{_month_number(match['month'])}"
    if match := _MONTH_AND_YEAR.fullmatch(text):
        return f"{_month_number(match['month'])}/{match['year']}"
    return None


def _month_number(name: str) -> int:
    bare = name.replace(".", "").lower()
    for number, (long, short) in enumerate(zip(MONTHS_LONG, MONTHS_SHORT, strict=True), start=1):
        if bare in (long, short.replace(".", "")):
            return number
    return _ENGLISH_MONTHS.index(bare) + 1
