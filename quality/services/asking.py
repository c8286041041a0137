"""Which rows break a rule, with the province's settings and without what is excused."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from accounts.models import User
from households.models import Household, Member, Verification
from quality.models import Exemption, RuleSetting
from quality.rules import RULES, Ask, Rule

PROVINCE_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Standing:
    """A rule as a province has it."""

    rule: Rule
    is_on: bool
    threshold: int
    is_default: bool


def standing_rules(province: str) -> list[Standing]:
    """Return every rule as the province has it; one query."""
    kept = {row.rule: row for row in RuleSetting.objects.filter(province=province)}
    return [_standing(rule, kept.get(rule.code)) for rule in RULES.values()]


def _standing(rule: Rule, row: RuleSetting | None) -> Standing:
    default = rule.threshold.default if rule.threshold else 0
    if row is None:
        return Standing(rule, is_on=True, threshold=default, is_default=True)
    threshold = row.threshold if row.threshold is not None else default
    return Standing(
        rule,
        is_on=row.is_on,
        threshold=threshold,
        is_default=row.is_on and threshold == default,
    )


def rules_in_force(province: str) -> list[Standing]:
    return [standing for standing in standing_rules(province) if standing.is_on]


def ask_in(standing: Standing, areas: Iterable[str], *, today: date) -> Ask:
    """Return the question to a rule about areas of one province."""
    codes = tuple(areas)
    return Ask(
        areas=codes,
        province=codes[0][:PROVINCE_DIGITS],
        today=today,
        threshold=standing.threshold,
    )


def found_rows(standing: Standing, ask: Ask) -> "QuerySet[Any]":
    """Return the households or members that break the rule and are not excused."""
    rule = standing.rule
    excused = Exemption.objects.standing().filter(
        rule=rule.code, subject=OuterRef("pk"), subject_version=OuterRef("version")
    )
    rows: QuerySet[Any] = rule.find(ask).filter(~Exists(excused))
    return rows


def with_recorder(rows: "QuerySet[Any]", *, of_members: bool) -> "QuerySet[Any]":
    """Add `recorder`: who recorded the newest standing visit; None without a visit."""
    newest = (
        Verification.objects.filter(
            household=OuterRef("household" if of_members else "pk"), retracted_at__isnull=True
        )
        .order_by("-recorded_at", "-pk")
        .values("recorded_by")[:1]
    )
    found: QuerySet[Any] = rows.annotate(recorder=Subquery(newest))
    return found


def rows_of(standing: Standing, ask: Ask, *, user: User, recorder: str = "") -> "QuerySet[Any]":
    """Return what a list shows this person; a protected household only to who is named."""
    rows = found_rows(standing, ask)
    if standing.rule.compares:
        rows = rows.model._default_manager.filter(pk__in=list(rows.values_list("pk", flat=True)))
    visible = Household.objects.visible_to(user)
    of_members = standing.rule.of_members
    if recorder:
        rows = with_recorder(rows, of_members=of_members).filter(recorder=recorder)
    if of_members:
        return rows.filter(household__in=visible)
    return rows.filter(pk__in=visible.values("pk"))


def subject_of(rule: Rule, pk: Any, *, user: User) -> Household | Member | None:
    """Return the row of the rule's kind that this person may open, None if there is none."""
    visible = Household.objects.visible_to(user)
    if not rule.of_members:
        return visible.filter(pk=pk).first()
    return Member.objects.filter(pk=pk, household__in=visible).select_related("household").first()
