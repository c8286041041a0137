from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import Event
from households.models import Household, Member
from households.services import (
    HouseholdChanges,
    MemberDraft,
    UnableToRegister,
    UnableToUpdate,
    UnableToUpdateStale,
    member_left,
    update_household,
    update_member,
)
from households.workflow import Consent, LeftReason
from ppaos.lib import citizen_id
from tests.factories import NEXT_SUBDISTRICT, VILLAGE, make_household, make_member

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
CHANGES = HouseholdChanges(
    area_code=VILLAGE,
    house_no="12/3",
    village_name="",
    soi="",
    road="",
    lat=None,
    lon=None,
    phone="0899999999",
)


def draft_of(member: Member) -> MemberDraft:
    return MemberDraft(
        title=member.title,
        first_name=member.first_name,
        last_name=member.last_name,
        citizen_id=member.citizen_id,
        birth_date=member.birth_date,
        sex=member.sex,
        is_head=member.is_head,
    )


def test_it_sets_address_and_phone_and_leaves_consent_alone(surveyor: User) -> None:
    household = make_household(consent=Consent.REFUSED, consent_date=TODAY)
    update_household(household=household, version=1, changes=CHANGES, by=surveyor, at=AT)
    household.refresh_from_db()
    assert (household.house_no, household.phone) == ("12/3", "0899999999")
    assert (household.consent, household.consent_date) == ("refused", TODAY)
    assert household.version == 2
    event = Event.objects.get(event="household.updated")
    assert set(event.detail["fields"]) == {"house_no", "phone"}
    assert "0899999999" not in str(event.detail)


def test_the_same_values_again_make_no_version_and_no_event(surveyor: User) -> None:
    household = make_household()
    update_household(household=household, version=1, changes=CHANGES, by=surveyor, at=AT)
    update_household(household=household, version=2, changes=CHANGES, by=surveyor, at=AT)
    household.refresh_from_db()
    assert household.version == 2
    assert Event.objects.filter(event="household.updated").count() == 1


def test_a_form_opened_on_an_older_version_is_refused(surveyor: User) -> None:
    household = make_household()
    update_household(household=household, version=1, changes=CHANGES, by=surveyor, at=AT)
    with pytest.raises(UnableToUpdateStale, match="มีผู้แก้ไข"):
        update_household(
            household=household,
            version=1,
            changes=replace(CHANGES, house_no="1"),
            by=surveyor,
            at=AT,
        )
    household.refresh_from_db()
    assert household.house_no == "12/3"


def test_it_is_not_moved_into_an_area_of_others(surveyor: User) -> None:
    with pytest.raises(PermissionDenied):
        update_household(
            household=make_household(),
            version=1,
            changes=replace(CHANGES, area_code=NEXT_SUBDISTRICT),
            by=surveyor,
            at=AT,
        )


def test_a_reader_changes_nothing(reader: User) -> None:
    household = make_household()
    with pytest.raises(PermissionDenied):
        update_household(household=household, version=1, changes=CHANGES, by=reader, at=AT)


def test_a_moved_household_leaves_the_old_scope_at_once(
    officer: User, surveyor: User, next_surveyor: User
) -> None:
    household = make_household()
    update_household(
        household=household,
        version=1,
        changes=replace(CHANGES, area_code="30320201"),
        by=officer,
        at=AT,
    )
    assert not Household.objects.visible_to(surveyor).exists()
    assert Household.objects.visible_to(next_surveyor).get() == household


def test_a_corrected_name_is_found_by_its_new_key(surveyor: User) -> None:
    member = make_member(birth_year=1970)
    update_member(
        member=member,
        version=1,
        draft=replace(draft_of(member), first_name="แก้แล้ว"),
        by=surveyor,
        at=AT,
    )
    member.refresh_from_db()
    assert member.name_key.startswith("แก้แล้ว")
    assert Event.objects.get(event="member.updated").detail["fields"] == ["first_name"]


def test_a_corrected_id_is_sealed_and_indexed_anew(surveyor: User) -> None:
    member = make_member()
    before = bytes(member.citizen_id_index or b"")
    new_id = citizen_id.generate(800_001)
    update_member(
        member=member,
        version=1,
        draft=replace(draft_of(member), citizen_id=new_id),
        by=surveyor,
        at=AT,
    )
    member = Member.objects.get(pk=member.pk)
    assert member.citizen_id == new_id
    assert bytes(member.citizen_id_index or b"") != before


def test_the_id_of_another_person_is_refused(surveyor: User) -> None:
    other = make_member()
    member = make_member()
    with pytest.raises(UnableToRegister) as refusal:
        update_member(
            member=member,
            version=1,
            draft=replace(draft_of(member), citizen_id=other.citizen_id),
            by=surveyor,
            at=AT,
        )
    assert "citizen_id" in refusal.value.fields


def test_a_new_head_ends_the_headship_of_the_old(surveyor: User) -> None:
    head = make_member(is_head=True)
    heir = make_member(head.household)
    update_member(
        member=heir, version=1, draft=replace(draft_of(heir), is_head=True), by=surveyor, at=AT
    )
    assert head.household.members.get(is_head=True) == heir


def test_the_head_alone_does_not_step_down(surveyor: User) -> None:
    head = make_member(is_head=True)
    with pytest.raises(UnableToRegister, match="หัวหน้า"):
        update_member(
            member=head,
            version=1,
            draft=replace(draft_of(head), is_head=False),
            by=surveyor,
            at=AT,
        )


def test_who_left_stays_in_the_history(surveyor: User) -> None:
    member = make_member()
    member_left(member=member, left_on=TODAY, reason=LeftReason.MOVED, by=surveyor, at=AT)
    member.refresh_from_db()
    assert (member.left_on, member.left_reason) == (TODAY, "moved")
    with pytest.raises(UnableToUpdate, match="ไว้แล้ว"):
        member_left(member=member, left_on=TODAY, reason=LeftReason.MOVED, by=surveyor, at=AT)


def test_when_the_head_leaves_another_takes_over(surveyor: User) -> None:
    head = make_member(is_head=True)
    heir = make_member(head.household)
    with pytest.raises(UnableToUpdate, match="หัวหน้าคนใหม่"):
        member_left(member=head, left_on=TODAY, reason=LeftReason.DECEASED, by=surveyor, at=AT)
    member_left(
        member=head,
        left_on=TODAY,
        reason=LeftReason.DECEASED,
        new_head=heir,
        by=surveyor,
        at=AT,
    )
    assert head.household.members.get(is_head=True) == heir


def test_nobody_leaves_tomorrow(surveyor: User) -> None:
    with pytest.raises(UnableToUpdate, match="อนาคต"):
        member_left(
            member=make_member(),
            left_on=date(2026, 11, 21),
            reason=LeftReason.MOVED,
            by=surveyor,
            at=AT,
        )
