"""The whole loop: sent, accepted, helped, checked at the house; gone, or not."""

from decimal import Decimal

import pytest

from audit.models import Event
from households.workflow import Stage
from problems.workflow import Status as ProblemStatus
from referrals import services
from referrals.workflow import ClosingReason, Result, Status
from tests.referrals.cases import (
    AT,
    EXPECTED,
    TODAY,
    Cast,
    give_help,
    make_problem,
    make_referral,
)

pytestmark = pytest.mark.django_db


def test_the_problem_is_gone_and_everything_closes() -> None:
    cast, problem = Cast(), make_problem()
    referral = services.refer_problem(
        problem=problem, agency=cast.agency, need="ซ่อมหลังคา", by=cast.district, at=AT
    )
    assert referral.number == "RF-2569-30-000001"
    services.accept(referral=referral, expected_date=EXPECTED, by=cast.officer, at=AT)
    problem.household.refresh_from_db()
    assert problem.household.stage == Stage.IN_HELP

    given = give_help(referral, cast.officer, amount="2500.00", people=3)
    assert (given.dimension, given.agency) == ("living", cast.agency)
    services.report_help(referral=referral, result=Result.SOLVED, by=cast.officer, at=AT)
    found = services.check(
        referral=referral,
        problem_remains=False,
        checked_on=TODAY,
        satisfaction=5,
        by=cast.surveyor,
        at=AT,
    )

    referral.refresh_from_db()
    assert found.satisfaction == 5
    assert (referral.status, referral.closing_reason) == (Status.CLOSED, ClosingReason.SOLVED)
    assert referral.ended_at == AT
    problem.refresh_from_db()
    assert problem.status == ProblemStatus.RESOLVED
    problem.household.refresh_from_db()
    assert problem.household.stage == Stage.IN_HELP, "it leaves help by an exit only"
    assert list(referral.events.order_by("at", "pk").values_list("action", "to_status")) == [
        ("create", "draft"),
        ("submit", "submitted"),
        ("receive", "received"),
        ("accept", "accepted"),
        ("report-help", "helped"),
        ("check", "checked"),
        ("close", "closed"),
    ]
    told = Event.objects.filter(event__startswith="referral.", detail__number=referral.number)
    assert sorted(told.values_list("event", flat=True)) == [
        "referral.accepted",
        "referral.checked",
        "referral.created",
        "referral.helped",
        "referral.submitted",
    ]
    assert referral.assistance.get().amount_thb == Decimal("2500.00")


def test_the_problem_remains_and_the_agency_goes_on() -> None:
    cast = Cast()
    referral = make_referral(Status.HELPED, cast=cast)
    services.check(
        referral=referral, problem_remains=True, checked_on=TODAY, by=cast.surveyor, at=AT
    )
    assert referral.status == Status.IN_PROGRESS
    assert referral.problem_remains is True
    assert referral.problem.status == ProblemStatus.OPEN
    assert list(referral.events.order_by("at", "pk").values_list("action", flat=True))[-2:] == [
        "check",
        "reopen",
    ]

    give_help(referral, cast.officer)
    services.report_help(referral=referral, result=Result.SOLVED, by=cast.officer, at=AT)
    assert referral.checked_by is None, "the earlier check was of the earlier help"
    services.check(
        referral=referral, problem_remains=False, checked_on=TODAY, by=cast.surveyor, at=AT
    )
    assert referral.status == Status.CLOSED
    assert referral.checks.count() == 2


@pytest.mark.parametrize("status", list(Status), ids=lambda status: status.value)
def test_a_referral_can_be_made_in_every_status(status: Status) -> None:
    referral = make_referral(status)
    referral.refresh_from_db()
    assert referral.status == status
