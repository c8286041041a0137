import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from accounts.roles import Role
from households.models import Exit, Household
from households.services import UnableToExit, approve_exit, propose_exit, revoke_exit
from households.workflow import ExitReason, ExitState, Stage
from problems.models import IncomeThreshold, Problem
from problems.services import income_threshold, resolve_problem
from problems.workflow import Resolution
from referrals import services
from referrals.models import ExitRule
from referrals.services import Requirement
from referrals.services.evidence import as_json, from_json
from referrals.services.graduating import load_exit_rule
from referrals.workflow import Status
from slf.instrument import CAPITALS, Group
from slf.models import Assessment, LivelihoodProfile
from slf.services import active_questionnaire
from slf.workflow import Period, State
from tests.factories import make_household, make_user
from tests.referrals.cases import Cast, make_problem, make_referral
from tests.slf.cases import load_reference

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
LATER = AT + timedelta(days=2)
SINCE = date(2026, 11, 1)
BEFORE, AFTER = Period.BEFORE, Period.AFTER


@pytest.fixture(autouse=True)
def _reference(areas: None) -> None:
    load_reference()


def assess(household: Household, period: Period, **overrides: Any) -> Assessment:
    """Add a complete assessment with these figures, as scoring would have left it.

    All capitals 2.60 unless named; 200,000 baht a year of four residents; line of 2567.
    """
    income = overrides.pop("income", "200000.00")
    residents = overrides.pop("residents", 4)
    year_be = overrides.setdefault("year_be", 2567)
    scores: dict[str, Decimal | None] = {
        capital.value: overrides.pop(capital.value, Decimal("2.60")) for capital in CAPITALS
    }
    known = [score for score in scores.values() if score is not None]
    is_complete = len(known) == len(CAPITALS)
    level = overrides.pop("level", 3)
    fields: dict[str, Any] = {
        "questionnaire": active_questionnaire(),
        "round": 1,
        "state": State.COMPLETE,
        "assessed_on": date(2026, 11, 18) if period is AFTER else date(2026, 1, 10),
        "assessed_by": _assessor(),
        "amounts": {} if income is None else {"income_thb_per_year": income},
        "overall": Decimal("2.60") if is_complete else None,
        "level": level if is_complete else None,
        "weakest": "human" if is_complete else None,
        "is_incomplete": not is_complete,
        "band_version": 1,
        "threshold": income_threshold(year_be),
        "detail": {
            "people": [
                *({"id": str(n), "age": 40, "is_resident": True} for n in range(residents)),
                {"id": "away", "age": 30, "is_resident": False},
            ]
        },
        "updated_at": AT,
    }
    return Assessment.objects.create(
        household=household, period=period, **(fields | scores | overrides)
    )


def _assessor() -> User:
    return User.objects.filter(username="assessor").first() or make_user(username="assessor")


def put_in_group(household: Household, group: Group) -> None:
    LivelihoodProfile.objects.create(
        household=household,
        assessment=household.assessments.order_by("pk")[0],
        group=group,
        rule_group=group,
        rule="CLS-1",
        rule_version=1,
        reasons=["ทดสอบ"],
        decided_at=AT,
    )


def risen(**overrides: Any) -> Household:
    """Make a household in help that meets the rule."""
    household = make_household(stage=Stage.IN_HELP, **overrides)
    assess(household, BEFORE, level=1, human=Decimal("1.20"), income="40000.00")
    assess(household, AFTER)
    return household


def unmet(household: Household) -> set[str]:
    return {row.code for row in services.graduation_evidence(household=household).unmet}


def eligible() -> set[Any]:
    return {row.pk for row in services.eligible_for_graduation(Household.objects.all())}


def shown(household: Household, requirement: Requirement) -> str:
    evidence = services.graduation_evidence(household=household)
    return next(row.shown for row in evidence.criteria if row.requirement is requirement)


def propose(household: Household, by: User, **overrides: Any) -> Exit:
    return services.propose_graduation(household=household, by=by, at=AT, **overrides)


# ---- each criterion alone ----------------------------------------------------------------
def test_a_household_that_meets_everything_may_leave() -> None:
    household = risen()

    evidence = services.graduation_evidence(household=household)

    assert evidence.is_met
    assert [row.met for row in evidence.criteria] == [True] * 6
    assert evidence.reason_suggested is ExitReason.GRADUATED
    assert eligible() == {household.pk}


