"""What is typed about a household. Rules are the services'; here only strings are read."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError

from areas.models import Area, Level
from households.models import Household, Member
from households.services import HouseholdChanges, HouseholdDraft, MemberDraft
from households.workflow import Consent, LeftReason, Outcome, Residence, Sex
from ppaos.lib import citizen_id, house_code
from ppaos.lib.buddhist_era import (
    ParsedDate,
    UnableToReadDate,
    format_date,
    parse_date,
    to_be_year,
)
from ppaos.lib.thai_text import clean, split_title, to_ascii_digits
from ppaos.web.fields import ThaiDateField

MOST_MEMBERS = 20
HIGHEST_MOO = 99


class TidyCharField(forms.CharField):
    """Text repaired as Thai text is repaired everywhere, with ASCII digits."""

    def to_python(self, value: Any) -> str:
        return clean(to_ascii_digits(super().to_python(value) or ""))


class VerifyForm(forms.Form):
    """The verdict of a visit."""

    outcome = forms.ChoiceField(
        label="ผลการเยี่ยม", choices=Outcome.choices(), widget=forms.RadioSelect
    )
    visited_on = ThaiDateField(label="วันที่เยี่ยม")
    reason = TidyCharField(
        label="เหตุผลหรือสิ่งที่พบ",
        help_text="ต้องระบุทุกผล ยกเว้น “จนจริง”",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    note = TidyCharField(
        label="บันทึกเพิ่มเติม",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReasonForm(forms.Form):
    """Why something is taken back, refused or shown."""

    reason = TidyCharField(label="เหตุผล", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class BirthField(forms.CharField):
    """A birthday, or only the year of birth, in the Buddhist era."""

    def clean(self, value: Any) -> ParsedDate | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_date(text)
        except UnableToReadDate as error:
            raise ValidationError(f"{error} กรอกเป็น วัน/เดือน/ปี พ.ศ. หรือเฉพาะปี พ.ศ.") from error


class CitizenIdField(forms.CharField):
    """A citizen ID, typed with or without hyphens; None if left empty."""

    def clean(self, value: Any) -> str | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return citizen_id.normalise(text)
        except citizen_id.InvalidCitizenId as error:
            raise ValidationError(str(error)) from error


class MemberForm(forms.Form):
    """One person."""

    title = TidyCharField(
        label="คำนำหน้า",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"list": "titles", "class": "short"}),
    )
    first_name = TidyCharField(label="ชื่อ", max_length=120)
    last_name = TidyCharField(label="นามสกุล", max_length=120, required=False)
    citizen_id = CitizenIdField(
        label="เลขประจำตัวประชาชน 13 หลัก",
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    no_id_reason = TidyCharField(
        label="ถ้าไม่มีเลข เพราะเหตุใด",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"list": "no-id-reasons"}),
    )
    birth = BirthField(
        label="วันเกิด",
        help_text="วัน/เดือน/ปี พ.ศ. หรือเฉพาะปี พ.ศ.",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off"}),
    )
    sex = forms.ChoiceField(label="เพศ", choices=[("", "ไม่ระบุ"), *Sex.choices()], required=False)
    relation = TidyCharField(
        label="ความสัมพันธ์กับหัวหน้าครัวเรือน",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"list": "relations"}),
    )
    residence = forms.ChoiceField(
        label="สถานะในทะเบียนบ้าน",
        choices=Residence.choices(),
        initial=Residence.LISTED_AND_LIVING,
    )

    def clean_title(self) -> str:
        """Write a title in its long form, whatever was typed."""
        typed: str = self.cleaned_data["title"]
        title, rest = split_title(f"{typed} ก") if typed else (None, "")
        return title if title is not None and rest == "ก" else typed

    def draft(self, *, is_head: bool) -> MemberDraft:
        data = self.cleaned_data
        birth: ParsedDate | None = data["birth"]
        return MemberDraft(
            title=data["title"],
            first_name=data["first_name"],
            last_name=data["last_name"],
            citizen_id=data["citizen_id"],
            no_id_reason=data["no_id_reason"],
            birth_date=birth.date if birth else None,
            birth_year=birth.year_ce if birth else None,
            sex=data["sex"],
            relation=data["relation"],
            residence=Residence(data["residence"]),
            is_head=is_head,
        )


class MemberEditForm(MemberForm):
    """One person of a household that stands; headship is a field of the form."""

    is_head = forms.BooleanField(label="เป็นหัวหน้าครัวเรือน", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        if member.citizen_id:
            masked = citizen_id.mask(member.citizen_id)
            self.fields["citizen_id"].help_text = f"มีอยู่แล้ว {masked} เว้นว่างไว้ถ้าไม่แก้"

    def draft(self, *, is_head: bool) -> MemberDraft:
        """An ID that was left empty stays as it is."""
        draft = super().draft(is_head=is_head)
        return replace(draft, citizen_id=draft.citizen_id or self.member.citizen_id)


class MemberLeftForm(forms.Form):
    """A person leaves; when it is the head, somebody else takes over."""

    left_on = ThaiDateField(label="ออกจากครัวเรือนเมื่อ")
    reason = forms.ChoiceField(
        label="เพราะ", choices=LeftReason.to_choose(), widget=forms.RadioSelect
    )
    new_head = forms.ModelChoiceField(
        label="หัวหน้าครัวเรือนคนใหม่",
        queryset=Member.objects.none(),
        required=False,
        empty_label="ไม่ต้องเปลี่ยน",
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Member.objects.present().filter(household=member.household_id)
        field = self.fields["new_head"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = others.exclude(pk=member.pk).order_by("seq", "pk")
        if not member.is_head or not field.queryset.exists():
            del self.fields["new_head"]


def subdistrict_choices(prefixes: Iterable[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return subdistricts inside the given areas, grouped by district; one query."""
    prefixes = list(prefixes)
    areas = Area.objects.under(prefixes) | Area.objects.above(prefixes)
    groups: dict[str, list[tuple[str, str]]] = {}
    for area in (
        areas.filter(level=Level.SUBDISTRICT).in_force().select_related("parent").order_by("code")
    ):
        groups.setdefault(str(area.parent), []).append((area.pk, str(area)))
    return list(groups.items())


