"""Narrowing the register by what is not personal; it may stand in an address."""

from typing import Any

import django_filters
from django import forms

from households.models import Household
from households.querysets import HouseholdQuerySet
from households.workflow import Source, Stage

EARLIEST_YEAR_BE, LATEST_YEAR_BE = 2500, 2699


class HouseholdFilter(django_filters.FilterSet):
    """Area, stage, and the list with its year; unknown values are refused by the form."""

    area = django_filters.CharFilter(method="in_area", widget=forms.HiddenInput)
    stage = django_filters.ChoiceFilter(
        label="สถานะ", choices=Stage.choices(), empty_label="ทุกสถานะ"
    )
    source = django_filters.ChoiceFilter(
        label="บัญชี", choices=Source.choices(), empty_label="ทุกบัญชี", method="on_list"
    )
    year = django_filters.NumberFilter(
        label="ปี พ.ศ. ของบัญชี",
        method="on_list",
        min_value=EARLIEST_YEAR_BE,
        max_value=LATEST_YEAR_BE,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "เช่น 2566"}),
    )

    class Meta:
        model = Household
        fields: list[str] = []

    def in_area(self, queryset: HouseholdQuerySet, name: str, value: str) -> HouseholdQuerySet:
        if not (value.isascii() and value.isdigit() and len(value) in (2, 4, 6, 8)):
            return queryset.none()
        return queryset.in_area(value)

    def on_list(self, queryset: HouseholdQuerySet, name: str, value: Any) -> HouseholdQuerySet:
        """Source and year belong to one listing: the first of them that is set asks for both."""
        data = self.form.cleaned_data
        if name == "year" and data.get("source"):
            return queryset
        year = data.get("year")
        return queryset.listed_in(
            source=data.get("source") or "", year_be=int(year) if year is not None else None
        )
