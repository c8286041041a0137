"""Opening, closing and reopening problems, and keeping indicator results."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from areas.models import AreaChange
from audit.models import Event
from households.models import Household
from households.workflow import Source, Stage
from problems import services
from problems.models import IndicatorResult, IndicatorSet, Problem
from problems.rules import Dimension, ProblemCode
from problems.services import (
    UnableToOpenProblem,
    UnableToRecordResult,
    UnableToReopenProblem,
    UnableToResolveProblem,
)
from problems.workflow import Origin, Resolution, Status
from tests.factories import make_household, make_member

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 20)
MOMENT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def household(areas: None) -> Household:
    return make_household()


def open_problem(household: Household, by: User, **overrides: Any) -> Problem:
    fields: dict[str, Any] = {
        "code": ProblemCode.HOME_UNFIT,
        "origin": Origin.FIELD,
        "opened_on": DAY,
        "by": by,
        "at": MOMENT,
    }
    return services.open_problem(household=household, **(fields | overrides))


def resolve(problem: Problem, by: User, **overrides: Any) -> None:
    fields: dict[str, Any] = {
        "resolution": Resolution.SOLVED,
        "resolved_on": DAY,
        "by": by,
        "at": MOMENT,
    }
    services.resolve_problem(problem=problem, **(fields | overrides))


def test_a_problem_is_opened_in_the_dimension_of_its_code(
    household: Household, surveyor: User
) -> None:
    member = make_member(household)
    problem = open_problem(household, surveyor, members=[member], need_text="  ซ่อมหลังคาก่อนหน้าฝน ")
    stored = Problem.objects.get(pk=problem.pk)
    assert (stored.dimension, stored.status) == (Dimension.LIVING, Status.OPEN)
    assert list(stored.members.all()) == [member]
    assert stored.need_text == "ซ่อมหลังคาก่อนหน้าฝน"
    event = Event.objects.get()
    assert (event.event, event.subject_id) == ("problem.opened", str(household.pk))
    assert "ซ่อม" not in str(event.detail)
    assert AreaChange.objects.filter(area_id=household.area_id).exists()


def test_a_second_open_problem_of_the_dimension_is_refused(
    household: Household, surveyor: User
) -> None:
    open_problem(household, surveyor)
    with pytest.raises(UnableToOpenProblem, match="ด้านความเป็นอยู่"):
        open_problem(household, surveyor, code=ProblemCode.NO_HOME)
    assert Problem.objects.count() == 1
    open_problem(household, surveyor, code=ProblemCode.BEDRIDDEN)


@pytest.mark.parametrize(
    "change", [{"opened_on": DAY + timedelta(days=1)}, {"members": "of another house"}]
)
def test_an_impossible_problem_is_refused(
    household: Household, surveyor: User, change: dict[str, Any]
) -> None:
    if "members" in change:
        change = {"members": [make_member()]}
    with pytest.raises(UnableToOpenProblem):
        open_problem(household, surveyor, **change)
    assert not Problem.objects.exists()


def test_a_household_that_has_left_has_no_new_problem(areas: None, surveyor: User) -> None:
    with pytest.raises(UnableToOpenProblem, match="พ้นเป้าหมาย"):
        open_problem(make_household(stage=Stage.EXITED), surveyor)


def test_a_problem_can_be_described_more_exactly(household: Household, surveyor: User) -> None:
    member = make_member(household)
    problem = open_problem(household, surveyor)
    services.describe_problem(
        problem=problem, code=ProblemCode.NO_HOME, members=[member], by=surveyor, at=MOMENT
    )
    problem.refresh_from_db()
    assert (problem.code, problem.version) == (ProblemCode.NO_HOME, 2)
    assert list(problem.members.all()) == [member]
    with pytest.raises(UnableToOpenProblem, match="มิติ"):
        services.describe_problem(
            problem=problem, code=ProblemCode.BEDRIDDEN, members=[], by=surveyor, at=MOMENT
        )
    resolve(problem, surveyor)
    with pytest.raises(UnableToOpenProblem, match="ปิดไปแล้ว"):
        services.describe_problem(
            problem=problem, code=ProblemCode.HOME_UNFIT, members=[], by=surveyor, at=MOMENT
        )


def test_a_problem_is_closed_once(household: Household, surveyor: User, district: User) -> None:
    problem = open_problem(household, surveyor)
    resolve(problem, surveyor)
    stored = Problem.objects.get(pk=problem.pk)
    assert (stored.status, stored.resolution) == (Status.RESOLVED, Resolution.SOLVED)
    assert (stored.resolved_on, stored.resolved_by) == (DAY, surveyor)
    with pytest.raises(UnableToResolveProblem, match="ปิดไปแล้ว"):
        resolve(problem, district)
    stored.refresh_from_db()
    assert stored.resolved_by == surveyor


@pytest.mark.parametrize(
    "change",
    [
        {"resolved_on": DAY - timedelta(days=1)},
        {"resolved_on": DAY + timedelta(days=1)},
        {"resolution": Resolution.MISTAKEN},
        {"resolution": Resolution.MISTAKEN, "reason": " "},
    ],
)
def test_an_impossible_closing_is_refused(
    household: Household, surveyor: User, change: dict[str, Any]
) -> None:
    problem = open_problem(household, surveyor)
    with pytest.raises(UnableToResolveProblem):
        resolve(problem, surveyor, **change)
    assert Problem.objects.open().get() == problem


def test_a_closing_is_taken_back_with_a_reason(household: Household, surveyor: User) -> None:
    problem = open_problem(household, surveyor)
    with pytest.raises(UnableToReopenProblem, match="ยังเปิดอยู่"):
        services.reopen_problem(problem=problem, by=surveyor, at=MOMENT, reason="ลองดู")
    resolve(problem, surveyor)
    with pytest.raises(UnableToReopenProblem, match="เหตุผล"):
        services.reopen_problem(problem=problem, by=surveyor, at=MOMENT, reason=" ")
    services.reopen_problem(problem=problem, by=surveyor, at=MOMENT, reason="ปิดผิดบ้าน")
    problem.refresh_from_db()
    assert (problem.status, problem.resolved_on, problem.resolved_by) == (Status.OPEN, None, None)
    assert list(Event.objects.order_by("pk").values_list("event", "reason")) == [
        ("problem.opened", ""),
        ("problem.resolved", ""),
        ("problem.reopened", "ปิดผิดบ้าน"),
    ]


def test_a_closing_is_not_taken_back_over_another_problem(
    household: Household, surveyor: User
) -> None:
    problem = open_problem(household, surveyor)
    resolve(problem, surveyor)
    open_problem(household, surveyor, code=ProblemCode.NO_HOME)
    with pytest.raises(UnableToReopenProblem, match="อื่น"):
        services.reopen_problem(problem=problem, by=surveyor, at=MOMENT, reason="ปิดผิดบ้าน")


@pytest.mark.parametrize("person", ["next_surveyor", "outsider", "reader", "stranger"])
def test_others_may_do_nothing_and_see_nothing(
    household: Household, surveyor: User, person: str, request: pytest.FixtureRequest
) -> None:
    other = request.getfixturevalue(person)
    problem = open_problem(household, surveyor)
    with pytest.raises(PermissionDenied):
        open_problem(household, other, code=ProblemCode.BEDRIDDEN)
    with pytest.raises(PermissionDenied):
        resolve(problem, other)
    with pytest.raises(PermissionDenied):
        services.reopen_problem(problem=problem, by=other, at=MOMENT, reason="ลองดู")
    with pytest.raises(PermissionDenied):
        record_result(household, other)
    assert not Problem.objects.visible_to(other).exists()
    assert Problem.objects.visible_to(surveyor).get() == problem


def record_result(subject: Any, by: User, **overrides: Any) -> IndicatorResult:
    fields: dict[str, Any] = {
        "source": Source.TPMAP,
        "year_be": 2567,
        "by": by,
        "at": MOMENT,
        "dimensions": {Dimension.INCOME: True, Dimension.HEALTH: False},
    }
    return services.record_indicator_result(subject=subject, **(fields | overrides))


def test_a_list_with_dimensions_alone_is_kept(household: Household, surveyor: User) -> None:
    member = make_member(household)
    result = record_result(member, surveyor)
    result.refresh_from_db()
    assert (result.dimension_known_bits, result.dimension_failed_bits) == (1 | 8, 8)
    assert result.known_bits == 0
    assert list(IndicatorResult.objects.of_household(household)) == [result]
    assert list(IndicatorResult.objects.visible_to(surveyor)) == [result]


def test_dimensions_follow_from_indicators_where_the_list_does_not_say(
    household: Household, surveyor: User
) -> None:
    services.load_reference_data()
    form = IndicatorSet.objects.get(code="bmn-2560")
    result = record_result(
        household,
        surveyor,
        year_be=2564,
        indicator_set=form,
        indicators={22: False, 8: False, 9: True, 31: None},
        dimensions={Dimension.INCOME: False},
    )
    assert (result.known_bits, result.passed_bits) == (1 << 21 | 1 << 7 | 1 << 8, 1 << 8)
    assert (result.dimension_known_bits, result.dimension_failed_bits) == (2 | 8, 2)


def test_the_same_list_and_year_replaces(household: Household, surveyor: User) -> None:
    record_result(household, surveyor)
    record_result(household, surveyor, dimensions={})
    result = IndicatorResult.objects.get()
    assert (result.dimension_known_bits, result.dimension_failed_bits) == (0, 0)


def test_indicators_without_their_form_are_refused(household: Household, surveyor: User) -> None:
    with pytest.raises(UnableToRecordResult):
        record_result(household, surveyor, indicators={1: True})
    assert not IndicatorResult.objects.exists()


def test_lists_are_counted_by_source_year_and_dimension(
    household: Household, surveyor: User
) -> None:
    people = [make_member(household), make_member(household)]
    for person in people:
        record_result(person, surveyor)
    record_result(household, surveyor, dimensions={Dimension.HEALTH: True})
    record_result(household, surveyor, year_be=2568, dimensions={Dimension.HEALTH: False})
    record_result(make_member(), surveyor)
    listed = services.listed_dimensions(household)
    assert [(row.source, row.year_be, row.failed) for row in listed] == [
        ("TPMAP", 2568, ()),
        ("TPMAP", 2567, ((Dimension.HEALTH, 1), (Dimension.INCOME, 2))),
    ]
