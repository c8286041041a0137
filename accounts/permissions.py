"""Where a person may do what. Scopes are read once per user object, not per question."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils.timezone import localdate

from accounts.models import Scope, User
from accounts.roles import PERMISSIONS, Permission, Role


@dataclass(frozen=True, slots=True)
class HeldScope:
    """A scope in force, as plain values."""

    role: Role
    area_code: str
    agency_id: str | None


def scopes_of(user: User | AnonymousUser, *, on: date | None = None) -> tuple[HeldScope, ...]:
    """Return the scopes in force today; kept on the user object, so for one request.

    A request and a job each load their own user, so a revoked scope is gone at
    the next request.
    """
    if not isinstance(user, User) or not user.is_active:
        return ()
    today = on or localdate()
    kept: tuple[date, tuple[HeldScope, ...]] | None = getattr(user, "_held_scopes", None)
    if kept is None or kept[0] != today:
        rows = Scope.objects.filter(user=user).in_force(today).order_by("area_id", "role", "pk")
        held = tuple(
            HeldScope(
                role=Role(row.role),
                area_code=row.area_id,
                agency_id=str(row.agency_id) if row.agency_id else None,
            )
            for row in rows
        )
        kept = (today, held)
        user._held_scopes = kept  # type: ignore[attr-defined]
    return kept[1]


def area_prefixes(user: User | AnonymousUser, permission: Permission) -> tuple[str, ...]:
    """Return the area codes under which `user` holds `permission`; () means nowhere."""
    return tuple(
        sorted({s.area_code for s in scopes_of(user) if permission in PERMISSIONS[s.role]})
    )


def agency_ids(user: User | AnonymousUser) -> tuple[str, ...]:
    """Return the agencies for which `user` answers referrals."""
    return tuple(sorted({s.agency_id for s in scopes_of(user) if s.agency_id is not None}))


def has_anywhere(user: User | AnonymousUser, permission: Permission) -> bool:
    return bool(area_prefixes(user, permission))


def has_in(user: User | AnonymousUser, permission: Permission, area_code: str) -> bool:
    return any(area_code.startswith(prefix) for prefix in area_prefixes(user, permission))


def check_has_anywhere(user: User | AnonymousUser, permission: Permission) -> None:
    """Raise PermissionDenied, with the reason, unless `user` holds it somewhere."""
    if not has_anywhere(user, permission):
        raise PermissionDenied(f"บัญชีของท่านไม่มีสิทธิ “{permission.value}”")


def check_has_in(user: User | AnonymousUser, permission: Permission, area_code: str) -> None:
    """Raise PermissionDenied, with the reason, unless `user` holds it in this area."""
    if not has_in(user, permission, area_code):
        raise PermissionDenied(f"บัญชีของท่านไม่มีสิทธิ “{permission.value}” ในพื้นที่นี้")