def after_with(**figures: Any) -> Household:
    household = make_household(stage=Stage.IN_HELP)
    assess(household, BEFORE)
    assess(household, AFTER, **figures)
    return household


@pytest.mark.parametrize(
    ("figures", "code", "text"),
    [
        ({"level": 2}, "overall_level", "ระดับ 2 คะแนนรวม 2.60 (เกณฑ์ระดับ 3 ขึ้นไป)"),
        ({"social": Decimal("1.74")}, "no_capital_lowest", "ระดับ 1 หรือต่ำกว่า: ทุนสังคม"),
        ({"income": "159999.99"}, "income", "40,000 บาท/คน/ปี จากผู้อยู่จริง 4 คน"),
        ({"income": None}, "income", "ไม่ทราบ (เกณฑ์ปี 2567 คือ 40,000 บาท)"),
        ({"residents": 0}, "income", "ไม่ทราบ (เกณฑ์ปี 2567 คือ 40,000 บาท)"),
    ],
)
def test_one_figure_alone_holds_it_back(figures: dict[str, Any], code: str, text: str) -> None:
    household = after_with(**figures)

    assert unmet(household) == {code}
    assert text in shown(household, Requirement(code))
    assert eligible() == set()


@pytest.mark.parametrize(
    "figures",
    [
        {"level": 3},
        {"level": 4},
        {"social": Decimal("1.75")},
        {"income": "160000.00"},
        {"income": 160000},
        {"income": "40000", "residents": 1},
    ],
)
def test_on_the_line_passes(figures: dict[str, Any]) -> None:
    household = after_with(**figures)

    assert unmet(household) == set()
    assert eligible() == {household.pk}


def test_an_incomplete_assessment_leaves_level_and_capital_unknown() -> None:
    household = after_with(natural=None)

    evidence = services.graduation_evidence(household=household)

    assert {row.code: row.met for row in evidence.unmet} == {
        "overall_level": None,
        "no_capital_lowest": None,
    }
    assert shown(household, Requirement.CAPITALS) == "ไม่ทราบ: ทุนธรรมชาติ"
    assert eligible() == set()


def test_an_open_problem_alone_holds_it_back_until_it_is_solved(district: User) -> None:
    household = risen()
    problem = make_problem(household)

    assert unmet(household) == {"no_open_problem"}
    assert shown(household, Requirement.PROBLEMS) == "ยังเปิดอยู่: ด้านความเป็นอยู่"
    assert eligible() == set()

    resolve_problem(
        problem=problem,
        resolution=Resolution.SOLVED,
        resolved_on=date(2026, 11, 20),
        by=district,
        at=AT,
    )
    assert unmet(household) == set()
    assert eligible() == {household.pk}


@pytest.mark.parametrize("status", [Status.DRAFT, Status.SUBMITTED, Status.HELPED])
def test_a_referral_under_way_alone_holds_it_back(status: Status) -> None:
    household = risen()
    referral = make_referral(status, problem=make_problem(household))
    Problem.objects.all().update(
        status="resolved",
        resolution="solved",
        resolved_on=date(2026, 11, 20),
        resolved_by=referral.created_by,
    )

    assert unmet(household) == {"referrals_ended"}
    assert shown(household, Requirement.REFERRALS) == "ยังไม่สิ้นสุด 1 เรื่อง"
    assert eligible() == set()


def test_a_closed_referral_does_not_hold_it_back() -> None:
    household = risen()
    make_referral(Status.CLOSED, problem=make_problem(household))

    assert unmet(household) == set()
    assert shown(household, Requirement.REFERRALS) == "สิ้นสุดแล้ว 1 เรื่อง"
    assert eligible() == {household.pk}


@pytest.mark.parametrize(
    ("assessments", "text"),
    [
        ([], "ยังไม่มีผลประเมินที่เสร็จ"),
        ([(BEFORE, {})], "ผลล่าสุดยังเป็นช่วงก่อนช่วยเหลือ ปี 2567 ครั้งที่ 1"),
        ([(AFTER, {})], "มีผลหลังช่วยเหลือ ปี 2567 ครั้งที่ 1 แต่ไม่มีผลก่อนช่วยเหลือให้เทียบ"),
        (
            [(BEFORE, {"year_be": 2566}), (AFTER, {}), (BEFORE, {"round": 2})],
            "ผลล่าสุดยังเป็นช่วงก่อนช่วยเหลือ ปี 2567 ครั้งที่ 2",
        ),
    ],
)
def test_without_a_newer_assessment_after_help_it_does_not_leave(
    assessments: list[tuple[Period, dict[str, Any]]], text: str
) -> None:
    household = make_household(stage=Stage.IN_HELP)
    for period, figures in assessments:
        assess(household, period, **figures)

    assert "assessed_after" in unmet(household)
    assert shown(household, Requirement.ASSESSED) == text
    assert eligible() == set()


