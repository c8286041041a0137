"""Each rule that the database keeps for assessments, on both sides."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from problems.models import IncomeThreshold
from slf.models import (
    Assessment,
    AssessmentRevision,
    Choice,
    Item,
    LevelBand,
    LivelihoodProfile,
    Questionnaire,
)
from slf.workflow import Period, QuestionnaireStatus, State
from tests.factories import make_household, make_user

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 20)
MOMENT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)

FIVE = {"human": 2, "physical": 2, "financial": 2, "natural": 2, "social": 2}


def refused(make: Any, constraint: str) -> bool:
    """Say whether the database refuses, and for the reason that the test names."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()
    return True


def make_questionnaire(**overrides: Any) -> Questionnaire:
    fields: dict[str, Any] = {"code": "T-1", "title": "แบบทดสอบ"}
    return Questionnaire.objects.create(**(fields | overrides))


def make_item(questionnaire: Questionnaire, **overrides: Any) -> Item:
    fields: dict[str, Any] = {
        "questionnaire": questionnaire,
        "position": 1,
        "code": "P1",
        "capital": "physical",
        "scope": "household",
        "question": "ทดสอบ",
        "method": "choice",
        "who": "everyone",
        "weight": 1,
    }
    return Item.objects.create(**(fields | overrides))


def make_draft(**overrides: Any) -> Assessment:
    fields: dict[str, Any] = {
        "year_be": 2569,
        "assessed_on": DAY,
        "updated_at": MOMENT,
    }
    for name, make in (
        ("household", make_household),
        ("questionnaire", make_questionnaire),
        ("assessed_by", make_user),
    ):
        if name not in overrides:
            fields[name] = make()
    return Assessment.objects.create(**(fields | overrides))


def make_complete(**overrides: Any) -> Assessment:
    fields: dict[str, Any] = {
        "state": State.COMPLETE,
        "band_version": 1,
        "overall": 2,
        "level": 2,
        "weakest": "human",
        **FIVE,
    }
    if "threshold" not in overrides:
        fields["threshold"] = IncomeThreshold.objects.get_or_create(
            version=1, year_from=2568, defaults={"amount_thb": 40000, "source": "ทดสอบ"}
        )[0]
    return make_draft(**(fields | overrides))


def make_profile(assessment: Assessment, **overrides: Any) -> LivelihoodProfile:
    fields: dict[str, Any] = {
        "household": assessment.household,
        "assessment": assessment,
        "group": "upper20",
        "rule_group": "upper20",
        "sub_types": ["debt", "fragile"],
        "primary": "debt",
        "rule": "CLS-1",
        "rule_version": 1,
        "reasons": ["ทดสอบ"],
        "decided_at": MOMENT,
    }
    return LivelihoodProfile.objects.create(**(fields | overrides))


def test_a_questionnaire_has_one_active_version() -> None:
    make_questionnaire(status=QuestionnaireStatus.ACTIVE)
    make_questionnaire(version=2)
    assert refused(lambda: make_questionnaire(version=2), "questionnaire_code_and_version_once")
    assert refused(
        lambda: make_questionnaire(version=3, status=QuestionnaireStatus.ACTIVE),
        "questionnaire_one_active_version",
    )


@pytest.mark.parametrize("ratio", ["0", "1.01"])
def test_the_share_to_answer_is_a_ratio(ratio: str) -> None:
    make_questionnaire(minimum_ratio="1")
    assert refused(
        lambda: make_questionnaire(version=2, minimum_ratio=ratio),
        "questionnaire_minimum_is_a_ratio",
    )


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"position": 2}, "item_code_once_in_its_questionnaire"),
        ({"code": "P2"}, "item_position_once_in_its_questionnaire"),
        ({"code": "P2", "position": 2, "weight": 0}, "item_weighs_exactly_with_a_capital"),
        ({"code": "P2", "position": 2, "capital": None}, "item_weighs_exactly_with_a_capital"),
        ({"code": "P2", "position": 2, "age_min": 9, "age_max": 8}, "item_ages_in_order"),
    ],
)
def test_an_item_is_well_formed(change: dict[str, Any], constraint: str) -> None:
    questionnaire = make_questionnaire()
    make_item(questionnaire)
    make_item(questionnaire, code="A1", position=9, capital=None, weight=0)
    assert refused(lambda: make_item(questionnaire, **change), constraint)


def test_an_item_has_each_of_four_levels_once() -> None:
    item = make_item(make_questionnaire())
    Choice.objects.create(item=item, level=4, text="ดี")
    assert refused(
        lambda: Choice.objects.create(item=item, level=4, text="ดี"),
        "choice_level_once_in_its_item",
    )
    assert refused(
        lambda: Choice.objects.create(item=item, level=5, text="ดี"), "choice_level_is_1_to_4"
    )


@pytest.mark.parametrize(
    ("level", "score", "constraint"),
    [
        (1, "2.00", "levelband_level_once_in_its_version"),
        (2, "1.00", "levelband_score_once_in_its_version"),
        (5, "3.00", "levelband_level_and_score_in_range"),
        (2, "0.99", "levelband_level_and_score_in_range"),
        (2, "4.01", "levelband_level_and_score_in_range"),
    ],
)
def test_a_band_is_well_formed(level: int, score: str, constraint: str) -> None:
    LevelBand.objects.create(version=9, level=1, min_score="1.00", name="ก")
    LevelBand.objects.create(version=10, level=1, min_score="1.00", name="ก")
    assert refused(
        lambda: LevelBand.objects.create(version=9, level=level, min_score=score, name="ข"),
        constraint,
    )


