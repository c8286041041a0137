"""A district of every kind of household, brought there by the services, and counted."""

from datetime import date
from typing import Any

from django.utils.timezone import now

from accounts.roles import Role
from areas.services import mark_changed
from dashboards.services import aggregate
from households.models import Exit, Household, SourceListing
from households.services import approve_exit, record_verification
from households.workflow import ExitReason, ExitState, Outcome, Stage
from problems.models import Problem
from problems.rules import Dimension, ProblemCode
from problems.workflow import Origin
from referrals.models import Referral
from referrals.workflow import Status
from slf.services import record_assessment
from slf.workflow import Period
from tests.factories import DISTRICT, make_household, make_member, make_user
from tests.referrals.cases import AT, TODAY, Cast, make_problem, make_referral
from tests.slf.cases import make_case

YEAR_BE = 2569
VILLAGES = ("30320101", "30320201")
TAMBON = "303201"


def set_scene() -> None:
    """Fill two villages and a tambon whose village is not known, and count."""
    cast = Cast(surveyor=make_user(Role.SURVEYOR, DISTRICT))
    for village in VILLAGES:
        fill_village(village, cast)
    listed(make_household(area_id=TAMBON))
    count(*VILLAGES, TAMBON)


def count(*area_codes: str) -> None:
    """Bring the cells of the areas up to date, as the worker does."""
    mark_changed(area_codes=area_codes)
    aggregate(at=now())


def listed(household: Household, **flags: Any) -> Household:
    """Put the household on the TPMAP list of an earlier year."""
    SourceListing.objects.create(household=household, source="tpmap", year_be=2567, **flags)
    return household


def added(household: Household) -> Household:
    SourceListing.objects.create(household=household, source="add_on", year_be=YEAR_BE)
    return household


def found(household: Household, outcome: Outcome, cast: Cast) -> Household:
    record_verification(
        household=household,
        outcome=outcome,
        visited_on=date(2026, 11, 10),
        reason="เยี่ยมแล้ว",
        by=cast.district,
        at=AT,
    )
    household.refresh_from_db()
    return household


def fill_village(village: str, cast: Cast) -> None:
    """One household of each kind; those found poor have each a problem and a referral."""
    listed(make_household(area_id=village))
    listed(make_household(area_id=village), is_mpi_poor=False)
    found(listed(make_household(area_id=village)), Outcome.NOT_POOR, cast)
    found(listed(make_household(area_id=village), has_welfare_card=False), Outcome.POOR, cast)
    _gone(village, cast)
    for status in (Status.DRAFT, Status.SUBMITTED, Status.IN_PROGRESS, Status.HELPED):
        _referred(found(listed(make_household(area_id=village)), Outcome.POOR, cast), status, cast)
    both = found(added(make_household(area_id=village)), Outcome.POOR, cast)
    _referred(both, Status.CLOSED, cast)
    make_problem(both, ProblemCode.CHRONICALLY_ILL)
    late = _referred(
        found(added(make_household(area_id=village)), Outcome.POOR, cast), Status.ACCEPTED, cast
    )
    Referral.objects.filter(pk=late.pk).update(due_on=date(2026, 11, 2))
    _assessed(village, cast)
    _graduated(village, cast)


def _referred(household: Household, status: Status, cast: Cast) -> Referral:
    make_member(household)
    return make_referral(status, cast=cast, problem=make_problem(household))


def _gone(village: str, cast: Cast) -> None:
    household = found(listed(make_household(area_id=village)), Outcome.NOT_POOR, cast)
    approve_exit(
        proposal=Exit.objects.get(household=household),
        by=make_user(Role.PROVINCE_OFFICER),
        at=AT,
    )


def _assessed(village: str, cast: Cast) -> None:
    case = make_case(area_id=village, stage=Stage.LISTED)
    listed(case.household)
    found(case.household, Outcome.POOR, cast)
    record_assessment(
        household=case.household,
        year_be=YEAR_BE,
        round=1,
        period=Period.BEFORE,
        answers=case.answers(),
        amounts=case.amounts(),
        by=cast.district,
        at=AT,
    )


def _graduated(village: str, cast: Cast) -> None:
    """Write an exit and a problem left open past the services, whose proof is not looked at."""
    household = listed(make_household(area_id=village, stage=Stage.EXITED))
    Problem.objects.create(
        household=household,
        dimension=Dimension.LIVING.value,
        code=ProblemCode.HOME_UNFIT.value,
        origin=Origin.FIELD.value,
        opened_on=TODAY,
        opened_by=cast.district,
    )
    Exit.objects.create(
        household=household,
        reason=ExitReason.GRADUATED.value,
        state=ExitState.APPROVED.value,
        stage_before=Stage.IN_HELP.value,
        stage_date_before=TODAY,
        proposed_at=AT,
        proposed_by=cast.district,
        decided_at=AT,
        decided_by=cast.district,
    )
