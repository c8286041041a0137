"""Keep the cells true: recount what changed, and now and then hold all against a recount.

An aggregation reads some AreaChange rows, counts their areas wholly, and deletes exactly the
rows it read, in one transaction. What changes meanwhile commits with a row of its own, which
waits for the next aggregation: a figure can be late, never wrong for good.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction
from django.utils.timezone import localdate

from areas.models import AreaChange
from dashboards.models import DashboardRun
from dashboards.services.counting import EVERYWHERE, outermost, parameters
from dashboards.services.statement import WITH_COUNTED
from ppaos.lib.buddhist_era import OFFSET, to_be_year

logger = logging.getLogger(__name__)

MOST_CHANGES = 5_000
"""So many rows of AreaChange are folded in one transaction."""

# Held by whoever writes cells, until its transaction ends.
_WRITES_CELLS = 1993

_DELETE = """
DELETE FROM dashboards_dashboardcell c
USING unnest(%(lo)s::text[], %(hi)s::text[]) AS range(lo, hi)
WHERE c.area_code >= range.lo COLLATE "C" AND c.area_code < range.hi COLLATE "C"
"""
_INSERT = f"""
{WITH_COUNTED}
INSERT INTO dashboards_dashboardcell (area_code, year_be, measure, value)
SELECT area_code, year_be, measure, value FROM counted
"""  # noqa: S608 - parts of this app only
_COMPARE = f"""
{WITH_COUNTED}
SELECT COALESCE(c.area_code, k.area_code), COALESCE(c.year_be, k.year_be),
       COALESCE(c.measure, k.measure), COALESCE(k.value, 0), COALESCE(c.value, 0)
FROM counted c
FULL JOIN dashboards_dashboardcell k
  ON k.area_code = c.area_code AND k.year_be = c.year_be AND k.measure = c.measure
WHERE c.value IS DISTINCT FROM k.value
ORDER BY 1, 2, 3
"""  # noqa: S608 - parts of this app only


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that is not what a recount gives; zero stands for a cell that is not there."""

    area_code: str
    year_be: int
    measure: str
    kept: Decimal
    counted: Decimal


@transaction.atomic
def aggregate(*, at: datetime) -> int:
    """Fold waiting changes into the cells; return how many. Safe to call at any time.

    Nothing is done while another one is at work. When a year has begun since the last time,
    everything is counted, since every household belongs to the new year too.
    """
    if not _lock(wait=False):
        return 0
    today = localdate(at)
    changes = _waiting()
    if _run().through_year_be != to_be_year(today.year):
        _replace(EVERYWHERE, on=today)
    elif changes:
        _replace(changes.values(), on=today)
    else:
        return 0
    _forget(changes)
    _note(at=at)
    return len(changes)


@transaction.atomic
def rebuild(*, at: datetime) -> None:
    """Count everything anew."""
    _lock(wait=True)
    changes = _waiting(most=None)
    _replace(EVERYWHERE, on=localdate(at))
    _forget(changes)
    _note(at=at)


@transaction.atomic
def compare(*, at: datetime) -> list[Difference]:
    """Hold the cells against a full recount; return what differs and is not waiting anyway."""
    _lock(wait=True)
    with connection.cursor() as cursor:
        cursor.execute(_COMPARE, parameters(EVERYWHERE, on=_counted_on(at)))
        found = [Difference(*row) for row in cursor.fetchall()]
    # Read after the recount: what it saw and the cells lack is among these.
    excused = outermost(_waiting(most=None).values())
    return [
        difference
        for difference in found
        if not any(difference.area_code.startswith(code) for code in excused)
    ]


@transaction.atomic
def check_and_mend(*, at: datetime) -> list[Difference]:
    """Hold the cells against a recount, report what differs, and count those areas anew."""
    found = compare(at=at)
    if found:
        areas = sorted({difference.area_code for difference in found})
        logger.error(
            "figures differed from a full recount: %s cells in %s areas, first of them %s",
            len(found),
            len(areas),
            found[0],
        )
        _replace(areas, on=_counted_on(at))
    DashboardRun.objects.update_or_create(
        pk=1, defaults={"checked_at": at, "differences": len(found)}
    )
    return found


def _lock(*, wait: bool) -> bool:
    function = "pg_advisory_xact_lock" if wait else "pg_try_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [_WRITES_CELLS])
        return wait or bool(cursor.fetchone()[0])


def _waiting(*, most: int | None = MOST_CHANGES) -> dict[int, str]:
    """Return id → area code of the changes that wait, the oldest first."""
    return dict(AreaChange.objects.order_by("pk").values_list("pk", "area_id")[:most])


def _forget(changes: dict[int, str]) -> None:
    with connection.cursor() as cursor:
        # One array: thousands of parameters would take longer to write than the rows.
        cursor.execute("DELETE FROM areas_areachange WHERE id = ANY(%s)", [list(changes)])


def _replace(area_codes: Iterable[str], *, on: date) -> None:
    asked = parameters(area_codes, on=on)
    with connection.cursor() as cursor:
        cursor.execute(_DELETE, asked)
        cursor.execute(_INSERT, asked)


def _run() -> DashboardRun:
    return DashboardRun.objects.filter(pk=1).first() or DashboardRun()


def _note(*, at: datetime) -> None:
    DashboardRun.objects.update_or_create(
        pk=1, defaults={"counted_at": at, "through_year_be": to_be_year(localdate(at).year)}
    )


def _counted_on(at: datetime) -> date:
    """Return a day of the year for which the cells were last counted."""
    today = localdate(at)
    through = _run().through_year_be
    if through is None or through == to_be_year(today.year):
        return today
    return date(through - OFFSET, 12, 31)
