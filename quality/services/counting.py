"""Keep the counts of the board: everything by night, what was touched in between.

A rule that compares rows of a province, or that time alone breaks, is made right for the
other rows by the nightly count.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, F, Sum
from django.db.models.functions import Left
from django.utils.timezone import localdate

from areas.querysets import within
from audit.models import Event
from households.models import Household
from quality.models import QualityCell, QualityDay, QualityRun
from quality.rules import Rule
from quality.services.asking import (
    PROVINCE_DIGITS,
    Standing,
    ask_in,
    found_rows,
    rules_in_force,
    with_recorder,
)

LATE = timedelta(minutes=10)
"""So long after its time an act may still commit."""
TREND_DAYS = 400
"""Counts of days before this many are dropped. A project default."""
_TAMBON_DIGITS = 6
_WRITES_CELLS = 1994
"""The advisory lock of whoever writes cells, until its transaction ends."""
_ONLY_READ = ("read", "listed", "revealed", "searched", "exported", "made")


@transaction.atomic
def count_all(*, at: datetime) -> int:
    """Count every province, note the day for the trend, and return how many rows were found."""
    _lock(wait=True)
    seen = _acts_before(at)
    provinces = Household.objects.order_by().values_list("province_code", flat=True).distinct()
    QualityCell.objects.all().delete()
    for province in sorted(provinces):
        _count_province(province, [province], at=at)
    _note_day(at)
    _note(at, whole=True, seen=seen)
    return _total()


@transaction.atomic
def refresh(*, at: datetime) -> int:
    """Count the areas in which something was done since, the first time all; return how many."""
    if not _lock(wait=False):
        return 0
    run = _run()
    if run.counted_at is None:
        return count_all(at=at)
    since = run.counted_at - LATE
    acts = _acts(since, at).exclude(pk__in=run.seen)
    areas = {area for area, event in acts.values_list("area", "event") if _changes(event)}
    seen = _acts_before(at)
    _count(areas, at=at)
    _note(at, whole=False, seen=seen)
    return len(areas)


@transaction.atomic
def count_areas(area_codes: Iterable[str], *, at: datetime) -> None:
    """Count these areas now."""
    _lock(wait=True)
    _count(set(area_codes), at=at)


@transaction.atomic
def count_again(rule: Rule, area_code: str, *, at: datetime) -> None:
    """Count one rule of one area now, as who just excused a row or set the rule expects."""
    _lock(wait=True)
    QualityCell.objects.in_area(area_code).filter(rule=rule.code).delete()
    for standing in rules_in_force(area_code[:PROVINCE_DIGITS]):
        if standing.rule.code == rule.code:
            QualityCell.objects.bulk_create(_cells(standing, [area_code], on=localdate(at)))


def _count(areas: set[str], *, at: datetime) -> None:
    outermost = sorted(a for a in areas if not any(a != b and a.startswith(b) for b in areas))
    QualityCell.objects.filter(within(outermost, column="area_code")).delete()
    for province, codes in groupby(outermost, key=lambda code: code[:PROVINCE_DIGITS]):
        _count_province(province, list(codes), at=at)


def _count_province(province: str, areas: list[str], *, at: datetime) -> None:
    """One query for each rule in force, one to write."""
    cells = [
        cell
        for standing in rules_in_force(province)
        for cell in _cells(standing, areas, on=localdate(at))
    ]
    QualityCell.objects.bulk_create(cells, batch_size=5_000)


def _cells(standing: Standing, areas: list[str], *, on: date) -> list[QualityCell]:
    rows = found_rows(standing, ask_in(standing, areas, today=on))
    of_members = standing.rule.of_members
    counted = (
        with_recorder(rows, of_members=of_members)
        .order_by()
        .values("recorder", place=F("household__area_id" if of_members else "area_id"))
        .annotate(found=Count("pk"))
    )
    return [_cell(standing.rule.code, line) for line in counted]


def _cell(rule: str, line: dict[str, Any]) -> QualityCell:
    return QualityCell(
        area_code=line["place"], rule=rule, recorder=line["recorder"], found=line["found"]
    )


def _acts(since: datetime, until: datetime) -> Any:
    return Event.objects.filter(at__gte=since, at__lte=until).exclude(area="")


def _acts_before(at: datetime) -> list[Any]:
    """Return the acts that are counted with this run and that the next one meets again."""
    return list(_acts(at - LATE, at).values_list("pk", flat=True))


def _changes(event: str) -> bool:
    """Say whether an act can change what a rule finds; reading does not."""
    return not event.endswith(_ONLY_READ)


def _note_day(at: datetime) -> None:
    day = localdate(at)
    found: Counter[tuple[str, str]] = Counter()
    lines = (
        QualityCell.objects.annotate(tambon=Left("area_code", _TAMBON_DIGITS))
        .values_list("tambon", "rule")
        .annotate(Sum("found"))
    )
    for tambon, rule, number in lines:
        found[tambon, rule] += number
    QualityDay.objects.filter(day=day).delete()
    QualityDay.objects.filter(day__lt=day - timedelta(days=TREND_DAYS)).delete()
    QualityDay.objects.bulk_create(
        [
            QualityDay(area_code=tambon, rule=rule, day=day, found=number)
            for (tambon, rule), number in found.items()
        ],
        batch_size=5_000,
    )


def _total() -> int:
    return QualityCell.objects.aggregate(n=Sum("found"))["n"] or 0


def _run() -> QualityRun:
    return QualityRun.objects.filter(pk=1).first() or QualityRun()


def _note(at: datetime, *, whole: bool, seen: list[Any]) -> None:
    values: dict[str, Any] = {"counted_at": at, "seen": seen}
    if whole:
        values["whole_at"] = at
    QualityRun.objects.update_or_create(pk=1, defaults=values)


def _lock(*, wait: bool) -> bool:
    function = "pg_advisory_xact_lock" if wait else "pg_try_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [_WRITES_CELLS])
        return wait or bool(cursor.fetchone()[0])
