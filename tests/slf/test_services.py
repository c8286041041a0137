"""From the first answer to the group, and back again."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from areas.models import AreaChange
from audit.models import Event
from households.workflow import Residence, Stage
from problems.models import Problem
from problems.rules import Dimension, ProblemCode
from problems.workflow import Origin, Resolution, Status
from slf import services
from slf.instrument import Group
from slf.models import Assessment, AssessmentRevision, LivelihoodProfile
from slf.services import InvalidAnswers, UnableToAssess, UnableToAssessStale
from slf.workflow import Period, State
from tests.slf.cases import DAY, MOMENT, YEAR_BE, Case, make_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(areas: None) -> Case:
    return make_case()


def start(case: Case, by: User, **overrides: Any) -> Assessment:
    fields: dict[str, Any] = {"year_be": YEAR_BE, "by": by, "at": MOMENT}
    return services.start_assessment(household=case.household, **(fields | overrides))


def record(case: Case, by: User, **overrides: Any) -> Assessment:
    fields: dict[str, Any] = {
        "year_be": YEAR_BE,
        "round": 1,
        "period": Period.BEFORE,
        "answers": case.answers(),
        "amounts": case.amounts(),
        "by": by,
        "at": MOMENT,
    }
    return services.record_assessment(household=case.household, **(fields | overrides))


def current_profile(case: Case) -> LivelihoodProfile:
    return LivelihoodProfile.objects.current().get(household=case.household)


def events() -> list[str]:
    return list(Event.objects.order_by("at", "pk").values_list("event", flat=True))


def test_the_worked_household_is_scored_and_grouped(case: Case, surveyor: User) -> None:
    assessment = record(case, surveyor)
    stored = Assessment.objects.get(pk=assessment.pk)

    assert (stored.human, stored.physical, stored.financial, stored.natural, stored.social) == (
        Decimal("2.61"),
        Decimal("2.83"),
        Decimal("1.60"),
        Decimal("2.20"),
        Decimal("2.60"),
    )
    assert (stored.overall, stored.level, stored.weakest) == (Decimal("2.37"), 2, "financial")
    assert (stored.state, stored.is_incomplete) == (State.COMPLETE, False)
    assert stored.band_version == 1
    assert stored.threshold is not None
    assert stored.threshold.amount_thb == 40000
    assert stored.questionnaire.version == 1

    profile = current_profile(case)
    assert (profile.group, profile.primary) == ("upper20", "debt")
    assert profile.sub_types == ["debt", "fragile"]
    assert (profile.rule, profile.rule_version) == ("CLS-1", 1)


def test_the_answer_of_the_api_is_in_the_agreed_form(case: Case, surveyor: User) -> None:
    assessment = record(case, surveyor)
    assert services.as_result(assessment, current_profile(case)) == {
        "capitals": {
            "human": "2.61",
            "physical": "2.83",
            "financial": "1.60",
            "natural": "2.20",
            "social": "2.60",
        },
        "overall": "2.37",
        "level": 2,
        "weakest": "financial",
        "group": "upper20",
        "reasons": current_profile(case).reasons,
        "incomplete": False,
    }


def test_the_stored_detail_says_why(case: Case, surveyor: User) -> None:
    view = services.read_view(Assessment.objects.get(pk=record(case, surveyor).pk))
    assert [str(row.scale_100) for row in view.capitals] == [
        "53.7",
        "61.11",
        "20",
        "40",
        "53.33",
    ]
    by_code = {item.code: item for item in view.items}
    assert len(by_code) == 27
    assert "24,000 บาท/คน/ปี" in by_code["F1"].reason
    assert by_code["H3"].persons[case.member_id("M4")] == 1


def test_problems_are_opened_with_the_members_they_concern(case: Case, surveyor: User) -> None:
    record(case, surveyor)
    found = {problem.dimension: problem for problem in Problem.objects.open()}
    assert set(found) == {"health", "income"}
    assert found["income"].code == ProblemCode.INCOME_BELOW_LINE
    assert found["health"].origin == Origin.ASSESSMENT
    assert list(found["health"].members.all()) == [case.members["M4"]]
    assert found["health"].opened_on == DAY


def test_everything_is_told_in_the_trail_and_the_outbox(case: Case, surveyor: User) -> None:
    record(case, surveyor)
    assert events() == [
        "assessment.started",
        "assessment.answered",
        "problem.opened",
        "problem.opened",
        "household.grouped",
        "assessment.completed",
    ]
    assert set(Event.objects.values_list("actor", flat=True)) == {"surveyor"}
    assert {"30320101"} == set(AreaChange.objects.values_list("area_id", flat=True))
    assert AreaChange.objects.filter(year_be=YEAR_BE).exists()


def test_a_draft_can_be_left_and_taken_up_again(case: Case, surveyor: User) -> None:
    draft = start(case, surveyor)
    draft = services.save_answers(
        assessment=draft, version=1, answers={"P1": 4, "P2": 2}, by=surveyor, at=MOMENT
    )
    again = start(case, surveyor)
    assert (again.pk, again.state, again.version) == (draft.pk, State.DRAFT, 2)

    saved = services.save_answers(
        assessment=again,
        version=2,
        answers={"P2": 3, "P1": None},
        amounts={"savings_thb": "5.00"},
        by=surveyor,
        at=MOMENT,
    )
    stored = Assessment.objects.get(pk=saved.pk)
    assert stored.answers == {"P2": 3}
    assert stored.amounts == {"savings_thb": "5.00"}
    assert stored.overall is None
    assert not AssessmentRevision.objects.exists()
    assert not Problem.objects.exists()


def test_a_stale_form_is_refused(case: Case, surveyor: User) -> None:
    draft = start(case, surveyor)
    services.save_answers(assessment=draft, version=1, answers={"P1": 4}, by=surveyor, at=MOMENT)
    with pytest.raises(UnableToAssessStale):
        services.save_answers(
            assessment=draft, version=1, answers={"P1": 1}, by=surveyor, at=MOMENT
        )
    with pytest.raises(UnableToAssessStale):
        services.complete_assessment(assessment=draft, version=1, by=surveyor, at=MOMENT)
    draft.refresh_from_db()
    assert draft.answers == {"P1": 4}


def test_wrong_answers_change_nothing(case: Case, surveyor: User) -> None:
    draft = start(case, surveyor)
    with pytest.raises(InvalidAnswers) as error:
        services.save_answers(
            assessment=draft,
            version=1,
            answers={"P1": 9, "H1": {"nobody": 2}},
            by=surveyor,
            at=MOMENT,
        )
    assert set(error.value.fields) == {"answers.P1", "answers.H1.nobody"}
    draft.refresh_from_db()
    assert (draft.answers, draft.version) == ({}, 1)


def test_an_assessment_with_too_few_answers_is_marked_incomplete(
    case: Case, surveyor: User
) -> None:
    draft = start(case, surveyor)
    done = services.complete_assessment(assessment=draft, version=1, by=surveyor, at=MOMENT)
    done.refresh_from_db()
    assert (done.state, done.is_incomplete, done.overall) == (State.COMPLETE, True, None)
    assert current_profile(case).group == Group.UNCLASSIFIED
    assert not Problem.objects.exists()


def test_a_complete_assessment_is_not_recorded_over(case: Case, surveyor: User) -> None:
    first = record(case, surveyor)
    with pytest.raises(UnableToAssess, match="แล้ว"):
        record(case, surveyor)
    with pytest.raises(UnableToAssess, match="เสร็จแล้ว"):
        services.complete_assessment(
            assessment=first, version=first.version, by=surveyor, at=MOMENT
        )
    assert record(case, surveyor, round=2).pk != first.pk


def test_a_correction_scores_again_and_keeps_history(case: Case, surveyor: User) -> None:
    first = record(case, surveyor)
    corrected = services.save_answers(
        assessment=first,
        version=first.version,
        answers={"P2": 4},
        reason="กดผิดข้อ",
        by=surveyor,
        at=MOMENT + timedelta(hours=1),
    )
    corrected.refresh_from_db()
    assert corrected.physical == Decimal("3.17")  # (4+4+3+3+3+2) ÷ 6
    revisions = list(corrected.revisions.order_by("number"))
    assert [revision.number for revision in revisions] == [1, 2]
    assert [revision.answers["P2"] for revision in revisions] == [2, 4]
    assert revisions[1].reason == "กดผิดข้อ"
    assert revisions[0].results["capitals"]["physical"] == "2.83"


def test_a_correction_needs_a_reason(case: Case, surveyor: User) -> None:
    first = record(case, surveyor)
    with pytest.raises(UnableToAssess, match="เหตุผล"):
        services.save_answers(
            assessment=first, version=first.version, answers={"P2": 4}, by=surveyor, at=MOMENT
        )
    assert first.revisions.count() == 1


def test_a_mistyped_answer_is_taken_back(case: Case, surveyor: User) -> None:
    first = record(case, surveyor)
    wrong = services.save_answers(
        assessment=first,
        version=first.version,
        answers={"P2": 1, "H3": {case.member_id(key): 4 for key in case.members}},
        reason="แก้",
        by=surveyor,
        at=MOMENT,
    )
    assert {problem.dimension for problem in Problem.objects.open()} == {"living", "income"}

    restored = services.restore_revision(
        revision=wrong.revisions.get(number=1),
        version=wrong.version,
        reason="แก้ผิดบ้าน",
        by=surveyor,
        at=MOMENT,
    )
    restored.refresh_from_db()
    assert restored.answers == case.answers()
    assert restored.overall == Decimal("2.37")
    assert restored.revisions.count() == 3
    assert restored.revisions.get(number=3).reason == "ย้อนไปฉบับที่ 1: แก้ผิดบ้าน"
    assert {problem.dimension for problem in Problem.objects.open()} == {"health", "income"}
    closed = Problem.objects.filter(status=Status.RESOLVED)
    assert {problem.resolution for problem in closed} == {Resolution.MISTAKEN}


def test_taking_back_needs_a_reason_and_a_difference(case: Case, surveyor: User) -> None:
    first = record(case, surveyor)
    revision = first.revisions.get()
    for reason, match in (("", "เหตุผล"), ("ลองดู", "ตรงกับฉบับ")):
        with pytest.raises(UnableToAssess, match=match):
            services.restore_revision(
                revision=revision, version=first.version, reason=reason, by=surveyor, at=MOMENT
            )
    with pytest.raises(UnableToAssessStale):
        services.restore_revision(
            revision=revision, version=1, reason="ลองดู", by=surveyor, at=MOMENT
        )


def test_an_old_result_keeps_its_versions(case: Case, surveyor: User) -> None:
    first = record(case, surveyor)
    assert first.threshold is not None
    newer = type(first.threshold).objects.create(
        version=2, year_from=2560, amount_thb=10000, source="เกณฑ์ใหม่"
    )
    corrected = services.save_answers(
        assessment=first,
        version=first.version,
        answers={"P2": 4},
        reason="กดผิดข้อ",
        by=surveyor,
        at=MOMENT,
    )
    assert corrected.threshold_id == first.threshold_id
    assert record(case, surveyor, round=2).threshold == newer


def test_a_later_assessment_leaves_problems_to_people(case: Case, surveyor: User) -> None:
    record(case, surveyor)
    rich = case.amounts() | {"income_thb_per_year": "900000.00"}
    record(case, surveyor, round=2, amounts=rich)
    assert Problem.objects.open().filter(dimension=Dimension.INCOME).exists()


def test_a_problem_that_a_person_reported_is_left_alone(case: Case, surveyor: User) -> None:
    services.open_problem(
        household=case.household,
        code=ProblemCode.NO_WORK,
        origin=Origin.FIELD,
        opened_on=DAY,
        by=surveyor,
        at=MOMENT,
    )
    first = record(case, surveyor)
    rich = {"income_thb_per_year": "900000.00"}
    services.save_answers(
        assessment=first,
        version=first.version,
        amounts=rich,
        reason="พิมพ์ผิด",
        by=surveyor,
        at=MOMENT,
    )
    (income,) = Problem.objects.open().filter(dimension=Dimension.INCOME)
    assert (income.code, income.origin) == (ProblemCode.NO_WORK, Origin.FIELD)


def test_those_who_left_or_live_elsewhere_do_not_count(case: Case, surveyor: User) -> None:
    elder, child = case.members["M4"], case.members["M3"]
    elder.left_on, elder.left_reason = DAY, "deceased"
    elder.save(update_fields=["left_on", "left_reason"])
    child.residence = Residence.LISTED_NOT_LIVING
    child.save(update_fields=["residence"])
    assessment = record(case, surveyor)
    assert "÷ 2 คน" in next(
        item["reason"] for item in assessment.detail["items"] if item["code"] == "F1"
    )
    assert not Problem.objects.filter(dimension=Dimension.HEALTH).exists()


def test_a_household_that_improved_is_an_exit_candidate_when_its_problems_are_closed(
    case: Case, surveyor: User
) -> None:
    record(case, surveyor)
    best = case.answers() | dict.fromkeys(("P1", "P2", "P3", "P4", "P5", "P6", "N1", "N2", "N4"), 4)
    best |= dict.fromkeys(("S1", "S2", "S3", "S4", "S5", "F4"), 4)
    best |= {"N3": [], "N5": [], "F5": ["car", "boat", "barn"]}
    for code in ("H1", "H2", "H3", "H4", "H5", "H6"):
        best[code] = dict.fromkeys(best[code], 4)
    amounts = {
        "income_thb_per_year": "900000",
        "expense_thb_per_month": "9000",
        "savings_thb": "90000",
        "debts": [],
    }
    after = record(case, surveyor, period=Period.AFTER, round=2, answers=best, amounts=amounts)
    assert after.level == 4
    assert current_profile(case).group == Group.UPPER20

    for problem in Problem.objects.open():
        services.resolve_problem(
            problem=problem,
            resolution=Resolution.SOLVED,
            resolved_on=DAY,
            by=surveyor,
            at=MOMENT,
        )
    assert current_profile(case).group == Group.EXIT_CANDIDATE

    services.reopen_problem(
        problem=Problem.objects.get(dimension=Dimension.INCOME),
        by=surveyor,
        at=MOMENT,
        reason="ปิดผิดบ้าน",
    )
    assert current_profile(case).group == Group.UPPER20


def test_staff_may_set_the_group_and_set_it_free(
    case: Case, surveyor: User, district: User
) -> None:
    first = record(case, surveyor)
    services.override_group(
        household=case.household,
        group=Group.LOWER20,
        note="ผู้ดูแลหลักป่วย",
        by=district,
        at=MOMENT,
    )
    profile = current_profile(case)
    assert (profile.group, profile.rule_group) == ("lower20", "upper20")
    assert profile.override_note == "ผู้ดูแลหลักป่วย"

    services.save_answers(
        assessment=first,
        version=first.version,
        amounts={"debts": []},
        answers={"F4": 4, "N5": 4},
        reason="พิมพ์ผิด",
        by=surveyor,
        at=MOMENT,
    )
    profile = current_profile(case)
    assert (profile.group, profile.rule_group, profile.primary) == (
        "lower20",
        "upper20",
        "no_opportunity",
    )
    assert profile.override_note == "ผู้ดูแลหลักป่วย"

    services.clear_override(household=case.household, by=district, at=MOMENT)
    profile = current_profile(case)
    assert (profile.group, profile.overridden_by, profile.override_note) == ("upper20", None, None)
    assert LivelihoodProfile.objects.filter(household=case.household).count() == 4


def test_setting_a_group_needs_a_note_and_an_assessment(
    case: Case, surveyor: User, district: User
) -> None:
    with pytest.raises(services.UnableToOverrideGroup, match="ยังไม่มีผลประเมิน"):
        services.override_group(
            household=case.household, group=Group.LOWER20, note="ดู", by=district, at=MOMENT
        )
    record(case, surveyor)
    with pytest.raises(services.UnableToOverrideGroup, match="เหตุผล"):
        services.override_group(
            household=case.household, group=Group.LOWER20, note=" ", by=district, at=MOMENT
        )
    with pytest.raises(services.UnableToOverrideGroup, match="ตามเกณฑ์"):
        services.clear_override(household=case.household, by=district, at=MOMENT)


def test_who_fills_in_the_form_does_not_set_the_group(case: Case, surveyor: User) -> None:
    record(case, surveyor)
    with pytest.raises(PermissionDenied):
        services.override_group(
            household=case.household, group=Group.LOWER20, note="ดู", by=surveyor, at=MOMENT
        )
    with pytest.raises(PermissionDenied):
        services.clear_override(household=case.household, by=surveyor, at=MOMENT)


@pytest.mark.parametrize("person", ["next_surveyor", "outsider", "reader", "stranger", "viewer"])
def test_others_may_not_assess(
    case: Case, surveyor: User, person: str, request: pytest.FixtureRequest
) -> None:
    other = request.getfixturevalue(person)
    draft = start(case, surveyor)
    with pytest.raises(PermissionDenied):
        start(case, other)
    with pytest.raises(PermissionDenied):
        services.save_answers(assessment=draft, version=1, by=other, at=MOMENT)
    with pytest.raises(PermissionDenied):
        services.complete_assessment(assessment=draft, version=1, by=other, at=MOMENT)
    assert not Assessment.objects.visible_to(other).exists()
    assert not LivelihoodProfile.objects.visible_to(other).exists()


@pytest.mark.parametrize(
    "change",
    [
        {"assessed_on": DAY + timedelta(days=1)},
        {"year_be": 2026},
        {"year_be": 2572},
        {"round": 0},
    ],
)
def test_an_impossible_assessment_is_not_started(
    case: Case, surveyor: User, change: dict[str, Any]
) -> None:
    with pytest.raises(UnableToAssess):
        start(case, surveyor, **change)
    assert not Assessment.objects.exists()


def test_a_household_that_has_left_is_not_assessed(case: Case, surveyor: User) -> None:
    draft = start(case, surveyor)
    case.household.stage = Stage.EXITED
    case.household.save(update_fields=["stage"])
    with pytest.raises(UnableToAssess, match="พ้นเป้าหมาย"):
        start(case, surveyor, round=2)
    with pytest.raises(UnableToAssess, match="พ้นเป้าหมาย"):
        services.save_answers(assessment=draft, version=1, by=surveyor, at=MOMENT)


def test_ranking_reads_the_newest_scores_of_the_province(
    case: Case, surveyor: User, province: User, district: User, outsider: User
) -> None:
    record(case, surveyor)
    other = make_case()
    better = other.answers() | {"P1": 4, "P2": 4, "P3": 4}
    record(other, surveyor, answers=better)
    ranked = services.rank_households(province_code="30", year_be=YEAR_BE, by=province)
    assert ranked[str(case.household.pk)].group == Group.LOWER20
    assert ranked[str(other.household.pk)].group == Group.UPPER20
    assert services.rank_households(province_code="31", year_be=YEAR_BE, by=outsider) == {}
    for person in (district, outsider, surveyor):
        with pytest.raises(PermissionDenied):
            services.rank_households(province_code="30", year_be=YEAR_BE, by=person)