def test_a_draft_after_help_does_not_count(district: User) -> None:
    household = make_household(stage=Stage.IN_HELP)
    assess(household, BEFORE)
    Assessment.objects.create(
        household=household,
        questionnaire=active_questionnaire(),
        year_be=2567,
        period=AFTER,
        assessed_on=date(2026, 11, 18),
        assessed_by=district,
        updated_at=AT,
    )

    assert unmet(household) == {"assessed_after"}


def test_of_one_day_and_round_the_assessment_after_help_is_the_newer() -> None:
    household = make_household(stage=Stage.IN_HELP)
    assess(household, AFTER, assessed_on=date(2026, 11, 18))
    assess(household, BEFORE, assessed_on=date(2026, 11, 18))

    assert unmet(household) == set()
    assert eligible() == {household.pk}


def test_the_line_of_a_newer_version_is_the_one_held_against() -> None:
    household = risen()
    IncomeThreshold.objects.create(
        version=2, year_from=2567, year_to=2567, amount_thb="60000.00", source="ทดสอบ"
    )

    assert unmet(household) == {"income"}
    assert eligible() == set()


def test_a_year_without_a_line_is_not_known() -> None:
    household = risen()
    IncomeThreshold.objects.filter(year_from=2565).update(year_to=2566)

    assert unmet(household) == {"income"}
    assert "ยังไม่มีเกณฑ์รายได้ของปี 2567" in shown(household, Requirement.INCOME)
    assert eligible() == set()


# ---- the rule is data --------------------------------------------------------------------
def test_the_default_rule_is_loaded_once() -> None:
    assert services.exit_rule().version == 1

    assert [load_exit_rule(), load_exit_rule()] == [1, 0]

    rule = ExitRule.objects.get()
    assert (rule.version, rule.min_level, rule.no_capital_at_level) == (1, 3, 1)
    assert rule.source == "ค่าเริ่มต้นของระบบ ปรับได้"


def test_a_new_version_holds_for_new_proposals_only(district: User) -> None:
    first = propose(risen(), district)
    household = risen()
    ExitRule.objects.create(version=2, min_level=4, no_capital_at_level=2)

    assert unmet(household) == {"overall_level"}
    assert eligible() == set()
    first.refresh_from_db()
    assert (first.rule_version, first.evidence["rule_version"]) == (1, 1)


def test_a_rule_can_ask_for_less() -> None:
    household = make_household(stage=Stage.VERIFIED_POOR)
    assess(household, BEFORE)
    assert unmet(household) == {"assessed_after"}
    ExitRule.objects.create(version=2, needs_after_assessment=False, needs_referrals_ended=False)

    assert unmet(household) == set()
    assert eligible() == {household.pk}


# ---- proposing ---------------------------------------------------------------------------
def test_a_proposal_carries_the_evidence_and_nothing_about_people(surveyor: User) -> None:
    household = risen()

    proposal = propose(household, surveyor, note="รายได้จากงานประจำ")

    household.refresh_from_db()
    assert household.stage == Stage.EXIT_PROPOSED
    assert (proposal.reason, proposal.rule_version) == (ExitReason.GRADUATED, 1)
    stored = proposal.evidence
    assert {row["code"]: row["met"] for row in stored["criteria"]} == dict.fromkeys(
        [
            "referrals_ended",
            "no_open_problem",
            "assessed_after",
            "overall_level",
            "no_capital_lowest",
            "income",
        ],
        True,
    )
    income = next(row for row in stored["criteria"] if row["code"] == "income")
    assert income["figures"] == {
        "year_be": "2567",
        "income": "200000.00",
        "people": "4",
        "per_person": "50000.00",
        "line": "40000.00",
    }
    assert (stored["before"]["capitals"]["human"], stored["after"]["overall"]) == ("1.20", "2.60")
    assert "รายได้จากงานประจำ" not in str(stored)


