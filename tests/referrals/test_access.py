"""Who sees a referral in which status, read as a table; and when it is over."""

from datetime import datetime, timedelta

import pytest
from django.utils.timezone import now

from accounts.models import User
from accounts.roles import Role
from households.models import AccessGrant, Household
from households.permissions import can_open_file
from problems.models import Problem
from referrals.models import Referral
from referrals.workflow import Status
from slf.models import Assessment
from tests.factories import (
    NEXT_SUBDISTRICT,
    OTHER_PROVINCE,
    PROVINCE,
    SUBDISTRICT,
    make_agency,
    make_scope,
    make_user,
)
from tests.referrals.cases import Cast, make_referral

pytestmark = pytest.mark.django_db


def sees(user: User, referral: Referral) -> bool:
    return Referral.objects.visible_to(user).filter(pk=referral.pk).exists()


@pytest.mark.parametrize("status", list(Status))
def test_an_agency_sees_what_it_was_sent_and_has_not_lost(status: Status) -> None:
    cast = Cast()
    # The services write the times of AT; what is shown lately is asked of the clock.
    referral = make_referral(status, cast=cast, at=now())
    assert sees(cast.officer, referral) == (status not in {Status.DRAFT, Status.CANCELLED})
    assert not sees(make_user(Role.AGENCY_OFFICER, PROVINCE, make_agency()), referral)


@pytest.mark.parametrize(
    ("role", "area", "expected"),
    [
        (Role.SURVEYOR, SUBDISTRICT, True),
        (Role.SURVEYOR, NEXT_SUBDISTRICT, False),
        (Role.TEAM_LEAD, SUBDISTRICT, True),
        (Role.DISTRICT_OFFICER, "3032", True),
        (Role.DISTRICT_OFFICER, "3001", False),
        (Role.PROVINCE_OFFICER, PROVINCE, True),
        (Role.PROVINCE_OFFICER, OTHER_PROVINCE, False),
        (Role.ANALYST, PROVINCE, False),
        (Role.IMPORT_ADMIN, PROVINCE, False),
        (Role.SYSTEM_ADMIN, PROVINCE, False),
        (Role.AUDITOR, PROVINCE, False),
    ],
)
def test_others_see_by_role_and_area_whatever_its_status(
    role: Role, area: str, expected: bool
) -> None:
    user = make_user(role, area)
    assert [sees(user, make_referral(status)) for status in Status] == [expected] * len(Status)


@pytest.mark.parametrize(
    ("days", "expected"), [(0, True), (89, True), (91, False)], ids=["today", "lately", "long ago"]
)
def test_what_was_closed_is_shown_for_some_days(days: int, expected: bool) -> None:
    cast = Cast()
    referral = make_referral(Status.CLOSED, cast=cast, at=now())
    ended: datetime = now() - timedelta(days=days)
    Referral.objects.filter(pk=referral.pk).update(ended_at=ended)
    assert sees(cast.officer, referral) == expected


def test_a_grant_that_is_ended_closes_the_referral_at_once() -> None:
    cast = Cast()
    referral, other = make_referral(cast=cast), make_referral(cast=cast)
    assert sees(cast.officer, referral)
    AccessGrant.objects.filter(household=referral.household).update(valid_until=now())
    assert not sees(cast.officer, referral)
    assert sees(cast.officer, other)


def test_an_officer_of_the_agency_sees_the_places_they_answer_for() -> None:
    cast = Cast()
    referral = make_referral(cast=cast)
    assert not sees(make_user(Role.AGENCY_OFFICER, "3001", cast.agency), referral)
    assert sees(make_user(Role.AGENCY_OFFICER, "3032", cast.agency), referral)

    elsewhere = make_user(Role.AGENCY_OFFICER, "3001", cast.agency)
    make_scope(elsewhere, Role.AGENCY_OFFICER, "3032", make_agency())
    assert not sees(User.objects.get(pk=elsewhere.pk), referral)


def test_a_grant_to_another_agency_opens_nothing() -> None:
    cast = Cast()
    referral = make_referral(cast=cast)
    AccessGrant.objects.filter(household=referral.household).update(agency=make_agency())
    assert not sees(cast.officer, referral)


def test_a_referral_opens_nothing_else_of_the_household() -> None:
    cast = Cast()
    referral = make_referral(Status.IN_PROGRESS, cast=cast)
    assert not can_open_file(cast.officer, referral.household)
    assert can_open_file(cast.district, referral.household)
    for model in (Household, Problem, Assessment):
        assert not model.objects.visible_to(cast.officer).exists()


def test_who_is_of_the_agency_and_of_the_area_opens_the_file_too() -> None:
    cast = Cast()
    referral = make_referral(cast=cast)
    cast.officer.scopes.create(
        role=Role.DISTRICT_OFFICER, area_id="3032", valid_until=now().date() + timedelta(days=9)
    )
    both = User.objects.get(pk=cast.officer.pk)
    assert can_open_file(both, referral.household)
    assert Household.objects.visible_to(both).get() == referral.household