class PlaceForm(forms.Form):
    """Where a household is, and what its people agreed to."""

    subdistrict = forms.ChoiceField(label="ตำบล")
    moo = forms.IntegerField(
        label="หมู่ที่",
        min_value=1,
        max_value=HIGHEST_MOO,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
    )
    house_no = TidyCharField(
        label="บ้านเลขที่",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"class": "short"}),
    )
    village_name = TidyCharField(label="ชื่อหมู่บ้านหรือชุมชน", max_length=120, required=False)
    soi = TidyCharField(label="ซอย", max_length=120, required=False)
    road = TidyCharField(label="ถนน", max_length=120, required=False)
    lat = forms.DecimalField(
        label="ละติจูด", min_value=5, max_value=21, max_digits=9, decimal_places=6, required=False
    )
    lon = forms.DecimalField(
        label="ลองจิจูด", min_value=97, max_value=106, max_digits=9, decimal_places=6, required=False
    )
    phone = TidyCharField(
        label="โทรศัพท์",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "class": "short"}),
    )

    def __init__(self, *args: Any, prefixes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = subdistrict_choices(prefixes)
        many = sum(len(group) for _, group in choices) > 1
        field = self.fields["subdistrict"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "เลือกตำบล"), *choices] if many else choices

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        subdistrict, moo = data.get("subdistrict"), data.get("moo")
        if not subdistrict:
            return data
        data["area_code"] = subdistrict if moo is None else f"{subdistrict}{moo:02d}"
        if moo is not None and not Area.objects.filter(pk=data["area_code"]).exists():
            self.add_error("moo", "ตำบลนี้ยังไม่มีหมู่นี้ในระบบ เว้นว่างไว้แล้วกรอกชื่อหมู่บ้านแทน")
        return data


