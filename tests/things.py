"""Objects of the village 30320101, each with the arguments of the URL that shows it."""

from datetime import UTC, date, datetime
from typing import Any

from accounts.roles import Role
from accounts.services import issue_token
from households.models import Exit
from households.services import record_verification
from households.workflow import Outcome
from tests.factories import (
    SUBDISTRICT,
    make_agency,
    make_household,
    make_member,
    make_scope,
    make_user,
)

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def a_user() -> dict[str, Any]:
    return {"pk": make_user(Role.SURVEYOR, SUBDISTRICT).pk}


def a_scope() -> dict[str, Any]:
    return {"pk": make_scope(make_user(), Role.SURVEYOR, SUBDISTRICT).pk}


def an_agency() -> dict[str, Any]:
    return {"pk": make_agency(area_id=SUBDISTRICT).pk}


def a_token() -> dict[str, Any]:
    owner = make_user(Role.SURVEYOR, SUBDISTRICT)
    return {"pk": issue_token(user=owner, by=owner, at=AT).row.pk}


def a_household() -> dict[str, Any]:
    return {"pk": make_household().pk}


def a_household_and_verification() -> dict[str, Any]:
    household = make_household()
    found = record_verification(
        household=household,
        outcome=Outcome.NOT_POOR,
        visited_on=date(2026, 11, 20),
        reason="เยี่ยมแล้ว",
        by=make_user(Role.SURVEYOR, SUBDISTRICT),
        at=AT,
    )
    return {"pk": household.pk, "verification_pk": found.pk}


def a_household_and_exit() -> dict[str, Any]:
    found = a_household_and_verification()
    return {"pk": found["pk"], "exit_pk": Exit.objects.get(household=found["pk"]).pk}


def an_exit() -> dict[str, Any]:
    return {"pk": a_household_and_exit()["exit_pk"]}


def a_household_and_member() -> dict[str, Any]:
    household = make_household()
    return {"pk": household.pk, "member_pk": make_member(household).pk}
