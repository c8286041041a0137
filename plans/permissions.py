"""Who may make a household's plan. `check_…` raises with the reason, `can_…` answers."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from accounts.permissions import check_has_in, has_in
from accounts.roles import Permission
from households.models import Household
from plans.workflow import PLANNED

Person = User | AnonymousUser


def check_can_plan(user: Person, household: Household) -> None:
    check_has_in(user, Permission.PLAN_MAKE, household.area_id)


def can_plan(user: Person, household: Household) -> bool:
    """Say whether the person may, and the household stands where it is planned for."""
    return household.stage in PLANNED and has_in(user, Permission.PLAN_MAKE, household.area_id)
