"""Field work for tests: a village with households that wait, and visits."""

from datetime import UTC, date, datetime, timedelta

from accounts.models import User
from accounts.roles import Role
from fieldwork.models import Assignment, BackCheck
from fieldwork.services import appoint_checker, assign_households, draw_back_checks
from households.models import Household, Verification
from households.services import record_verification
from households.workflow import Outcome
from tests.factories import DISTRICT, SUBDISTRICT, VILLAGE, make_household, make_user

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
LATER = AT + timedelta(days=1)
DUE = date(2999, 12, 1)
TODAY = date(2026, 11, 20)


def waiting(number: int = 1, area: str = VILLAGE) -> list[Household]:
    return [make_household(area_id=area) for _ in range(number)]


def visited(household: Household, by: User, outcome: Outcome = Outcome.POOR) -> Verification:
    return record_verification(
        household=household,
        outcome=outcome,
        visited_on=TODAY,
        reason="เยี่ยมแล้ว",
        by=by,
        at=AT + timedelta(hours=1),
    )


def assigned(household: Household, surveyor: User, by: User | None = None) -> Assignment:
    assign_households(
        household_ids=[household.pk],
        surveyor=surveyor,
        due_on=DUE,
        by=by or make_user(Role.DISTRICT_OFFICER, DISTRICT),
        at=AT,
    )
    return Assignment.objects.standing().get(household=household)


def drawn(verification: Verification, checker: User | None = None) -> BackCheck:
    """Draw all visits of the subdistrict, and ask somebody for this one."""
    office = make_user(Role.DISTRICT_OFFICER, DISTRICT)
    draw_back_checks(
        area=verification.household.area.parent,  # type: ignore[arg-type]
        visited_from=TODAY,
        visited_to=TODAY,
        by=office,
        at=LATER,
        seed="seed",
    )
    check = BackCheck.objects.get(verification=verification)
    appoint_checker(
        check_ids=[check.pk],
        checker=checker or make_user(Role.SURVEYOR, SUBDISTRICT),
        due_on=DUE,
        by=office,
        at=LATER,
    )
    check.refresh_from_db()
    return check
