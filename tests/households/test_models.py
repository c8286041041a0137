"""What the database refuses, whatever code runs; and, beside it, what it takes."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from households.models import Household, Member, SourceListing
from tests.factories import make_household, make_member

DAY = date(2026, 11, 20)


def update(model: type[Any], **values: Any) -> None:
    with transaction.atomic():
        model.objects.update(**values)


@pytest.fixture
def household(areas: None) -> Household:
    return make_household()


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"house_code": None}, "exactly_one_code"),
        ({"temporary_code": "TMP-303201-AAAAAA"}, "exactly_one_code"),
        ({"house_code": "1234567890"}, "11_digits"),
        ({"house_code": "๓๐๓๒๙๐๐๐๐๐๑"}, "11_digits"),
        ({"lat": Decimal("15.0")}, "position_in_thailand"),
        ({"lat": Decimal("51.5"), "lon": Decimal("0.1")}, "position_in_thailand"),
        ({"consent": "given"}, "consent_date_exactly"),
        ({"consent_date": DAY}, "consent_date_exactly"),
        ({"area_id": "3032"}, "subdistrict_or_village"),
        ({"stage": "unknown"}, "stage_is_known"),
    ],
)
def test_a_household_that_cannot_be_is_refused(
    household: Household, values: dict[str, Any], name: str
) -> None:
    with pytest.raises(IntegrityError, match=name):
        update(Household, **values)


@pytest.mark.parametrize(
    "values",
    [
        {"house_code": None, "temporary_code": "TMP-303201-AAAAAA"},
        {"lat": Decimal("15.0"), "lon": Decimal("102.1")},
        {"consent": "refused", "consent_date": DAY},
        {"area_id": "303201"},
    ],
)
def test_a_household_that_can_be_is_taken(household: Household, values: dict[str, Any]) -> None:
    update(Household, **values)
    assert Household.objects.filter(**values).exists()


def test_two_households_of_one_house_differ_in_their_number(household: Household) -> None:
    make_household(house_code=household.house_code, seq=2)
    with pytest.raises(IntegrityError, match="code_and_seq_once"), transaction.atomic():
        make_household(house_code=household.house_code, seq=2)


def test_codes_of_the_areas_above_follow_from_the_area(household: Household) -> None:
    household.refresh_from_db()
    codes = (household.province_code, household.district_code, household.subdistrict_code)
    assert codes == ("30", "3032", "303201")


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"citizen_id_index": None}, "id_and_index_together"),
        ({"key_version": None}, "id_and_index_together"),
        ({"first_name": ""}, "has_a_name"),
        ({"left_on": DAY}, "left_on_and_reason"),
        ({"left_reason": "moved"}, "left_on_and_reason"),
        ({"birth_year": 1700}, "birth_year_in_range"),
    ],
)
def test_a_member_that_cannot_be_is_refused(
    household: Household, values: dict[str, Any], name: str
) -> None:
    make_member(household)
    with pytest.raises(IntegrityError, match=name):
        update(Member, **values)


def test_a_living_person_is_there_once_and_one_who_left_any_number_of_times(
    household: Household,
) -> None:
    member = make_member(household)
    make_member(citizen_id=member.citizen_id, left_on=DAY, left_reason="moved")
    with pytest.raises(IntegrityError, match="one_live_per_citizen_id"), transaction.atomic():
        make_member(citizen_id=member.citizen_id)


def test_people_without_an_id_do_not_stand_in_each_others_way(household: Household) -> None:
    make_member(household, citizen_id=None)
    make_member(household, citizen_id=None)
    assert household.members.count() == 2


def test_a_household_has_one_head_at_a_time(household: Household) -> None:
    make_member(household, is_head=True, left_on=DAY, left_reason="deceased")
    make_member(household, is_head=True)
    with pytest.raises(IntegrityError, match="one_head"), transaction.atomic():
        make_member(household, is_head=True)


def test_a_listing_is_there_once_per_list_year_and_subject(household: Household) -> None:
    member = make_member(household)
    for year in (2565, 2566):
        SourceListing.objects.create(household=household, source="tpmap", year_be=year)
        SourceListing.objects.create(
            household=household, member=member, source="tpmap", year_be=year
        )
    with pytest.raises(IntegrityError, match="household_once_a_year"), transaction.atomic():
        SourceListing.objects.create(household=household, source="tpmap", year_be=2566)
    with pytest.raises(IntegrityError, match="member_once_a_year"), transaction.atomic():
        SourceListing.objects.create(
            household=household, member=member, source="tpmap", year_be=2566
        )
    with pytest.raises(IntegrityError, match="year_is_be"), transaction.atomic():
        SourceListing.objects.create(household=household, source="bmn", year_be=2023)
