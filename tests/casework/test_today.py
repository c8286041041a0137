from datetime import UTC, date, datetime

import pytest
from django.test import Client

from accounts.models import User
from households.services import record_verification
from households.workflow import Outcome
from tests.factories import make_household, make_member

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def page(client: Client, user: User) -> str:
    client.force_login(user)
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def test_it_needs_login(client: Client) -> None:
    assert client.get("/").status_code == 302


def test_a_surveyor_sees_the_waiting_households_of_the_own_subdistrict_and_nothing_else(
    client: Client, surveyor: User
) -> None:
    own = make_household(house_no="35/1")
    make_member(own, first_name="สมใจ", last_name="ในตำบล", is_head=True)
    make_member(make_household(area_id="30320201"), first_name="ไกลออกไป", is_head=True)

    text = page(client, surveyor)

    assert "เหลือสอบทาน 1 ครัวเรือน" in text
    assert "สมใจ ในตำบล" in text
    assert "35/1 หมู่ 1" in text
    assert "ไกลออกไป" not in text
    assert f"/households/{own.pk}/verify/" in text


def test_a_verified_household_waits_for_its_assessment(client: Client, surveyor: User) -> None:
    household = make_household()
    make_member(household, first_name="รอประเมิน", is_head=True)
    record_verification(
        household=household,
        outcome=Outcome.POOR,
        visited_on=date(2026, 11, 20),
        by=surveyor,
        at=AT,
    )
    text = page(client, surveyor)
    assert "สอบทานครบทุกครัวเรือนแล้ว" in text
    assert "รอประเมินทุน 5 ด้าน" in text
    assert "รอประเมิน" in text


def test_an_officer_sees_the_exits_that_wait(client: Client, surveyor: User, officer: User) -> None:
    household = make_household()
    record_verification(
        household=household,
        outcome=Outcome.NOT_POOR,
        visited_on=date(2026, 11, 20),
        reason="มีรายได้ประจำ",
        by=surveyor,
        at=AT,
    )
    assert "รออนุมัติให้พ้นเป้าหมาย" in page(client, officer)
    assert "รออนุมัติให้พ้นเป้าหมาย" not in page(client, surveyor)


@pytest.mark.parametrize("name", ["admin", "stranger"])
def test_who_has_no_households_is_told_what_they_can_do(
    name: str, client: Client, request: pytest.FixtureRequest
) -> None:
    user: User = request.getfixturevalue(name)
    make_member(first_name="ห้ามเห็น")
    text = page(client, user)
    assert "ห้ามเห็น" not in text
    assert ("บัญชีนี้ทำอะไรได้" in text) == (name != "stranger")


def test_who_only_reads_figures_is_led_to_them(client: Client, viewer: User) -> None:
    client.force_login(viewer)
    assert client.get("/").headers["Location"] == "/dashboards/"


def test_an_office_has_a_way_to_the_figures(client: Client, province: User, surveyor: User) -> None:
    make_household()
    assert '<a href="/dashboards/" class="line">' in page(client, province)
    assert '<a href="/dashboards/" class="line">' not in page(client, surveyor)
