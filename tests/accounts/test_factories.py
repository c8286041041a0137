from datetime import date

from accounts.models import User
from accounts.permissions import has_in
from accounts.roles import Permission
from areas.models import Area
from households.models import Household
from tests.factories import PASSWORD, SUBDISTRICT, make_area_tree, make_household, make_member


def test_the_area_tree_can_be_made_twice(db: None) -> None:
    make_area_tree()
    make_area_tree()
    assert Area.objects.under(["3032"]).filter(level="SUBDISTRICT").count() == 5


def test_a_made_member_has_an_id_that_belongs_to_nobody(areas: None) -> None:
    member = make_member(make_household())
    member.refresh_from_db()
    assert member.citizen_id is not None
    assert member.citizen_id[1:5] == "9999"


def test_the_surveyor_may_work_in_one_subdistrict_only(surveyor: User) -> None:
    assert has_in(surveyor, Permission.HOUSEHOLD_VERIFY, SUBDISTRICT)
    assert not has_in(surveyor, Permission.HOUSEHOLD_VERIFY, "303202")


def test_a_household_is_seen_in_its_area_only(officer: User, outsider: User) -> None:
    household = make_household()
    assert list(Household.objects.visible_to(officer)) == [household]
    assert list(Household.objects.visible_to(outsider)) == []


def test_a_made_person_can_sign_in_with_the_password(stranger: User) -> None:
    assert stranger.check_password(PASSWORD)
    assert stranger.date_joined.date() > date(2000, 1, 1)
