"""Narrowing a list of referrals by what is not personal; it may stand in an address."""

from typing import Any

import django_filters

from accounts.models import Agency, User
from accounts.permissions import area_prefixes, common_area
from accounts.roles import Permission
from areas.models import Area
from areas.querysets import within
from problems.rules import Dimension
from referrals.models import Referral
from referrals.querysets import ReferralQuerySet

NAMES = ("agency", "dimension", "area")


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

    class Meta:
        model = Referral
        fields: list[str] = []

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        prefixes = area_prefixes(user, Permission.REFERRAL_READ)
        provinces = tuple(sorted({prefix[:2] for prefix in prefixes}))
        agencies = Agency.objects.under(provinces).order_by("short_name", "pk")
        self.filters["agency"].queryset = agencies
        places = Area.objects.children_of(common_area(prefixes)).order_by("code")
        self.filters["area"].extra["choices"] = [(area.pk, str(area)) for area in places]

    @property
    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in NAMES)

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
