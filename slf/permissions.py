"""Who may assess a household and set its group. `check_…` raises, `can_…` answers."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from accounts.models import User
from accounts.permissions import check_has_anywhere, check_has_in, has_in
from accounts.roles import Permission
from households.models import Household

Person = User | AnonymousUser


def check_can_assess(user: Person, household: Household) -> None:
    check_has_in(user, Permission.HOUSEHOLD_ASSESS, household.area_id)


def can_assess(user: Person, household: Household) -> bool:
    return has_in(user, Permission.HOUSEHOLD_ASSESS, household.area_id)


def check_can_override(user: Person, household: Household) -> None:
    """Setting a group against the rule is for the offices, not for who filled the form in."""
    check_has_in(user, Permission.GROUP_OVERRIDE, household.area_id)


def can_override(user: Person, household: Household) -> bool:
    try:
        check_can_override(user, household)
    except PermissionDenied:
        return False
    return True


def check_can_set_up(user: Person) -> None:
    """Questionnaires hold for the whole installation, so the right counts wherever it is held."""
    check_has_anywhere(user, Permission.SETTINGS_CHANGE)


def check_can_rank(user: Person, province_code: str) -> None:
    """A ranking compares the households of a whole province, so it takes the whole province."""
    check_has_in(user, Permission.GROUP_OVERRIDE, province_code)
