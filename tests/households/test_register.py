from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts.models import User
from areas.models import AreaChange
from audit.models import Event
from households.models import Household, Member
from households.services import (
    HouseholdDraft,
    MemberDraft,
    UnableToRegister,
    add_member,
    as_name,
    register_household,
    registering,
    search_households,
    update_member,
)
from households.workflow import Consent
from ppaos.lib import citizen_id
from tests.factories import NEXT_SUBDISTRICT, VILLAGE, make_household, make_member

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
SEARCH = UUID("01940000-0000-7000-8000-000000000001")
HEAD = MemberDraft(
    title="นาง",
    first_name="สมใจ",
    last_name="ทดสอบระบบ",
    citizen_id=citizen_id.generate(900_001),
    birth_date=date(1980, 2, 1),
    sex="female",
    is_head=True,
)
CHILD = MemberDraft(title="เด็กชาย", first_name="ใจดี", no_id_reason="ยังไม่แจ้งเกิด")
DRAFT = HouseholdDraft(
    area_code=VILLAGE,
    house_no="35/1",
    phone="0812345678",
    consent_date=TODAY,
    members=(HEAD, CHILD),
)


def register(by: User, draft: HouseholdDraft = DRAFT, **overrides: Any) -> Household:
    """Register after a search an hour before."""
    search_households(wanted=as_name("สมใจ"), by=by, at=AT - timedelta(hours=1), search_id=SEARCH)
    fields: dict[str, Any] = {"search_id": SEARCH, "at": AT} | overrides
    return register_household(draft=draft, by=by, **fields)


def test_it_adds_household_members_and_listing(surveyor: User) -> None:
    household = register(surveyor)

    household.refresh_from_db()
    assert household.house_code is None
    assert household.code.startswith("TMP-303201-")
    assert (household.stage, household.stage_date) == ("listed", TODAY)
    assert (household.consent, household.consent_date) == ("given", TODAY)
    assert household.phone == "0812345678"
    head, child = household.members.order_by("seq")
    assert (head.full_name, head.is_head, head.citizen_id) == (
        "นางสมใจ ทดสอบระบบ",
        True,
        HEAD.citizen_id,
    )
    assert (child.citizen_id, child.no_id_reason) == (None, "ยังไม่แจ้งเกิด")
    listing = household.listings.get()
    assert (listing.source, listing.year_be, listing.member) == ("add_on", 2569, None)
    event = Event.objects.get(event="household.registered")
    assert event.detail == {"search": str(SEARCH), "members": 2, "without_id": 1}
    assert AreaChange.objects.filter(area_id=VILLAGE, year_be=2569).exists()


def test_phone_and_id_are_not_readable_in_the_database(surveyor: User) -> None:
    register(surveyor)
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM households_household")
        assert b"0812345678" not in bytes(cursor.fetchone()[0])
        cursor.execute("SELECT citizen_id FROM households_member WHERE is_head")
        assert HEAD.citizen_id is not None
        assert HEAD.citizen_id.encode() not in bytes(cursor.fetchone()[0])


def test_it_is_refused_outside_ones_area(surveyor: User) -> None:
    with pytest.raises(PermissionDenied):
        register(surveyor, replace(DRAFT, area_code=NEXT_SUBDISTRICT))
    assert not Household.objects.exists()


def test_the_search_must_be_ones_own_and_of_today(surveyor: User, officer: User) -> None:
    register(surveyor)
    for person, when in ((officer, AT), (surveyor, AT + timedelta(days=1))):
        with pytest.raises(UnableToRegister, match="ค้นหาอีกครั้ง"):
            register_household(draft=DRAFT, by=person, at=when, search_id=SEARCH)


