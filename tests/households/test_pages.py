from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from audit.models import Event
from casework.services import store_query
from households.models import Household, Member, Verification
from households.services import record_verification
from households.workflow import Outcome, Stage
from ppaos.lib import citizen_id
from tests.factories import make_household, make_member

TODAY = "20/11/2569"


@pytest.fixture
def household(areas: None) -> Household:
    household = make_household(house_no="35/1")
    make_member(household, first_name="สมใจ", is_head=True)
    return household


# ---- verify ------------------------------------------------------------------------
def test_a_visit_is_recorded_from_the_phone(
    client: Client, surveyor: User, household: Household
) -> None:
    client.force_login(surveyor)
    url = f"/households/{household.pk}/verify/"
    assert "บ้านนี้จนจริงหรือไม่" in client.get(url).content.decode()

    response = client.post(url, {"outcome": "poor", "visited_on": TODAY})

    assert response["Location"] == f"/households/{household.pk}/"
    verification = Verification.objects.get()
    assert (verification.outcome, verification.visited_on) == ("poor", date(2026, 11, 20))
    assert verification.recorded_by == surveyor


def test_a_missing_reason_is_told_beside_its_field(
    client: Client, surveyor: User, household: Household
) -> None:
    client.force_login(surveyor)
    response: Any = client.post(
        f"/households/{household.pk}/verify/", {"outcome": "not_poor", "visited_on": TODAY}
    )
    assert response.context["form"].errors["reason"] == ["ระบุเหตุผลของผล “ไม่จน (รั่วไหล)”"]
    assert not Verification.objects.exists()


def test_a_verdict_that_was_never_offered_is_refused(
    client: Client, surveyor: User, household: Household
) -> None:
    client.force_login(surveyor)
    response: Any = client.post(
        f"/households/{household.pk}/verify/", {"outcome": "exited", "visited_on": TODAY}
    )
    assert "outcome" in response.context["form"].errors


def test_a_verdict_is_taken_back_after_its_effect_was_shown(
    client: Client, officer: User, household: Household
) -> None:
    verification = record_verification(
        household=household,
        outcome=Outcome.NOT_POOR,
        visited_on=date(2026, 11, 20),
        reason="มีรถ",
        by=officer,
        at=datetime(2026, 11, 20, 3, 0, tzinfo=UTC),
    )
    client.force_login(officer)
    url = f"/households/{household.pk}/verifications/{verification.pk}/retract/"
    assert "ครัวเรือนกลับไปเป็น “รอสอบทาน”" in client.get(url).content.decode()

    client.post(url, {"reason": "กดผิดบ้าน"})

    household.refresh_from_db()
    assert household.stage == "listed"


def test_a_verification_of_another_household_is_not_there(
    client: Client, officer: User, household: Household
) -> None:
    other = record_verification(
        household=make_household(),
        outcome=Outcome.POOR,
        visited_on=date(2026, 11, 20),
        by=officer,
        at=datetime(2026, 11, 20, 3, 0, tzinfo=UTC),
    )
    client.force_login(officer)
    url = f"/households/{household.pk}/verifications/{other.pk}/retract/"
    assert client.get(url).status_code == 404


# ---- register ----------------------------------------------------------------------
FORM = {
    "consent": "on",
    "consent_date": TODAY,
    "subdistrict": "303201",
    "moo": "1",
    "house_no": "99/1",
    "head": "0",
    "members-TOTAL_FORMS": "2",
    "members-INITIAL_FORMS": "0",
    "members-0-title": "น.ส.",
    "members-0-first_name": "วารี",
    "members-0-last_name": "พบใหม่",
    "members-0-citizen_id": citizen_id.display(citizen_id.generate(700_001)),
    "members-0-birth": "๒๕๑๐",
    "members-0-residence": "listed_and_living",
    "members-1-first_name": "น้อย",
    "members-1-last_name": "พบใหม่",
    "members-1-no_id_reason": "ยังไม่แจ้งเกิด",
    "members-1-birth": "1/2/2560",
    "members-1-residence": "listed_and_living",
}


@pytest.fixture
def register_url(surveyor: User) -> str:
    from_now = datetime.now(UTC)
    return f"/households/new/{store_query(text='วารี', by=surveyor, at=from_now).pk}/"


