"""Which agency a problem goes to, and why, in words that name no person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.timezone import localdate

from accounts.models import Agency
from areas.models import Area
from households.models import Member
from households.workflow import Residence
from problems.models import Problem, ProblemMember
from problems.rules import Dimension, ProblemCode
from referrals.models import RoutingRule
from slf.instrument import Group
from slf.models import LivelihoodProfile
from slf.services.people import age_of

_LONGEST_REASON = 300
_CODES_OF_A_RULE = 3
"""So many codes of one area are followed: its own when the rule was made, and two after."""


@dataclass(frozen=True, slots=True)
class Routing:
    """The agency proposed, why, and by which rule; without a rule, why there is none."""

    agency: Agency | None
    reason: str
    rule: RoutingRule | None


def propose_agency(*, problem: Problem, on: date | None = None) -> Routing:
    """Return the agency of the most specific rule in force that fits the problem.

    More of code, group and age that a rule names wins, then the smaller area, then the
    lower priority number, then the older rule. Ages are those of the members named in
    the problem, or of whoever lives in the household, on a day: today unless told.
    """
    return propose_agencies(problems=[problem], on=on)[problem.pk]


def propose_agencies(*, problems: Sequence[Problem], on: date | None = None) -> dict[UUID, Routing]:
    """Return by problem what `propose_agency` says; 6 queries, however many there are."""
    day = on or localdate()
    households = {problem.household_id for problem in problems}
    codes = {code for problem in problems for code in _codes(problem)}
    rules = list(
        RoutingRule.objects.in_force()
        .filter(
            Q(area__in=codes)
            | Q(area__successor__in=codes)
            | Q(area__successor__successor__in=codes)
        )
        .select_related("agency", "area__successor__successor")
        .order_by("created_at", "pk")
    )
    groups = dict(
        LivelihoodProfile.objects.current()
        .filter(household__in=households)
        .values_list("household_id", "group")
    )
    ages = _ages_by_problem(problems, on=day)
    provinces = Area.objects.in_bulk({code for code in codes if len(code) == 2})
    found: dict[UUID, Routing] = {}
    for problem in problems:
        own = [
            rule
            for rule in rules
            if rule.dimension == problem.dimension and _known_as(rule.area) & _codes(problem)
        ]
        best = _best(own, problem, groups.get(problem.household_id), ages[problem.pk])
        if best is None:
            reason = _none_fits(problem, provinces[problem.household.area_id[:2]])
            found[problem.pk] = Routing(agency=None, reason=reason, rule=None)
        else:
            found[problem.pk] = Routing(agency=best.agency, reason=_why(best), rule=best)
    return found


def _known_as(area: Area | None) -> set[str]:
    """Return the code under which a rule was made, and those that stand for it by now."""
    known: set[str] = set()
    while area is not None and len(known) < _CODES_OF_A_RULE:
        known.add(area.pk)
        area = area.successor
    return known


def _codes(problem: Problem) -> set[str]:
    return {problem.household.area_id[:length] for length in (2, 4, 6, 8)}


def _best(
    rules: list[RoutingRule], problem: Problem, group: str | None, ages: tuple[int, ...]
) -> RoutingRule | None:
    """Return the most specific of the rules that fit, None if none does."""
    fitting = [rule for rule in rules if _fits(rule, problem, group, ages)]
    return min(fitting, key=_rank) if fitting else None


def _ages_by_problem(problems: Sequence[Problem], *, on: date) -> dict[UUID, tuple[int, ...]]:
    """Return the ages that rules look at: of the members named, else of who lives there."""
    named: dict[UUID, set[UUID]] = {}
    pairs = ProblemMember.objects.filter(problem__in=problems)
    for problem_id, member_id in pairs.values_list("problem_id", "member_id"):
        named.setdefault(problem_id, set()).add(member_id)
    people = list(
        Member.objects.filter(household__in={problem.household_id for problem in problems})
        .filter(Q(left_on__isnull=True) | Q(left_on__gt=on))
        .defer("citizen_id")
    )
    found = {}
    for problem in problems:
        wanted = named.get(problem.pk)
        concerned = [
            member
            for member in people
            if member.household_id == problem.household_id
            and (member.pk in wanted if wanted else member.residence in Residence.living())
        ]
        ages = [age_of(member, on=on) for member in concerned]
        found[problem.pk] = tuple(age for age in ages if age is not None)
    return found


def _has_ages(rule: RoutingRule) -> bool:
    return rule.age_from is not None or rule.age_to is not None


def _fits(rule: RoutingRule, problem: Problem, group: str | None, ages: tuple[int, ...]) -> bool:
    return (
        rule.code in (None, problem.code)
        and rule.group in (None, group)
        and (not _has_ages(rule) or any(_is_of_age(rule, age) for age in ages))
    )


def _is_of_age(rule: RoutingRule, age: int) -> bool:
    return (rule.age_from is None or age >= rule.age_from) and (
        rule.age_to is None or age <= rule.age_to
    )


def _rank(rule: RoutingRule) -> tuple[int, int, int]:
    """The smallest wins; of equals the first, which is the oldest."""
    named = (rule.code is not None) + (rule.group is not None) + _has_ages(rule)
    return (-named, -len(rule.area_id), rule.priority)


def _why(rule: RoutingRule) -> str:
    parts = [Dimension(rule.dimension).label]
    if rule.code is not None:
        parts.append(ProblemCode(rule.code).label)
    if rule.group is not None:
        parts.append(f"กลุ่ม {Group(rule.group).label}")
    if _has_ages(rule):
        parts.append(_age_words(rule))
    parts.append(f"ใน {rule.area}")
    return f"{' · '.join(parts)} → {rule.agency}"[:_LONGEST_REASON]


def _age_words(rule: RoutingRule) -> str:
    if rule.age_to is None:
        return f"อายุ {rule.age_from} ปีขึ้นไป"
    if rule.age_from is None:
        return f"อายุไม่เกิน {rule.age_to} ปี"
    return f"อายุ {rule.age_from}–{rule.age_to} ปี"


def _none_fits(problem: Problem, province: Area) -> str:
    return (
        f"ยังไม่มีเกณฑ์เลือกหน่วยงานสำหรับ{problem.get_dimension_display()} "
        f"· {problem.get_code_display()} ใน {province} "
        "เลือกหน่วยงานเอง หรือเพิ่มเกณฑ์ที่หน้า ตั้งค่า > เกณฑ์เลือกหน่วยงาน"
    )[:_LONGEST_REASON]
