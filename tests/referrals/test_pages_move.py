"""Moves of a referral made on pages: each form, what comes back, who is refused."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from referrals.models import Referral
from referrals.services import receive
from referrals.workflow import Status
from tests.factories import PROVINCE, make_agency, make_user
from tests.referrals.cases import AT, Cast, make_referral

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(areas: None) -> Cast:
    return Cast()


def post(client: Client, user: User, referral: Referral, action: str, **facts: Any) -> Any:
    client.force_login(user)
    body = {"version": referral.version} | facts
    return client.post(f"/referrals/{referral.pk}/{action}/", body)


CASES = [
    (Status.DRAFT, "submit", "district", {"agency": "own"}, "submitted"),
    (Status.SUBMITTED, "receive", "officer", {}, "received"),
    (Status.SUBMITTED, "accept", "officer", {"expected_date": "31/12/2590"}, "accepted"),
    (Status.RECEIVED, "return", "officer", {"reason": "ขอรูปบ้าน"}, "returned"),
    (Status.RECEIVED, "reject", "officer", {"reason": "นอกภารกิจ"}, "rejected"),
    (Status.ACCEPTED, "start", "officer", {"note": "นัดช่าง"}, "in_progress"),
    (Status.REJECTED, "submit", "district", {"agency": "other"}, "submitted"),
    (Status.REJECTED, "close", "district", {"closing_reason": "not_eligible"}, "closed"),
    (Status.CLOSED, "reopen", "district", {"reason": "ฝนรั่วอีก"}, "in_progress"),
    (Status.SUBMITTED, "cancel", "district", {"reason": "ส่งผิด"}, "cancelled"),
    (Status.SUBMITTED, "transfer", "district", {"agency": "other", "reason": "ย้าย"}, "cancelled"),
]


@pytest.mark.parametrize(("before", "action", "who", "facts", "after"), CASES)
def test_a_form_makes_the_move(
    client: Client,
    cast: Cast,
    before: Status,
    action: str,
    who: str,
    facts: dict[str, Any],
    after: str,
) -> None:
    referral = make_referral(before, cast=cast)
    agencies = {"own": cast.agency.pk, "other": make_agency().pk}
    facts = {k: agencies.get(v, v) if k == "agency" else v for k, v in facts.items()}
    user = getattr(cast, who)
    client.force_login(user)
    form = client.get(f"/referrals/{referral.pk}/{action}/").content.decode()
    assert all(f'name="{name}"' in form for name in ("version", *facts))

    response = post(client, user, referral, action, **facts)

    assert response.status_code == 302, response.content.decode()
    referral.refresh_from_db()
    assert referral.status == after


@pytest.mark.parametrize(
    ("before", "action", "who", "field"),
    [
        (Status.SUBMITTED, "accept", "officer", "expected_date"),
        (Status.SUBMITTED, "return", "officer", "reason"),
        (Status.ACCEPTED, "start", "officer", "note"),
        (Status.ACCEPTED, "report-help", "officer", "result"),
        (Status.REJECTED, "close", "district", "closing_reason"),
        (Status.SUBMITTED, "transfer", "district", "agency"),
        (Status.HELPED, "check", "surveyor", "problem_remains"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    client: Client, cast: Cast, before: Status, action: str, who: str, field: str
) -> None:
    referral = make_referral(before, cast=cast)
    response = post(client, getattr(cast, who), referral, action)
    assert field in response.context["form"].errors
    assert "ที่ต้องแก้" in response.content.decode()
    referral.refresh_from_db()
    assert referral.status == before


def test_who_comes_second_reads_who_moved_it_and_keeps_what_was_typed(
    client: Client, cast: Cast
) -> None:
    referral = make_referral(cast=cast)
    seen = referral.version
    colleague = make_user(Role.AGENCY_OFFICER, PROVINCE, cast.agency, name="คนเร็ว ทดสอบ")
    receive(referral=referral, by=colleague, at=AT)
    client.force_login(cast.officer)
    response = client.post(
        f"/referrals/{referral.pk}/return/", {"version": seen, "reason": "ขอแผนที่บ้าน"}
    )
    text = response.content.decode()
    assert "คนเร็ว ทดสอบ" in text
    assert "ขอแผนที่บ้าน" in text
    referral.refresh_from_db()
    assert referral.status == "received"
    # Who read that and presses again means the referral as it is now.
    assert f'name="version" value="{referral.version}"' in text


def test_a_move_that_the_state_forbids_is_explained(client: Client, cast: Cast) -> None:
    referral = make_referral(Status.RETURNED, cast=cast)
    response = post(client, cast.officer, referral, "accept", expected_date="31/12/2590")
    text = response.content.decode()
    assert "จึงรับดำเนินการไม่ได้" in text
    assert "31/12/2590" in text
    assert "ยังไม่ได้บันทึก" in text
    client.force_login(cast.officer)
    assert "ตอนนี้ทำไม่ได้" in client.get(f"/referrals/{referral.pk}/accept/").content.decode()


def test_an_agency_that_said_no_is_not_asked_again(client: Client, cast: Cast) -> None:
    referral = make_referral(Status.REJECTED, cast=cast)
    response = post(client, cast.district, referral, "submit", agency=cast.agency.pk)
    assert "ปฏิเสธเรื่องนี้แล้ว" in response.content.decode()


def test_a_referral_moved_on_leads_to_the_new_one(client: Client, cast: Cast) -> None:
    referral = make_referral(cast=cast)
    other = make_agency(name="หน่วยงานใหม่")
    response = post(client, cast.district, referral, "transfer", agency=other.pk, reason="ย้าย")
    new = Referral.objects.get(transferred_from=referral)
    assert response["Location"] == f"/referrals/{new.pk}/"


@pytest.mark.parametrize(
    ("status", "action", "reason"),
    [
        (Status.RETURNED, "return", "ขอรูปถ่ายบ้านเพิ่ม"),
        (Status.REJECTED, "reject", "ไม่ใช่งานของหน่วยงานนี้"),
    ],
)
def test_who_sends_anew_reads_what_the_agency_answered(
    client: Client, cast: Cast, status: Status, action: str, reason: str
) -> None:
    referral = make_referral(Status.RECEIVED, cast=cast)
    post(client, cast.officer, referral, action, reason=reason)
    referral.refresh_from_db()
    assert referral.status == status
    client.force_login(cast.district)
    assert reason in client.get(f"/referrals/{referral.pk}/submit/").content.decode()


# ---- the visit after the help ----------------------------------------------------------------
def test_a_visit_that_finds_the_problem_gone_closes_it(client: Client, cast: Cast) -> None:
    referral = make_referral(Status.HELPED, cast=cast)
    client.force_login(cast.surveyor)
    form = client.get(f"/referrals/{referral.pk}/check/").content.decode()
    assert "ปัญหาหมดไปแล้ว" in form
    assert "ปัญหายังอยู่" in form
    assert "2,500 บาท" in form
    response = post(
        client,
        cast.surveyor,
        referral,
        "check",
        problem_remains="no",
        checked_on="20/11/2569",
        satisfaction="5",
    )
    assert response.status_code == 302
    referral.refresh_from_db()
    assert referral.status == "closed"
    assert Referral.objects.get(pk=referral.pk).problem.status == "resolved"
    assert referral.checks.get().satisfaction == 5


def test_a_visit_that_finds_the_problem_gives_it_back(client: Client, cast: Cast) -> None:
    referral = make_referral(Status.HELPED, cast=cast)
    response = post(
        client,
        cast.surveyor,
        referral,
        "check",
        problem_remains="yes",
        checked_on="20/11/2569",
    )
    assert response.status_code == 302
    referral.refresh_from_db()
    assert referral.status == "in_progress"
    page = client.get(response["Location"]).content.decode()
    assert "เรื่องกลับไปให้หน่วยงานดำเนินการต่อ" in page


def test_who_reported_the_help_is_told_that_another_must_look(client: Client, cast: Cast) -> None:
    referral = make_referral(Status.HELPED, cast=cast)
    surveyor = cast.surveyor
    Referral.objects.filter(pk=referral.pk).update(reported_by=surveyor)
    response = post(client, surveyor, referral, "check", problem_remains="no")
    assert response.status_code == 403
    assert "ผู้แจ้งผลช่วยเหลือสอบทานผลของตนเองไม่ได้" in response.content.decode()


# ---- who may not ---------------------------------------------------------------------------
def test_another_agency_does_not_find_it(client: Client, cast: Cast) -> None:
    referral = make_referral(cast=cast)
    other = make_user(Role.AGENCY_OFFICER, PROVINCE, make_agency())
    assert post(client, other, referral, "accept", expected_date="31/12/2590").status_code == 404


def test_an_officer_of_the_district_does_not_answer_for_an_agency(
    client: Client, cast: Cast
) -> None:
    referral = make_referral(cast=cast)
    assert post(client, cast.district, referral, "accept").status_code == 403
    referral.refresh_from_db()
    assert referral.status == "submitted"
