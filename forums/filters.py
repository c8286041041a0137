"""Narrowing the list of resolutions; nothing personal, so it may stand in an address."""

from datetime import date
from typing import Any

import django_filters
from django import forms

from accounts.models import Agency
from forums.forms import agencies_of, area_choices
from forums.models import Resolution
from forums.querysets import ResolutionQuerySet
from forums.workflow import Status

SHOW = {
    "open": "ยังไม่เสร็จ",
    "overdue": "เกินกำหนด",
    "done": "เสร็จแล้ว",
    "dropped": "ยุติ",
}


def shown(resolutions: ResolutionQuerySet, code: str, *, on: date) -> ResolutionQuerySet:
    """Narrow to what a tab shows."""
    if code == "overdue":
        return resolutions.overdue(on=on)
    if code == "done":
        return resolutions.filter(status=Status.DONE)
    if code == "dropped":
        return resolutions.filter(status=Status.DROPPED)
    return resolutions.unresolved()


class ResolutionFilter(django_filters.FilterSet):
    """Agency and area; unknown values are refused by the form."""

    agency = django_filters.ModelChoiceFilter(
        label="หน่วยงานรับผิดชอบ",
        field_name="owner_agency",
        queryset=Agency.objects.none(),
        empty_label="ทุกหน่วยงาน",
    )
    area = django_filters.ChoiceFilter(label="พื้นที่ของเวที", method="in_area", empty_label="ทุกพื้นที่")

    class Meta:
        model = Resolution
        fields: list[str] = []

    def __init__(self, *args: Any, prefixes: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency, area = self.form.fields["agency"], self.form.fields["area"]
        assert isinstance(agency, forms.ModelChoiceField)
        assert isinstance(area, forms.ChoiceField)
        agency.queryset = agencies_of(prefixes)
        area.choices = [("", "ทุกพื้นที่"), *area_choices(prefixes)]

    def in_area(self, queryset: ResolutionQuerySet, name: str, value: str) -> ResolutionQuerySet:
        return queryset.in_area(value)
