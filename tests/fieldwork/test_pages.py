"""The pages of field work, and its API."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import localdate, now

from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from fieldwork.models import Assignment, BackCheck
from households.models import Exit, Household, SourceListing, Verification
from households.workflow import ExitState, Outcome, Source, Stage
from ppaos.lib.buddhist_era import format_date
from tests.factories import SUBDISTRICT, VILLAGE, make_member, make_user
from tests.fieldwork.cases import AT, assigned, visited, waiting
from tests.referrals.cases import make_photo


def page(client: Client, user: User, url: str) -> str:
    client.force_login(user)
    answer = client.get(url)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_villages_are_given_on_the_page_and_the_team_is_seen(
    client: Client, district: User, surveyor: User
) -> None:
    waiting(2)
    assert "ยังไม่มอบหมาย 2 ครัวเรือน" in page(client, district, "/fieldwork/")

    answer = client.post(
        "/fieldwork/assign/",
        {"village": [VILLAGE], "surveyor": surveyor.pk, "due_on": "31/12/2570"},
    )

    assert answer.status_code == 302
    assert Assignment.objects.open().filter(surveyor=surveyor).count() == 2
    shown = page(client, district, "/fieldwork/")
    assert "มอบหมายครบแล้ว" in shown
    assert str(surveyor) in shown
    assert "ค้าง 2" in shown


def test_a_refusal_keeps_what_was_chosen(client: Client, district: User) -> None:
    waiting()
    client.force_login(district)
    answer = client.post("/fieldwork/assign/", {"village": [VILLAGE], "due_on": "31/12/2570"})
    assert answer.status_code == 200
    assert f'value="{VILLAGE}" form="assign"' in answer.content.decode()
    assert "checked" in answer.content.decode()
    assert not Assignment.objects.exists()


def test_single_households_are_given_in_their_village(
    client: Client, district: User, surveyor: User
) -> None:
    one, _ = waiting(2)
    url = f"/fieldwork/villages/{VILLAGE}/"
    assert "รอสอบทาน 2 ครัวเรือน" in page(client, district, url)
    client.post(
        f"{url}assign/", {"household": [one.pk], "surveyor": surveyor.pk, "due_on": "31/12/2570"}
    )
    assert Assignment.objects.get().household_id == one.pk
    assert str(surveyor) in page(client, district, url)
    assert client.post(f"{url}assign/", {"household": ["x"]}).status_code == 200
    # Given by mistake: it is taken back where it was given, and nobody has it.
    back = {"household": [one.pk], "do": "take-back"}
    answer = client.post(f"{url}assign/", back, follow=True)
    assert "เรียกคืนงาน 1 ครัวเรือนแล้ว" in answer.content.decode()
    assert not Assignment.objects.standing().exists()
    again = client.post(f"{url}assign/", back, follow=True)
    assert "ยังไม่ได้เยี่ยม" in again.content.decode()
    assert Event.objects.filter(event="visit.taken-back").count() == 1


def test_a_surveyor_finds_own_work_first(
    client: Client, surveyor: User, next_surveyor: User
) -> None:
    household = waiting()[0]
    make_member(household, first_name="สมหมาย", is_head=True)
    assigned(household, surveyor)
    today = page(client, surveyor, "/")
    assert today.index("งานที่ได้รับมอบหมาย") < today.index("สมหมาย")
    client.force_login(surveyor)
    assert client.get("/fieldwork/").headers["Location"] == f"/fieldwork/people/{surveyor.pk}/"
    assert "ค้าง 1 ครัวเรือน" in page(client, surveyor, f"/fieldwork/people/{surveyor.pk}/")
    client.force_login(next_surveyor)
    assert client.get(f"/fieldwork/people/{surveyor.pk}/").status_code == 404


def test_work_is_handed_over_on_one_page(client: Client, district: User, surveyor: User) -> None:
    assigned(waiting()[0], surveyor)
    User.objects.filter(pk=surveyor.pk).update(is_active=False)
    taker = make_user(Role.SURVEYOR, SUBDISTRICT)
    assert "ไม่มีผู้ทำ" in page(client, district, "/fieldwork/")
    assert "งานที่ไม่มีผู้รับผิดชอบ 1 หลัง" in page(client, district, "/")

    client.post(f"/fieldwork/people/{surveyor.pk}/hand-over/", {"taker": taker.pk})

    assert Assignment.objects.open().get().surveyor == taker
    assert "ไม่มีผู้ทำ" not in page(client, district, "/fieldwork/")


def test_who_may_not_do_the_work_is_refused_beside_the_choice(
    client: Client, district: User, surveyor: User, next_surveyor: User
) -> None:
    assigned(waiting()[0], surveyor)
    client.force_login(district)
    address = f"/fieldwork/people/{surveyor.pk}/hand-over/"
    refused = client.post(address, {"taker": next_surveyor.pk})
    assert "ไม่มีสิทธิสอบทาน" in str(refused.context["form"].errors["taker"])
    assert Assignment.objects.open().get().surveyor == surveyor


def test_the_printed_list_masks_ids_and_is_recorded(client: Client, surveyor: User) -> None:
    household = waiting()[0]
    member = make_member(household, is_head=True)
    shown = page(client, surveyor, f"/fieldwork/villages/{VILLAGE}/print/?forms=1")
    assert member.citizen_id is not None
    assert member.citizen_id not in shown
    assert f"-{member.citizen_id[-1]}" in shown
    assert "แบบสอบทานครัวเรือน" in shown
    event = Event.objects.get(event="worklist.printed")
    assert (event.area, event.detail["households"]) == (VILLAGE, 1)


# ---- the visit -----------------------------------------------------------------------------
def test_a_visit_is_recorded_with_photo_and_place(client: Client, surveyor: User) -> None:
    household = waiting()[0]
    client.force_login(surveyor)
    photo = make_photo()
    photo.stream.name = "บ้าน.jpg"  # type: ignore[misc]
    answer = client.post(
        f"/households/{household.pk}/verify/",
        {
            "outcome": "poor",
            "visited_on": date(2026, 11, 20).isoformat(),
            "photos": photo.stream,
            "lat": "14.9876543",
            "lon": "102.1234567",
            "accuracy_m": "12.2",
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    found = Verification.objects.get()
    assert (str(found.lat), str(found.lon), found.accuracy_m) == ("14.987654", "102.123457", 13)
    kept = found.photos.get()
    url = f"/households/{household.pk}/verifications/{found.pk}/photos/{kept.pk}/"
    picture = client.get(url)
    assert picture.headers["Content-Type"] == "image/jpeg"
    assert "no-store" in picture.headers["Cache-Control"]
    assert url in page(client, surveyor, f"/households/{household.pk}/")


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"lat": "48.85", "lon": "2.35"}, "นอกประเทศไทย"),
        ({"photos": "bad"}, "เปิดไม่ได้"),
    ],
)
def test_a_wrong_place_or_photo_is_refused_whole(
    client: Client, surveyor: User, sent: dict[str, Any], message: str
) -> None:
    household = waiting()[0]
    client.force_login(surveyor)
    if "photos" in sent:
        sent = {"photos": SimpleUploadedFile("x.jpg", b"not a picture")}
    answer = client.post(
        f"/households/{household.pk}/verify/",
        {"outcome": "poor", "visited_on": "2026-11-20", **sent},
    )
    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert not Verification.objects.exists()


# ---- second visits -------------------------------------------------------------------------
def test_visits_are_drawn_asked_for_made_blind_and_settled(
    client: Client, district: User, surveyor: User
) -> None:
    household = waiting()[0]
    visited(household, surveyor)
    checker = make_user(Role.SURVEYOR, SUBDISTRICT)
    client.force_login(district)
    client.post(
        "/fieldwork/back-checks/draw/", {"visited_from": "1/11/2569", "visited_to": "30/11/2569"}
    )
    check = BackCheck.objects.get()
    client.post(
        "/fieldwork/back-checks/appoint/",
        {"check": [check.pk], "surveyor": checker.pk, "due_on": "31/12/2570"},
    )
    url = f"/fieldwork/back-checks/{check.pk}/"
    client.force_login(checker)
    client.post(url, {})
    assert Event.objects.get(event="backcheck.read").actor == checker.username
    shown = page(client, checker, url)
    assert "สอบทานแล้ว" not in shown
    assert "เยี่ยมแล้ว" not in shown
    assert str(surveyor) not in shown
    assert "ตรวจซ้ำ 1 หลัง" in page(client, checker, "/")

    client.force_login(checker)
    sent = {"outcome": "not_poor", "visited_on": "21/11/2569", "reason": "มีรถ"}
    BackCheck.objects.filter(pk=check.pk).update(due_on=now().date())
    answer = client.post(url, sent)
    assert answer.status_code == 302, answer.content.decode()

    assert "ผลตรวจซ้ำขัดกัน 1 หลัง" in page(client, district, "/")
    assert "0.00" in page(client, district, "/fieldwork/back-checks/")
    client.post(f"{url}settle/", {"settled": "second", "reason": "ดูจากรูป"})
    household.refresh_from_db()
    assert household.stage == Stage.VERIFIED_NOT_POOR
    assert "ไม่มีผลที่ขัดกัน" in page(client, district, "/fieldwork/back-checks/")


def test_the_share_is_set_and_said_to_be_a_default(
    client: Client, district: User, settings: Any
) -> None:
    assert "ค่าเริ่มต้นของระบบ ปรับได้" in page(client, district, "/fieldwork/back-checks/")
    # What is proposed can be set for the installation.
    settings.BACK_CHECK_PERCENT, settings.FIELDWORK_DUE_DAYS = 7, 0
    shown = page(client, district, "/fieldwork/back-checks/")
    assert "ใช้ร้อยละ 7 " in shown
    assert f'value="{format_date(localdate())}"' in shown
    client.post("/fieldwork/back-checks/share/", {"percent": "20"})
    event = Event.objects.get(event="backcheck.share-set")
    assert event.detail == {"percent": 20}


# ---- coverage ------------------------------------------------------------------------------
def listed(household: Household) -> Household:
    SourceListing.objects.create(household=household, source=Source.TPMAP, year_be=2567)
    return household


def test_coverage_is_shown_from_province_to_village(client: Client, district: User) -> None:
    for household, outcome in zip(waiting(4), [Outcome.POOR, Outcome.NOT_POOR], strict=False):
        visited(listed(household), district, outcome)
    for household in Household.objects.filter(stage=Stage.LISTED):
        listed(household)
    shown = page(client, district, "/fieldwork/coverage/")
    assert "สอบทานแล้วร้อยละ 50.00" in shown
    assert f"?area={SUBDISTRICT}&amp;year=2567" in shown
    village = page(client, district, f"/fieldwork/coverage/?area={SUBDISTRICT}")
    assert f"/fieldwork/villages/{VILLAGE}/" in village
    for area in ("31", "3032%00", "%00", "x" * 300):
        assert client.get(f"/fieldwork/coverage/?area={area}").status_code == 404
    assert client.get("/fieldwork/villages/30320101%00/").status_code == 404
    assert "ไม่มีบัญชี TPMAP" in page(client, district, "/fieldwork/coverage/?year=2550")


# ---- a year after an exit ------------------------------------------------------------------
def test_who_is_due_is_listed_and_can_be_reopened(client: Client, district: User) -> None:
    household = waiting()[0]
    Household.objects.filter(pk=household.pk).update(stage=Stage.EXITED)
    proposal = Exit.objects.create(
        household=household,
        reason="graduated",
        state=ExitState.APPROVED,
        stage_before=Stage.IN_HELP,
        stage_date_before=date(2025, 1, 1),
        proposed_at=AT.replace(year=2025),
        proposed_by=district,
        decided_at=AT.replace(year=2025),
        decided_by=district,
        relapse_check_on=date(2026, 1, 1),
    )
    assert "ครบกำหนด 1 ครัวเรือน" in page(client, district, "/exits/relapses/")
    sent = {"found": "fell_back", "checked_on": "20/11/2569", "note": "ตกงาน"}
    client.post(f"/exits/{proposal.pk}/relapse/", sent)
    household.refresh_from_db()
    assert household.stage == Stage.VERIFIED_POOR
    after = page(client, district, "/exits/relapses/")
    assert "ไม่มีที่ครบกำหนด" in after
    assert "กลับมายากจนอีก" in after
