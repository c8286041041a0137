"""What a household got: recorded by the agency that has the case, taken back with a reason."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from accounts.roles import Role
from areas.models import AreaChange
from audit.models import Event
from referrals import services
from referrals.models import Assistance
from referrals.services import UnableToRefer, WrongState
from referrals.workflow import HELPED_THROUGH, AssistanceKind, Result, Status
from tests.factories import PROVINCE, make_agency, make_user
from tests.referrals.cases import AT, EXPECTED, TODAY, Cast, give_help, make_referral

pytestmark = pytest.mark.django_db


def test_help_is_kept_with_all_that_was_said_and_the_text_is_sealed() -> None:
    cast = Cast()
    referral = make_referral(Status.IN_PROGRESS, cast=cast)
    given = give_help(
        referral,
        cast.officer,
        kind=AssistanceKind.GOODS,
        amount="0",
        people=4,
        description="  ข้าวสาร 20 กก.  ",
    )
    given.refresh_from_db()
    assert (given.household, given.referral, given.agency) == (
        referral.household,
        referral,
        cast.agency,
    )
    assert (given.kind, given.amount_thb, given.people) == ("goods", Decimal("0.00"), 4)
    assert str(given.description) == "ข้าวสาร 20 กก."
    event = Event.objects.get(event="assistance.recorded")
    assert "ข้าวสาร" not in str(event.detail)
    assert AreaChange.objects.filter(area=referral.household.area_id).exists()


@pytest.mark.parametrize("status", list(Status), ids=lambda status: status.value)
def test_help_is_recorded_only_while_the_agency_has_the_case(status: Status) -> None:
    cast = Cast()
    referral = make_referral(status, cast=cast)
    before = Assistance.objects.count()
    if status in HELPED_THROUGH:
        give_help(referral, cast.officer)
        assert Assistance.objects.count() == before + 1
    else:
        with pytest.raises(WrongState):
            give_help(referral, cast.officer)
        assert Assistance.objects.count() == before


def test_nobody_else_records_the_agency_s_help(district: User, surveyor: User) -> None:
    referral = make_referral(Status.ACCEPTED)
    for person in (district, surveyor, make_user(Role.AGENCY_OFFICER, PROVINCE)):
        with pytest.raises(PermissionDenied):
            give_help(referral, person)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount": "-0.01"}, "amount_thb"),
        ({"amount": "NaN"}, "amount_thb"),
        ({"amount": "Infinity"}, "amount_thb"),
        ({"amount": "10000000000"}, "amount_thb"),
        ({"amount": "1.001"}, "amount_thb"),
        ({"helped_on": TODAY + timedelta(days=1)}, "helped_on"),
        ({"people": 0}, "people"),
        ({"people": 10_001}, "people"),
    ],
)
def test_impossible_help_is_refused_beside_the_field(wrong: dict[str, Any], field: str) -> None:
    cast = Cast()
    referral = make_referral(Status.ACCEPTED, cast=cast)
    with pytest.raises(UnableToRefer) as refusal:
        give_help(referral, cast.officer, **wrong)
    assert refusal.value.field == field
    assert not Assistance.objects.exists()


@pytest.mark.parametrize("amount", ["0", "0.01", "9999999999.99"])
def test_amounts_at_the_edge_are_kept_exactly(amount: str) -> None:
    cast = Cast()
    given = give_help(make_referral(Status.ACCEPTED, cast=cast), cast.officer, amount=amount)
    given.refresh_from_db()
    assert given.amount_thb == Decimal(amount)


# ---- taking back -----------------------------------------------------------------------------
def test_help_taken_back_stays_with_its_reason_and_counts_no_more() -> None:
    cast = Cast()
    referral = make_referral(Status.IN_PROGRESS, cast=cast)
    given = give_help(referral, cast.officer)
    services.retract_assistance(assistance=given, reason=" ผิดบ้าน ", by=cast.officer, at=AT)
    assert (given.retracted_at, given.retracted_by, given.retracted_reason) == (
        AT,
        cast.officer,
        "ผิดบ้าน",
    )
    assert not Assistance.objects.standing().exists()
    assert Event.objects.filter(event="assistance.retracted").count() == 1
    with pytest.raises(UnableToRefer, match="ถอนไปแล้ว"):
        services.retract_assistance(assistance=given, reason="อีก", by=cast.officer, at=AT)


@pytest.mark.parametrize("reason", [" ", "ก" * 301])
def test_taking_back_needs_a_reason_that_can_be_kept_whole(reason: str) -> None:
    cast = Cast()
    given = give_help(make_referral(Status.IN_PROGRESS, cast=cast), cast.officer)
    with pytest.raises(UnableToRefer) as refusal:
        services.retract_assistance(assistance=given, reason=reason, by=cast.officer, at=AT)
    assert refusal.value.field == "reason"
    services.retract_assistance(assistance=given, reason="ก" * 300, by=cast.officer, at=AT)
    assert given.retracted_reason == "ก" * 300


def test_the_office_may_take_it_back_and_others_may_not(surveyor: User) -> None:
    cast = Cast()
    given = give_help(make_referral(Status.IN_PROGRESS, cast=cast), cast.officer)
    for person in (surveyor, make_user(Role.AGENCY_OFFICER, PROVINCE)):
        with pytest.raises(PermissionDenied):
            services.retract_assistance(assistance=given, reason="x", by=person, at=AT)
    services.retract_assistance(assistance=given, reason="ซ้ำ", by=cast.district, at=AT)
    assert given.retracted_by == cast.district


def test_a_report_waiting_for_its_check_keeps_something_to_rest_on() -> None:
    cast = Cast()
    referral = make_referral(Status.HELPED, cast=cast)
    only = Assistance.objects.get(referral=referral)
    with pytest.raises(UnableToRefer, match="รายการเดียว"):
        services.retract_assistance(assistance=only, reason="ผิด", by=cast.officer, at=AT)
    give_help(referral, cast.officer)
    services.retract_assistance(assistance=only, reason="ผิด", by=cast.officer, at=AT)
    assert only.retracted_at == AT


def test_an_agency_reports_its_own_help_not_that_of_the_one_before() -> None:
    cast, agency = Cast(), make_agency()
    officer = make_user(Role.AGENCY_OFFICER, PROVINCE, agency)
    referral = make_referral(Status.IN_PROGRESS, cast=cast)
    earlier = give_help(referral, cast.officer)
    services.return_referral(referral=referral, reason="เกินอำนาจ", by=cast.officer, at=AT)
    services.submit(referral=referral, agency=agency, by=cast.district, at=AT)
    services.accept(referral=referral, expected_date=EXPECTED, by=officer, at=AT)

    with pytest.raises(UnableToRefer) as refusal:
        services.report_help(referral=referral, result=Result.SOLVED, by=officer, at=AT)
    assert refusal.value.field == "assistance"

    own = give_help(referral, officer)
    services.report_help(referral=referral, result=Result.SOLVED, by=officer, at=AT)
    with pytest.raises(UnableToRefer, match="รายการเดียว"):
        services.retract_assistance(assistance=own, reason="ผิดบ้าน", by=officer, at=AT)
    services.retract_assistance(assistance=earlier, reason="ผิดบ้าน", by=cast.district, at=AT)
