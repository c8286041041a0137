from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from accounts.roles import Role
from areas.models import Area, AreaChange
from areas.services import Recode, UnableToChangeAreas, present_code, subdistricts_named
from households.models import AreaRevision, Household, HouseholdMove
from households.services import recode_areas, rename_area
from households.workflow import MoveReason
from tests.factories import NEXT_SUBDISTRICT, SUBDISTRICT, VILLAGE, make_household, make_user

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
ON = date(2026, 11, 20)
LAW = "ประกาศกระทรวงมหาดไทย"


def recode(by: User, *changes: Recode) -> list[AreaRevision]:
    return recode_areas(changes=changes, on=ON, reason=LAW, by=by, at=AT)


def in_areas() -> dict[str, int]:
    rows = Household.objects.values_list("area_id", flat=True)
    return {code: list(rows).count(code) for code in set(rows)}


def test_a_subdistrict_gets_another_code_and_all_that_is_in_it_goes_along(
    province: User, surveyor: User
) -> None:
    inside = make_household()
    make_household(area_id=SUBDISTRICT)
    beside = make_household(area_id="30320201")

    (revision,) = recode(province, Recode(SUBDISTRICT, "303209", "ช้างใหม่"))

    assert revision.households == 2
    assert in_areas() == {"30320901": 1, "303209": 1, "30320201": 1}
    kept = HouseholdMove.objects.get(household=inside)
    assert (kept.from_area_id, kept.to_area_id) == (VILLAGE, "30320901")
    assert kept.reason == MoveReason.AREA_CHANGED
    assert not HouseholdMove.objects.filter(household=beside).exists()
    again = User.objects.get(pk=surveyor.pk)
    assert Household.objects.visible_to(again).count() == 2
    assert present_code(VILLAGE) == "30320901"
    old = Area.objects.get(pk=SUBDISTRICT)
    assert (old.valid_to, old.successor_id) == (ON, "303209")
    assert {area.pk for area in subdistricts_named("ช้างทอง")} == {"303209"}
    assert {area.pk for area in subdistricts_named(SUBDISTRICT)} == {"303209"}
    changed = set(AreaChange.objects.values_list("area_id", flat=True))
    assert {SUBDISTRICT, VILLAGE, "303209", "30320901"} <= changed


def test_a_village_that_goes_to_another_subdistrict_stays_with_who_worked_there(
    province: User, surveyor: User, next_surveyor: User
) -> None:
    make_household()
    make_household(area_id="30320102")
    recode(province, Recode("30320102", "30320203"))
    assert in_areas() == {VILLAGE: 1, "30320203": 1}
    for user, sees in ((surveyor, 2), (next_surveyor, 1)):
        again = User.objects.get(pk=user.pk)
        assert Household.objects.visible_to(again).count() == sees


def test_codes_are_followed_through_two_changes(province: User) -> None:
    recode(province, Recode(VILLAGE, "30320109"))
    recode(province, Recode("30320109", "30320110"))
    assert present_code(VILLAGE) == "30320110"


def test_a_renamed_subdistrict_is_found_by_both_names(province: User) -> None:
    area = Area.objects.get(pk=NEXT_SUBDISTRICT)
    rename_area(area=area, name="ต.ท่าใหม่", on=ON, reason=LAW, by=province, at=AT)
    for name in ("ท่าใหม่", "ท่าช้าง", "ต.ท่าช้าง อ.เฉลิมพระเกียรติ"):
        assert [found.pk for found in subdistricts_named(name)] == [NEXT_SUBDISTRICT], name


@pytest.mark.parametrize(
    "change",
    [
        Recode("303277", "303278"),
        Recode(SUBDISTRICT, SUBDISTRICT),
        Recode(SUBDISTRICT, "3033"),
        Recode(SUBDISTRICT, "303401"),
        Recode("3032xx", "303209"),
    ],
)
def test_a_change_that_cannot_be_changes_nothing(change: Recode, province: User) -> None:
    with pytest.raises(UnableToChangeAreas):
        recode(province, change)
    assert not Area.objects.filter(valid_to__isnull=False).exists()


def test_only_the_offices_of_both_provinces_record_it(district: User, province: User) -> None:
    with pytest.raises(PermissionDenied):
        recode(district, Recode(SUBDISTRICT, "303209"))
    with pytest.raises(PermissionDenied):
        recode(province, Recode(SUBDISTRICT, "310109"))
    with pytest.raises(UnableToChangeAreas, match="ประกาศ"):
        recode_areas(
            changes=[Recode(SUBDISTRICT, "303209")],
            on=ON,
            reason="",
            by=make_user(Role.PROVINCE_OFFICER, "30"),
            at=AT,
        )
