"""Readers for survey years, birth dates and other dates."""

import re
from datetime import date, datetime

from imports.normalise.cells import (
    BLANK,
    PLACEHOLDERS,
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
from ppaos.lib.buddhist_era import (
    ParsedDate,
    Precision,
    Reason,
    UnableToReadDate,
    from_calendar,
    parse_date,
    parse_survey_year,
)

OLDEST_YEARS = 120
"""Nobody on a list is older; an older birth year is a mistake."""

_NOTHING = PLACEHOLDERS | UNKNOWN_WORDS
_CODES = {
    Reason.TWO_DIGIT_YEAR: "H_YEAR",
    Reason.YEAR_OUT_OF_RANGE: "E_YEAR",
    Reason.IMPOSSIBLE: "E_DATE",
    Reason.UNREADABLE: "E_DATE",
    Reason.EMPTY: "E_DATE",
}
# Written as the form asks, or as a date cell of the common era comes out: nothing to report.
_AS_ASKED = re.compile(
    r"0?[1-9][0-9]?/0?[1-9][0-9]?/2[45][0-9]{2}|2[45][0-9]{2}|(18|19|20)[0-9]{2}(-.*)?"
)
_NAMED_MONTH = re.compile(r"[^\W\d_]{3}|[ก-ฮ]")
_ERA_AND_YEAR = re.compile(r"(?:[พค]\.?\s?ศ\.?|ปี)?\s*\d{4}")
# What a date cell shows of 0, and what databases write for no date: 00/00/0000.
_ZEROS = re.compile(r"0+(?:[-/.]0+)*(?: 00:00:00)?|1900-01-00|0/1/1900")


def year_reader(column: str, *, expected_be: int | None) -> Reader:
    """A survey year as a Buddhist integer. Another year than the list's own is held."""

    def read(cell: object) -> Outcome:
        text = str(cell.year) if isinstance(cell, date) else tidy(cell)
        if text.lower() in _NOTHING:
            return BLANK
        try:
            year_be = parse_survey_year(text)
        except UnableToReadDate:
            return only("E_YEAR", column, cell)
        found = digit_repairs(column, cell)
        if str(year_be) not in text:
            found = (*found, finding("F_YEAR", column, cell))
        if expected_be is not None and year_be != expected_be:
            detail = f"ไฟล์นี้นำเข้าเป็นปี {expected_be} แต่แถวนี้เป็นปี {year_be}"
            found = (*found, finding("H_YEAR", column, cell, detail))
        return year_be, found

    return read


def date_reader(column: str, *, today: date, is_birth: bool) -> Reader:
    """A day as `YYYY-MM-DD`, or for a birth whose day is unknown the year as `YYYY`."""

    def read(cell: object) -> Outcome:
        text = tidy(cell)
        if text.lower() in PLACEHOLDERS:
            return BLANK
        if says_none(text) or _ZEROS.fullmatch(text):
            return only("W_BIRTH_UNKNOWN" if is_birth else "W_VALUE", column, cell)
        try:
            parsed = _parse(cell, text)
        except UnableToReadDate as error:
            return only(_CODES[error.reason], column, cell, str(error))
        if parsed.year_ce > today.year or (parsed.date is not None and parsed.date > today):
            return only("E_YEAR", column, cell, "อยู่ในอนาคต")
        if is_birth and parsed.year_ce < today.year - OLDEST_YEARS:
            return only("E_YEAR", column, cell, f"อายุเกิน {OLDEST_YEARS} ปี")
        return parsed.iso, _repairs(column, cell, text, parsed)

    return read


def _parse(cell: object, text: str) -> ParsedDate:
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        day = from_calendar(cell)
        return ParsedDate(day, day.year, Precision.DAY)
    return parse_date(text)


def _repairs(column: str, cell: object, text: str, parsed: ParsedDate) -> tuple[Finding, ...]:
    if digits := digit_repairs(column, cell):
        return digits
    if parsed.precision is Precision.YEAR and not isinstance(cell, (int, float)):
        # A month that stands without its day is not kept; that is worth a word.
        return () if _ERA_AND_YEAR.fullmatch(text) else (finding("F_DATE", column, cell),)
    # A named month leaves nothing to doubt; numbers in another order or form are worth a look.
    if _AS_ASKED.fullmatch(text) or _NAMED_MONTH.search(text):
        return ()
    return (finding("F_DATE", column, cell),)
