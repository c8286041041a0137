"""Who may record a household's problems. `check_…` raises with the reason, `can_…` answers."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from accounts.models import User
from accounts.permissions import check_has_in
from accounts.roles import Permission
from households.models import Household


def check_can_record(user: User | AnonymousUser, household: Household) -> None:
    """Problems are what an assessment finds, so the same right covers both."""
    check_has_in(user, Permission.HOUSEHOLD_ASSESS, household.area_id)


def can_record(user: User | AnonymousUser, household: Household) -> bool:
    try:
        check_can_record(user, household)
    except PermissionDenied:
        return False
    return True
