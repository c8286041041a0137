"""Households that must not be found: who may see them, and since when.

A protected household is absent for everybody of the area but those who are named: from
lists, search, files, referrals, forums, exports and maps, and its address is not written
beside its name. Figures count it like any other. An agency keeps the referrals it was
sent, without an address. Whoever may protect sees code and district, so that somebody can
always be named, and opens nothing without a name of their own.
"""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from accounts.permissions import has_in
from accounts.roles import Permission
from audit.services import record
from households import permissions
from households.models import Household, ProtectedAccess
from households.services import stages


class UnableToProtect(Exception):
    """The household cannot be protected or opened so. The message is for the user."""


@transaction.atomic
def protect_household(*, household: Household, reason: str, by: User, at: datetime) -> None:
    """Hide the household from all but named staff; who does so is the first.

    Raises PermissionDenied, and UnableToProtect without a reason or if it is protected.
    """
    permissions.check_can_protect(by, household)
    if not reason.strip():
        raise UnableToProtect("ระบุเหตุผลที่คุ้มครอง")
    current = stages.lock(household)
    if current.is_protected:
        raise UnableToProtect("ครัวเรือนนี้อยู่ในความคุ้มครองแล้ว")
    _set(current, is_protected=True)
    ProtectedAccess.objects.create(
        household=current, user=by, reason=reason.strip(), granted_at=at, granted_by=by
    )
    _tell("household.protected", current, by=by, at=at)


@transaction.atomic
def unprotect_household(*, household: Household, by: User, at: datetime) -> None:
    """Let the household be seen by the area's staff again; the rows of who was named stay.

    Raises PermissionDenied, also to who is not named, and UnableToProtect.
    """
    permissions.check_can_protect(by, household)
    current = stages.lock(household)
    if not current.is_protected:
        raise UnableToProtect("ครัวเรือนนี้ไม่ได้อยู่ในความคุ้มครอง")
    if not permissions.is_named(by, current):
        raise PermissionDenied("ผู้ที่ได้รับชื่อไว้เท่านั้นที่ยกเลิกความคุ้มครองได้")
    _set(current, is_protected=False)
    current.protected_access.filter(ended_at__isnull=True).update(ended_at=at, ended_by=by)
    _tell("household.unprotected", current, by=by, at=at)


@transaction.atomic
def name_person(
    *,
    household: Household,
    user: User,
    reason: str,
    by: User,
    at: datetime,
    valid_until: date | None = None,
) -> ProtectedAccess:
    """Let somebody who works in the area see a protected household, until a day or for good.

    Raises PermissionDenied, and UnableToProtect.
    """
    permissions.check_can_protect(by, household)
    current = stages.lock(household)
    if not current.is_protected:
        raise UnableToProtect("ครัวเรือนนี้ไม่ได้อยู่ในความคุ้มครอง")
    if not reason.strip():
        raise UnableToProtect("ระบุเหตุผลที่ต้องเปิดดู")
    if valid_until is not None and valid_until < localdate(at):
        raise UnableToProtect("วันสิ้นสุดต้องไม่เป็นวันที่ผ่านมาแล้ว")
    if not has_in(user, Permission.HOUSEHOLD_READ, current.area_id):
        raise UnableToProtect("ผู้นี้ไม่มีสิทธิดูแฟ้มครัวเรือนในพื้นที่ของครัวเรือน")
    if permissions.is_named(user, current):
        raise UnableToProtect("ผู้นี้มีชื่ออยู่แล้ว")
    # One whose days are over makes room for the new row.
    current.protected_access.filter(user=user, ended_at__isnull=True).update(
        ended_at=at, ended_by=by
    )
    row = ProtectedAccess.objects.create(
        household=current,
        user=user,
        reason=reason.strip(),
        valid_until=valid_until,
        granted_at=at,
        granted_by=by,
    )
    _tell("protection.person-named", current, by=by, at=at, user=str(user.pk))
    return row


@transaction.atomic
def end_access(*, access: ProtectedAccess, by: User, at: datetime) -> None:
    """Let somebody see the household no longer. Raises PermissionDenied and UnableToProtect."""
    permissions.check_can_protect(by, access.household)
    ended = ProtectedAccess.objects.filter(pk=access.pk, ended_at__isnull=True).update(
        ended_at=at, ended_by=by
    )
    if ended != 1:
        raise UnableToProtect("สิทธินี้สิ้นสุดไปแล้ว")
    _tell("protection.person-removed", access.household, by=by, at=at, user=str(access.user_id))


def share_protection(*, of: Household, to: Household, by: User, at: datetime) -> None:
    """Protect `to` as `of` is, with the same people named; nothing if that is not protected.

    Who must not be found is not found by parting either. A step of the services that part
    households, which have checked the right and hold both.
    """
    if not of.is_protected:
        return
    if not to.is_protected:
        _set(to, is_protected=True)
        _tell("household.protected", to, by=by, at=at)
    for row in of.protected_access.filter(ended_at__isnull=True).order_by("granted_at", "pk"):
        ProtectedAccess.objects.get_or_create(
            household=to,
            user_id=row.user_id,
            ended_at=None,
            defaults={
                "reason": row.reason,
                "valid_until": row.valid_until,
                "granted_at": at,
                "granted_by_id": row.granted_by_id,
            },
        )


def _set(household: Household, *, is_protected: bool) -> None:
    household.is_protected = is_protected
    household.version += 1
    household.save(update_fields=["is_protected", "version", "updated_at"])


def _tell(event: str, household: Household, *, by: User, at: datetime, user: str = "") -> None:
    # The reason stays in the sealed row: the trail is read by more people than the file.
    record(
        event=event,
        subject=household,
        by=by,
        at=at,
        area=household.area_id,
        detail={"user": user} if user else {},
    )