def test_an_assessment_is_there_once_per_household_year_round_and_period() -> None:
    first = make_draft()
    same = {
        "household": first.household,
        "questionnaire": first.questionnaire,
        "assessed_by": first.assessed_by,
    }
    make_draft(**same, round=2)
    make_draft(**same, period=Period.AFTER)
    make_draft(**same, year_be=2570)
    assert refused(
        lambda: make_draft(**same), "assessment_once_per_household_year_round_and_period"
    )


@pytest.mark.parametrize("score", ["0.99", "4.01", "0"])
@pytest.mark.parametrize("name", ["human", "overall"])
def test_scores_are_from_1_to_4(name: str, score: str) -> None:
    assert refused(lambda: make_complete(**{name: score}), "assessment_scores_1_to_4_or_none")


@pytest.mark.parametrize("score", ["1.00", "4.00"])
def test_the_ends_of_the_scale_are_scores(score: str) -> None:
    assert make_complete(human=score).pk


@pytest.mark.parametrize("level", [0, 5])
def test_levels_are_from_1_to_4(level: int) -> None:
    assert refused(lambda: make_complete(level=level), "assessment_level_1_to_4_or_none")


@pytest.mark.parametrize(
    "change", [{"social": None}, {"level": None}, {"weakest": None}, {"overall": None}]
)
def test_the_overall_score_goes_with_five_capitals(change: dict[str, Any]) -> None:
    incomplete = change.get("overall", 2) is None
    assert refused(
        lambda: make_complete(**change, is_incomplete=incomplete),
        "assessment_overall_exactly_with_five_capitals",
    )


def test_a_complete_assessment_may_lack_a_capital_and_says_so() -> None:
    lacking = {"social": None, "overall": None, "level": None, "weakest": None}
    assert make_complete(**lacking, is_incomplete=True).pk
    name = "assessment_results_exactly_when_complete"
    household = make_household()
    questionnaire = make_questionnaire(version=2)
    same = {"household": household, "questionnaire": questionnaire}
    assert refused(lambda: make_complete(**lacking, **same, is_incomplete=False), name)
    assert refused(lambda: make_complete(**same, is_incomplete=True), name)


@pytest.mark.parametrize("change", [{"band_version": None}, {"threshold": None}])
def test_a_complete_assessment_names_its_versions(change: dict[str, Any]) -> None:
    assert refused(lambda: make_complete(**change), "assessment_results_exactly_when_complete")


def test_a_draft_has_no_results() -> None:
    name = "assessment_results_exactly_when_complete"
    assert refused(lambda: make_complete(state=State.DRAFT), name)
    assert refused(lambda: make_draft(band_version=1), name)
    assert refused(lambda: make_draft(is_incomplete=True), name)


@pytest.mark.parametrize("change", [{"year_be": 2026}, {"round": 0}])
def test_years_are_be_and_rounds_start_at_one(change: dict[str, Any]) -> None:
    assert refused(lambda: make_draft(**change), "assessment_year_and_round_in_range")


def make_revision(assessment: Assessment, **overrides: Any) -> AssessmentRevision:
    fields: dict[str, Any] = {
        "assessment": assessment,
        "number": 1,
        "answers": {},
        "amounts": {},
        "results": {},
        "saved_by": assessment.assessed_by,
        "saved_at": MOMENT,
        "reason": "บันทึกครั้งแรก",
    }
    return AssessmentRevision.objects.create(**(fields | overrides))


def test_a_revision_is_numbered_and_has_a_reason() -> None:
    assessment = make_draft()
    make_revision(assessment)
    assert refused(lambda: make_revision(assessment), "assessmentrevision_number_once")
    assert refused(lambda: make_revision(assessment, number=0), "assessmentrevision_number_from_1")
    assert refused(
        lambda: make_revision(assessment, number=2, reason=""), "assessmentrevision_has_a_reason"
    )


def test_the_database_refuses_to_rewrite_a_revision() -> None:
    revision = make_revision(make_draft())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AssessmentRevision.objects.filter(pk=revision.pk).update(answers={"P1": 4})


def test_a_household_has_one_current_group() -> None:
    assessment = make_complete()
    make_profile(assessment, superseded_at=MOMENT)
    make_profile(assessment)
    assert refused(lambda: make_profile(assessment), "livelihoodprofile_one_current_per_household")


def test_an_override_has_a_person_a_time_and_a_note() -> None:
    assessment = make_complete()
    user = assessment.assessed_by
    whole = {"overridden_by": user, "overridden_at": MOMENT, "override_note": "ตรวจที่บ้านแล้ว"}
    make_profile(assessment, group="lower20", superseded_at=MOMENT, **whole)
    name = "livelihoodprofile_override_all_or_none"
    for missing in whole:
        part = {key: value for key, value in whole.items() if key != missing}
        assert refused(lambda part=part: make_profile(assessment, **part), name)
    assert refused(lambda: make_profile(assessment, group="lower20"), name)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"primary": None}, "livelihoodprofile_primary_is_the_first_sub_type"),
        ({"primary": "fragile"}, "livelihoodprofile_primary_is_the_first_sub_type"),
        ({"sub_types": []}, "livelihoodprofile_primary_is_the_first_sub_type"),
        ({"group": "rich", "rule_group": "rich"}, "livelihoodprofile_group_is_known"),
    ],
)
def test_a_group_is_well_formed(change: dict[str, Any], constraint: str) -> None:
    assessment = make_complete()
    assert refused(lambda: make_profile(assessment, **change), constraint)
    assert make_profile(assessment, sub_types=[], primary=None).pk
