"""What the board of an area shows; a fixed number of queries however many rules there are."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Sum
from django.db.models.functions import Left

from accounts.models import User
from areas.models import Area, Level
from areas.querysets import within
from quality import permissions
from quality.models import QualityCell, QualityDay, QualityRun
from quality.rules import RULES, Rule, Severity
from quality.services.asking import PROVINCE_DIGITS, Standing, rules_in_force

TREND_POINTS = 12
"""So many counted days the trend shows, the latest last."""


@dataclass(frozen=True, slots=True)
class RuleLine:
    standing: Standing
    found: int

    @property
    def rule(self) -> Rule:
        return self.standing.rule


@dataclass(frozen=True, slots=True)
class AreaLine:
    area: Area
    found: int
    serious: int


@dataclass(frozen=True, slots=True)
class SurveyorLine:
    """Who recorded the newest visit; None stands for households that nobody visited."""

    pk: UUID | None
    name: str
    found: int
    serious: int


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    found: int


@dataclass(frozen=True, slots=True)
class Board:
    """The counts of an area: by rule, by area inside, by surveyor, by day."""

    counted_at: datetime | None
    lines: list[RuleLine]
    areas: list[AreaLine]
    surveyors: list[SurveyorLine]
    trend: list[Day]

    @property
    def total(self) -> int:
        return sum(line.found for line in self.lines)

    @property
    def serious(self) -> int:
        return sum(line.found for line in self.lines if line.rule.severity is Severity.SERIOUS)


def board(*, area: Area, by: User, recorder: UUID | None = None) -> Board:
    """Return the board, its rules only as one surveyor recorded if asked; a fixed few queries."""
    permissions.check_can_see(by)
    run = QualityRun.objects.filter(pk=1).first()
    cells = QualityCell.objects.in_area(area.pk)
    if recorder is not None:
        cells = cells.filter(recorder=recorder)
    by_rule = dict(cells.values_list("rule").annotate(Sum("found")))
    lines = [
        RuleLine(standing, by_rule.get(standing.rule.code, 0))
        for standing in rules_in_force(area.pk[:PROVINCE_DIGITS])
    ]
    lines.sort(key=lambda line: (line.rule.severity is Severity.MINOR, -line.found))
    return Board(
        counted_at=run.counted_at if run else None,
        lines=lines,
        areas=_areas(area),
        surveyors=_surveyors(area, by),
        trend=_trend(area),
    )


def _areas(area: Area) -> list[AreaLine]:
    if area.level == Level.VILLAGE:
        return []
    digits = len(area.pk) + 2
    counted = (
        QualityCell.objects.in_area(area.pk)
        .annotate(inside=Left("area_code", digits))
        .values_list("inside", "rule")
        .annotate(Sum("found"))
    )
    found: Counter[str] = Counter()
    serious: Counter[str] = Counter()
    for code, rule, number in counted:
        found[code] += number
        serious[code] += number if _is_serious(rule) else 0
    places = Area.objects.filter(pk__in=found).order_by("code")
    # A household whose village is not known stands in its tambon.
    return [AreaLine(place, found[place.pk], serious[place.pk]) for place in places]


def _surveyors(area: Area, by: User) -> list[SurveyorLine]:
    cells = QualityCell.objects.in_area(area.pk)
    if not permissions.sees_surveyors(by, area.pk):
        cells = cells.filter(recorder=by.pk)
    found: Counter[UUID | None] = Counter()
    serious: Counter[UUID | None] = Counter()
    for recorder, rule, number in cells.values_list("recorder", "rule").annotate(Sum("found")):
        found[recorder] += number
        serious[recorder] += number if _is_serious(rule) else 0
    names = dict(User.objects.filter(pk__in=[pk for pk in found if pk]).values_list("pk", "name"))
    lines = [
        SurveyorLine(
            pk=pk,
            name=names.get(pk, "บัญชีที่ไม่มีแล้ว") if pk else "ยังไม่มีผู้สอบทาน",
            found=number,
            serious=serious[pk],
        )
        for pk, number in found.items()
    ]
    return sorted(lines, key=lambda line: (line.pk is None, -line.found, line.name))


def _is_serious(rule: str) -> bool:
    return rule in RULES and RULES[rule].severity is Severity.SERIOUS


def _trend(area: Area) -> list[Day]:
    """Return the last counted days; of a village its tambon's, since days are kept by tambon."""
    days = (
        QualityDay.objects.filter(within([area.pk[:6]], column="area_code"))
        .values_list("day")
        .annotate(found=Sum("found"))
        .order_by("-day")[:TREND_POINTS]
    )
    return [Day(day, found) for day, found in reversed(list(days))]
