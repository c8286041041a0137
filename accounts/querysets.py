from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Prefetch, Q

from accounts.permissions import area_prefixes
from accounts.roles import Permission, Role
from areas.querysets import within

if TYPE_CHECKING:
    from accounts.models import Agency, ApiToken, Scope, User


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: "User | AnonymousUser") -> "UserQuerySet":
        """Narrow to those who work, or last worked, where `user` manages users."""
        inside = within(area_prefixes(user, Permission.USERS_MANAGE), column="scopes__area_id")
        return self.filter(pk__in=self.model._base_manager.filter(inside).values("pk"))

    def for_list(self, today: date) -> "UserQuerySet":
        """Prepare a list with the scopes in force as `current_scopes`; order it by a unique key."""
        related = self.model._meta.get_field("scopes").related_model
        scopes = cast("ScopeQuerySet", related._default_manager.all())
        in_force = scopes.in_force(today).select_related("area", "agency").order_by("area_id", "pk")
        return self.prefetch_related(Prefetch("scopes", in_force, to_attr="current_scopes"))

    def matching(self, text: str) -> "UserQuerySet":
        """Narrow to those whose name or user name contains `text`."""
        return self.filter(Q(name__icontains=text) | Q(username__icontains=text))


class UserManager(BaseUserManager["User"]):
    """User names are kept in lower case: a phone likes to capitalise the first letter."""

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, user: "User | AnonymousUser") -> UserQuerySet:
        return self.get_queryset().visible_to(user)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=(username or "").lower())

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=username.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class ScopeQuerySet(models.QuerySet["Scope"]):
    def in_force(self, on: date) -> "ScopeQuerySet":
        return self.filter(revoked_at__isnull=True, valid_until__gte=on, user__is_active=True)

    def allowing(self, permission: Permission) -> "ScopeQuerySet":
        return self.filter(role__in=Role.with_permission(permission))

    def visible_to(self, user: "User | AnonymousUser") -> "ScopeQuerySet":
        """Narrow to the scopes that `user` may grant and revoke."""
        return self.filter(within(area_prefixes(user, Permission.USERS_MANAGE), column="area_id"))

    def for_list(self) -> "ScopeQuerySet":
        """The scopes in force first, then those that ended."""
        return self.select_related("area", "agency", "granted_by", "revoked_by").order_by(
            models.F("revoked_at").asc(nulls_first=True), "area_id", "role", "pk"
        )


class AgencyQuerySet(models.QuerySet["Agency"]):
    def visible_to(self, user: "User | AnonymousUser") -> "AgencyQuerySet":
        """Narrow to the agencies of the areas that `user` sets up."""
        return self.under(area_prefixes(user, Permission.SETTINGS_CHANGE))

    def under(self, prefixes: tuple[str, ...]) -> "AgencyQuerySet":
        return self.filter(within(prefixes, column="area_id"))

    def for_referrals_of(self, user: "User | AnonymousUser") -> "AgencyQuerySet":
        """Narrow to those that serve where `user` reads or answers referrals.

        An agency of the province serves its districts; one of a district, not its neighbours.
        """
        prefixes = area_prefixes(user, Permission.REFERRAL_READ)
        prefixes += area_prefixes(user, Permission.REFERRAL_ANSWER)
        above = {code[:length] for code in prefixes for length in range(2, len(code), 2)}
        return self.filter(within(prefixes, column="area_id") | Q(area__in=above))

    def active(self) -> "AgencyQuerySet":
        return self.filter(is_active=True)

    def for_list(self) -> "AgencyQuerySet":
        return self.select_related("area").order_by("short_name", "pk")


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def live(self, at: datetime) -> "ApiTokenQuerySet":
        return self.filter(revoked_at__isnull=True, expires_at__gt=at, user__is_active=True)

    def visible_to(self, user: "User | AnonymousUser") -> "ApiTokenQuerySet":
        """Narrow to one's own: nobody manages another person's keys."""
        return self.none() if user.pk is None else self.filter(user=user.pk)
