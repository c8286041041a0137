"""Which agency a problem goes to, and why, in words that name no person."""

from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate

from accounts.models import Agency
from areas.models import Area
from households.models import Household, Member
from problems.models import Problem
from problems.rules import Dimension, ProblemCode
from referrals.models import RoutingRule
from slf.instrument import Group
from slf.models import LivelihoodProfile
from slf.services import people_of

_LONGEST_REASON = 300


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
    household = problem.household
    codes = [household.area_id[:length] for length in (2, 4, 6, 8)]
    rules = list(
        RoutingRule.objects.in_force()
        .filter(dimension=problem.dimension, area__in=set(codes))
        .select_related("agency", "area")
        .order_by("created_at", "pk")
    )
    group = _group_of(household) if any(rule.group for rule in rules) else None
    ages = _ages(problem, on=on or localdate()) if any(map(_has_ages, rules)) else ()
    fitting = [rule for rule in rules if _fits(rule, problem, group, ages)]
    if not fitting:
        return Routing(agency=None, reason=_none_fits(problem), rule=None)
    best = min(fitting, key=_rank)
    return Routing(agency=best.agency, reason=_why(best), rule=best)


def _group_of(household: Household) -> str | None:
    return (
        LivelihoodProfile.objects.current()
        .filter(household=household)
        .values_list("group", flat=True)
        .first()
    )


def _ages(problem: Problem, *, on: date) -> tuple[int, ...]:
    people = people_of(problem.household, on=on)
    named = {str(pk) for pk in Member.objects.filter(problems=problem).values_list("pk", flat=True)}
    concerned = [
        person for person in people if (person.key in named if named else person.is_resident)
    ]
    return tuple(person.age for person in concerned if person.age is not None)


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


def _none_fits(problem: Problem) -> str:
    province = Area.objects.get(pk=problem.household.area_id[:2])
    return (
        f"ยังไม่มีเกณฑ์เลือกหน่วยงานสำหรับ{problem.get_dimension_display()} "
        f"· {problem.get_code_display()} ใน {province} "
        "เลือกหน่วยงานเอง หรือเพิ่มเกณฑ์ที่หน้า ตั้งค่า > เกณฑ์เลือกหน่วยงาน"
    )[:_LONGEST_REASON]
