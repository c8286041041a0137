"""Where a person may do what. Scopes are read once per user object, not per question."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils.timezone import localdate

from accounts.roles import PERMISSIONS, Permission, Role

if TYPE_CHECKING:
    # At run time the models import their querysets, and those import this module.
    from django.http import HttpRequest
    from rest_framework.request import Request

    from accounts.models import User


@dataclass(frozen=True, slots=True)
class HeldScope:
    """A scope in force, as plain values."""

    role: Role
    area_code: str
    agency_id: str | None


def person(request: "HttpRequest | Request") -> "User":
    """Return who calls, where everybody else has been refused before."""
    user = request.user
    assert not isinstance(user, AnonymousUser)
    return user


def scopes_of(user: "User | AnonymousUser", *, on: date | None = None) -> tuple[HeldScope, ...]:
    """Return the scopes in force today; kept on the user object, so for one request.

    A request and a job each load their own user, so a revoked scope is gone at
    the next request.
    """
    if isinstance(user, AnonymousUser) or not user.is_active:
        return ()
    today = on or localdate()
    kept: tuple[date, tuple[HeldScope, ...]] | None = getattr(user, "_held_scopes", None)
    if kept is None or kept[0] != today:
        rows = user.scopes.in_force(today).order_by("area_id", "role", "pk")
        held = tuple(
            HeldScope(
                role=Role(row.role),
                area_code=row.area_id,
                agency_id=str(row.agency_id) if row.agency_id else None,
            )
            for row in rows
        )
        kept = (today, held)
        user.__dict__["_held_scopes"] = kept
    return kept[1]


def forget_scopes(user: "User") -> None:
    """Let this object ask the database again; called where scopes change."""
    user.__dict__.pop("_held_scopes", None)


def area_prefixes(user: "User | AnonymousUser", permission: Permission) -> tuple[str, ...]:
    """Return the area codes under which `user` holds `permission`; () means nowhere."""
    return tuple(
        sorted({s.area_code for s in scopes_of(user) if permission in PERMISSIONS[s.role]})
    )


def agency_ids(user: "User | AnonymousUser") -> tuple[str, ...]:
    """Return the agencies for which `user` answers referrals."""
    return tuple(sorted({s.agency_id for s in scopes_of(user) if s.agency_id is not None}))


def has_anywhere(user: "User | AnonymousUser", permission: Permission) -> bool:
    return bool(area_prefixes(user, permission))


def has_in(user: "User | AnonymousUser", permission: Permission, area_code: str) -> bool:
    return any(area_code.startswith(prefix) for prefix in area_prefixes(user, permission))


def check_has_anywhere(user: "User | AnonymousUser", permission: Permission) -> None:
    """Raise PermissionDenied, with the reason, unless `user` holds it somewhere."""
    if not has_anywhere(user, permission):
        raise PermissionDenied(f"บัญชีของท่านไม่มีสิทธิ “{permission.value}”")


def check_has_in(user: "User | AnonymousUser", permission: Permission, area_code: str) -> None:
    """Raise PermissionDenied, with the reason, unless `user` holds it in this area."""
    if not has_in(user, permission, area_code):
        raise PermissionDenied(f"บัญชีของท่านไม่มีสิทธิ “{permission.value}” ในพื้นที่นี้")


def areas_of(user: "User") -> tuple[str, ...]:
    """Return the areas of the scopes in force, or, if there is none, of all there ever were.

    So somebody who has left stays with those who managed them.
    """
    in_force = {scope.area_code for scope in scopes_of(user)}
    codes = in_force or set(user.scopes.values_list("area_id", flat=True))
    return tuple(sorted(codes))


def common_area(codes: Iterable[str]) -> str:
    """Return the smallest area that holds them all, "" for none or for several provinces."""
    shared = ""
    for digits in zip(*codes, strict=False):
        if len(set(digits)) > 1:
            break
        shared += digits[0]
    # Two digits a level.
    return shared[: len(shared) // 2 * 2]


def home_area(user: "User") -> str:
    """Return where an event about this person belongs."""
    return common_area(areas_of(user))


def check_can_manage(by: "User", user: "User") -> None:
    """Raise PermissionDenied unless everywhere `user` works is in the area of `by`.

    Every area, not one: else the administrator of a district could reset the
    password of somebody who also works for the province.
    """
    check_has_anywhere(by, Permission.USERS_MANAGE)
    codes = areas_of(user)
    if not codes or not all(has_in(by, Permission.USERS_MANAGE, code) for code in codes):
        raise PermissionDenied("ผู้ใช้นี้ทำงานนอกพื้นที่ที่ท่านดูแล")


def can_manage(by: "User", user: "User") -> bool:
    try:
        check_can_manage(by, user)
    except PermissionDenied:
        return False
    return True


def check_can_manage_others(by: "User", user: "User") -> None:
    """As `check_can_manage`, and not oneself: nobody raises or frees their own account."""
    if by.pk == user.pk:
        raise PermissionDenied("ให้ผู้ดูแลระบบคนอื่นแก้ไขบัญชีและสิทธิของท่าน")
    check_can_manage(by, user)


def can_manage_others(by: "User", user: "User") -> bool:
    try:
        check_can_manage_others(by, user)
    except PermissionDenied:
        return False
    return True
