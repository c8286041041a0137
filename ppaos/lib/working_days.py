"""Count working days: Monday to Friday without the holidays that the operator supplies."""

from collections.abc import Container
from datetime import date, timedelta

_DAY = timedelta(days=1)
_SATURDAY = 5


def is_working_day(day: date, *, holidays: Container[date] = ()) -> bool:
    """Say whether `day` is neither Saturday, Sunday nor a holiday."""
    return day.weekday() < _SATURDAY and day not in holidays


def add_working_days(start: date, days: int, *, holidays: Container[date] = ()) -> date:
    """Return the day that ends a period of `days` working days after `start`.

    The starting day does not count. Zero returns `start`, whatever day it is.
    Raises ValueError for a negative number.
    """
    if days < 0:
        raise ValueError("days must not be negative")
    day = start
    while days > 0:
        day += _DAY
        if is_working_day(day, holidays=holidays):
            days -= 1
    return day


def working_days_between(start: date, end: date, *, holidays: Container[date] = ()) -> int:
    """Return how many working days lie after `start` up to and including `end`.

    Negative if `end` is before `start`; the inverse of `add_working_days`.
    """
    if end < start:
        return -working_days_between(end, start, holidays=holidays)
    day, count = start, 0
    while day < end:
        day += _DAY
        count += is_working_day(day, holidays=holidays)
    return count
