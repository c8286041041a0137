"""The admin site: reference data to look up and mend, users and scopes to look at.

Never a table with persons of the register. What changes users, scopes and agencies is
done on the settings pages, where it is checked and recorded. The areas are registered
here too, since the right to mend them comes from a scope.
"""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from accounts.models import Agency, Scope, User
from accounts.permissions import area_prefixes, has_anywhere
from accounts.roles import Permission
from areas.models import Area

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin

# Other packages register theirs by themselves; their tables are not for this site.
for _model in list(admin.site._registry):
    admin.site.unregister(_model)


class ByScope(_ModelAdmin):
    """To look at. Rights come from scopes, as everywhere; Django's own play no part."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return has_anywhere(request.user, Permission.SETTINGS_CHANGE)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return has_anywhere(request.user, Permission.SETTINGS_CHANGE)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(ByScope):
    fields = ("username", "name", "is_active", "is_staff", "must_change_password", "last_login")
    list_display = ("username", "name", "is_active", "is_demo")
    search_fields = ("username", "name")
    ordering = ("username",)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Filter by nothing that is not shown: else a hash could be guessed letter by letter."""
        return lookup.split("__", 1)[0] in self.fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return User.objects.visible_to(request.user)


@admin.register(Scope)
class ScopeAdmin(ByScope):
    list_display = ("user", "role", "area", "agency", "valid_until", "revoked_at")
    list_filter = ("role",)
    list_select_related = ("user", "area", "agency")
    ordering = ("user__username", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Scope]:
        return Scope.objects.visible_to(request.user)


@admin.register(Agency)
class AgencyAdmin(ByScope):
    list_display = ("code", "short_name", "area", "is_active")
    list_select_related = ("area",)
    ordering = ("code",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Agency]:
        return Agency.objects.visible_to(request.user)


@admin.register(Area)
class AreaAdmin(ByScope):
    """Names can be mended; codes and the tree come from the official list."""

    fields = ("code", "level", "parent", "name", "name_en", "aliases", "is_municipal", "origin")
    readonly_fields = ("code", "level", "parent", "origin")
    list_display = ("code", "name", "level", "origin")
    list_filter = ("level", "origin")
    search_fields = ("code", "name", "aliases")
    ordering = ("code",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Area]:
        prefixes = area_prefixes(request.user, Permission.SETTINGS_CHANGE)
        return Area.objects.under(prefixes)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return has_anywhere(request.user, Permission.SETTINGS_CHANGE)