def test_stored_evidence_reads_as_it_did(surveyor: User) -> None:
    household = risen()
    evidence = services.graduation_evidence(household=household)

    again = from_json(as_json(evidence))

    assert again is not None
    assert [(row.label, row.shown, row.met) for row in again.criteria] == [
        (row.label, row.shown, row.met) for row in evidence.criteria
    ]
    assert again == evidence
    human = again.capitals[0]
    assert human[1:] == (Decimal("1.20"), Decimal("2.60"), Decimal("1.40"))
    assert from_json({}) is None


def test_what_is_missing_is_named(surveyor: User) -> None:
    household = after_with(level=2, income="1000.00")

    with pytest.raises(services.UnableToGraduate) as refusal:
        propose(household, surveyor)

    assert {row.code for row in refusal.value.unmet} == {"overall_level", "income"}
    assert "ระดับรวมของทุนถึงเกณฑ์" in str(refusal.value)
    assert "ไม่มีปัญหา" not in str(refusal.value)
    household.refresh_from_db()
    assert household.stage == Stage.IN_HELP
    assert not Exit.objects.exists()


@pytest.mark.parametrize("stage", [Stage.LISTED, Stage.VERIFIED_NOT_POOR])
def test_only_who_was_found_poor_can_rise(surveyor: User, stage: Stage) -> None:
    household = risen()
    Household.objects.filter(pk=household.pk).update(stage=stage)

    with pytest.raises(UnableToExit, match="จนจริง"):
        propose(household, surveyor)

    assert eligible() == set()


def test_a_second_proposal_is_refused(surveyor: User, district: User) -> None:
    household = risen()
    proposal = propose(household, surveyor)

    with pytest.raises(UnableToExit, match="รออนุมัติ"):
        propose(household, surveyor)
    approve_exit(proposal=proposal, by=make_user(Role.PROVINCE_OFFICER), at=LATER)
    with pytest.raises(UnableToExit, match="พ้นเป้าหมายไปแล้ว"):
        propose(household, surveyor)


def test_who_may_not_update_proposes_nothing(reader: User, agency_officer: User) -> None:
    household = risen()

    for nobody in (reader, agency_officer):
        with pytest.raises(PermissionDenied):
            propose(household, nobody)


def test_from_help_to_exit_and_back(surveyor: User, district: User) -> None:
    household = risen()
    proposal = propose(household, surveyor)
    assert eligible() == set()

    approve_exit(proposal=proposal, by=make_user(Role.PROVINCE_OFFICER), at=AT)
    household.refresh_from_db()
    assert household.stage == Stage.EXITED
    assert proposal.relapse_check_on == date(2027, 11, 20)

    revoke_exit(proposal=proposal, reason="ตกงานอีกครั้ง", by=district, at=LATER)
    household.refresh_from_db()
    assert (household.stage, household.stage_date) == (Stage.IN_HELP, SINCE)
    assert household.assessments.count() == 2
    assert Exit.objects.get().state == ExitState.REVOKED


# ---- continuing care ---------------------------------------------------------------------
def test_the_lower_group_leaves_to_continuing_care(surveyor: User) -> None:
    household = make_household(stage=Stage.IN_HELP)
    assess(household, BEFORE, level=1, income=None)
    put_in_group(household, Group.LOWER20)

    with pytest.raises(UnableToExit, match="ใครดูแล"):
        propose(household, surveyor, reason=ExitReason.CONTINUING_CARE)
    proposal = propose(
        household, surveyor, reason=ExitReason.CONTINUING_CARE, note="พมจ. ดูแลเบี้ยคนพิการ"
    )

    assert proposal.reason == ExitReason.CONTINUING_CARE
    assert [row["code"] for row in proposal.evidence["criteria"]] == [
        "lower_group",
        "referrals_ended",
    ]


@pytest.mark.parametrize("group", [Group.UPPER20, None])
def test_others_do_not(surveyor: User, group: Group | None) -> None:
    household = risen()
    if group:
        put_in_group(household, group)

    with pytest.raises(services.UnableToGraduate, match="20% ล่าง"):
        propose(household, surveyor, reason=ExitReason.CONTINUING_CARE, note="ดูแลต่อ")


def test_care_does_not_begin_while_a_referral_is_under_way(surveyor: User) -> None:
    household = risen()
    put_in_group(household, Group.LOWER20)
    make_referral(problem=make_problem(household))

    with pytest.raises(services.UnableToGraduate, match="เรื่องส่งต่อ"):
        propose(household, surveyor, reason=ExitReason.CONTINUING_CARE, note="ดูแลต่อ")


