"""The livelihood group, by need and by rank, and the problems that answers show."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from problems.rules import Dimension, ProblemCode
from slf.instrument import PD27_V1, PROBLEM_RULES_V1, Group, Rule, SubType
from slf.scoring import (
    Person,
    Standing,
    classify_by_need,
    classify_by_rank,
    find_problems,
    labour_capable,
    read_amounts,
    read_answers,
    standing_of,
)
from tests.slf.worked import PEOPLE, answers, raw_amounts, raw_answers, score

INCOME = frozenset({Dimension.INCOME})

ORDINARY = Standing(
    overall_level=2,
    human_level=3,
    failing=INCOME,
    capable=(True, False),
    has_informal_debt=False,
    debt_ratio=Decimal(0),
    is_mortgaged_informally=False,
    hazard_level=4,
    savings_level=3,
)


def worked_standing() -> Standing:
    return standing_of(
        score(),
        answers=answers(),
        amounts=read_amounts(raw_amounts()),
        people=PEOPLE,
        failing=INCOME,
    )


def test_the_worked_household_is_upper_and_in_debt() -> None:
    found = classify_by_need(worked_standing())
    assert (found.group, found.primary) == (Group.UPPER20, SubType.DEBT)
    assert found.sub_types == (SubType.DEBT, SubType.FRAGILE)
    assert (found.rule, found.rule_version) == (Rule.BY_NEED, 1)
    assert "หนี้เกินรายได้ทั้งปี" in found.reasons


def test_the_worked_household_has_two_who_can_work() -> None:
    assert worked_standing().capable == (True, True, False, False)


def test_without_an_assessment_a_household_is_unclassified() -> None:
    found = classify_by_need(None)
    assert (found.group, found.primary) == (Group.UNCLASSIFIED, None)
    assert found.reasons == ("ยังไม่มีผลประเมิน",)


def test_an_incomplete_assessment_stays_unclassified() -> None:
    found = classify_by_need(replace(ORDINARY, overall_level=None, capable=(False,)))
    assert found.group == Group.UNCLASSIFIED


@pytest.mark.parametrize(
    ("change", "group"),
    [
        ({"overall_level": 4, "failing": frozenset()}, Group.EXIT_CANDIDATE),
        ({"overall_level": 4, "failing": frozenset(), "capable": (False,)}, Group.EXIT_CANDIDATE),
        ({"overall_level": 4}, Group.UPPER20),
        ({"overall_level": 3, "failing": frozenset()}, Group.UPPER20),
        ({"capable": (False, False)}, Group.LOWER20),
        ({"capable": (False, None)}, Group.UPPER20),
        ({"capable": ()}, Group.UPPER20),
        ({"overall_level": 1, "human_level": 1}, Group.LOWER20),
        ({"overall_level": 1, "human_level": 2}, Group.UPPER20),
        ({"overall_level": 2, "human_level": 1}, Group.UPPER20),
        ({"overall_level": 4, "capable": (False,)}, Group.LOWER20),
    ],
)
def test_the_group_follows_the_rule(change: dict[str, Any], group: Group) -> None:
    found = classify_by_need(replace(ORDINARY, **change))
    assert found.group == group
    assert found.reasons


@pytest.mark.parametrize(
    ("change", "sub_types"),
    [
        ({}, (SubType.NO_OPPORTUNITY,)),
        ({"has_informal_debt": True}, (SubType.DEBT,)),
        ({"debt_ratio": Decimal("1.01")}, (SubType.DEBT,)),
        ({"debt_ratio": Decimal(1)}, (SubType.NO_OPPORTUNITY,)),
        ({"debt_ratio": None}, (SubType.NO_OPPORTUNITY,)),
        ({"is_mortgaged_informally": True}, (SubType.DEBT,)),
        ({"hazard_level": 2, "savings_level": 1}, (SubType.FRAGILE,)),
        ({"hazard_level": 2, "savings_level": 2}, (SubType.NO_OPPORTUNITY,)),
        ({"hazard_level": 3, "savings_level": 1}, (SubType.NO_OPPORTUNITY,)),
        ({"hazard_level": None, "savings_level": 1}, (SubType.NO_OPPORTUNITY,)),
        (
            {"has_informal_debt": True, "hazard_level": 1, "savings_level": 1},
            (SubType.DEBT, SubType.FRAGILE),
        ),
    ],
)
def test_the_upper_group_has_sub_types(
    change: dict[str, Any], sub_types: tuple[SubType, ...]
) -> None:
    assert classify_by_need(replace(ORDINARY, **change)).sub_types == sub_types


@pytest.mark.parametrize(
    ("age", "raw", "capable"),
    [
        (30, {"H3": 4}, True),
        (30, {"H3": 3}, True),
        (30, {"H3": 2}, True),
        (30, {"H3": 1}, False),
        (30, {}, None),
        (30, {"H3": 4, "H4": 1}, True),
        (14, {"H3": 4}, False),
        (15, {"H3": 4}, True),
        (16, {"H3": 4, "H2": 4}, False),
        (16, {"H3": 4, "H2": 2}, True),
        (16, {"H3": 4, "H2": 4, "A2": False}, True),
        (20, {"H3": 4, "A2": True}, False),
        (60, {"H3": 4, "H4": 3}, True),
        (60, {"H3": 4, "H4": 2}, False),
        (60, {"H3": 4, "H4": "na"}, False),
        (60, {"H3": 4}, None),
        (60, {"H4": 3}, None),
        (75, {"H3": 1}, False),
        (None, {"H3": 4}, None),
        (None, {"H3": 1}, False),
    ],
)
def test_who_can_work(age: int | None, raw: dict[str, Any], capable: bool | None) -> None:
    typed = read_answers(
        {code: {"M": value} for code, value in raw.items()}, instrument=PD27_V1, members=["M"]
    )
    assert labour_capable(Person("M", age, is_resident=True), typed) is capable


def test_those_who_live_elsewhere_do_not_count_as_labour() -> None:
    people = (replace(PEOPLE[0], is_resident=False), replace(PEOPLE[1], is_resident=False))
    standing = standing_of(
        score(people=(*people, *PEOPLE[2:])),
        answers=answers(),
        amounts=read_amounts({}),
        people=(*people, *PEOPLE[2:]),
        failing=INCOME,
    )
    assert standing.capable == (False, False)
    assert standing.debt_ratio is None


def test_debt_without_income_is_beyond_any_ratio() -> None:
    amounts = {"income_thb_per_year": "0", "debts": [{"kind": "shop", "amount_thb": "1"}]}
    standing = standing_of(
        score(amounts=amounts),
        answers=answers(),
        amounts=read_amounts(amounts),
        people=PEOPLE,
        failing=INCOME,
    )
    assert SubType.DEBT in classify_by_need(replace(standing, overall_level=2)).sub_types


def test_ranking_puts_the_lower_half_first() -> None:
    scores = {"a": Decimal(3), "b": Decimal(1), "c": Decimal(2), "d": Decimal("2.5")}
    ranked = classify_by_rank(scores)
    assert {key for key, found in ranked.items() if found.group == Group.LOWER20} == {"b", "c"}
    assert ranked["b"].reasons == ("ลำดับที่ 1 จาก 4 ครัวเรือน เรียงคะแนนรวมจากน้อยไปมาก",)
    assert ranked["a"].rule == Rule.BY_RANK


def test_ranking_is_the_same_every_time() -> None:
    equal = {"c": Decimal(2), "a": Decimal(2), "b": Decimal(2)}
    lower = {key for key, found in classify_by_rank(equal).items() if found.group == Group.LOWER20}
    assert lower == {"a", "b"}
    assert classify_by_rank({}) == {}


def test_the_worked_household_shows_its_problems() -> None:
    found = {
        finding.dimension: finding
        for finding in find_problems(score(), people=PEOPLE, rules=PROBLEM_RULES_V1)
    }
    assert set(found) == {Dimension.HEALTH, Dimension.INCOME}
    assert found[Dimension.INCOME].code == ProblemCode.INCOME_BELOW_LINE
    assert found[Dimension.INCOME].persons == ()
    assert found[Dimension.HEALTH].code == ProblemCode.BEDRIDDEN
    assert found[Dimension.HEALTH].persons == ("M4",)


@pytest.mark.parametrize(
    ("change", "dimension", "code"),
    [
        ({"P1": 1}, Dimension.LIVING, ProblemCode.NO_HOME),
        ({"P2": 1}, Dimension.LIVING, ProblemCode.HOME_UNFIT),
        ({"P4": 2}, Dimension.LIVING, ProblemCode.NO_POWER_OR_WATER),
        ({"P1": 1, "P2": 1}, Dimension.LIVING, ProblemCode.NO_HOME),
        ({"H2": {"M3": 1}}, Dimension.EDUCATION, ProblemCode.OUT_OF_SCHOOL),
        ({"H1": {"M1": 1}}, Dimension.EDUCATION, ProblemCode.CANNOT_READ),
        ({"H6": {"M1": 1}}, Dimension.ACCESSIBILITY, ProblemCode.NO_WELFARE),
    ],
)
def test_an_answer_opens_the_problem_of_its_dimension(
    change: dict[str, Any], dimension: Dimension, code: ProblemCode
) -> None:
    found = find_problems(score(raw_answers() | change), people=PEOPLE, rules=PROBLEM_RULES_V1)
    assert code in [finding.code for finding in found if finding.dimension == dimension]


def test_an_elder_who_cannot_read_is_not_an_education_problem() -> None:
    found = find_problems(score(), people=PEOPLE, rules=PROBLEM_RULES_V1)
    assert Dimension.EDUCATION not in [finding.dimension for finding in found]


def test_what_was_not_asked_is_no_problem() -> None:
    assert find_problems(score({}, {}), people=PEOPLE, rules=PROBLEM_RULES_V1) == ()


def test_members_of_every_rule_that_fits_are_named() -> None:
    health = {"H3": {"M1": 2, "M2": 4, "M3": 4, "M4": 1}}
    (found, *_) = find_problems(
        score(raw_answers() | health), people=PEOPLE, rules=PROBLEM_RULES_V1
    )
    assert (found.code, set(found.persons)) == (ProblemCode.BEDRIDDEN, {"M1", "M4"})
    assert len(found.reasons) == 2
