"""Who may do what with a forum. `check_…` raises with the reason, `can_…` answers."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from accounts.models import User
from accounts.permissions import check_has_anywhere, check_has_in
from accounts.roles import Permission
from forums.models import Forum, Resolution

Person = User | AnonymousUser


def check_can_see_forums(user: Person) -> None:
    check_has_anywhere(user, Permission.FORUM_READ)


def check_can_plan(user: Person) -> None:
    """Planning at all; where is decided by `check_can_plan_in`."""
    check_has_anywhere(user, Permission.FORUM_MANAGE)


def can_plan(user: Person) -> bool:
    try:
        check_can_plan(user)
    except PermissionDenied:
        return False
    return True


def check_can_plan_in(user: Person, area_code: str) -> None:
    check_has_in(user, Permission.FORUM_MANAGE, area_code)


def check_can_manage(user: Person, forum: Forum) -> None:
    """Everything that changes a forum or what it resolved: in an area that holds all of it."""
    check_has_in(user, Permission.FORUM_MANAGE, forum.place_code)


def can_manage(user: Person, forum: Forum) -> bool:
    try:
        check_can_manage(user, forum)
    except PermissionDenied:
        return False
    return True


def check_can_move(user: Person, resolution: Resolution) -> None:
    check_can_manage(user, resolution.forum)


def can_move(user: Person, resolution: Resolution) -> bool:
    return can_manage(user, resolution.forum)
