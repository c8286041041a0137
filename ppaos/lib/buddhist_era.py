"""Years and dates as written in Thailand: the Buddhist era is 543 years ahead.

A pure module that never asks the clock. Dates are kept in the common era and shown in the
Buddhist era. A written date is split into day, month and year first and only then
converted: 29/02/2543 is a real day (2000) although the year 2543 of the common era is no
leap year, so the string must never reach a parser that believes the year.
"""

import re
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from ppaos.lib.thai_text import clean, to_ascii_digits

OFFSET = 543
BE_YEARS = range(2400, 2601)
CE_YEARS = range(1850, 2101)
SURVEY_YEARS_BE = range(2540, 2601)
# Two digits of a survey year: 60–75 mean 2560–2575. Of a birth year they mean nothing certain.
_SHORT_SURVEY_YEARS = range(60, 76)

MONTHS_SHORT = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.",
    "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip
MONTHS_LONG = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
_MONTHS_ENGLISH = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


class Reason(StrEnum):
    """Why a text is not a date."""

    EMPTY = "empty"
    UNREADABLE = "unreadable"
    IMPOSSIBLE = "impossible"
    YEAR_OUT_OF_RANGE = "year_out_of_range"
    TWO_DIGIT_YEAR = "two_digit_year"


_SENTENCES = {
    Reason.EMPTY: "ไม่มีวันที่",
    Reason.UNREADABLE: "อ่านวันที่ไม่ออก",
    Reason.IMPOSSIBLE: "ไม่มีวันที่นี้ในปฏิทิน",
    Reason.YEAR_OUT_OF_RANGE: "ปีอยู่นอกช่วงที่เป็นไปได้",
    Reason.TWO_DIGIT_YEAR: "ปีมีเพียงสองหลัก จึงไม่แน่ว่าเป็นปีใด",
}


class UnableToReadDate(ValueError):
    """The text is not a date or year. `reason` says why; the message is Thai."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(_SENTENCES[reason])
        self.reason = reason


class Precision(StrEnum):
    DAY = "day"
    YEAR = "year"


class ParsedDate(NamedTuple):
    """A day, or for elderly people without a known birthday only a year."""

    date: date | None
    year_ce: int
    precision: Precision

    @property
    def iso(self) -> str:
        """`YYYY-MM-DD`, or `YYYY` if only the year is known; common era."""
        return self.date.isoformat() if self.date else f"{self.year_ce:04d}"


def to_ce_year(year: int) -> int:
    """Return the common-era year of one written in either era.

    Raises UnableToReadDate (YEAR_OUT_OF_RANGE) outside 2400–2600 BE and 1850–2100 CE.
    """
    if year in BE_YEARS:
        return year - OFFSET
    if year in CE_YEARS:
        return year
    raise UnableToReadDate(Reason.YEAR_OUT_OF_RANGE)


def to_be_year(year: int) -> int:
    """Return the Buddhist year of one written in either era. Raises UnableToReadDate."""
    return to_ce_year(year) + OFFSET


def parse_survey_year(text: str) -> int:
    """Return a survey year in the Buddhist era, 2540 to 2600; 60–75 mean 2560–2575.

    Raises UnableToReadDate.
    """
    text = _words_removed(text).removesuffix(".0")
    if not text.isdigit() or not text.isascii():
        raise UnableToReadDate(Reason.UNREADABLE if text else Reason.EMPTY)
    year = int(text)
    if len(text) == 2 and year in _SHORT_SURVEY_YEARS:
        return 2500 + year
    year_be = to_be_year(year)
    if year_be not in SURVEY_YEARS_BE:
        raise UnableToReadDate(Reason.YEAR_OUT_OF_RANGE)
    return year_be


def _month_numbers() -> dict[str, int]:
    numbers = {"sept": 9}
    names = zip(MONTHS_LONG, MONTHS_SHORT, _MONTHS_ENGLISH, strict=True)
    for number, (long, short, english) in enumerate(names, start=1):
        # มกราคม is also written มกรา, ม.ค. or มค; the silencer of กุมภาพันธ์ gets lost.
        for name in (long, long.removesuffix("์"), short, english, english[:3]):
            numbers[name.replace(".", "")] = number
        for ending in ("คม", "ยน", "พันธ์"):
            numbers[long.removesuffix(ending)] = number
    return numbers


_MONTH_NUMBERS = _month_numbers()

_WORDS = re.compile(r"[พค]\.?\s?ศ\.?|วันที่|เดือน|ปี")
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$")
_GAP = r"(?:\s*[-/.,]\s*|\s+)"
_YEAR_FIRST = re.compile(rf"(?P<year>\d{{4}}){_GAP}(?P<month>\d{{1,2}}){_GAP}(?P<day>\d{{1,2}})")
_UNKNOWN_PART = r"-{1,2}|[?_xX]{1,2}"
_DAY_FIRST = re.compile(
    rf"(?P<day>\d{{1,2}}|{_UNKNOWN_PART}){_GAP}"
    rf"(?P<month>\d{{1,2}}|{_UNKNOWN_PART}){_GAP}(?P<year>\d{{1,4}})"
)
_NAMED_MONTH = re.compile(
    r"(?:(?P<day>\d{1,2})[\s./,-]*)?(?P<month>[^\W\d_][^\d\s/,-]*)[\s./,-]*(?P<year>\d{1,4})"
)
_COMPACT_YEAR_FIRST = re.compile(
    r"(?P<year>(?:18|19|20|24|25)\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])"
)
_COMPACT_DAY_FIRST = re.compile(r"(?P<day>\d\d)(?P<month>\d\d)(?P<year>\d{4})")
_NUMBER = re.compile(r"(?P<whole>\d{1,6})(?:\.\d+)?")
# Tried in this order. Of eight digits in a row, a day-first date has its century where the
# other order has the month, and no century is a possible month: only one order can match.
_NUMERIC_FORMS = (_YEAR_FIRST, _DAY_FIRST, _COMPACT_YEAR_FIRST, _COMPACT_DAY_FIRST)


def parse_date(text: str) -> ParsedDate:
    """Read a date or a year as written in Thai sources; the day always stands before the month.

    Reads d/m/y, d-m-y, d.m.y, ISO order with a Buddhist or common year, eight digits without
    separators, Thai and English month names, Thai digits, a bare year, an unknown day
    (00/00/2500) as its year, and a spreadsheet's day number (1900 system).
    Raises UnableToReadDate; a two-digit year is refused as TWO_DIGIT_YEAR.
    """
    text = _TIME.sub("", _words_removed(text))
    if not text:
        raise UnableToReadDate(Reason.EMPTY)
    if found := _NUMBER.fullmatch(text):
        return _from_number(found["whole"])
    for form in _NUMERIC_FORMS:
        if found := form.fullmatch(text):
            return _from_parts(found["year"], found["month"], found["day"])
    if found := _NAMED_MONTH.fullmatch(text):
        month = _MONTH_NUMBERS.get(found["month"].replace(".", "").lower())
        if month is not None:
            return _from_parts(found["year"], str(month), found["day"] or "0")
    raise UnableToReadDate(Reason.UNREADABLE)


def from_calendar(day: date) -> date:
    """Return the common-era day of a spreadsheet's date cell, whose year may be Buddhist.

    Raises UnableToReadDate, also for a day that only the year 2568 of the wrong era has.
    """
    year_ce = to_ce_year(day.year)
    try:
        return day.replace(year=year_ce)
    except ValueError:
        raise UnableToReadDate(Reason.IMPOSSIBLE) from None


def from_serial(number: float) -> date:
    """Return the day of a spreadsheet's day number (1900 system). Raises UnableToReadDate."""
    if not 1 <= number <= _LAST_SERIAL:
        raise UnableToReadDate(Reason.YEAR_OUT_OF_RANGE)
    return from_calendar(_SERIAL_EPOCH + timedelta(days=int(number)))


