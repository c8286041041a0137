"""The rule of leaving the targets in the admin site: a new version is added, none is changed."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Max, Model
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.timezone import now

from accounts.permissions import has_anywhere, person
from accounts.roles import Permission
from problems.admin import Reference
from referrals.models import ExitRule

if TYPE_CHECKING:
    _ModelForm = ModelForm[Any]
else:
    _ModelForm = ModelForm


@admin.register(ExitRule)
class ExitRuleAdmin(Reference):
    """The newest version holds for new proposals; an old proposal keeps its own."""

    fields = (
        "min_level",
        "no_capital_at_level",
        "needs_after_assessment",
        "needs_referrals_ended",
        "source",
    )
    list_display = ("version", *fields, "created_at")
    ordering = ("-version",)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return has_anywhere(request.user, Permission.SETTINGS_CHANGE)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Who sets a rule says where it comes from."""
        return super().get_changeform_initial_data(request) | {"source": ""}

    def save_model(self, request: HttpRequest, obj: Model, form: _ModelForm, change: bool) -> None:
        assert isinstance(obj, ExitRule)
        # A default that was never loaded is version 1 all the same.
        newest = ExitRule.objects.aggregate(newest=Max("version"))["newest"] or 1
        obj.version = newest + 1
        obj.created_at = now()
        obj.created_by = person(request)
        super().save_model(request, obj, form, change)
