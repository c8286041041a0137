from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from households.models import Exit, Household, Member, MemberMove
from households.services import (
    MemberDraft,
    Place,
    UnableToPart,
    UnableToRegister,
    UnableToUpdateStale,
    add_member,
    member_left,
    member_returned,
    move_members,
    protect_household,
    split_household,
    undo_member_move,
)
from households.workflow import ExitReason, LeftReason, Stage
from tests.factories import NEXT_SUBDISTRICT, SUBDISTRICT, VILLAGE, make_household, make_member

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
PERSON = ("citizen_id", "citizen_id_index", "first_name", "last_name", "name_key", "birth_date")


def people(household: Household) -> list[tuple[str | None, bool]]:
    rows = Member.objects.present().filter(household=household).order_by("seq")
    return [(row.citizen_id, row.is_head) for row in rows]


def test_a_person_moves_to_another_household_and_both_rows_stay(district: User) -> None:
    old, new = make_household(), make_household(area_id=NEXT_SUBDISTRICT)
    head, child = make_member(old, is_head=True), make_member(old)
    host = make_member(new, is_head=True)

    (move,) = move_members(
        members=[child], version=old.version, to=new, moved_on=TODAY, by=district, at=AT
    )

    child.refresh_from_db()
    assert (child.left_on, child.left_reason) == (TODAY, LeftReason.MOVED)
    arrived = move.member_after
    assert arrived.household == new
    assert [getattr(arrived, name) for name in PERSON] == [getattr(child, name) for name in PERSON]
    assert people(old) == [(head.citizen_id, True)]
    assert people(new) == [(host.citizen_id, True), (child.citizen_id, False)]

    undo_member_move(move=move, by=district, at=AT)

    assert people(old) == [(head.citizen_id, True), (child.citizen_id, False)]
    assert people(new) == [(host.citizen_id, True)]
    with pytest.raises(UnableToPart, match="ยกเลิกการย้ายนี้ไปแล้ว"):
        undo_member_move(move=MemberMove.objects.get(), by=district, at=AT)


def test_a_household_splits_and_the_rest_stays(district: User) -> None:
    old = make_household(consent="given", consent_date=TODAY)
    head, son, wife = make_member(old, is_head=True), make_member(old), make_member(old)
    with pytest.raises(UnableToPart, match="หัวหน้าคนใหม่"):
        split_household(
            members=[head],
            version=1,
            head=head,
            to=Place(area_code=SUBDISTRICT, house_no="9"),
            moved_on=TODAY,
            by=district,
            at=AT,
        )
    new = split_household(
        members=[son, wife],
        version=old.version,
        head=wife,
        to=Place(area_code=SUBDISTRICT, house_no="9/1"),
        moved_on=TODAY,
        by=district,
        at=AT,
    )
    assert people(old) == [(head.citizen_id, True)]
    assert people(new) == [(son.citizen_id, False), (wife.citizen_id, True)]
    assert (new.area_id, new.house_no, new.stage) == (SUBDISTRICT, "9/1", Stage.LISTED)
    assert (new.consent, new.consent_date) == (old.consent, old.consent_date)
    assert set(MemberMove.objects.values_list("is_split", flat=True)) == {True}


def test_who_may_not_change_both_or_has_an_old_page_is_refused(
    district: User, surveyor: User
) -> None:
    old, new = make_household(), make_household(area_id=NEXT_SUBDISTRICT)
    make_member(old, is_head=True)
    child = make_member(old)
    with pytest.raises(PermissionDenied):
        move_members(
            members=[child], version=old.version, to=new, moved_on=TODAY, by=surveyor, at=AT
        )
    with pytest.raises(UnableToUpdateStale):
        move_members(
            members=[child], version=old.version + 1, to=new, moved_on=TODAY, by=district, at=AT
        )
    assert not MemberMove.objects.exists()


