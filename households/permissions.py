"""Who may do what with a household. `check_…` raises with the reason, `can_…` answers."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils.timezone import localdate

from accounts.models import User
from accounts.permissions import (
    check_has_anywhere,
    check_has_in,
    has_anywhere,
    has_in,
)
from accounts.roles import Permission
from households.models import Exit, Household, HouseholdMove, ProtectedAccess, Verification

OWN_RETRACTION_DAYS = 7
"""How long a person may take back a verdict of their own, in days."""

Person = User | AnonymousUser


def _can(check: Callable[..., None], *arguments: object) -> bool:
    try:
        check(*arguments)
    except PermissionDenied:
        return False
    return True


def check_sees_households(user: Person) -> None:
    check_has_anywhere(user, Permission.HOUSEHOLD_READ)


def sees_households(user: Person) -> bool:
    """Say whether there can be any household whose file this person may open."""
    return has_anywhere(user, Permission.HOUSEHOLD_READ)


def can_open_file(user: Person, household: Household) -> bool:
    """Say whether the person may open the household's case file, as `visible_to` does.

    An officer of an agency may not: a referral shows what the agency needs.
    """
    if not has_in(user, Permission.HOUSEHOLD_READ, household.area_id):
        return False
    return not household.is_protected or is_named(user, household)


def is_named(user: Person, household: Household) -> bool:
    """Say whether a protected household names this person today."""
    named = ProtectedAccess.objects.live(on=localdate())
    return named.filter(household=household, user=user.pk).exists()


def _check_has_in(user: Person, permission: Permission, household: Household) -> None:
    """Raise PermissionDenied unless `user` holds it there, and is named if that is needed."""
    check_has_in(user, permission, household.area_id)
    if household.is_protected and not is_named(user, household):
        raise PermissionDenied("ครัวเรือนนี้อยู่ในความคุ้มครอง เปิดได้เฉพาะผู้ที่ได้รับชื่อไว้")


def check_can_protect(user: Person, household: Household) -> None:
    """Protecting and naming staff needs no name of one's own: else nobody could be let in."""
    check_can_protect_in(user, household.area_id)


def check_can_protect_in(user: Person, area_code: str) -> None:
    check_has_in(user, Permission.PROTECTION_MANAGE, area_code)


def can_protect(user: Person, household: Household) -> bool:
    return _can(check_can_protect, user, household)


def check_can_accept_move(user: Person, move: HouseholdMove) -> None:
    check_has_in(user, Permission.MOVE_ACCEPT, move.to_area_id)


def can_accept_move(user: Person, move: HouseholdMove) -> bool:
    return _can(check_can_accept_move, user, move)


def check_can_search(user: Person) -> None:
    check_has_anywhere(user, Permission.HOUSEHOLD_SEARCH)


def can_search(user: Person) -> bool:
    return _can(check_can_search, user)


def check_can_export(user: Person) -> None:
    check_has_anywhere(user, Permission.HOUSEHOLD_EXPORT)


def can_export(user: Person) -> bool:
    return _can(check_can_export, user)


def check_can_add(user: Person) -> None:
    """Adding at all; where is decided by `check_can_add_in`."""
    check_has_anywhere(user, Permission.HOUSEHOLD_CREATE)


def can_add(user: Person) -> bool:
    return _can(check_can_add, user)


def check_can_add_in(user: Person, area_code: str) -> None:
    check_has_in(user, Permission.HOUSEHOLD_CREATE, area_code)


def can_add_in(user: Person, area_code: str) -> bool:
    return _can(check_can_add_in, user, area_code)


def check_can_update(user: Person, household: Household) -> None:
    _check_has_in(user, Permission.HOUSEHOLD_UPDATE, household)


def can_update(user: Person, household: Household) -> bool:
    return _can(check_can_update, user, household)


def check_can_verify(user: Person, household: Household) -> None:
    _check_has_in(user, Permission.HOUSEHOLD_VERIFY, household)


def can_verify(user: Person, household: Household) -> bool:
    return _can(check_can_verify, user, household)


def check_can_retract(user: Person, verification: Verification, at: datetime) -> None:
    """Allow one's own verdict for some days, and those of others to who holds the right."""
    household = verification.household
    hidden = household.is_protected and not is_named(user, household)
    if has_in(user, Permission.VERIFICATION_RETRACT, household.area_id) and not hidden:
        return
    check_can_verify(user, verification.household)
    if verification.recorded_by_id != user.pk:
        raise PermissionDenied("ถอนได้เฉพาะผลสอบทานที่ท่านบันทึกเอง กรุณาแจ้งหัวหน้าทีม")
    if at - verification.recorded_at > timedelta(days=OWN_RETRACTION_DAYS):
        raise PermissionDenied(
            f"บันทึกไว้เกิน {OWN_RETRACTION_DAYS} วันแล้ว กรุณาให้หัวหน้าทีมหรืออำเภอเป็นผู้ถอน"
        )


def can_retract(user: Person, verification: Verification, at: datetime) -> bool:
    return _can(check_can_retract, user, verification, at)


def check_can_reveal(user: Person, household: Household) -> None:
    _check_has_in(user, Permission.CITIZEN_ID_REVEAL, household)


def can_reveal(user: Person, household: Household) -> bool:
    return _can(check_can_reveal, user, household)


def check_can_propose_exit(user: Person, household: Household) -> None:
    _check_has_in(user, Permission.HOUSEHOLD_UPDATE, household)


def can_propose_exit(user: Person, household: Household) -> bool:
    return _can(check_can_propose_exit, user, household)


def check_can_decide_exit(user: Person, proposal: Exit) -> None:
    _check_has_in(user, Permission.EXIT_APPROVE, proposal.household)


def can_decide_exit(user: Person, proposal: Exit) -> bool:
    return _can(check_can_decide_exit, user, proposal)


def check_can_approve_exit(user: Person, proposal: Exit) -> None:
    """Allow it to who may decide, but not to who proposed it: two people see each exit."""
    check_can_decide_exit(user, proposal)
    if proposal.proposed_by_id == user.pk:
        raise PermissionDenied("ผู้เสนออนุมัติเองไม่ได้ ให้เจ้าหน้าที่อำเภอหรือจังหวัดคนอื่นเป็นผู้อนุมัติ")


def can_approve_exit(user: Person, proposal: Exit) -> bool:
    return _can(check_can_approve_exit, user, proposal)


def check_can_withdraw_exit(user: Person, proposal: Exit) -> None:
    """Allow it to who made the proposal; anybody else would be deciding."""
    check_can_propose_exit(user, proposal.household)
    if proposal.proposed_by_id != user.pk:
        raise PermissionDenied("ถอนได้เฉพาะข้อเสนอที่ท่านเสนอเอง")


def can_withdraw_exit(user: Person, proposal: Exit) -> bool:
    return _can(check_can_withdraw_exit, user, proposal)