def test_who_meets_the_rule_and_is_of_the_lower_group_is_suggested_care() -> None:
    household = risen()
    put_in_group(household, Group.LOWER20)

    evidence = services.graduation_evidence(household=household)

    assert evidence.is_met
    assert evidence.reason_suggested is ExitReason.CONTINUING_CARE


def test_one_door_for_every_reason(surveyor: User) -> None:
    assert (
        services.propose_leaving(
            household=risen(), reason=ExitReason.GRADUATED, note="", by=surveyor, at=AT
        ).rule_version
        == 1
    )
    moved = services.propose_leaving(
        household=make_household(), reason=ExitReason.MOVED, note="", by=surveyor, at=AT
    )
    assert (moved.reason, moved.evidence, moved.rule_version) == (ExitReason.MOVED, {}, None)


# ---- the list and the evidence say the same ----------------------------------------------
CHOICES: dict[str, list[Any]] = {
    "level": [2, 3, 3, 4, 4],
    "human": [Decimal("1.74"), Decimal("1.75"), Decimal("2.50"), Decimal("3.10"), None],
    "social": [Decimal("1.00"), Decimal("1.80"), Decimal("2.60"), Decimal("4.00")],
    "income": [
        None,
        "159999.99",
        "160000.00",
        200000,
        " 400000.50 ",
        "900000",
    ],
    "residents": [0, 1, 3, 4, 4],
    "year_be": [2566, 2567, 2567, 2569],
    "round": [1, 2, 3],
}


def at_random(dice: random.Random, cast: Cast) -> Household:
    """Make a household with any mix of stage, assessments, problems and referrals."""
    stages = [Stage.IN_HELP, Stage.IN_HELP, Stage.VERIFIED_POOR, Stage.LISTED, Stage.EXITED]
    household = make_household(stage=Stage.VERIFIED_POOR)
    periods = dice.choice([[BEFORE, AFTER], [BEFORE, AFTER], [AFTER], [BEFORE], [BEFORE] * 2, []])
    slots = set()
    for period in periods:
        figures = {name: dice.choice(values) for name, values in CHOICES.items()}
        slot = (period, figures["year_be"], figures["round"])
        if slot not in slots:
            slots.add(slot)
            assess(household, period, **figures)
    chance = dice.random()
    if chance < 0.15:
        make_problem(household)
    elif chance < 0.3:
        status = dice.choice([Status.SUBMITTED, Status.HELPED, Status.CANCELLED, Status.CLOSED])
        make_referral(status, cast=cast, problem=make_problem(household))
        Problem.objects.filter(household=household).update(
            status="resolved",
            resolution="solved",
            resolved_on=date(2026, 11, 20),
            resolved_by=cast.district,
        )
    Household.objects.filter(pk=household.pk).update(stage=dice.choice(stages))
    household.refresh_from_db()
    return household


@pytest.mark.parametrize("rule", [{}, {"needs_after_assessment": False, "min_level": 2}])
def test_the_list_is_what_the_evidence_says_one_by_one(rule: dict[str, Any]) -> None:
    dice = random.Random(2569)
    cast = Cast()
    households = [at_random(dice, cast) for _ in range(150)]
    if rule:
        ExitRule.objects.create(version=2, no_capital_at_level=2, **rule)

    expected = {
        household.pk
        for household in households
        if household.stage in (Stage.VERIFIED_POOR, Stage.IN_HELP)
        and services.graduation_evidence(household=household).is_met
    }

    assert eligible() == expected
    assert 3 <= len(expected) <= 120


def test_the_list_takes_one_query_beside_the_rule(django_assert_num_queries: Any) -> None:
    for _ in range(3):
        risen()

    with django_assert_num_queries(2):
        assert len(eligible()) == 3


def test_the_list_stays_inside_what_one_may_see(outsider: User) -> None:
    risen()

    visible = Household.objects.visible_to(outsider)

    assert not services.eligible_for_graduation(visible).exists()


def test_the_door_of_the_register_stays_shut(district: User) -> None:
    with pytest.raises(UnableToExit, match="หลักฐาน"):
        propose_exit(household=risen(), reason=ExitReason.GRADUATED, note="", by=district, at=AT)
