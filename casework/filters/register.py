"""The form of the register's list."""

from typing import Any

import django_filters
from django import forms
from django.core.validators import RegexValidator
from django.db.models import Exists, OuterRef, Q

from areas.models import Level
from casework.filters.counted import (
    CHOICES,
    Year,
    at_level,
    counted_as,
    in_group,
    of_year,
    with_open_problem,
    year_of,
)
from households.models import Household, Member
from households.querysets import HouseholdQuerySet
from households.workflow import Source, Stage
from ppaos.lib.labelled import LabelledEnum
from ppaos.web.pills import LEVELS
from problems.models import Problem
from problems.rules import Dimension
from slf.instrument import Group
from slf.models import Assessment, LivelihoodProfile

EARLIEST_YEAR_BE, LATEST_YEAR_BE = 2500, 2699
NAMES = (
    "area",
    "stage",
    "source",
    "year",
    "dimension",
    "level",
    "group",
    "gap",
    "counted",
    "in_year",
)
SORT = "sort"


class Gap(LabelledEnum):
    """What is not known of a household, or has not been done."""

    NO_CITIZEN_ID = "no-id", "มีคนที่ไม่มีเลขประจำตัว"
    NO_HOUSE_CODE = "no-code", "ไม่มีรหัสบ้าน"
    NO_POSITION = "no-position", "ไม่มีพิกัด"
    NO_PHONE = "no-phone", "ไม่มีโทรศัพท์"
    NO_VILLAGE = "no-village", "ไม่รู้หมู่บ้าน"
    NO_MEMBER = "no-member", "ไม่มีรายชื่อสมาชิก"
    NO_HEAD = "no-head", "ไม่รู้ว่าใครเป็นหัวหน้า"
    NO_BIRTH = "no-birth", "มีคนที่ไม่รู้ปีเกิด"
    NO_ASSESSMENT = "no-assessment", "ยังไม่มีผลประเมินทุน"


class Order(LabelledEnum):
    """How the list is sorted."""

    PLACE = "place", "ตามหมู่บ้าน"
    NAME = "name", "ตามชื่อหัวหน้า ก–ฮ"
    NEWEST = "newest", "เพิ่มล่าสุดก่อน"


_PRESENT = Member.objects.present().filter(household=OuterRef("pk"))
_LACKS = {
    Gap.NO_CITIZEN_ID: Q(Exists(_PRESENT.filter(citizen_id_index__isnull=True))),
    Gap.NO_HOUSE_CODE: Q(house_code__isnull=True),
    Gap.NO_POSITION: Q(lat__isnull=True),
    Gap.NO_PHONE: Q(phone__isnull=True),
    Gap.NO_VILLAGE: ~Q(area__level=Level.VILLAGE),
    Gap.NO_MEMBER: ~Q(Exists(_PRESENT)),
    Gap.NO_HEAD: ~Q(Exists(_PRESENT.filter(is_head=True))),
    Gap.NO_BIRTH: Q(Exists(_PRESENT.filter(birth_date__isnull=True, birth_year__isnull=True))),
    Gap.NO_ASSESSMENT: ~Q(Exists(Assessment.objects.complete().filter(household=OuterRef("pk")))),
}


# What is no code is refused by the form, so that it is kept in no view and in no record.
_AREA_CODE = RegexValidator(r"\A(?:[0-9]{2}){1,4}\Z", "รหัสพื้นที่เป็นตัวเลข 2, 4, 6 หรือ 8 หลัก")


