"""Who has risen out of poverty: the evidence of a rule, and the proposal that rests on it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import (
    Case,
    Count,
    DecimalField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from accounts.models import User
from households import permissions
from households.models import Exit, Household
from households.querysets import HouseholdQuerySet
from households.services import Proof, UnableToExit, propose_exit
from households.workflow import NEEDS_EVIDENCE, ExitReason, Stage
from problems.models import IncomeThreshold, Problem
from problems.rules import DIMENSIONS, UnknownIncomeThreshold, passes_income
from problems.services import failed_dimensions, income_threshold
from referrals.models import ExitRule, Referral
from referrals.services.evidence import Criterion, Evidence, Measured, Requirement, as_json
from referrals.workflow import LIVE
from slf.instrument import CAPITALS, Group
from slf.models import Assessment, LevelBand, LivelihoodProfile
from slf.scoring import level_of, read_amounts
from slf.services import bands_of
from slf.workflow import Period

STAGES: tuple[Stage, ...] = (Stage.VERIFIED_POOR, Stage.IN_HELP)
"""From which a household can be proposed to have risen out of poverty."""

# "after" sorts before "before", so that of one round the later of the two comes first.
_NEWEST_FIRST = ("-year_be", "-round", "-assessed_on", "period", "-pk")
_PLAIN_NUMBER = r"^\s*[0-9]+(\.[0-9]+)?\s*$"
_SUM = DecimalField(max_digits=20, decimal_places=2)


class UnableToGraduate(UnableToExit):
    """The rule is not met. The message names what is missing; `unmet` holds the criteria."""

    def __init__(self, unmet: tuple[Criterion, ...]) -> None:
        named = "; ".join(f"{row.label}: {row.shown}" for row in unmet)
        super().__init__(f"ยังไม่ครบเกณฑ์พ้นเป้าหมาย — {named}")
        self.unmet = unmet


# ---- the rule ----------------------------------------------------------------------------
def exit_rule() -> ExitRule:
    """Return the rule in force: the newest version, or the default before any was loaded."""
    return ExitRule.objects.order_by("-version").first() or ExitRule()


def load_exit_rule() -> int:
    """Add the default as version 1, and return how many rows were new. Safe to repeat."""
    _, is_new = ExitRule.objects.get_or_create(version=1)
    return int(is_new)


# ---- the evidence ------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Case:
    """What all criteria look at. `newest` is the newest complete assessment."""

    household: Household
    rule: ExitRule
    newest: Assessment | None
    before: Assessment | None
    group: str | None

    @property
    def after(self) -> Assessment | None:
        """Return the newest assessment if it was made after help."""
        return self.newest if self.newest and self.newest.period == Period.AFTER else None


def graduation_evidence(
    *, household: Household, reason: ExitReason = ExitReason.GRADUATED
) -> Evidence:
    """Hold a household against the rule in force. Changes nothing; about eight queries.

    What is not known is not met. "Continuing care" asks for less: that the household is of
    the lower group, which welfare looks after, and that no referral is under way.
    """
    case = _case_of(household)
    return Evidence(
        rule_version=case.rule.version,
        reason=reason,
        reason_suggested=(
            ExitReason.CONTINUING_CARE if case.group == Group.LOWER20 else ExitReason.GRADUATED
        ),
        criteria=tuple(_CRITERIA[row](case) for row in _asked(case.rule, reason)),
        before=_measured(case.before),
        after=_measured(case.after),
        group=case.group,
    )


def _case_of(household: Household) -> _Case:
    complete = list(Assessment.objects.of_household(household).complete().order_by(*_NEWEST_FIRST))
    profile = LivelihoodProfile.objects.current().filter(household=household).first()
    return _Case(
        household=household,
        rule=exit_rule(),
        newest=complete[0] if complete else None,
        before=next((row for row in complete if row.period == Period.BEFORE), None),
        group=profile.group if profile else None,
    )


def _asked(rule: ExitRule, reason: ExitReason) -> list[Requirement]:
    referrals = [Requirement.REFERRALS] if rule.needs_referrals_ended else []
    if reason is ExitReason.CONTINUING_CARE:
        return [Requirement.LOWER_GROUP, *referrals]
    after = [Requirement.ASSESSED] if rule.needs_after_assessment else []
    return [
        *referrals,
        Requirement.PROBLEMS,
        *after,
        Requirement.LEVEL,
        Requirement.CAPITALS,
        Requirement.INCOME,
    ]


def _measured(row: Assessment | None) -> Measured | None:
    if row is None:
        return None
    return Measured(
        assessment=str(row.pk),
        year_be=row.year_be,
        round=row.round,
        assessed_on=row.assessed_on,
        overall=row.overall,
        level=row.level,
        capitals={capital.value: getattr(row, capital.value) for capital in CAPITALS},
    )


def _lower_group(case: _Case) -> Criterion:
    figures = {"group": case.group} if case.group else {}
    return Criterion(Requirement.LOWER_GROUP, case.group == Group.LOWER20, figures)


def _referrals(case: _Case) -> Criterion:
    live = Q(status__in=[status.value for status in LIVE])
    found = Referral.objects.filter(household=case.household).aggregate(
        live=Count("pk", filter=live), ended=Count("pk", filter=~live)
    )
    figures = {name: str(count) for name, count in found.items()}
    return Criterion(Requirement.REFERRALS, found["live"] == 0, figures)


def _problems(case: _Case) -> Criterion:
    failed = failed_dimensions(case.household)
    names = ",".join(dimension.value for dimension in DIMENSIONS if dimension in failed)
    return Criterion(Requirement.PROBLEMS, not failed, {"dimensions": names})


def _assessed(case: _Case) -> Criterion:
    figures = {
        name: f"{row.year_be}/{row.round}"
        for name, row in (("before", case.before), ("after", case.after))
        if row is not None
    }
    return Criterion(Requirement.ASSESSED, len(figures) == 2, figures)


def _level(case: _Case) -> Criterion:
    least = {"min": str(case.rule.min_level)}
    row = case.newest
    if row is None or row.level is None:
        return Criterion(Requirement.LEVEL, None, least)
    figures = {"level": str(row.level), "overall": f"{row.overall:.2f}"}
    return Criterion(Requirement.LEVEL, row.level >= case.rule.min_level, figures | least)


def _capitals(case: _Case) -> Criterion:
    levels: dict[str, int | None] = dict.fromkeys(capital.value for capital in CAPITALS)
    if case.newest is not None:
        _, bands = bands_of(case.newest.band_version)
        levels = {code: level_of(getattr(case.newest, code), bands) for code in levels}
    at = case.rule.no_capital_at_level
    lowest = [code for code, level in levels.items() if level is not None and level <= at]
    unknown = [code for code, level in levels.items() if level is None]
    figures = {"at": str(at), "lowest": ",".join(lowest), "unknown": ",".join(unknown)}
    met = False if lowest else None if unknown else True
    return Criterion(Requirement.CAPITALS, met, figures)


def _income(case: _Case) -> Criterion:
    row = case.newest
    if row is None:
        return Criterion(Requirement.INCOME, None)
    figures = {"year_be": str(row.year_be)}
    income = read_amounts(row.amounts).income_thb_per_year
    people = sum(bool(person["is_resident"]) for person in row.detail.get("people", []))
    if income is not None and people:
        figures |= {
            "income": f"{income:.2f}",
            "people": str(people),
            "per_person": f"{income / people:.2f}",
        }
    line = _line_of(row.year_be)
    if line is None:
        return Criterion(Requirement.INCOME, None, figures)
    figures["line"] = f"{line:.2f}"
    met = (
        None
        if income is None
        else passes_income(household_thb_per_year=income, residents=people, line_thb=line)
    )
    return Criterion(Requirement.INCOME, met, figures)


def _line_of(year_be: int) -> Decimal | None:
    try:
        return income_threshold(year_be).amount_thb
    except UnknownIncomeThreshold:
        return None


_CRITERIA: dict[Requirement, Callable[[_Case], Criterion]] = {
    Requirement.LOWER_GROUP: _lower_group,
    Requirement.REFERRALS: _referrals,
    Requirement.PROBLEMS: _problems,
    Requirement.ASSESSED: _assessed,
    Requirement.LEVEL: _level,
    Requirement.CAPITALS: _capitals,
    Requirement.INCOME: _income,
}


# ---- proposing ---------------------------------------------------------------------------
@transaction.atomic
def propose_graduation(
    *,
    household: Household,
    by: User,
    at: datetime,
    note: str = "",
    reason: ExitReason = ExitReason.GRADUATED,
) -> Exit:
    """Propose that a household leaves because it rose out of poverty, with the evidence.

    Raises PermissionDenied, UnableToGraduate naming what is missing, and UnableToExit if
    the household is not one found poor or a proposal waits.
    """
    permissions.check_can_propose_exit(by, household)
    current = Household.objects.select_for_update(of=("self",)).get(pk=household.pk)
    if current.stage not in STAGES and current.stage not in (Stage.EXIT_PROPOSED, Stage.EXITED):
        raise UnableToExit("เสนอได้เฉพาะครัวเรือนที่สอบทานแล้วว่าจนจริงหรืออยู่ระหว่างช่วยเหลือ")
    evidence = graduation_evidence(household=current, reason=reason)
    if current.stage in STAGES and not evidence.is_met:
        raise UnableToGraduate(evidence.unmet)
    if reason is ExitReason.CONTINUING_CARE and not note.strip():
        raise UnableToExit("ระบุว่าใครดูแลครัวเรือนนี้ต่อ และอย่างไร")
    proof = Proof(evidence=as_json(evidence), rule_version=evidence.rule_version)
    return propose_exit(household=current, reason=reason, note=note, proof=proof, by=by, at=at)


def propose_leaving(
    *, household: Household, reason: ExitReason, note: str, by: User, at: datetime
) -> Exit:
    """Propose an exit for whatever reason: by the rule where that reason rests on one.

    Raises what `propose_graduation` and `households.services.propose_exit` raise.
    """
    if reason in NEEDS_EVIDENCE:
        return propose_graduation(household=household, reason=reason, note=note, by=by, at=at)
    return propose_exit(household=household, reason=reason, note=note, by=by, at=at)


# ---- who could be proposed ---------------------------------------------------------------
def eligible_for_graduation(visible: HouseholdQuerySet) -> HouseholdQuerySet:
    """Narrow to households that meet the rule in force and of which nothing is proposed.

    The same rule as `graduation_evidence`, in SQL, so that a list need not look at every
    household one by one; what is proposed rests on the evidence.
    """
    rule = exit_rule()
    households = visible.filter(
        ~Exists(Problem.objects.open().filter(household=OuterRef("pk"))),
        stage__in=STAGES,
        pk__in=_passing(rule).values("household"),
    )
    if rule.needs_referrals_ended:
        households = households.filter(
            ~Exists(Referral.objects.live().filter(household=OuterRef("pk")))
        )
    if rule.needs_after_assessment:
        before = Assessment.objects.complete().filter(period=Period.BEFORE)
        households = households.filter(Exists(before.filter(household=OuterRef("pk"))))
    return households


def _passing(rule: ExitRule) -> Any:
    """Narrow to the newest assessment of each household, where its figures pass."""
    of_household = Assessment.objects.complete().filter(household=OuterRef("household"))
    above_the_lowest = LevelBand.objects.filter(
        version=OuterRef("band_version"), level=rule.no_capital_at_level + 1
    )
    rows = Assessment.objects.complete().filter(level__gte=rule.min_level)
    if rule.needs_after_assessment:
        rows = rows.filter(period=Period.AFTER)
    rows = rows.alias(
        newest=Subquery(of_household.order_by(*_NEWEST_FIRST).values("pk")[:1]),
        floor=Subquery(above_the_lowest.values("min_score")[:1]),
        residents=Func(
            F("detail"),
            template=(
                "jsonb_array_length(jsonb_path_query_array("
                "%(expressions)s, '$.people[*] ? (@.is_resident == true)'))"
            ),
            output_field=IntegerField(),
        ),
        income=_plain_income(),
        line=_line(),
    ).filter(pk=F("newest"), residents__gt=0, income__gte=Cast(F("line") * F("residents"), _SUM))
    for capital in CAPITALS:
        rows = rows.filter(**{f"{capital.value}__gte": F("floor")})
    return rows


def _plain_income() -> Case:
    """Return the household's income; null if it was not asked, or typed so that SQL cannot read."""
    text = KeyTextTransform("income_thb_per_year", "amounts")
    is_number = Q(amounts__income_thb_per_year__regex=_PLAIN_NUMBER)
    return Case(When(is_number, then=Cast(text, _SUM)), output_field=_SUM)


def _line() -> Subquery:
    """Return the income line of the assessment's year, as `income_threshold` finds it."""
    covering = IncomeThreshold.objects.filter(
        Q(year_to__isnull=True) | Q(year_to__gte=OuterRef("year_be")),
        year_from__lte=OuterRef("year_be"),
    ).order_by("-version", "-year_from", "pk")
    return Subquery(covering.values("amount_thb")[:1])
