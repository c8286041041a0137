"""Who may see which figures, and who sees the small ones too."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from accounts.permissions import (
    area_prefixes,
    check_has_anywhere,
    common_area,
    has_anywhere,
    has_in,
)
from accounts.roles import Permission

Person = User | AnonymousUser


def check_can_see(user: Person) -> None:
    """Refuse who sees figures nowhere; where, is `sees_area`."""
    check_has_anywhere(user, Permission.DASHBOARD_READ)


def can_see(user: Person) -> bool:
    return has_anywhere(user, Permission.DASHBOARD_READ)


def sees_area(user: Person, area_code: str) -> bool:
    return has_in(user, Permission.DASHBOARD_READ, area_code)


def sees_small_numbers(user: Person, area_code: str) -> bool:
    """Say whether the person may open the files behind the figures of this area anyway."""
    return sees_area(user, area_code) and has_in(user, Permission.HOUSEHOLD_READ, area_code)


def home_of(user: Person) -> str:
    """Return the area that the person's own figures begin with, "" for who has none."""
    prefixes = area_prefixes(user, Permission.DASHBOARD_READ)
    return common_area(prefixes) or next(iter(prefixes), "")