class HouseholdFilter(django_filters.FilterSet):
    """Place, stage, list, what is lacking, and figures of the overview.

    Unknown values are refused by the form. `in_year` is the year of the work, as in the
    overview: then everything is as that year counts it. Without it the register is shown
    whole, as it stands now.
    """

    area = django_filters.CharFilter(
        method="in_area", widget=forms.HiddenInput, validators=[_AREA_CODE]
    )
    stage = django_filters.ChoiceFilter(
        label="สถานะ", choices=Stage.choices(), empty_label="ทุกสถานะ"
    )
    dimension = django_filters.ChoiceFilter(
        label="ปัญหาที่ยังเปิด",
        choices=Dimension.choices(),
        empty_label="ทุกมิติ",
        method="in_dimension",
    )
    level = django_filters.ChoiceFilter(
        label="ระดับการดำรงชีพ",
        choices=[(str(level), f"{level} {name}") for level, name in LEVELS.items()],
        empty_label="ทุกระดับ",
        method="on_level",
    )
    group = django_filters.ChoiceFilter(
        label="กลุ่ม", choices=Group.choices(), empty_label="ทุกกลุ่ม", method="of_group"
    )
    gap = django_filters.ChoiceFilter(
        label="ข้อมูลที่ขาด", choices=Gap.choices(), empty_label="ไม่ใช้", method="lacking"
    )
    counted = django_filters.ChoiceFilter(
        label="ตัวเลขในภาพรวม", choices=CHOICES, empty_label="ไม่ใช้", method="behind_figure"
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
    in_year = django_filters.NumberFilter(
        method="worked_on",
        min_value=EARLIEST_YEAR_BE,
        max_value=LATEST_YEAR_BE,
        widget=forms.HiddenInput,
    )

    class Meta:
        model = Household
        fields: list[str] = []

    @property
    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in NAMES if name != "area")

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """Return what the list is narrowed to, as (label, words); nothing if the form is wrong."""
        if not self.form.is_valid():
            return []
        found = []
        for field in self.form.visible_fields():
            value = self.form.cleaned_data.get(field.name)
            if value:
                words = dict(getattr(field.field, "choices", ())).get(value, value)
                found.append((str(field.label), str(words)))
        return found

    def _has_year(self) -> bool:
        return self.form.cleaned_data.get("in_year") is not None

    def _year(self) -> Year:
        said = self.form.cleaned_data.get("in_year")
        return year_of(int(said) if said is not None else None)

    def in_area(self, queryset: HouseholdQuerySet, name: str, value: str) -> HouseholdQuerySet:
        return queryset.in_area(value)

    def lacking(self, queryset: HouseholdQuerySet, name: str, value: str) -> HouseholdQuerySet:
        return queryset.filter(_LACKS[Gap(value)])

    def worked_on(self, queryset: HouseholdQuerySet, name: str, value: Any) -> HouseholdQuerySet:
        return of_year(queryset, self._year())

    def in_dimension(self, queryset: HouseholdQuerySet, name: str, value: str) -> HouseholdQuerySet:
        if not self._has_year():
            open_problems = Problem.objects.open().filter(dimension=value)
            return queryset.filter(pk__in=open_problems.values("household"))
        return queryset.filter(with_open_problem(value, self._year()))

    def on_level(self, queryset: HouseholdQuerySet, name: str, value: str) -> HouseholdQuerySet:
        if not self._has_year():
            profiles = LivelihoodProfile.objects.current().filter(assessment__level=value)
            return queryset.filter(pk__in=profiles.values("household"))
        return queryset.filter(at_level(int(value), self._year()))

    def of_group(self, queryset: HouseholdQuerySet, name: str, value: str) -> HouseholdQuerySet:
        if not self._has_year():
            profiles = LivelihoodProfile.objects.current().filter(group=value)
            return queryset.filter(pk__in=profiles.values("household"))
        return queryset.filter(in_group(value, self._year()))

    def behind_figure(
        self, queryset: HouseholdQuerySet, name: str, value: str
    ) -> HouseholdQuerySet:
        year = self._year()
        return of_year(queryset, year).filter(counted_as(value, year))

    def on_list(self, queryset: HouseholdQuerySet, name: str, value: Any) -> HouseholdQuerySet:
        """Source and year belong to one listing: the first of them that is set asks for both."""
        data = self.form.cleaned_data
        if name == "year" and data.get("source"):
            return queryset
        year = data.get("year")
        return queryset.listed_in(
            source=data.get("source") or "", year_be=int(year) if year is not None else None
        )
