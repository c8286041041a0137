from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from accounts.roles import Role
from areas.models import AreaChange
from audit.models import Event
from households.models import AccessGrant, Household, HouseholdMove
from households.services import (
    HouseholdChanges,
    Place,
    UnableToRelocate,
    UnableToUpdateStale,
    accept_move,
    move_household,
    refuse_move,
    undo_move,
    update_household,
    withdraw_move,
)
from households.workflow import MoveReason, MoveState
from tests.factories import (
    NEXT_SUBDISTRICT,
    OTHER_PROVINCE,
    PROVINCE,
    SUBDISTRICT,
    VILLAGE,
    make_agency,
    make_household,
    make_member,
    make_user,
)

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
FAR = "310101"


def ask(household: Household, by: User, **overrides: Any) -> HouseholdMove:
    wanted: dict[str, Any] = {
        "version": household.version,
        "to": Place(area_code=FAR, house_no="7"),
        "reason": MoveReason.MOVED,
        "moved_on": TODAY,
    }
    return move_household(household=household, by=by, at=AT, **(wanted | overrides))


def seen(household: Household, user: User) -> bool:
    return (
        Household.objects.visible_to(User.objects.get(pk=user.pk)).filter(pk=household.pk).exists()
    )


@pytest.fixture
def receiver(areas: None) -> User:
    return make_user(Role.DISTRICT_OFFICER, "3101", username="receiver")


def test_who_works_in_both_places_moves_at_once_and_the_scope_changes(
    district: User, surveyor: User, next_surveyor: User
) -> None:
    household = make_household()
    make_member(household)
    assert (seen(household, surveyor), seen(household, next_surveyor)) == (True, False)

    move = ask(household, district, to=Place(area_code=NEXT_SUBDISTRICT, house_no="7"))

    household.refresh_from_db()
    assert move.state == MoveState.DONE
    assert (household.area_id, household.house_no) == (NEXT_SUBDISTRICT, "7")
    assert (seen(household, surveyor), seen(household, next_surveyor)) == (False, True)
    assert household.house_code is None
    assert (household.temporary_code or "").startswith("TMP-303202-")
    changed = set(AreaChange.objects.values_list("area_id", flat=True))
    assert changed == {VILLAGE, NEXT_SUBDISTRICT}
    told = Event.objects.filter(event__startswith="household.moved").values_list("event", "area")
    assert set(told) == {
        ("household.moved", NEXT_SUBDISTRICT),
        ("household.moved-away", VILLAGE),
    }


def test_a_move_to_another_office_waits_and_nobody_loses_sight(
    district: User, receiver: User
) -> None:
    household = make_household()
    member = make_member(household)
    move = ask(household, district)
    assert move.state == MoveState.ASKED
    assert (seen(household, district), seen(household, receiver)) == (True, False)
    assert HouseholdMove.objects.coming_to(receiver).get() == move
    assert not HouseholdMove.objects.coming_to(district).exists()
    with pytest.raises(PermissionDenied):
        accept_move(move=move, by=district, at=AT)

    accept_move(move=move, by=receiver, at=AT)

    assert (seen(household, district), seen(household, receiver)) == (False, True)
    member.refresh_from_db()
    assert member.province_code == OTHER_PROVINCE


def test_a_refused_or_withdrawn_move_leaves_everything_as_it_was(
    district: User, receiver: User
) -> None:
    household = make_household()
    before = Household.objects.filter(pk=household.pk).values().get()
    with pytest.raises(UnableToRelocate, match="เหตุผล"):
        refuse_move(move=ask(household, district), reason=" ", by=receiver, at=AT)
    refuse_move(move=HouseholdMove.objects.get(), reason="ไม่พบบ้านนี้", by=receiver, at=AT)
    move = ask(household, district)
    with pytest.raises(UnableToRelocate, match="รอพื้นที่ปลายทาง"):
        ask(household, district)
    withdraw_move(move=move, by=district, at=AT)
    with pytest.raises(UnableToRelocate, match="ตัดสิน"):
        accept_move(move=move, by=receiver, at=AT)
    assert Household.objects.filter(pk=household.pk).values().get() == before


def test_a_move_is_undone_with_the_code_the_household_had(province: User) -> None:
    household = make_household(house_no="12", village_name="ทดสอบ")
    before = Household.objects.filter(pk=household.pk).values().get()
    move = ask(household, province, to=Place(area_code=NEXT_SUBDISTRICT, house_no="7"))
    household.refresh_from_db()

    back = undo_move(move=move, version=household.version, by=province, at=AT)

    after = Household.objects.filter(pk=household.pk).values().get()
    for name in ("version", "updated_at"):
        del before[name], after[name]
    assert after == before
    assert back.undoes == move
    household.refresh_from_db()
    with pytest.raises(UnableToRelocate):
        undo_move(move=move, version=household.version, by=province, at=AT)


def test_an_agency_that_does_not_work_there_is_let_out(district: User, receiver: User) -> None:
    household = make_household()
    kept, lost = make_agency(area_id=OTHER_PROVINCE), make_agency(area_id=PROVINCE)
    for agency in (kept, lost):
        AccessGrant.objects.create(
            household=household, agency=agency, valid_from=AT.replace(year=2025), reason="ส่งต่อ"
        )
    accept_move(move=ask(household, district), by=receiver, at=AT)
    live = AccessGrant.objects.live(at=AT.replace(hour=4))
    assert [grant.agency for grant in live] == [kept]


def test_a_correction_into_another_area_leaves_a_row_too(province: User) -> None:
    household = make_household(phone="0812345678")
    changes = HouseholdChanges(
        area_code=NEXT_SUBDISTRICT,
        house_no="3",
        village_name="",
        soi="",
        road="",
        lat=None,
        lon=None,
        phone="",
    )
    update_household(
        household=household, version=household.version, changes=changes, by=province, at=AT
    )
    move = HouseholdMove.objects.get()
    assert (move.from_area_id, move.to_area_id) == (VILLAGE, NEXT_SUBDISTRICT)
    assert (move.reason, move.state) == (MoveReason.CORRECTED, MoveState.DONE)


def test_what_cannot_be_is_refused(district: User, surveyor: User, next_surveyor: User) -> None:
    household = make_household()
    with pytest.raises(PermissionDenied):
        ask(household, next_surveyor)
    with pytest.raises(UnableToUpdateStale):
        ask(household, district, version=household.version + 1)
    with pytest.raises(UnableToRelocate, match="อนาคต"):
        ask(household, district, moved_on=date(2026, 11, 21))
    with pytest.raises(UnableToRelocate, match="ตำบล"):
        ask(household, district, to=Place(area_code="3032", house_no="1"))
    with pytest.raises(UnableToRelocate, match="บ้านเลขที่"):
        ask(household, district, to=Place(area_code=SUBDISTRICT))
    assert not HouseholdMove.objects.exists()