# Day 1 is 1900-01-01, but a 29 February 1900 that never was is counted, so from March on
# the count starts a day earlier. The last is 31 December 9999.
_SERIAL_EPOCH = date(1899, 12, 30)
_LAST_SERIAL = 2_958_465


def _words_removed(text: str) -> str:
    """Return `text` clean, with ASCII digits, and without the words for era, day and month."""
    text = clean(text)
    return text if text.isascii() else clean(_WORDS.sub(" ", to_ascii_digits(text)))


def _from_number(whole: str) -> ParsedDate:
    year = int(whole)
    if len(whole) == 4 and (year in BE_YEARS or year in CE_YEARS):
        return ParsedDate(None, to_ce_year(year), Precision.YEAR)
    if len(whole) == 2:
        raise UnableToReadDate(Reason.TWO_DIGIT_YEAR)
    if len(whole) < 4:
        raise UnableToReadDate(Reason.UNREADABLE)
    day = from_serial(year)
    return ParsedDate(day, day.year, Precision.DAY)


def _from_parts(year_text: str, month_text: str, day_text: str) -> ParsedDate:
    if len(year_text) <= 2:
        raise UnableToReadDate(Reason.TWO_DIGIT_YEAR)
    year_ce = to_ce_year(int(year_text))
    month = int(month_text) if month_text.isdigit() else 0
    day = int(day_text) if day_text.isdigit() else 0
    if month > 12 or day > 31:
        raise UnableToReadDate(Reason.IMPOSSIBLE)
    if month == 0 or day == 0:
        # Old registrations know only the year; a month without its day is not kept.
        return ParsedDate(None, year_ce, Precision.YEAR)
    try:
        return ParsedDate(date(year_ce, month, day), year_ce, Precision.DAY)
    except ValueError:
        raise UnableToReadDate(Reason.IMPOSSIBLE) from None


def format_date(day: date, style: str = "short") -> str:
    """Return "20 พ.ย. 2569", or with style "long" "20 พฤศจิกายน 2569"."""
    months = {"short": MONTHS_SHORT, "long": MONTHS_LONG}[style]
    return f"{day.day} {months[day.month - 1]} {day.year + OFFSET}"


def fiscal_year_be(day: date) -> int:
    """Return the Thai fiscal year: year N runs from 1 October of N−1 to 30 September of N."""
    return day.year + OFFSET + (1 if day.month >= 10 else 0)
