"""From sums and decisions to what a page shows."""

from collections.abc import Mapping
from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, Min, Q
from django.utils.timezone import localdate, now

from areas.models import Area, AreaChange
from areas.querysets import now_within
from dashboards.figures import ForumFigures, Freshness, Row, Summary
from dashboards.models import DashboardCell, DashboardRun
from dashboards.permissions import Person, check_can_see, home_of, sees_area, sees_small_numbers
from dashboards.queries.hiding import EVERYTHING_SHOWN, Decision, decide
from dashboards.queries.reading import Asked, Read, read, working_days_late
from dashboards.queries.telling import Teller
from forums.models import Forum, Resolution
from forums.workflow import ForumState
from ppaos.lib.buddhist_era import OFFSET, to_be_year

_LEVEL = 2
"""Digits that each level adds to a code."""


def years() -> list[int]:
    """Return the years (พ.ศ.) that have figures, the latest first; two short queries."""
    ends = DashboardCell.objects.aggregate(first=Min("year_be"), last=Max("year_be"))
    if ends["last"] is None:
        return []
    return list(range(ends["last"], ends["first"] - 1, -1))


def freshness(*, at: datetime | None = None) -> Freshness:
    """Say how current the figures are; two queries.

    They are as of `at` if no change waits, else of the last aggregation; None if there
    has been none.
    """
    moment = at or now()
    waiting = AreaChange.objects.count()
    run = DashboardRun.objects.filter(pk=1).first() or DashboardRun()
    is_current = not waiting and run.through_year_be == to_be_year(localdate(moment).year)
    return Freshness(
        as_of=moment if is_current else run.counted_at,
        waiting=waiting,
        checked_at=run.checked_at,
        differences=run.differences,
    )


def summary(
    *, area: Area | None = None, year_be: int, user: Person, at: datetime | None = None
) -> Summary:
    """Return everything about an area and year; seven queries whatever the area.

    Without an area it is the person's own. Small numbers are hidden from who may not open
    the files behind them, and so is what would tell them. Raises PermissionDenied for who
    sees no figures of the area.
    """
    code = _checked(area, user)
    moment = at or now()
    today = localdate(moment)
    restricted = not sees_small_numbers(user, code)
    asked = _around(code) if restricted else [(code, len(code))]
    found = read(asked, year_be=year_be, today=today)
    decision = EVERYTHING_SHOWN
    if restricted:
        decision = _decisions(found, code[: max(_LEVEL, len(code) - _LEVEL)]).get(
            (len(code), code), EVERYTHING_SHOWN
        )
    numbers, overdue = found.of((len(code), code))
    return Teller(numbers, overdue, decision, restricted=restricted).summary(
        area=code,
        year_be=year_be,
        freshness=freshness(at=moment),
        days_late=working_days_late(overdue.oldest_due_on, today=today),
        forums=_forums(code, year_be=year_be, today=today),
    )


def breakdown(
    *, area: Area | None = None, year_be: int, user: Person, at: datetime | None = None
) -> list[Row]:
    """Return the main figures of each area inside `area`, by code; three queries.

    Areas in force are there even with nothing to count; the households of a tambon whose
    village is not known are a row of their own, the last. A village has no rows.
    Raises PermissionDenied as `summary`.
    """
    code = _checked(area, user)
    if len(code) == 8:
        return []
    digits = len(code) + _LEVEL
    restricted = not sees_small_numbers(user, code)
    asked = [*(_around(code) if restricted else ()), (code, digits)]
    found = read(asked, year_be=year_be, today=localdate(at or now()))
    decisions = _decisions(found, code) if restricted else {}
    names = {child.pk: child.name for child in Area.objects.children_of(code).in_force()}
    inside = [child for child in found.at(digits) if child.startswith(code)]
    own = [child for child in inside if len(child) < digits]
    rows = []
    for child in [*sorted({*names, *inside} - {*own}), *own]:
        numbers, overdue = found.of((digits, child))
        decision = decisions.get((digits, child), EVERYTHING_SHOWN)
        teller = Teller(numbers, overdue, decision, restricted=restricted)
        rows.append(teller.row(area=child, name=names.get(child, ""), is_own=child in own))
    return rows


def _checked(area: Area | None, user: Person) -> str:
    check_can_see(user)
    code = area.pk if area is not None else home_of(user)
    if not sees_area(user, code):
        raise PermissionDenied("พื้นที่นี้อยู่นอกพื้นที่ที่ท่านดูภาพรวมได้")
    return code


def _around(code: str) -> Asked:
    """Ask for the province and, level by level, for the areas beside those on the way here."""
    steps = [(code[:size], size + _LEVEL) for size in range(_LEVEL, len(code), _LEVEL)]
    return [(code[:_LEVEL], _LEVEL), *steps]


def _decisions(found: Read, code: str) -> Mapping[tuple[int, str], Decision]:
    """Decide from the province down to the areas inside `code`."""
    path = [code[:size] for size in range(_LEVEL, len(code) + 1, _LEVEL)]
    levels = decide(found, path, smallest=settings.DASHBOARD_MIN_CELL)
    return {
        ((depth + 1) * _LEVEL, area): decision
        for depth, level in enumerate(levels)
        for area, decision in level.items()
    }


def _forums(code: str, *, year_be: int, today: date) -> ForumFigures:
    """Count sittings of the year in the area and inside it, and resolutions as of today."""
    sittings = Forum.objects.filter(now_within([code])).aggregate(
        held=Count("pk", filter=Q(state=ForumState.HELD, held_on__year=year_be - OFFSET)),
        planned=Count("pk", filter=Q(state=ForumState.PLANNED, held_on__year=year_be - OFFSET)),
    )
    resolutions = (
        Resolution.objects.in_area(code)
        .unresolved()
        .aggregate(open=Count("pk"), overdue=Count("pk", filter=Q(due_on__lt=today)))
    )
    return ForumFigures(
        held=sittings["held"],
        planned=sittings["planned"],
        open_resolutions=resolutions["open"],
        overdue_resolutions=resolutions["overdue"],
    )