def test_a_missed_household_is_added(client: Client, surveyor: User, register_url: str) -> None:
    client.force_login(surveyor)
    response = client.post(register_url, FORM)

    household = Household.objects.get()
    assert response["Location"] == f"/households/{household.pk}/"
    assert (household.area_id, household.house_no) == ("30320101", "99/1")
    head, child = household.members.order_by("seq")
    assert (head.title, head.birth_date, head.birth_year) == ("นางสาว", None, 1967)
    assert head.is_head
    assert (child.citizen_id, child.birth_date) == (None, date(2017, 2, 1))


def test_another_member_can_be_asked_for_without_a_script(
    client: Client, surveyor: User, register_url: str
) -> None:
    client.force_login(surveyor)
    response: Any = client.post(register_url, FORM | {"add-member": "1"})

    text = response.content.decode()
    assert len(response.context["members"].forms) == 3
    assert 'value="วารี"' in text
    assert 'value="99/1"' in text
    assert not Household.objects.exists()


def test_a_likely_twin_must_be_looked_at_first(
    client: Client, surveyor: User, register_url: str
) -> None:
    make_member(make_household(), first_name="วารี", last_name="พบใหม")
    client.force_login(surveyor)

    response = client.post(register_url, FORM)
    assert "อาจเป็นครัวเรือนที่มีอยู่แล้ว" in response.content.decode()
    assert Household.objects.count() == 1

    client.post(register_url, FORM | {"not_a_twin": "on"})
    assert Household.objects.count() == 2


def test_twins_are_warned_of_while_typing(client: Client, surveyor: User) -> None:
    make_member(make_household(), first_name="วารี", last_name="พบใหม่")
    client.force_login(surveyor)
    typed = {"members-0-first_name": "วารี", "members-0-last_name": "พบใหม", "subdistrict": "303201"}
    assert "วารี" in client.post("/households/new/twins/", typed).content.decode()
    for subdistrict in ("303202", "310101", "x", ""):
        answer = client.post("/households/new/twins/", typed | {"subdistrict": subdistrict})
        assert ("วารี" in answer.content.decode()) == (subdistrict == "303202"), subdistrict


def test_what_no_form_takes_is_not_compared_with_every_name(client: Client, surveyor: User) -> None:
    long = "".join(chr(ord("ก") + number * 7 % 40) for number in range(120))
    make_member(make_household(), first_name=long, last_name="")
    client.force_login(surveyor)
    other = "".join(chr(ord("a") + number * 11 % 26) for number in range(3_000))
    typed = {"members-0-first_name": long + other, "subdistrict": "303201"}
    assert long in client.post("/households/new/twins/", typed).content.decode()


def test_an_error_of_a_person_stands_beside_that_person(
    client: Client, surveyor: User, register_url: str
) -> None:
    make_member(make_household(area_id="31010101"), citizen_id=citizen_id.generate(700_001))
    client.force_login(surveyor)
    response: Any = client.post(register_url, FORM)
    errors = response.context["members"].forms[0].errors
    assert "จังหวัดตรวจก่อน" in errors["citizen_id"][0]


def test_adding_without_a_search_leads_back_to_the_search(
    client: Client, surveyor: User, officer: User, register_url: str
) -> None:
    client.force_login(officer)  # it was the surveyor who searched
    response = client.post(register_url, FORM)
    assert response["Location"] == "/households/new/"
    assert not Household.objects.exists()


def test_nothing_is_added_without_consent(
    client: Client, surveyor: User, register_url: str
) -> None:
    client.force_login(surveyor)
    response: Any = client.post(
        register_url, {name: value for name, value in FORM.items() if name != "consent"}
    )
    assert "consent" in response.context["form"].errors
    assert not Household.objects.exists()


# ---- edit --------------------------------------------------------------------------
def test_the_address_is_corrected(client: Client, surveyor: User, household: Household) -> None:
    client.force_login(surveyor)
    url = f"/households/{household.pk}/edit/"
    assert 'value="35/1"' in client.get(url).content.decode()
    data = {
        "subdistrict": "303201",
        "moo": "2",
        "house_no": "36",
        "consent": "given",
        "consent_date": TODAY,
        "version": "1",
    }
    client.post(url, data)
    household.refresh_from_db()
    assert (household.area_id, household.house_no) == ("30320102", "36")
    # An answer is kept with who gave it and on what ground, or not at all.
    assert household.consent == "not_asked"

    response = client.post(url, data | {"house_no": "37"})
    assert "มีผู้แก้ไขข้อมูลนี้" in response.content.decode()


