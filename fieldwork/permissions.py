"""Who may share out field work and have it checked. `check_…` raises with the reason."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from accounts.models import User
from accounts.permissions import check_has_anywhere, check_has_in
from accounts.roles import Permission
from fieldwork.models import BackCheck

Person = User | AnonymousUser


def _can(check: Callable[..., None], *arguments: object) -> bool:
    try:
        check(*arguments)
    except PermissionDenied:
        return False
    return True


def check_can_assign(user: Person) -> None:
    """Assigning at all; where is decided by `check_can_assign_in`."""
    check_has_anywhere(user, Permission.FIELDWORK_ASSIGN)


def can_assign(user: Person) -> bool:
    return _can(check_can_assign, user)


def check_can_assign_in(user: Person, area_code: str) -> None:
    check_has_in(user, Permission.FIELDWORK_ASSIGN, area_code)


def can_assign_in(user: Person, area_code: str) -> bool:
    return _can(check_can_assign_in, user, area_code)


def check_can_see_work(user: Person) -> None:
    check_has_anywhere(user, Permission.HOUSEHOLD_READ)


def check_can_have_checked(user: Person, area_code: str) -> None:
    check_has_in(user, Permission.BACK_CHECK, area_code)


def check_can_have_checked_somewhere(user: Person) -> None:
    check_has_anywhere(user, Permission.BACK_CHECK)


def can_have_checked(user: Person) -> bool:
    return _can(check_can_have_checked_somewhere, user)


def check_can_visit_again(user: Person, check: BackCheck) -> None:
    """Allow the second visit to who was asked for it, and never to who made the first."""
    check_has_in(user, Permission.HOUSEHOLD_VERIFY, check.verification.household.area_id)
    if check.verification.recorded_by_id == user.pk:
        raise PermissionDenied("ท่านเป็นผู้เยี่ยมครั้งแรก ต้องให้คนอื่นตรวจซ้ำ")
    if check.checker_id != user.pk:
        raise PermissionDenied("การตรวจซ้ำนี้มอบหมายให้คนอื่น")


def can_visit_again(user: Person, check: BackCheck) -> bool:
    return _can(check_can_visit_again, user, check)
