"""Who sees the board, excuses a row, and sets the rules. Files are opened by `visible_to`."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from accounts.permissions import (
    area_prefixes,
    check_has_anywhere,
    check_has_in,
    common_area,
    has_anywhere,
    has_in,
)
from accounts.roles import Permission

Person = User | AnonymousUser


def check_can_see(user: Person) -> None:
    """The board leads to files, so it is for those who may open some."""
    check_has_anywhere(user, Permission.HOUSEHOLD_READ)


def sees_area(user: Person, area_code: str) -> bool:
    return has_in(user, Permission.HOUSEHOLD_READ, area_code)


def sees_surveyors(user: Person, area_code: str) -> bool:
    """Say whether the person sees what others recorded, and not only their own part."""
    return has_in(user, Permission.DASHBOARD_READ, area_code)


def home_of(user: Person) -> str:
    """Return the area that the person's board begins with."""
    prefixes = area_prefixes(user, Permission.HOUSEHOLD_READ)
    home = common_area(prefixes)
    return home if sees_area(user, home) else next(iter(prefixes), "")


def check_can_excuse(user: Person, area_code: str) -> None:
    check_has_in(user, Permission.HOUSEHOLD_UPDATE, area_code)


def check_can_set_rules(user: Person) -> None:
    check_has_anywhere(user, Permission.QUALITY_RULES_SET)


def check_can_set_rules_of(user: Person, province: str) -> None:
    check_has_in(user, Permission.QUALITY_RULES_SET, province)


def can_set_rules(user: Person) -> bool:
    return has_anywhere(user, Permission.QUALITY_RULES_SET)