def test_the_last_death_proposes_an_exit_and_a_mistake_is_taken_back(surveyor: User) -> None:
    household = make_household(stage=Stage.VERIFIED_POOR)
    head, child = make_member(household, is_head=True), make_member(household)
    member_left(
        member=head,
        left_on=TODAY,
        reason=LeftReason.DECEASED,
        new_head=child,
        by=surveyor,
        at=AT,
    )
    assert not Exit.objects.exists()
    child.refresh_from_db()
    member_left(member=child, left_on=TODAY, reason=LeftReason.DECEASED, by=surveyor, at=AT)
    assert Exit.objects.get().reason == ExitReason.DECEASED
    household.refresh_from_db()
    assert household.stage == Stage.EXIT_PROPOSED

    member_returned(member=child, by=surveyor, at=AT)

    assert people(household) == [(child.citizen_id, True)]
    with pytest.raises(UnableToPart):
        member_returned(member=child, by=surveyor, at=AT)


def test_who_lives_elsewhere_by_now_does_not_come_back(district: User) -> None:
    old, new = make_household(), make_household()
    make_member(old, is_head=True)
    gone = make_member(old)
    member_left(member=gone, left_on=TODAY, reason=LeftReason.MOVED, by=district, at=AT)
    make_member(new, citizen_id=gone.citizen_id)
    with pytest.raises(UnableToPart, match="อยู่ในครัวเรือนอื่น"):
        member_returned(member=gone, by=district, at=AT)


def test_a_birth_names_the_parent_and_believes_no_impossible_day(surveyor: User) -> None:
    household = make_household(area_id=VILLAGE)
    mother = make_member(household, is_head=True, birth_date=date(1995, 5, 1), birth_year=1995)
    other = make_member()

    def born(on: date | None, parent: Member = mother) -> Member:
        draft = MemberDraft(first_name="เด็ก", no_id_reason="ยังไม่ได้แจ้งเกิด", birth_date=on)
        return add_member(household=household, draft=draft, parent=parent, by=surveyor, at=AT)

    for on, parent in ((None, mother), (date(2000, 1, 1), mother), (TODAY, other)):
        with pytest.raises(UnableToRegister):
            born(on, parent)
    assert born(TODAY).parent == mother


def test_a_birth_that_is_sent_twice_adds_one_child(surveyor: User) -> None:
    household = make_household(area_id=VILLAGE)
    mother = make_member(household, is_head=True, birth_date=date(1995, 5, 1), birth_year=1995)

    def born(first_name: str) -> Member:
        draft = MemberDraft(first_name=first_name, no_id_reason="ยังไม่แจ้งเกิด", birth_date=TODAY)
        return add_member(household=household, draft=draft, parent=mother, by=surveyor, at=AT)

    born("พี่")
    with pytest.raises(UnableToRegister, match="อยู่ในครัวเรือนแล้ว"):
        born("พี่")
    born("น้อง")
    assert household.members.count() == 3


def test_nobody_is_added_to_a_household_that_was_merged_meanwhile(surveyor: User) -> None:
    shown, survivor = make_household(), make_household()
    Household.objects.filter(pk=shown.pk).update(stage=Stage.EXITED, merged_into=survivor)
    with pytest.raises(UnableToRegister, match="รวมกับครัวเรือนอื่น"):
        add_member(
            household=shown,
            draft=MemberDraft(first_name="ใหม่", no_id_reason="ยังไม่แจ้งเกิด"),
            by=surveyor,
            at=AT,
        )
    assert not Member.objects.exists()


def test_nobody_leaves_a_protected_household_for_one_that_anybody_finds(province: User) -> None:
    hidden, open_house = make_household(area_id=VILLAGE), make_household(area_id=VILLAGE)
    make_member(hidden, is_head=True)
    child = make_member(hidden)
    protect_household(household=hidden, reason="มีผู้ตามหา", by=province, at=AT)
    hidden.refresh_from_db()

    def leave() -> None:
        move_members(
            members=[child],
            version=hidden.version,
            to=open_house,
            moved_on=TODAY,
            by=province,
            at=AT,
        )

    with pytest.raises(UnableToPart, match="คุ้มครอง"):
        leave()
    protect_household(household=open_house, reason="มีผู้ตามหา", by=province, at=AT)
    leave()
    assert open_house.members.present().count() == 1
