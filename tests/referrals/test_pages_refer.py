"""The page of one household from which its problems go to agencies."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Agency, User
from households.models import Household
from households.workflow import Stage
from problems.models import Problem
from problems.rules import ProblemCode
from referrals.models import Referral
from tests.factories import make_agency, make_household, make_member
from tests.referrals.cases import make_problem, make_rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def problem(areas: None) -> Problem:
    return make_problem(code=ProblemCode.HOME_UNFIT)


@pytest.fixture
def rule(agency: Agency) -> None:
    make_rule(agency)


def address(household: Household) -> str:
    return f"/households/{household.pk}/refer/"


def sent(problem: Problem, agency: Agency | None, **more: str) -> dict[str, str]:
    prefix = problem.pk.hex
    return {
        "send": str(problem.pk),
        f"{prefix}-agency": str(agency.pk) if agency else "",
        f"{prefix}-urgency": "normal",
        f"{prefix}-need": "ขอซ่อมหลังคา",
        **more,
    }


def test_an_officer_sees_whom_the_rule_proposes_and_why(
    client: Client, district: User, problem: Problem, agency: Agency, rule: None
) -> None:
    client.force_login(district)
    page = client.get(address(problem.household)).content.decode()
    assert "ส่งต่อ 1 ปัญหา" in page
    assert agency.name in page
    assert "ความเป็นอยู่ · ใน จ.นครราชสีมา" in page
    assert f'value="{agency.pk}" selected' in page


def test_one_press_sends_the_problem(
    client: Client, district: User, problem: Problem, agency: Agency, rule: None
) -> None:
    client.force_login(district)
    response = client.post(address(problem.household), sent(problem, agency))
    assert response["Location"] == address(problem.household)
    referral = Referral.objects.get()
    assert (referral.status, referral.agency, referral.need) == (
        "submitted",
        agency,
        "ขอซ่อมหลังคา",
    )
    page = client.get(address(problem.household)).content.decode()
    assert "ส่งต่อครบทุกปัญหาแล้ว" in page
    assert referral.number in page


def test_another_agency_may_be_chosen(
    client: Client, district: User, problem: Problem, rule: None
) -> None:
    other = make_agency(name="วัดทดสอบ")
    client.force_login(district)
    client.post(address(problem.household), sent(problem, other))
    assert Referral.objects.get().agency == other


def test_what_no_rule_fits_is_said_and_needs_an_agency(
    client: Client, district: User, problem: Problem
) -> None:
    client.force_login(district)
    assert "ยังไม่มีเกณฑ์ที่เข้ากับปัญหานี้" in client.get(address(problem.household)).content.decode()
    response: Any = client.post(address(problem.household), sent(problem, None))
    page = response.content.decode()
    assert "ยังไม่ได้เลือก" in page
    assert "ขอซ่อมหลังคา" in page  # what was typed is kept
    assert not Referral.objects.exists()


def test_a_surveyor_drafts_and_somebody_else_sends(
    client: Client, surveyor: User, problem: Problem, agency: Agency, rule: None
) -> None:
    client.force_login(surveyor)
    page = client.get(address(problem.household)).content.decode()
    assert "ร่างเรื่องส่งต่อ 1 ปัญหา" in page
    client.post(address(problem.household), sent(problem, agency))
    assert Referral.objects.get().status == "draft"
    assert "ร่าง รออำเภอส่ง" in client.get(address(problem.household)).content.decode()


def test_all_are_sent_at_once_and_one_refused_stops_no_other(
    client: Client, district: User, problem: Problem, agency: Agency, rule: None
) -> None:
    other = make_problem(household=problem.household, code=ProblemCode.CHRONICALLY_ILL)
    client.force_login(district)
    body = sent(problem, agency) | sent(other, None) | {"send": "all"}
    response = client.post(address(problem.household), body)
    page = response.content.decode()
    assert [referral.problem for referral in Referral.objects.all()] == [problem]
    assert "ส่งต่อแล้ว 1 เรื่อง" in page
    assert "ยังไม่ได้เลือก" in page


def test_a_problem_may_go_to_two_agencies_but_not_twice_to_one(
    client: Client, district: User, problem: Problem, agency: Agency, rule: None
) -> None:
    client.force_login(district)
    client.post(address(problem.household), sent(problem, agency))
    again = client.post(address(problem.household), sent(problem, agency))
    assert "ยังไม่สิ้นสุดอยู่แล้ว" in again.content.decode()
    client.post(address(problem.household), sent(problem, make_agency()))
    assert Referral.objects.live().count() == 2


def test_a_household_that_was_not_visited_is_told_to_be_verified_first(
    client: Client, district: User
) -> None:
    household = make_household(stage=Stage.VERIFIED_POOR)
    make_problem(household=household)
    Household.objects.filter(pk=household.pk).update(stage=Stage.LISTED)
    client.force_login(district)
    page = client.get(address(household)).content.decode()
    assert "ครัวเรือนนี้ยังไม่ได้สอบทาน" in page
    assert f"/households/{household.pk}/verify/" in page
    assert 'name="send"' not in page


def test_a_household_without_problems_says_so(client: Client, district: User) -> None:
    household = make_household(stage=Stage.VERIFIED_POOR)
    make_member(household, is_head=True)
    client.force_login(district)
    assert "ไม่มีปัญหาที่ต้องส่งต่อ" in client.get(address(household)).content.decode()


def test_a_problem_of_another_household_is_refused(
    client: Client, district: User, problem: Problem, agency: Agency
) -> None:
    elsewhere = make_problem()
    client.force_login(district)
    assert client.post(address(problem.household), sent(elsewhere, agency)).status_code == 400


@pytest.mark.parametrize(
    ("name", "status"), [("viewer", 404), ("agency_officer", 404), ("outsider", 404)]
)
def test_it_is_closed_to_who_sees_no_household(
    name: str, status: int, client: Client, request: pytest.FixtureRequest, problem: Problem
) -> None:
    client.force_login(request.getfixturevalue(name))
    assert client.get(address(problem.household)).status_code == status
