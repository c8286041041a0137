"""Dates and years as written in Thailand, each with the day it means."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppaos.lib import buddhist_era
from ppaos.lib.buddhist_era import Precision, Reason, UnableToReadDate, parse_date

days = st.dates(min_value=date(1880, 1, 1), max_value=date(2056, 12, 31))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2546-04-13", date(2003, 4, 13)),
        ("2567-11-20", date(2024, 11, 20)),
        ("2003-04-13", date(2003, 4, 13)),
        ("2546/4/13", date(2003, 4, 13)),
        ("2546-04-13 00:00:00", date(2003, 4, 13)),
        ("2546-04-13T00:00:00Z", date(2003, 4, 13)),
        ("13/04/2546", date(2003, 4, 13)),
        ("13-4-2546", date(2003, 4, 13)),
        ("13.4.2546", date(2003, 4, 13)),
        ("13 4 2546", date(2003, 4, 13)),
        ("13/04/2003", date(2003, 4, 13)),
        ("๑๓/๐๔/๒๕๔๖", date(2003, 4, 13)),
        ("13 เม.ย. 2546", date(2003, 4, 13)),
        ("13 เมย 2546", date(2003, 4, 13)),
        ("13เม.ย.2546", date(2003, 4, 13)),
        ("13-เม.ย.-2546", date(2003, 4, 13)),
        ("13 เมษายน พ.ศ. 2546", date(2003, 4, 13)),
        ("13 เมษายน พ.ศ.2546", date(2003, 4, 13)),
        ("วันที่ ๑๓ เดือน เมษายน พ.ศ. ๒๕๔๖", date(2003, 4, 13)),
        ("13 เดือน เมษายน ๒๕๔๖", date(2003, 4, 13)),
        ("13 เมษายน ค.ศ. 2003", date(2003, 4, 13)),
        ("13 กุมภาพันธ 2546", date(2003, 2, 13)),
        ("13-Apr-2003", date(2003, 4, 13)),
        ("13 April 2546", date(2003, 4, 13)),
        ("29/02/2543", date(2000, 2, 29)),
        ("29/2/2567", date(2024, 2, 29)),
        ("25460413", date(2003, 4, 13)),
        ("13042546", date(2003, 4, 13)),
        ("45672", date(2025, 1, 15)),
        ("45672.5", date(2025, 1, 15)),
        ("1/1/2500", date(1957, 1, 1)),
        (" 1 / 1 / 2500 ", date(1957, 1, 1)),
        ("\u200b1/1/2500\u00a0", date(1957, 1, 1)),
    ],
)
def test_a_written_day_is_read(written: str, expected: date) -> None:
    parsed = parse_date(written)

    assert parsed.date == expected
    assert parsed.year_ce == expected.year
    assert parsed.precision is Precision.DAY
    assert parsed.iso == expected.isoformat()


@pytest.mark.parametrize("number", range(1, 13))
def test_every_month_is_read_in_each_of_its_writings(number: int) -> None:
    long = buddhist_era.MONTHS_LONG[number - 1]
    short = buddhist_era.MONTHS_SHORT[number - 1]

    for name in (long, short, short.replace(".", ""), short.removesuffix(".")):
        assert parse_date(f"5 {name} 2560").date == date(2017, number, 5)


@pytest.mark.parametrize(
    "written", ["2500", "๒๕๐๐", "พ.ศ. 2500", "ปี 2500", "1957", "00/00/2500", "0/0/2500",
                "-/-/2500", "--/--/2500", "00/04/2500", "เมษายน 2500"]
)  # fmt: skip
def test_a_birth_with_only_a_year_keeps_the_year(written: str) -> None:
    parsed = parse_date(written)

    assert (parsed.date, parsed.year_ce, parsed.iso) == (None, 1957, "1957")
    assert parsed.precision is Precision.YEAR


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", Reason.EMPTY),
        ("  ", Reason.EMPTY),
        ("ไม่ทราบ", Reason.UNREADABLE),
        ("13 เมฆ 2546", Reason.UNREADABLE),
        ("1", Reason.UNREADABLE),
        ("123", Reason.UNREADABLE),
        ("29/02/2568", Reason.IMPOSSIBLE),
        ("2568-02-29", Reason.IMPOSSIBLE),
        ("31/4/2540", Reason.IMPOSSIBLE),
        ("4/13/2546", Reason.IMPOSSIBLE),
        ("32/1/2546", Reason.IMPOSSIBLE),
        ("13/4/2300", Reason.YEAR_OUT_OF_RANGE),
        ("13/4/2601", Reason.YEAR_OUT_OF_RANGE),
        ("13/4/1849", Reason.YEAR_OUT_OF_RANGE),
        ("13/4/546", Reason.YEAR_OUT_OF_RANGE),
        ("13/4/46", Reason.TWO_DIGIT_YEAR),
        ("13 เม.ย. 46", Reason.TWO_DIGIT_YEAR),
        ("46", Reason.TWO_DIGIT_YEAR),
    ],
)
def test_what_is_not_a_day_is_refused_with_its_reason(written: str, reason: Reason) -> None:
    with pytest.raises(UnableToReadDate) as refusal:
        parse_date(written)

    assert refusal.value.reason is reason


@given(day=days)
def test_every_day_survives_being_shown_and_read(day: date) -> None:
    for written in (
        buddhist_era.format_date(day),
        buddhist_era.format_date(day, "long"),
        f"{day.day:02d}/{day.month:02d}/{day.year + 543}",
        f"{day.year + 543}-{day.month:02d}-{day.day:02d}",
        f"{day.year + 543}{day.month:02d}{day.day:02d}",
        f"{day.day:02d}{day.month:02d}{day.year + 543}",
        day.isoformat(),
    ):
        assert parse_date(written).date == day


@given(text=st.text(max_size=30) | st.text(alphabet="0123456789/-. พศคเมย๑๒", max_size=14))
def test_no_text_raises_anything_but_the_declared_error(text: str) -> None:
    for function in (parse_date, buddhist_era.parse_survey_year):
        try:
            function(text)
        except UnableToReadDate as error:
            reason: Reason | None = error.reason
        else:
            reason = None
        assert reason is None or reason in Reason


@given(number=st.floats())
def test_no_number_raises_anything_but_the_declared_error(number: float) -> None:
    try:
        day = buddhist_era.from_serial(number)
    except UnableToReadDate:
        return
    assert day.year in buddhist_era.CE_YEARS


def test_a_date_cell_in_the_buddhist_year_is_converted() -> None:
    assert buddhist_era.from_calendar(date(2546, 4, 13)) == date(2003, 4, 13)
    assert buddhist_era.from_calendar(date(2003, 4, 13)) == date(2003, 4, 13)


def test_a_leap_day_of_the_wrong_era_is_impossible() -> None:
    # 2568 is a leap year of the common era, but 2568 BE is 2025.
    with pytest.raises(UnableToReadDate) as refusal:
        buddhist_era.from_calendar(date(2568, 2, 29))

    assert refusal.value.reason is Reason.IMPOSSIBLE


@pytest.mark.parametrize(
    ("year", "year_ce"), [(2400, 1857), (2569, 2026), (2600, 2057), (1850, 1850), (2100, 2100)]
)
def test_a_year_of_either_era_becomes_the_common_one(year: int, year_ce: int) -> None:
    assert buddhist_era.to_ce_year(year) == year_ce
    assert buddhist_era.to_be_year(year) == year_ce + 543


@pytest.mark.parametrize("year", [-1, 0, 69, 1849, 2101, 2399, 2601, 9999])
def test_a_year_of_no_era_is_refused(year: int) -> None:
    with pytest.raises(UnableToReadDate):
        buddhist_era.to_ce_year(year)


@pytest.mark.parametrize(
    ("written", "year_be"),
    [("2567", 2567), ("๒๕๖๗", 2567), ("2024", 2567), ("67", 2567), ("60", 2560), ("75", 2575),
     ("พ.ศ. 2567", 2567), ("ปี 2567", 2567), ("2567.0", 2567), (" 2567 ", 2567)],
)  # fmt: skip
def test_a_survey_year_is_read(written: str, year_be: int) -> None:
    assert buddhist_era.parse_survey_year(written) == year_be


@pytest.mark.parametrize(
    "written", ["", "59", "76", "2539", "2601", "1996", "256", "ปีนี้", "2567-68"]
)
def test_what_is_no_survey_year_is_refused(written: str) -> None:
    with pytest.raises(UnableToReadDate):
        buddhist_era.parse_survey_year(written)


def test_days_are_shown_in_the_thai_convention() -> None:
    assert buddhist_era.format_date(date(2026, 11, 20)) == "20 พ.ย. 2569"
    assert buddhist_era.format_date(date(2020, 4, 25)) == "25 เม.ย. 2563"
    assert buddhist_era.format_date(date(2026, 11, 20), "long") == "20 พฤศจิกายน 2569"


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2025, 9, 30), 2568), (date(2025, 10, 1), 2569), (date(2026, 1, 1), 2569)],
)
def test_the_fiscal_year_starts_in_october(day: date, year: int) -> None:
    assert buddhist_era.fiscal_year_be(day) == year
