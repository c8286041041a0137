from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from ppaos.web.templatetags import thai


def test_a_day_is_written_in_the_buddhist_era() -> None:
    assert thai.thai_date(date(2026, 11, 20)) == "20 พ.ย. 2569"
    assert thai.thai_date(date(2026, 11, 20), "long") == "20 พฤศจิกายน 2569"


def test_a_moment_late_in_the_evening_of_london_is_the_next_day_in_thailand() -> None:
    moment = datetime(2026, 11, 19, 20, 30, tzinfo=UTC)

    assert thai.thai_date(moment) == "20 พ.ย. 2569"
    assert thai.thai_datetime(moment) == "20 พ.ย. 2569 03:30 น."
    assert thai.thai_time(moment) == "03:30 น."


@pytest.mark.parametrize("value", [2569, 2026, date(2026, 1, 31)])
def test_a_year_of_either_era_is_written_without_a_comma(value: int | date) -> None:
    assert thai.be_year(value) == "2569"


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (0, 0, "0"),
        (73402, 0, "73,402"),
        (Decimal("1234.5"), 2, "1,234.50"),
        (Decimal("2.5"), 0, "3"),
        (-1200, 0, "−1,200"),
        (None, 0, "–"),
    ],
)
def test_counts_have_separators_and_nothing_known_is_not_zero(
    value: int | Decimal | None, places: int, text: str
) -> None:
    assert thai.thousands(value, places) == text


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (thai.percent(Decimal("61.35")), "61.4%"),
        (thai.percent(100, 0), "100%"),
        (thai.percent(None), "–"),
        (thai.baht(24000), "24,000 บาท"),
        (thai.baht(Decimal("1250.50")), "1,250.50 บาท"),
        (thai.baht(Decimal("0.00")), "0 บาท"),
        (thai.baht(None), "ไม่ทราบ"),
        (thai.score(Decimal("2.6")), "2.60"),
        (thai.score(None), "ไม่มีข้อมูล"),
        (thai.change(Decimal("0.12")), "+0.12"),
        (thai.change(Decimal("-0.03")), "−0.03"),
        (thai.change(Decimal("0.001")), "0.00"),
        (thai.change(None), "–"),
    ],
)
def test_numbers_are_written_with_their_unit(written: str, text: str) -> None:
    assert written == text


@pytest.mark.parametrize(
    "written", [thai.thai_date, thai.thai_datetime, thai.thai_time, thai.be_year]
)
def test_an_unknown_time_is_a_dash(written: Any) -> None:
    assert written(None) == "–"


def test_a_citizen_id_shows_its_ends_only() -> None:
    assert thai.masked_id("1999900001234") == "1-xxxx-xxxxx-23-4"
    assert thai.masked_id(None) == "ไม่มีเลขประจำตัว"
