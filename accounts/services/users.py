"""Accounts of people. Nobody signs up: an administrator of the area makes them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from accounts.models import Agency, User
from accounts.permissions import check_can_manage_others, home_area
from accounts.roles import Role
from accounts.services.passwords import one_time_password
from accounts.services.scopes import LONGEST_DAYS, add_scope, check_can_grant_in
from accounts.services.sessions import end_everything
from areas.models import Area
from audit.services import record


class UnableToChangeUser(Exception):
    """The account cannot be made or changed. The message is for the user."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class NewUser:
    """An account and the one-time password to hand over; it is kept nowhere else."""

    user: User
    password: str


@transaction.atomic
def create_user(
    *,
    username: str,
    name: str,
    role: Role,
    area: Area,
    agency: Agency | None,
    valid_until: date,
    by: User,
    at: datetime,
) -> NewUser:
    """Make an account with its first scope; more are given by grant_scope.

    Never without a scope, so that there is always an area whose administrators
    see the account. Raises PermissionDenied, UnableToChangeUser (the name is
    taken) and UnableToGrant.
    """
    check_can_grant_in(by, area, agency)
    made = _add_user(username=username, name=name, by=by, at=at, area_code=area.pk)
    add_scope(
        user=made.user,
        role=role,
        area=area,
        agency=agency,
        valid_until=valid_until,
        by=by,
        at=at,
    )
    return made


@transaction.atomic
def create_first_admin(*, username: str, name: str, area: Area, at: datetime) -> NewUser:
    """Make the administrator of a new installation, from the machine itself.

    Import and system administrator of `area` for a year; recorded as the system's act.
    Raises UnableToChangeUser if the name is taken.
    """
    made = _add_user(username=username, name=name, by=None, at=at, area_code=area.pk)
    for role in (Role.SYSTEM_ADMIN, Role.IMPORT_ADMIN):
        add_scope(
            user=made.user,
            role=role,
            area=area,
            agency=None,
            valid_until=localdate(at) + timedelta(days=LONGEST_DAYS),
            by=None,
            at=at,
        )
    return made


@transaction.atomic
def update_user(*, user: User, name: str, email: str, by: User, at: datetime) -> None:
    """Change how a person is called. Raises PermissionDenied."""
    check_can_manage_others(by, user)
    wanted = {"name": name, "email": email}
    changed = sorted(field for field, value in wanted.items() if getattr(user, field) != value)
    for field in changed:
        setattr(user, field, wanted[field])
    user.save(update_fields=changed)
    record(
        event="user.updated",
        subject=user,
        area=home_area(user),
        detail={"changed": changed},
        by=by,
        at=at,
    )


@transaction.atomic
def deactivate_user(*, user: User, reason: str, by: User, at: datetime) -> None:
    """Close an account: what the person has open ends at once, the past stays.

    Raises PermissionDenied, and UnableToChangeUser if it is closed already.
    """
    check_can_manage_others(by, user)
    area = home_area(user)
    if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False) != 1:
        raise UnableToChangeUser("บัญชีนี้ถูกระงับอยู่แล้ว")
    user.is_active = False
    end_everything(user=user, at=at)
    record(event="user.deactivated", subject=user, area=area, reason=reason, by=by, at=at)


@transaction.atomic
def reactivate_user(*, user: User, by: User, at: datetime) -> None:
    """Open a closed account again, with the password and the scopes it had.

    Raises PermissionDenied, and UnableToChangeUser if it is open.
    """
    check_can_manage_others(by, user)
    if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True) != 1:
        raise UnableToChangeUser("บัญชีนี้ใช้งานได้อยู่แล้ว")
    user.is_active = True
    record(event="user.reactivated", subject=user, area=home_area(user), by=by, at=at)


def _add_user(
    *, username: str, name: str, by: User | None, at: datetime, area_code: str
) -> NewUser:
    password = one_time_password()
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                username, password, name=name, must_change_password=True
            )
    except IntegrityError as error:
        raise UnableToChangeUser("มีชื่อผู้ใช้นี้แล้ว", field="username") from error
    record(event="user.created", subject=user, area=area_code, by=by, at=at)
    return NewUser(user=user, password=password)
