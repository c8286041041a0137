"""The page of one referral, and what the case file and the page of today say of referrals."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from accounts.models import User
from accounts.roles import Role
from accounts.templatetags.trail import event_in_words
from audit.models import Event
from forums.services import take_up
from households.models import Household
from households.workflow import Stage
from problems.rules import ProblemCode
from referrals.models import Referral
from referrals.services import retract_assistance, transfer
from referrals.services.moving import EVENTS
from referrals.workflow import Status
from tests.factories import PROVINCE, make_agency, make_household, make_member, make_user
from tests.forums.cases import make_held, make_resolution
from tests.referrals.cases import (
    AT,
    Cast,
    give_help,
    make_photo,
    make_problem,
    make_referral,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(areas: None) -> Cast:
    return Cast()


@pytest.fixture
def household(areas: None) -> Household:
    household = make_household(stage=Stage.VERIFIED_POOR, house_no="35/1", phone="081-000-0000")
    make_member(household, first_name="สมใจ", last_name="ทดสอบ", is_head=True)
    make_member(household, first_name="ลูกคนโต", last_name="ทดสอบ")
    return household


def page(client: Client, user: User, address: str) -> str:
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def address(referral: Referral) -> str:
    return f"/referrals/{referral.pk}/"


# ---- one referral ----------------------------------------------------------------------
def test_an_agency_reads_what_it_needs_to_help_and_no_more(
    client: Client, cast: Cast, household: Household
) -> None:
    problem = make_problem(household)
    make_problem(household, ProblemCode.CHRONICALLY_ILL)
    referral = make_referral(cast=cast, problem=problem)
    text = page(client, cast.officer, address(referral))
    assert "นายสมใจ ทดสอบ" in text
    assert "35/1 หมู่ 1" in text
    assert 'href="tel:081-000-0000"' in text
    assert "บ้านทรุดโทรม" in text
    assert "ลูกคนโต" not in text  # neither head nor named in the problem
    assert "ผู้ป่วยเรื้อรัง" not in text
    assert f"/households/{household.pk}" not in text


def test_who_reads_the_area_gets_to_the_case_file(
    client: Client, cast: Cast, household: Household
) -> None:
    referral = make_referral(cast=cast, problem=make_problem(household))
    assert f"/households/{household.pk}/" in page(client, cast.district, address(referral))


def test_each_person_gets_the_one_thing_that_is_theirs_to_do(client: Client, cast: Cast) -> None:
    referral = make_referral(cast=cast)
    officer = page(client, cast.officer, address(referral))
    assert f'action="{address(referral)}accept/"' in officer
    assert f'href="{address(referral)}reject/"' in officer
    district = page(client, cast.district, address(referral))
    assert "accept/" not in district
    assert f'href="{address(referral)}cancel/"' in district
    assert f'href="{address(referral)}transfer/"' in district
    surveyor = page(client, cast.surveyor, address(referral))
    assert 'id="next"' not in surveyor
    assert "รอหน่วยงานตอบรับ" in surveyor


def test_help_is_listed_with_its_sum_and_what_was_taken_back(client: Client, cast: Cast) -> None:
    referral = make_referral(Status.ACCEPTED, cast=cast)
    give_help(referral, cast.officer, amount="12000", photos=[make_photo()])
    wrong = give_help(referral, cast.officer, amount="500")
    retract_assistance(assistance=wrong, reason="บันทึกซ้ำ", by=cast.officer, at=AT)
    text = page(client, cast.district, address(referral))
    assert text.count("12,000 บาท") >= 2
    assert "12,500 บาท" not in text
    assert "บันทึกซ้ำ" in text
    assert f"{address(referral)}photos/" in text


def test_one_that_went_on_is_linked_both_ways_where_one_may_see_both(
    client: Client, cast: Cast
) -> None:
    old = make_referral(cast=cast)
    new = transfer(referral=old, agency=make_agency(), reason="ย้าย", by=cast.district, at=AT)
    assert new.number in page(client, cast.district, address(old))
    assert old.number in page(client, cast.district, address(new))
    asked_now = make_user(Role.AGENCY_OFFICER, PROVINCE, new.agency)
    assert old.number not in page(client, asked_now, address(new))
    client.force_login(cast.officer)
    assert client.get(address(old)).status_code == 404


def test_what_a_forum_resolved_about_it_is_shown(client: Client, cast: Cast) -> None:
    referral = make_referral(cast=cast)
    forum = make_held()
    item = take_up(forum=forum, referrals=[referral], by=cast.district, at=AT)[0]
    make_resolution(item, text="ให้ลงพื้นที่พร้อมกัน")
    text = page(client, cast.district, address(referral))
    assert "มติของเวทีแก้จน" in text
    assert "ให้ลงพื้นที่พร้อมกัน" in text
    assert "/forums/resolutions/" in text
    # A surveyor has no pages of forums to go on to.
    assert "/forums/resolutions/" not in page(client, cast.surveyor, address(referral))


def test_that_it_was_looked_at_is_recorded(client: Client, cast: Cast) -> None:
    referral = make_referral(cast=cast)
    page(client, cast.officer, address(referral))
    page(client, cast.officer, address(referral))
    event = Event.objects.get(event="referral.read")
    assert event.actor_id == cast.officer.pk
    assert event.subject_id == str(referral.household_id)


def test_no_browser_keeps_it(client: Client, cast: Cast) -> None:
    client.force_login(cast.officer)
    assert client.get(address(make_referral(cast=cast)))["Cache-Control"] == "no-store"


@pytest.mark.parametrize("status", list(Status))
def test_every_state_has_its_page(client: Client, cast: Cast, status: Status) -> None:
    text = page(client, cast.district, address(make_referral(status, cast=cast)))
    assert "ความเคลื่อนไหว" in text


def test_it_takes_a_fixed_number_of_queries(client: Client, cast: Cast) -> None:
    found = []
    for count in (1, 4):
        referral = make_referral(Status.ACCEPTED, cast=cast)
        for _ in range(count):
            give_help(referral, cast.officer, photos=[make_photo(), make_photo()])
        client.force_login(cast.district)
        client.get(address(referral))  # the first request writes that it was read
        with CaptureQueriesContext(connection) as queries:
            client.get(address(referral))
        found.append(len(queries))
    assert found[0] == found[1]


# ---- the case file -----------------------------------------------------------------------
def test_a_case_file_says_who_helps_and_what_was_given(
    client: Client, cast: Cast, household: Household
) -> None:
    referral = make_referral(Status.ACCEPTED, cast=cast, problem=make_problem(household))
    give_help(referral, cast.officer, amount="7500")
    text = page(client, cast.district, f"/households/{household.pk}/")
    assert "การส่งต่อและความช่วยเหลือ" in text
    assert referral.number in text
    assert "ได้รับความช่วยเหลือแล้ว 1 รายการ รวม 7,500 บาท" in text


def test_a_case_file_offers_to_refer_only_what_no_agency_has(
    client: Client, cast: Cast, household: Household
) -> None:
    make_referral(cast=cast, problem=make_problem(household))
    refer = f"/households/{household.pk}/refer/"
    assert refer not in page(client, cast.district, f"/households/{household.pk}/")

    waits = make_problem(household, ProblemCode.CHRONICALLY_ILL)

    text = page(client, cast.district, f"/households/{household.pk}/")
    assert text.count(f"{refer}#p-") == 1
    assert f"{refer}#p-{waits.pk.hex}" in text


@pytest.mark.parametrize(
    ("status", "is_told"), [(Status.ACCEPTED, True), (Status.HELPED, False), (Status.CLOSED, False)]
)
def test_the_day_an_agency_expects_is_told_while_it_works(
    client: Client, cast: Cast, status: Status, is_told: bool
) -> None:
    referral = make_referral(status, cast=cast)
    assert referral.expected_date is not None
    text = page(client, cast.district, address(referral))
    assert ("หน่วยงานคาดว่าเสร็จ" in text) is is_told


def test_a_closed_referral_leads_on_to_the_way_out(client: Client, cast: Cast) -> None:
    referral = make_referral(Status.CLOSED, cast=cast)
    way = f"/households/{referral.household_id}/graduate/"
    assert way in page(client, cast.surveyor, address(referral))
    assert way not in page(client, cast.officer, address(referral))


@pytest.mark.parametrize("event", sorted(EVENTS.values()))
def test_the_trail_names_every_move(event: str) -> None:
    assert event_in_words(event) != event


def test_a_household_that_may_not_be_referred_has_no_button(
    client: Client, cast: Cast, household: Household
) -> None:
    make_problem(household)
    Household.objects.filter(pk=household.pk).update(stage=Stage.LISTED)
    text = page(client, cast.district, f"/households/{household.pk}/")
    assert "ยังไม่ได้ส่งต่อให้หน่วยงานใด" in text
    assert "/refer/" not in text


def test_a_case_file_takes_a_fixed_number_of_queries(
    client: Client, cast: Cast, household: Household
) -> None:
    url = f"/households/{household.pk}/"
    found = []
    for code in (ProblemCode.HOME_UNFIT, ProblemCode.BEDRIDDEN, ProblemCode.NO_WORK):
        make_referral(Status.HELPED, cast=cast, problem=make_problem(household, code))
        page(client, cast.district, url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        found.append(len(queries))
    assert len(set(found)) == 1


# ---- today --------------------------------------------------------------------------------
def test_a_surveyor_is_told_of_visits_after_help(
    client: Client, cast: Cast, household: Household
) -> None:
    helped = make_referral(Status.HELPED, cast=cast, problem=make_problem(household))
    text = page(client, cast.surveyor, "/")
    assert "รอสอบทานผลช่วยเหลือ" in text
    assert f"/referrals/{helped.pk}/check/" in text
    assert "ส่งต่อเกินกำหนด" not in text


def test_an_office_is_told_what_is_late_returned_and_not_sent(client: Client, cast: Cast) -> None:
    late = make_referral(cast=cast)
    Referral.objects.filter(pk=late.pk).update(due_on=localdate() - timedelta(days=2))
    make_referral(Status.RETURNED, cast=cast)
    Referral.objects.filter(status="returned").update(due_on=localdate() + timedelta(days=2))
    make_referral(Status.DRAFT, cast=cast)
    make_problem()
    client.force_login(cast.district)
    response: Any = client.get("/")
    assert response.context["referred"] == {
        "overdue": 1,
        "returned": 1,
        "drafts": 1,
        "waiting": 1,
    }
    text = response.content.decode()
    assert "/referrals/?tab=overdue" in text
    assert "/referrals/waiting/" in text
