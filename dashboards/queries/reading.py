"""Sums of cells for the areas of a page, and what is counted on the day."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Min

from areas.querysets import within
from ppaos.lib.working_days import working_days_between
from referrals.models import Holiday, Referral
from referrals.workflow import WITH_AGENCY

LAST_YEAR = "last."
"""Before the names of measures of the year before."""

_SUMS = """
SELECT digits, left(c.area_code, digits), c.year_be, c.measure, sum(c.value)
FROM unnest(%(within)s::text[], %(digits)s::int[]) AS asked(prefix, digits)
JOIN dashboards_dashboardcell c
  ON c.year_be IN (%(year_be)s, %(year_be)s - 1)
 AND (c.year_be = %(year_be)s OR starts_with(c.measure, 'capital.'))
 AND c.area_code >= asked.prefix COLLATE "C"
 AND c.area_code < overlay(asked.prefix PLACING chr(ascii(right(asked.prefix, 1)) + 1)
                           FROM length(asked.prefix)) COLLATE "C"
GROUP BY 1, 2, 3, 4
"""


class Numbers(defaultdict[str, Decimal]):
    """Measure → sum, of one area; zero where there is none."""

    def __init__(self) -> None:
        super().__init__(Decimal)

    def count(self, measure: str) -> int:
        return int(self.get(measure, 0))

    def counts(self, prefix: str, names: Sequence[str]) -> tuple[int, ...]:
        return tuple(self.count(f"{prefix}{name}") for name in names)

    def under(self, prefix: str, suffix: str = "") -> Iterator[tuple[str, Decimal]]:
        """Yield the measures that begin and end so, with what stands between."""
        for measure, value in self.items():
            if measure.startswith(prefix) and measure.endswith(suffix):
                yield measure[len(prefix) : len(measure) - len(suffix)], value


@dataclass
class Overdue:
    """Referrals of one area where somebody should have acted before today."""

    count: int = 0
    oldest_due_on: date | None = None
    by_agency: dict[str, int] = field(default_factory=dict)

    def add(self, *, count: int, due_on: date, agency: str, is_agencys_turn: bool) -> None:
        self.count += count
        self.oldest_due_on = min(self.oldest_due_on or due_on, due_on)
        if is_agencys_turn:
            self.by_agency[agency] = self.by_agency.get(agency, 0) + count


Place = tuple[int, str]
"""Digits of the level, and code. A tambon's own households are in (8, "303201")."""


@dataclass
class Read:
    """What was read for a page: sums and overdue referrals by place."""

    numbers: dict[Place, Numbers]
    overdue: dict[Place, Overdue]

    def at(self, digits: int) -> dict[str, tuple[Numbers, Overdue]]:
        """Return the areas of one level that have anything, by code."""
        codes = {code for depth, code in (*self.numbers, *self.overdue) if depth == digits}
        return {code: self.of((digits, code)) for code in sorted(codes)}

    def of(self, place: Place) -> tuple[Numbers, Overdue]:
        return self.numbers.get(place, Numbers()), self.overdue.get(place, Overdue())


Asked = Sequence[tuple[str, int]]
"""(prefix, digits): the areas inside the prefix whose code has so many digits."""


def read(asked: Asked, *, year_be: int, today: date) -> Read:
    """Read the cells of the year, capitals of the one before, and what is overdue; 2 queries."""
    numbers: dict[Place, Numbers] = defaultdict(Numbers)
    with connection.cursor() as cursor:
        cursor.execute(
            _SUMS,
            {
                "within": [prefix for prefix, _ in asked],
                "digits": [digits for _, digits in asked],
                "year_be": year_be,
            },
        )
        for digits, code, year, measure, value in cursor.fetchall():
            name = measure if year == year_be else f"{LAST_YEAR}{measure}"
            numbers[digits, code][name] = value
    return Read(numbers=dict(numbers), overdue=_overdue(asked, today=today))


def _overdue(asked: Asked, *, today: date) -> dict[Place, Overdue]:
    widest = min((prefix for prefix, _ in asked), key=len)
    turns = sorted(status.value for status in WITH_AGENCY)
    rows = (
        Referral.objects.overdue(on=today)
        .filter(within([widest], column="household__area_id"))
        .values_list("household__area_id", "agency__short_name", "status")
        .annotate(number=Count("pk"), oldest=Min("due_on"))
        .order_by("household__area_id", "agency__short_name", "status")
    )
    found: dict[Place, Overdue] = defaultdict(Overdue)
    for area, agency, status, number, oldest in rows:
        for prefix, digits in asked:
            if area.startswith(prefix):
                found[digits, area[:digits]].add(
                    count=number,
                    due_on=oldest,
                    agency=agency or "",
                    is_agencys_turn=status in turns,
                )
    return dict(found)


def working_days_late(due_on: date | None, *, today: date) -> int | None:
    """Return the working days since the last day in time; None if nothing is late. One query."""
    holidays = set(Holiday.objects.filter(date__lte=today).values_list("date", flat=True))
    if due_on is None:
        return None
    return working_days_between(due_on, today, holidays=holidays)
