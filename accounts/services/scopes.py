"""Who works where: giving and taking back scopes."""

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from accounts.models import Agency, Scope, User
from accounts.permissions import check_has_in, forget_scopes
from accounts.roles import Permission, Role
from areas.models import Area
from audit.services import record

LONGEST_DAYS = 365
"""A scope is looked at again every year: people move and leave."""


class UnableToGrant(Exception):
    """The scope cannot be given. The message is for the user, `field` is where it belongs."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def grant_scope(
    *,
    user: User,
    role: Role,
    area: Area,
    agency: Agency | None,
    valid_until: date,
    by: User,
    at: datetime,
) -> Scope:
    """Let `user` hold `role` in `area` until a day, at most a year ahead.

    Raises PermissionDenied outside the area that `by` manages and for oneself,
    and UnableToGrant if the scope makes no sense.
    """
    _check_can_grant(by, user, area, agency)
    return add_scope(
        user=user, role=role, area=area, agency=agency, valid_until=valid_until, by=by, at=at
    )


def add_scope(
    *,
    user: User,
    role: Role,
    area: Area,
    agency: Agency | None,
    valid_until: date,
    by: User | None,
    at: datetime,
) -> Scope:
    """Add the row, in the transaction of a caller that has checked who may.

    Raises UnableToGrant.
    """
    _check_makes_sense(user, role, agency, valid_until, today=localdate(at))
    try:
        with transaction.atomic():
            scope = Scope.objects.create(
                user=user,
                role=role,
                area=area,
                agency=agency,
                valid_until=valid_until,
                granted_by=by,
            )
    except IntegrityError as error:
        raise UnableToGrant("ผู้ใช้มีสิทธินี้อยู่แล้ว") from error
    _settle(user, today=localdate(at))
    record(
        event="scope.granted",
        subject=user,
        area=area.pk,
        detail=_described(scope),
        by=by,
        at=at,
    )
    return scope


@transaction.atomic
def revoke_scope(*, scope: Scope, by: User, at: datetime) -> None:
    """Take a scope back; it is gone at the person's next request.

    Raises PermissionDenied, and UnableToGrant if somebody has taken it back already.
    """
    if scope.user_id == by.pk:
        raise PermissionDenied("ให้ผู้ดูแลระบบคนอื่นแก้ไขบัญชีและสิทธิของท่าน")
    check_has_in(by, Permission.USERS_MANAGE, scope.area_id)
    changed = Scope.objects.filter(pk=scope.pk, revoked_at__isnull=True).update(
        revoked_at=at, revoked_by=by
    )
    if changed != 1:
        raise UnableToGrant("สิทธินี้ถูกเพิกถอนแล้ว")
    _settle(scope.user, today=localdate(at))
    record(
        event="scope.revoked",
        subject=scope.user,
        area=scope.area_id,
        detail=_described(scope),
        by=by,
        at=at,
    )


def _check_can_grant(by: User, user: User, area: Area, agency: Agency | None) -> None:
    if user.pk == by.pk:
        raise PermissionDenied("ให้ผู้ดูแลระบบคนอื่นแก้ไขบัญชีและสิทธิของท่าน")
    check_can_grant_in(by, area, agency)


def check_can_grant_in(by: User, area: Area, agency: Agency | None) -> None:
    """Raise PermissionDenied unless `by` manages users of `area`, and of all the agency's area.

    An agency's officer sees what is referred to the agency, wherever it is.
    """
    check_has_in(by, Permission.USERS_MANAGE, area.pk)
    if agency is not None:
        check_has_in(by, Permission.USERS_MANAGE, agency.area_id)


def _check_makes_sense(
    user: User, role: Role, agency: Agency | None, valid_until: date, *, today: date
) -> None:
    if not user.is_active:
        raise UnableToGrant("บัญชีนี้ถูกระงับ เปิดใช้งานก่อนจึงให้สิทธิได้")
    if role is Role.AGENCY_OFFICER and agency is None:
        raise UnableToGrant("เลือกหน่วยงานของเจ้าหน้าที่หน่วยงานรับส่งต่อ", field="agency")
    if role is not Role.AGENCY_OFFICER and agency is not None:
        raise UnableToGrant("บทบาทนี้ไม่สังกัดหน่วยงานรับส่งต่อ", field="agency")
    if valid_until < today:
        raise UnableToGrant("วันสิ้นสุดต้องไม่ก่อนวันนี้", field="valid_until")
    if valid_until > today + timedelta(days=LONGEST_DAYS):
        raise UnableToGrant("ให้สิทธิได้ครั้งละไม่เกิน 1 ปี", field="valid_until")


def _settle(user: User, *, today: date) -> None:
    """Let the user object ask again, and open the admin site to those who set things up."""
    forget_scopes(user)
    user.is_staff = user.scopes.in_force(today).allowing(Permission.SETTINGS_CHANGE).exists()
    user.save(update_fields=["is_staff"])


def _described(scope: Scope) -> dict[str, str]:
    return {
        "scope": str(scope.pk),
        "role": scope.role,
        "area": scope.area_id,
        "agency": str(scope.agency_id or ""),
        "valid_until": scope.valid_until.isoformat(),
    }
