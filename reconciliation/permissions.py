"""Who sees the board: those who may open the files behind it, so no number is hidden."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from accounts.permissions import area_prefixes, check_has_anywhere, common_area, has_in
from accounts.roles import Permission

Person = User | AnonymousUser


def check_can_see(user: Person) -> None:
    check_has_anywhere(user, Permission.HOUSEHOLD_READ)


def sees_area(user: Person, area_code: str) -> bool:
    return has_in(user, Permission.HOUSEHOLD_READ, area_code)


def home_of(user: Person) -> str:
    """Return the area that the person's board begins with."""
    prefixes = area_prefixes(user, Permission.HOUSEHOLD_READ)
    home = common_area(prefixes)
    return home if sees_area(user, home) else next(iter(prefixes), "")
