"""Reader for house numbers, which spreadsheets like to turn into dates."""

import re
from datetime import date

from imports.normalise.cells import (
    BLANK,
    SCIENTIFIC,
    Outcome,
    Reader,
    digit_repairs,
    finding,
    only,
    says_none,
    text_reader,
    tidy,
)
from ppaos.lib.buddhist_era import MONTHS_LONG, MONTHS_SHORT, from_serial

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
# A time of day was "12:30" or "12/30" once; a decimal point stands in no house number.
_TIME_TEXT = re.compile(r"[0-9]{1,3}:[0-9]{2}(?::[0-9]{2})?")
_FRACTION = re.compile(r"[0-9]+\.[0-9]*[1-9]")
# Day numbers of the years 2000 to 2040: no house bears such a number, but 25/2 became one.
_DAY_NUMBERS = range(36_526, 51_502)


def house_no_reader(column: str, size: int) -> Reader:
    """A house number as text. One that became a date is held, with day/month as the proposal."""
    read_text = text_reader(column, size)

    def read(cell: object) -> Outcome:
        text = _HOUSE_NO_WORDS.sub("", tidy(cell))
        if proposal := _from_date(cell, text):
            return proposal, (finding("H_HOUSENO_DATE", column, cell, f"เสนอ {proposal}"),)
        if _TIME_TEXT.fullmatch(text):
            return only("H_HOUSENO_DATE", column, cell, "กลายเป็นเวลา")
        if _FRACTION.fullmatch(text) or SCIENTIFIC.fullmatch(text):
            return only("H_UNREADABLE", column, cell)
        if text == "0" or says_none(text):
            return only("W_VALUE", column, cell) if text == "0" else BLANK
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
    if text.isascii() and text.isdigit() and len(text) == 5 and int(text) in _DAY_NUMBERS:
        day = from_serial(int(text))
        return f"{day.day}/{day.month}"
    return None


def _month_number(name: str) -> int:
    bare = name.replace(".", "").lower()
    for number, (long, short) in enumerate(zip(MONTHS_LONG, MONTHS_SHORT, strict=True), start=1):
        if bare in (long, short.replace(".", "")):
            return number
    return _ENGLISH_MONTHS.index(bare) + 1
