from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from audit.models import Event
from households.models import AccessGrant, Household, SourceListing
from households.services import note_read, record_verification, retract_verification
from households.workflow import Outcome
from ppaos.lib import citizen_id
from tests.factories import make_household, make_member

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def household(areas: None) -> Household:
    household = make_household(house_no="35/1", phone="0812345678")
    head = make_member(household, title="นาง", first_name="สมใจ", last_name="ทดสอบ", is_head=True)
    SourceListing.objects.create(
        household=household, member=head, source="tpmap", year_be=2566, is_mpi_poor=True
    )
    return household


def page(client: Client, user: User, household: Household) -> str:
    client.force_login(user)
    response = client.get(f"/households/{household.pk}/")
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    return response.content.decode()


def test_it_shows_who_where_and_on_which_list(
    client: Client, surveyor: User, household: Household
) -> None:
    text = page(client, surveyor, household)
    for expected in (
        'ครัวเรือนของ <span class="keep">นางสมใจ</span> <span class="keep">ทดสอบ</span>',
        "35/1 หมู่ 1 บ้านทดสอบหนึ่ง ต.ช้างทอง อ.เฉลิมพระเกียรติ จ.นครราชสีมา",
        "TPMAP 2566",
        "ตกเกณฑ์ MPI",
        "0812345678",
        "รอสอบทาน",
    ):
        assert expected in text


def test_ids_are_masked(client: Client, officer: User, household: Household) -> None:
    digits = household.members.get().citizen_id
    assert digits is not None
    text = page(client, officer, household)
    assert citizen_id.mask(digits) in text
    assert digits not in text
    assert citizen_id.display(digits) not in text


def test_opening_it_is_an_event_once_in_a_quarter_of_an_hour(
    surveyor: User, officer: User, household: Household
) -> None:
    for person, minutes in ((surveyor, 0), (surveyor, 14), (officer, 14), (surveyor, 16)):
        note_read(household=household, by=person, at=AT + timedelta(minutes=minutes))
    events = Event.objects.filter(event="household.read", subject_id=str(household.pk))
    assert list(events.order_by("at", "pk").values_list("actor", flat=True)) == [
        "surveyor",
        "officer",
        "surveyor",
    ]


def test_opening_the_page_is_an_event(client: Client, surveyor: User, household: Household) -> None:
    page(client, surveyor, household)
    assert Event.objects.filter(event="household.read", subject_id=str(household.pk)).count() == 1


@pytest.mark.parametrize(
    "name", ["next_surveyor", "outsider", "viewer", "agency_officer", "admin", "stranger"]
)
def test_it_is_hidden_from_everybody_else(
    name: str, client: Client, household: Household, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(name))
    assert client.get(f"/households/{household.pk}/").status_code == 404
    assert not Event.objects.filter(event="household.read").exists()


def test_a_grant_to_an_agency_opens_no_case_file(
    client: Client, agency: Any, agency_officer: User, household: Household
) -> None:
    AccessGrant.objects.create(
        household=household,
        agency=agency,
        valid_from=AT - timedelta(days=1),
        valid_until=datetime(2999, 1, 1, tzinfo=UTC),
        reason="ส่งต่อ",
    )
    client.force_login(agency_officer)
    assert client.get(f"/households/{household.pk}/").status_code == 404


def test_the_story_tells_what_happened_and_who_did_it(
    client: Client, surveyor: User, household: Household
) -> None:
    verification = record_verification(
        household=household,
        outcome=Outcome.NOT_POOR,
        visited_on=date(2026, 11, 20),
        reason="มีรถกระบะ",
        by=surveyor,
        at=AT,
    )
    retract_verification(verification=verification, reason="ผิดบ้าน", by=surveyor, at=AT)
    text = page(client, surveyor, household)
    for expected in (
        "สอบทาน: ไม่จน (รั่วไหล)",
        "ถอนผลสอบทาน: ไม่จน (รั่วไหล)",
        "โดย สำรวจ ทดสอบ",
        "ผิดบ้าน",
        "มีรถกระบะ",
    ):
        assert expected in text
    assert "household.read" not in text