def test_a_citizen_id_is_never_in_an_edit_form_and_stays_if_left_empty(
    client: Client, surveyor: User, household: Household
) -> None:
    member = household.members.get()
    digits = member.citizen_id
    assert digits is not None
    client.force_login(surveyor)
    url = f"/households/{household.pk}/members/{member.pk}/edit/"
    text = client.get(url).content.decode()
    assert digits not in text
    assert citizen_id.display(digits) not in text

    client.post(
        url,
        {
            "first_name": "สมใจดี",
            "last_name": member.last_name,
            "residence": "listed_and_living",
            "is_head": "on",
            "version": "1",
        },
    )
    member = Member.objects.get(pk=member.pk)
    assert (member.first_name, member.citizen_id) == ("สมใจดี", digits)


def test_a_member_is_added_and_leaves(client: Client, surveyor: User, household: Household) -> None:
    client.force_login(surveyor)
    url = f"/households/{household.pk}/members/"
    client.post(
        url + "new/",
        {"first_name": "ใหม่", "no_id_reason": "ยังไม่แจ้งเกิด", "residence": "listed_and_living"},
    )
    member = household.members.get(first_name="ใหม่")
    client.post(f"{url}{member.pk}/left/", {"left_on": TODAY, "reason": "moved"})
    member.refresh_from_db()
    assert member.left_on == date(2026, 11, 20)
    # Who left is told on the next page, and not in a cookie of the phone until then.
    assert set(client.cookies) <= {"sessionid", "csrftoken"}
    assert "ใหม่ ออกจากครัวเรือน" in client.get(f"/households/{household.pk}/").content.decode()


# ---- reveal ------------------------------------------------------------------------
def test_an_id_is_shown_once_with_a_reason_and_recorded(
    client: Client, officer: User, household: Household
) -> None:
    member = household.members.get()
    digits = member.citizen_id
    assert digits is not None
    client.force_login(officer)
    url = f"/households/{household.pk}/members/{member.pk}/reveal/"

    response = client.post(url, {"reason": "ตรวจสิทธิบัตรสวัสดิการ"})

    assert citizen_id.display(digits) in response.content.decode()
    assert response["Cache-Control"] == "no-store"
    event = Event.objects.get(event="citizen_id.revealed")
    assert (event.actor, event.reason) == ("officer", "ตรวจสิทธิบัตรสวัสดิการ")
    assert event.detail == {"member": str(member.pk)}
    page = client.get(f"/households/{household.pk}/").content.decode()
    assert citizen_id.display(digits) not in page
    assert "เปิดดูเลขประจำตัวประชาชนเต็ม" in page


def test_without_a_reason_nothing_is_shown(
    client: Client, officer: User, household: Household
) -> None:
    member = household.members.get()
    client.force_login(officer)
    url = f"/households/{household.pk}/members/{member.pk}/reveal/"
    assert client.post(url, {"reason": " "}).status_code == 302
    assert not Event.objects.filter(event="citizen_id.revealed").exists()


def test_a_fragment_answers_htmx(client: Client, officer: User, household: Household) -> None:
    member = household.members.get()
    client.force_login(officer)
    response = client.post(
        f"/households/{household.pk}/members/{member.pk}/reveal/",
        {"reason": "ตรวจสิทธิ"},
        headers={"HX-Request": "true"},
    )
    assert "<html" not in response.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        *("households/{}/edit/", "households/{}/members/{}/edit/", "households/{}/consent/"),
        *("households/{}/moves/", "households/{}/move/", "households/{}/part/"),
        *("households/{}/plan/", "households/{}/plans/"),
    ],
)
def test_a_page_that_tells_of_a_household_leaves_a_trace(
    client: Client, surveyor: User, household: Household, address: str
) -> None:
    Household.objects.filter(pk=household.pk).update(stage=Stage.VERIFIED_POOR)
    member = household.members.get()
    client.force_login(surveyor)
    page = address.format(household.pk, member.pk)
    # A form that nobody opened shows the page as well.
    ask = client.get if page.endswith(("moves/", "plans/")) else client.post
    assert ask(f"/{page}").status_code == 200
    read = Event.objects.get(event="household.read")
    assert (read.actor, read.subject_id) == ("surveyor", str(household.pk))
