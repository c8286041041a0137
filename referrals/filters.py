"""Narrowing a list of referrals by what is not personal; it may stand in an address."""

from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils.timezone import get_current_timezone

from accounts.models import Agency, User
from accounts.permissions import area_prefixes, common_area
from accounts.roles import Permission
from areas.models import Area
from areas.querysets import within
from ppaos.lib.buddhist_era import OFFSET
from problems.rules import Dimension
from referrals.models import Referral
from referrals.querysets import ReferralQuerySet
from referrals.workflow import Status

NAMES = ("agency", "dimension", "area", "status", "turn", "in_year")
EARLIEST_YEAR_BE, LATEST_YEAR_BE = 2500, 2699


class ReferralFilter(django_filters.FilterSet):
    """Agency, dimension and place; unknown values are refused by the form."""

    agency = django_filters.ModelChoiceFilter(
        label="หน่วยงาน", queryset=Agency.objects.none(), empty_label="ทุกหน่วยงาน"
    )
    dimension = django_filters.ChoiceFilter(
        label="มิติ",
        field_name="problem__dimension",
        choices=Dimension.choices(),
        empty_label="ทุกมิติ",
    )
    area = django_filters.ChoiceFilter(
        label="พื้นที่", choices=[], empty_label="ทั้งพื้นที่ของท่าน", method="in_area"
    )
    status = django_filters.ChoiceFilter(
        label="สถานะ", choices=Status.choices(), empty_label="ทุกสถานะ"
    )
    turn = django_filters.ChoiceFilter(
        choices=[("agency", "รอหน่วยงาน")], method="whose_turn", widget=forms.HiddenInput
    )
    in_year = django_filters.NumberFilter(
        method="worked_on",
        min_value=EARLIEST_YEAR_BE,
        max_value=LATEST_YEAR_BE,
        widget=forms.HiddenInput,
    )

    class Meta:
        model = Referral
        fields: list[str] = []

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        prefixes = area_prefixes(user, Permission.REFERRAL_READ)
        agencies = Agency.objects.for_referrals_of(user).order_by("short_name", "pk")
        self.filters["agency"].queryset = agencies
        # Besides the own area's parts the one that an address names: a number of the overview.
        places = Area.objects.filter(
            Q(parent=common_area(prefixes)) | Q(pk=self._place_asked(prefixes))
        ).order_by("code")
        self.filters["area"].extra["choices"] = [(area.pk, str(area)) for area in places]

    def _place_asked(self, prefixes: tuple[str, ...]) -> str:
        asked = str(self.data.get("area", ""))
        is_code = asked.isascii() and asked.isdigit()
        return asked if is_code and any(asked.startswith(prefix) for prefix in prefixes) else ""

    @property
    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in NAMES)

    @property
    def is_of_status(self) -> bool:
        """Say whether one status is asked for, which is finer than any tab."""
        return bool(self.form.is_valid() and self.form.cleaned_data.get("status"))

    def whose_turn(self, queryset: ReferralQuerySet, name: str, value: str) -> ReferralQuerySet:
        """Narrow to those where the agency is the one to act."""
        return queryset.with_agency()

    def worked_on(self, queryset: ReferralQuerySet, name: str, value: Any) -> ReferralQuerySet:
        """Narrow to those under way or ended in the year (พ.ศ.), as the overview counts."""
        starts, ends = (
            datetime(int(value) - OFFSET + more, 1, 1, tzinfo=get_current_timezone())
            for more in (0, 1)
        )
        return queryset.filter(
            Q(ended_at__isnull=True) | Q(ended_at__gte=starts), created_at__lt=ends
        )

    def in_area(self, queryset: ReferralQuerySet, name: str, value: str) -> ReferralQuerySet:
        return queryset.filter(within([value], column="household__area_id"))


class WaitingFilter(django_filters.FilterSet):
    """Which problems without a referral are shown."""

    dimension = django_filters.ChoiceFilter(
        label="มิติ", choices=Dimension.choices(), empty_label="ทุกมิติ"
    )
    area = django_filters.ChoiceFilter(
        label="พื้นที่", choices=[], empty_label="ทั้งพื้นที่ของท่าน", method="in_area"
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        prefixes = area_prefixes(user, Permission.REFERRAL_SEND)
        places = Area.objects.children_of(common_area(prefixes)).order_by("code")
        self.filters["area"].extra["choices"] = [(area.pk, str(area)) for area in places]

    @property
    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in ("dimension", "area"))

    def in_area(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(within([value], column="household__area_id"))
