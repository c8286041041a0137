from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import User
from audit.models import Event
from households.models import Household
from households.workflow import Stage
from plans.models import HouseholdPlan
from plans.services import PlanDraft, UnableToPlan, UnableToPlanStale, make_plan
from plans.workflow import Prospect, Step, Support, Way
from tests.factories import make_household, make_member

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
DRAFT: dict[str, Any] = {
    "attitude": "อยากมีรายได้ประจำ",
    "skills": "เย็บผ้า",
    "resources": "ที่ดิน 1 ไร่",
    "way_out": "รับจ้างเย็บผ้าที่บ้าน",
    "support": Support.HOUSEHOLD,
    "ways": (Way.FUND, Way.INPUTS),
    "step": Step.EARNING,
    "prospect": Prospect.CAN_DEVELOP,
    "agreed_on": date(2026, 11, 18),
    "review_on": date(2027, 2, 18),
}
FORM = {
    "number": "0",
    "way_out": "ปลูกผักขาย",
    "support": "household",
    "ways": ["inputs"],
    "step": "1",
    "agreed_on": "18/11/2569",
}


@pytest.fixture
def household(areas: None) -> Household:
    household = make_household(stage=Stage.VERIFIED_POOR)
    make_member(household, title="นาง", first_name="สมใจ", last_name="ทดสอบ", is_head=True)
    return household


def make(household: Household, by: User, number_seen: int = 0, **changes: Any) -> HouseholdPlan:
    draft = PlanDraft(**(DRAFT | changes))
    return make_plan(household=household, number_seen=number_seen, draft=draft, by=by, at=AT)


def test_a_change_is_a_new_version_and_the_old_one_stays(
    household: Household, surveyor: User, officer: User
) -> None:
    first = make(household, surveyor)
    second = make(household, officer, number_seen=1, way_out="ขายผ้าออนไลน์", step=Step.STANDARD)

    first.refresh_from_db()
    assert (first.number, first.superseded_at, first.way_out) == (1, AT, "รับจ้างเย็บผ้าที่บ้าน")
    assert (second.number, second.superseded_at, second.way_out) == (2, None, "ขายผ้าออนไลน์")
    assert HouseholdPlan.objects.current().get() == second
    told = Event.objects.filter(event="plan.made", subject_id=str(household.pk)).order_by("pk")
    assert [(event.actor, event.detail["number"]) for event in told] == [
        ("surveyor", 1),
        ("officer", 2),
    ]


def test_what_was_said_is_nowhere_in_the_trail(household: Household, surveyor: User) -> None:
    make(household, surveyor)
    detail = Event.objects.get(event="plan.made").detail
    assert set(detail) == {"plan", "number", "step"}


def test_ways_are_kept_in_their_order(household: Household, surveyor: User) -> None:
    assert make(household, surveyor).ways == ["inputs", "fund"]


def test_a_form_opened_on_an_older_version_is_refused(household: Household, officer: User) -> None:
    make(household, officer)
    with pytest.raises(UnableToPlanStale):
        make(household, officer, number_seen=0)
    assert HouseholdPlan.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"way_out": "  "}, "way_out"),
        ({"ways": ()}, "ways"),
        ({"support": Support.RELIEF}, "ways"),
        ({"agreed_on": date(2026, 11, 21), "review_on": None}, "agreed_on"),
        ({"review_on": date(2026, 11, 18)}, "review_on"),
    ],
)
def test_a_plan_that_cannot_be_right_says_where(
    changes: dict[str, Any], field: str, household: Household, surveyor: User
) -> None:
    with pytest.raises(UnableToPlan) as refusal:
        make(household, surveyor, **changes)
    assert list(refusal.value.fields) == [field]
    assert not HouseholdPlan.objects.exists()


@pytest.mark.parametrize("stage", [Stage.LISTED, Stage.VERIFIED_NOT_POOR, Stage.EXITED])
def test_only_who_was_found_poor_is_planned_for(
    stage: Stage, household: Household, surveyor: User
) -> None:
    Household.objects.filter(pk=household.pk).update(stage=stage)
    with pytest.raises(UnableToPlan, match="จนจริง"):
        make(household, surveyor)


@pytest.mark.parametrize("name", ["next_surveyor", "outsider", "viewer", "agency_officer", "admin"])
def test_others_may_not(name: str, household: Household, request: pytest.FixtureRequest) -> None:
    with pytest.raises(PermissionDenied):
        make(household, request.getfixturevalue(name))


def test_the_page_makes_a_plan_and_the_case_file_shows_it(
    client: Client, surveyor: User, household: Household
) -> None:
    client.force_login(surveyor)
    url = f"/households/{household.pk}/plan/"
    refused = client.post(url, FORM | {"ways": []}).content.decode()
    assert "เลือกแนวทางพัฒนาครัวเรือนอย่างน้อยหนึ่งข้อ" in refused
    assert client.post(url, FORM).status_code == 302

    file = client.get(f"/households/{household.pk}/").content.decode()
    for expected in ("ปลูกผักขาย", "ขั้นที่ 1 พึ่งตนเอง", "ปัจจัยการผลิต", "ทำแผนครัวเรือน"):
        assert expected in file


def test_every_version_is_shown(client: Client, officer: User, household: Household) -> None:
    make(household, officer)
    make(household, officer, number_seen=1, way_out="ขายผ้าออนไลน์")
    client.force_login(officer)
    text = client.get(f"/households/{household.pk}/plans/").content.decode()
    assert text.index("ขายผ้าออนไลน์") < text.index("รับจ้างเย็บผ้าที่บ้าน")
    assert "ฉบับที่ 2" in text