def test_without_a_search_a_reason_is_needed(surveyor: User) -> None:
    with pytest.raises(UnableToRegister, match="ค้นหาก่อน"):
        register(surveyor, search_id=None)
    assert register(surveyor, search_id=None, reason="ย้ายมาจากระบบเดิม").pk


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (replace(DRAFT, consent=Consent.NOT_ASKED, consent_date=None), "consent"),
        (replace(DRAFT, consent_date=None), "consent_date"),
        (replace(DRAFT, consent_date=date(2026, 11, 21)), "consent_date"),
        (replace(DRAFT, members=()), "members"),
        (replace(DRAFT, members=(CHILD,)), "members"),
        (replace(DRAFT, members=(HEAD, replace(CHILD, is_head=True))), "members"),
        (replace(DRAFT, house_no=" "), "house_no"),
        (replace(DRAFT, lat=Decimal("15.1")), "lat"),
        (replace(DRAFT, area_code="30320199"), "area"),
        (replace(DRAFT, members=(HEAD, replace(CHILD, first_name=" "))), "members.1.first_name"),
        (replace(DRAFT, members=(HEAD, replace(CHILD, no_id_reason=""))), "members.1.no_id_reason"),
        (
            replace(DRAFT, members=(HEAD, replace(CHILD, citizen_id=HEAD.citizen_id))),
            "members.1.citizen_id",
        ),
        (
            replace(DRAFT, members=(replace(HEAD, birth_date=date(2026, 11, 21)),)),
            "members.0.birth_date",
        ),
    ],
)
def test_what_is_missing_or_wrong_is_named(
    surveyor: User, draft: HouseholdDraft, field: str
) -> None:
    with pytest.raises(UnableToRegister) as refusal:
        register(surveyor, draft)
    assert field in refusal.value.fields
    assert not Household.objects.exists()


def test_an_id_known_in_ones_own_area_is_refused_with_the_place(surveyor: User) -> None:
    make_member(
        make_household(house_no="99/9"),
        citizen_id=HEAD.citizen_id,
        first_name="เดิม",
        last_name="อยู่ก่อน",
    )
    with pytest.raises(UnableToRegister) as refusal:
        register(surveyor)
    (text,) = refusal.value.fields["members.0.citizen_id"]
    assert "เดิม อยู่ก่อน" in text
    assert "99/9" in text


def test_an_id_one_may_not_see_is_refused_without_a_word_of_who_or_where_or_whether(
    surveyor: User,
) -> None:
    member = make_member(
        make_household(area_id="31010101", house_no="99/9"),
        citizen_id=HEAD.citizen_id,
        first_name="เดิม",
        last_name="อยู่ก่อน",
    )
    here = make_household()
    other = make_member(here, citizen_id=citizen_id.generate(77), is_head=True)

    def refusals() -> list[str]:
        told = []
        for act in (
            lambda: register(surveyor),
            lambda: add_member(household=here, draft=HEAD, by=surveyor, at=AT),
            lambda: update_member(member=other, version=1, draft=HEAD, by=surveyor, at=AT),
        ):
            with pytest.raises(UnableToRegister) as refusal:
                act()
            told.append(f"{refusal.value} {refusal.value.fields}")
        return told

    elsewhere = refusals()
    for secret in ("เดิม", "อยู่ก่อน", "99/9", "บุรีรัมย์", "3101", "พื้นที่", "ทะเบียน", "คุ้มครอง"):
        assert secret not in str(elsewhere)
    Household.objects.filter(pk=member.household_id).update(area_id=VILLAGE)
    assert refusals() != elsewhere
    Household.objects.filter(pk=member.household_id).update(is_protected=True)
    assert refusals() == elsewhere
    assert Member.objects.count() == 2


def test_a_house_one_may_not_see_is_refused_alike_elsewhere_and_where_it_is_hidden(
    surveyor: User,
) -> None:
    hidden = make_household(house_code="30320000011", area_id="31010101")
    draft = replace(DRAFT, house_code=hidden.house_code)

    def refusal() -> str:
        with pytest.raises(UnableToRegister) as found:
            register(surveyor, draft)
        return f"{found.value} {found.value.fields}"

    elsewhere = refusal()
    Household.objects.update(area_id=VILLAGE, is_protected=True)
    assert refusal() == elsewhere
    assert "ทะเบียน" not in elsewhere
    assert "พื้นที่" not in elsewhere


