"""Who may judge pairs, merge and unmerge. `check_…` raises with the reason, `can_…` answers."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from accounts.models import User
from accounts.permissions import check_has_anywhere, check_has_in, has_anywhere
from accounts.roles import Permission
from households.models import Household

Person = User | AnonymousUser


def check_can_look(user: Person) -> None:
    check_has_anywhere(user, Permission.HOUSEHOLD_MERGE)


def can_look(user: Person) -> bool:
    return has_anywhere(user, Permission.HOUSEHOLD_MERGE)


def check_can_merge(user: Person, *households: Household) -> None:
    """Allow it to who holds the right in the areas of all of them."""
    for household in households:
        check_has_in(user, Permission.HOUSEHOLD_MERGE, household.area_id)


def can_merge(user: Person, *households: Household) -> bool:
    try:
        check_can_merge(user, *households)
    except PermissionDenied:
        return False
    return True
