"""Periods in working days, around weekends and supplied holidays."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppaos.lib.working_days import add_working_days, is_working_day, working_days_between

FRIDAY, MONDAY, TUESDAY = date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 24)
HOLIDAYS = {date(2026, 12, 7), date(2026, 12, 10), date(2026, 12, 31)}


def test_the_weekend_does_not_count() -> None:
    assert add_working_days(FRIDAY, 1) == MONDAY
    assert add_working_days(date(2026, 11, 21), 1) == MONDAY
    assert add_working_days(FRIDAY, 5) == date(2026, 11, 27)


def test_a_holiday_does_not_count() -> None:
    assert add_working_days(FRIDAY, 1, holidays={MONDAY}) == TUESDAY
    assert not is_working_day(MONDAY, holidays={MONDAY})


def test_no_days_is_the_start_itself() -> None:
    assert add_working_days(date(2026, 11, 21), 0) == date(2026, 11, 21)


def test_a_negative_period_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_working_days(FRIDAY, -1)


def test_days_between_count_the_end_and_not_the_start() -> None:
    assert working_days_between(FRIDAY, MONDAY) == 1
    assert working_days_between(FRIDAY, FRIDAY) == 0
    assert working_days_between(MONDAY, FRIDAY) == -1


@given(start=st.dates(date(2026, 1, 1), date(2027, 1, 1)), days=st.integers(1, 60))
def test_adding_and_counting_are_inverse_and_end_on_a_working_day(start: date, days: int) -> None:
    end = add_working_days(start, days, holidays=HOLIDAYS)

    assert is_working_day(end, holidays=HOLIDAYS)
    assert working_days_between(start, end, holidays=HOLIDAYS) == days