class RegisterForm(PlaceForm):
    """A household found in the field."""

    house_code = forms.CharField(
        label="รหัสบ้าน 11 หลัก",
        help_text="ดูจากทะเบียนบ้าน ถ้าไม่มี ระบบจะออกรหัสชั่วคราวให้",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    shares_house = forms.BooleanField(label="เป็นอีกครัวเรือนหนึ่งในบ้านหลังเดียวกัน", required=False)
    consent = forms.BooleanField(
        label="อ่านข้อความให้ฟังแล้ว และผู้ให้ข้อมูลยินยอม",
        error_messages={"required": "เพิ่มครัวเรือนได้เมื่อผู้ให้ข้อมูลยินยอมแล้วเท่านั้น"},
    )
    consent_date = ThaiDateField(label="วันที่ให้ความยินยอม")
    not_a_twin = forms.BooleanField(
        label="ตรวจแล้ว ไม่ใช่ครัวเรือนเดียวกัน ให้เพิ่มเป็นครัวเรือนใหม่", required=False
    )

    def clean_house_code(self) -> str | None:
        if not self.cleaned_data["house_code"]:
            return None
        try:
            return house_code.normalise(self.cleaned_data["house_code"])
        except house_code.InvalidHouseCode as error:
            raise ValidationError(str(error)) from error

    def draft(self, members: Iterable[MemberDraft]) -> HouseholdDraft:
        data = self.cleaned_data
        return HouseholdDraft(
            area_code=data["area_code"],
            house_no=data["house_no"],
            house_code=data["house_code"],
            shares_house=data["shares_house"],
            village_name=data["village_name"],
            soi=data["soi"],
            road=data["road"],
            lat=data["lat"],
            lon=data["lon"],
            phone=data["phone"],
            consent=Consent.GIVEN,
            consent_date=data["consent_date"],
            members=tuple(members),
        )


class HouseholdForm(PlaceForm):
    """Address, position and phone of a household that stands."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def changes(self) -> HouseholdChanges:
        data = self.cleaned_data
        return HouseholdChanges(
            area_code=data["area_code"],
            house_no=data["house_no"],
            village_name=data["village_name"],
            soi=data["soi"],
            road=data["road"],
            lat=data["lat"],
            lon=data["lon"],
            phone=data["phone"],
        )


def initial_of(household: Household) -> dict[str, Any]:
    """Return what HouseholdForm starts with."""
    names = ("house_no", "village_name", "soi", "road", "lat", "lon", "phone")
    return {name: getattr(household, name) for name in names} | {
        "subdistrict": household.subdistrict_code,
        "moo": household.moo,
        "version": household.version,
    }


def initial_of_member(member: Member) -> dict[str, Any]:
    """Return what MemberEditForm starts with. The citizen ID is not: left empty, it stays."""
    names = ("title", "first_name", "last_name", "no_id_reason", "sex", "relation", "residence")
    birth = ""
    if member.birth_date:
        birth = format_date(member.birth_date)
    elif member.birth_year:
        birth = str(to_be_year(member.birth_year))
    return {name: getattr(member, name) for name in names} | {
        "birth": birth,
        "is_head": member.is_head,
        "version": member.version,
    }


if TYPE_CHECKING:
    _FormSet = forms.BaseFormSet[MemberForm]
else:
    _FormSet = forms.BaseFormSet


class Members(_FormSet):
    """The people of a new household: one at least, the others only if filled in."""


MemberFormSet = cast(
    "type[Members]",
    forms.formset_factory(
        MemberForm,
        formset=Members,
        extra=0,
        min_num=1,
        max_num=MOST_MEMBERS,
        absolute_max=MOST_MEMBERS,
    ),
)
