from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager
from django.db import models

from accounts.roles import Permission, Role

if TYPE_CHECKING:
    from accounts.models import ApiToken, Scope, User


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, username: str, password: str | None = None, **fields: Any
    ) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)


class ScopeQuerySet(models.QuerySet["Scope"]):
    def in_force(self, on: date) -> "ScopeQuerySet":
        return self.filter(revoked_at__isnull=True, valid_until__gte=on, user__is_active=True)

    def allowing(self, permission: Permission) -> "ScopeQuerySet":
        return self.filter(role__in=Role.with_permission(permission))


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def live(self, at: datetime) -> "ApiTokenQuerySet":
        return self.filter(revoked_at__isnull=True, expires_at__gt=at, user__is_active=True)