def test_who_asks_for_ids_of_others_by_adding_leaves_a_trace(surveyor: User) -> None:
    make_member(make_household(area_id="31010101"), citizen_id=HEAD.citizen_id)
    with pytest.raises(UnableToRegister):
        register(surveyor)
    with pytest.raises(UnableToRegister):
        add_member(household=make_household(), draft=HEAD, by=surveyor, at=AT)
    member = make_member(make_household(), citizen_id=citizen_id.generate(77), is_head=True)
    with pytest.raises(UnableToRegister):
        update_member(member=member, version=member.version, draft=HEAD, by=surveyor, at=AT)
    events = Event.objects.filter(event="registration.refused", actor_id=surveyor.pk)
    assert [event.detail for event in events] == [{"ids_asked": 1, "ids_known": 1}] * 3
    assert not Event.objects.filter(event="household.registered").exists()


def test_a_person_who_left_another_household_can_be_added(surveyor: User) -> None:
    make_member(citizen_id=HEAD.citizen_id, left_on=TODAY, left_reason="moved")
    assert register(surveyor).members.count() == 2


def test_a_second_household_of_a_house_must_be_meant(surveyor: User) -> None:
    first = make_household()
    again = replace(DRAFT, house_code=first.house_code)
    with pytest.raises(UnableToRegister) as refusal:
        register(surveyor, again)
    assert "อีกครัวเรือน" in refusal.value.fields["house_code"][0]

    second = register(surveyor, replace(again, shares_house=True))
    assert (second.house_code, second.seq) == (first.house_code, 2)


def test_a_member_is_added_after_the_others(surveyor: User) -> None:
    household = register(surveyor)
    grandmother = MemberDraft(
        first_name="บุญ", last_name="ทดสอบ", citizen_id=citizen_id.generate(900_002)
    )
    member = add_member(household=household, draft=grandmother, by=surveyor, at=AT)
    assert member.seq == 3
    assert Event.objects.get(event="member.added").detail == {
        "member": str(member.pk),
        "without_id": False,
    }


def test_a_second_head_is_refused(surveyor: User) -> None:
    household = register(surveyor)
    with pytest.raises(UnableToRegister, match="หัวหน้า"):
        add_member(
            household=household,
            draft=replace(CHILD, is_head=True),
            by=surveyor,
            at=AT,
        )


def test_adding_a_member_is_refused_outside_ones_area(next_surveyor: User) -> None:
    with pytest.raises(PermissionDenied):
        add_member(household=make_household(), draft=HEAD, by=next_surveyor, at=AT)
    assert not Member.objects.exists()


def test_who_tries_out_ids_by_adding_is_stopped_and_no_longer_told(
    surveyor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registering, "MOST_REFUSED", 2)
    household = register(surveyor)
    elsewhere = make_member(make_household(area_id="31010101"))
    theirs = MemberDraft(first_name="ลอง", citizen_id=elsewhere.citizen_id)
    unknown = MemberDraft(first_name="ลอง", citizen_id=citizen_id.generate(900_777))
    for _ in range(2):
        with pytest.raises(UnableToRegister, match="เลขประจำตัว"):
            add_member(household=household, draft=theirs, by=surveyor, at=AT)
    said = []
    for draft in (theirs, unknown):
        with pytest.raises(UnableToRegister, match="หนึ่งชั่วโมง") as refused:
            add_member(household=household, draft=draft, by=surveyor, at=AT)
        said.append(str(refused.value))
    # Known and unknown are answered alike, until the hour is over.
    assert said[0] == said[1]
    later = AT + timedelta(minutes=61)
    assert add_member(household=household, draft=unknown, by=surveyor, at=later)
