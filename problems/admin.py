"""Reference data of problems in the admin site: mended or added to, never taken away."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.timezone import now

from accounts.admin import ByScope
from accounts.permissions import has_anywhere, person
from accounts.roles import Permission
from audit.services import record
from problems.models import IncomeThreshold, Indicator, IndicatorSet

if TYPE_CHECKING:
    _ModelForm = ModelForm[Any]
else:
    _ModelForm = ModelForm


class Reference(ByScope):
    """To mend by who sets things up; every change is in the audit trail."""

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return has_anywhere(request.user, Permission.SETTINGS_CHANGE)

    def save_model(self, request: HttpRequest, obj: Model, form: _ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        record(
            event="reference.changed" if change else "reference.added",
            subject=obj,
            by=person(request),
            at=now(),
            detail={"fields": sorted(form.changed_data)},
        )


@admin.register(IndicatorSet)
class IndicatorSetAdmin(ByScope):
    list_display = ("code", "version", "name", "year_from", "year_to", "size")
    ordering = ("code", "version")


@admin.register(Indicator)
class IndicatorAdmin(Reference):
    """Wording, section and dimension of a form that was not published are filled in here."""

    readonly_fields = ("indicator_set", "number")
    list_display = ("indicator_set", "number", "wording", "dimension", "counts_in_tpmap")
    list_filter = ("indicator_set", "dimension")
    list_select_related = ("indicator_set",)
    ordering = ("indicator_set__code", "number")


@admin.register(IncomeThreshold)
class IncomeThresholdAdmin(Reference):
    """A line is replaced by one of a higher version; the amount of an old one stays."""

    list_display = ("version", "year_from", "year_to", "amount_thb", "source", "is_confirmed")
    ordering = ("-version", "year_from")

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return has_anywhere(request.user, Permission.SETTINGS_CHANGE)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return ("version", "year_from", "year_to", "amount_thb") if obj else ()
