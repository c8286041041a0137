"""What is typed when a household or some of its people go elsewhere, or an area changes."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from accounts.models import User
from areas.models import Area
from areas.services import Recode, subdistricts_named
from households.forms.register import HIGHEST_MOO, TidyCharField, subdistrict_choices
from households.models import Household, Member
from households.services import Place
from households.workflow import MoveReason
from ppaos.lib import house_code
from ppaos.lib.thai_text import clean, to_ascii_digits
from ppaos.web.fields import ThaiDateField


class DestinationForm(forms.Form):
    """Where a household goes: a subdistrict of one's own, or any other by name or code."""

    subdistrict = forms.ChoiceField(label="ตำบลปลายทาง", required=False)
    elsewhere = TidyCharField(
        label="ถ้าเป็นตำบลนอกพื้นที่ของท่าน",
        help_text="พิมพ์ ตำบล อำเภอ จังหวัด หรือรหัสตำบล 6 หลัก เช่น ในเมือง เมืองบุรีรัมย์",
        max_length=120,
        required=False,
    )
    moo = forms.IntegerField(
        label="หมู่ที่",
        min_value=1,
        max_value=HIGHEST_MOO,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
    )
    house_no = TidyCharField(
        label="บ้านเลขที่หรือจุดสังเกต",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"class": "short"}),
    )
    house_code = forms.CharField(
        label="รหัสบ้าน 11 หลัก",
        help_text="ของบ้านที่ไปอยู่ ถ้ายังไม่รู้ ระบบจะออกรหัสชั่วคราวให้",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    village_name = TidyCharField(label="ชื่อหมู่บ้านหรือชุมชน", max_length=120, required=False)
    moved_on = ThaiDateField(label="ย้ายเมื่อ")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, prefixes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["subdistrict"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "เลือกตำบล"), *subdistrict_choices(prefixes)]

    def clean_house_code(self) -> str | None:
        return _house_code(self.cleaned_data["house_code"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        typed, subdistrict = data.get("elsewhere", ""), data.get("subdistrict", "")
        if typed:
            subdistrict = self._typed(typed)
        elif not subdistrict and "subdistrict" not in self.errors:
            self.add_error("subdistrict", "เลือกตำบลปลายทาง")
        moo = data.get("moo")
        data["area_code"] = subdistrict if not moo else f"{subdistrict}{moo:02d}"
        if subdistrict and moo and not Area.objects.in_force().filter(pk=data["area_code"]):
            self.add_error("moo", "ตำบลนี้ยังไม่มีหมู่นี้ในระบบ เว้นว่างไว้แล้วกรอกชื่อหมู่บ้านแทน")
        return data

    def _typed(self, text: str) -> str:
        found = subdistricts_named(text)
        if len(found) == 1:
            return found[0].pk
        names = ", ".join(f"{area} {area.parent} รหัส {area.pk}" for area in found)
        told = f"มีหลายตำบล พิมพ์อำเภอด้วย หรือพิมพ์รหัส: {names}" if found else "ไม่พบตำบลนี้ ตรวจตัวสะกด"
        self.add_error("elsewhere", told)
        return ""

    def place(self) -> Place:
        data = self.cleaned_data
        names = ("area_code", "house_code", "house_no", "village_name")
        return Place(**{name: data[name] for name in names})


class MoveForm(DestinationForm):
    """A whole household moves."""

    reason = forms.ChoiceField(
        label="เพราะ",
        choices=[(one.value, one.label) for one in (MoveReason.MOVED, MoveReason.CORRECTED)],
        widget=forms.RadioSelect,
    )
    note = TidyCharField(
        label="บันทึกถึงพื้นที่ปลายทาง",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order = ("reason",)


class PartForm(DestinationForm):
    """Some people go: to a household that stands, or to make one of their own."""

    members = forms.ModelMultipleChoiceField(
        label="ใครย้าย",
        queryset=Member.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "เลือกผู้ที่ย้ายอย่างน้อย 1 คน"},
    )
    heir = forms.ModelChoiceField(
        label="หัวหน้าคนใหม่ของผู้ที่อยู่ต่อ",
        help_text="เลือกเมื่อหัวหน้าครัวเรือนย้ายไปด้วย",
        queryset=Member.objects.none(),
        required=False,
        empty_label="ไม่ต้องเปลี่ยน",
    )
    to_code = TidyCharField(
        label="รหัสของครัวเรือนที่ไปอยู่ด้วย",
        help_text="รหัสบ้าน 11 หลักหรือรหัสชั่วคราว ดูจากหัวแฟ้มของครัวเรือนนั้น เว้นว่างไว้ถ้าแยกเป็นครัวเรือนใหม่",
        max_length=30,
        required=False,
    )
    head = forms.ModelChoiceField(
        label="หัวหน้าของครัวเรือนใหม่",
        queryset=Member.objects.none(),
        required=False,
        empty_label="เลือกจากผู้ที่ย้าย",
    )
    field_order = ("members", "heir", "moved_on", "to_code", "head")

    def __init__(self, *args: Any, household: Household, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.household = household
        # Only a whole household is asked of another office.
        del self.fields["elsewhere"]
        present = household.members.present().order_by("-is_head", "seq", "pk")
        for name in ("members", "heir", "head"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = present

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        data["to"] = None
        if not data.get("to_code"):
            if not data.get("head"):
                self.add_error("head", "เลือกหัวหน้าของครัวเรือนใหม่ หรือกรอกรหัสของครัวเรือนที่ไปอยู่ด้วย")
            return data
        for name in ("subdistrict", "moo"):
            self.errors.pop(name, None)
        found = self._called(data["to_code"])
        if len(found) == 1:
            data["to"] = found[0]
        else:
            told = (
                "มีหลายครัวเรือนในบ้านนี้ ใส่ลำดับต่อท้าย เช่น /2" if found else "ไม่พบครัวเรือนรหัสนี้ในพื้นที่ของท่าน"
            )
            self.add_error("to_code", told)
        return data

    def _called(self, typed: str) -> list[Household]:
        """Return up to two households of this code, of those the person may open."""
        code, _, seq = typed.partition("/")
        by_code = Q(temporary_code=code.strip().upper()) | Q(
            house_code=code.replace("-", "").replace(" ", "")
        )
        found = Household.objects.visible_to(self.by).filter(by_code, merged_into__isnull=True)
        if seq.strip().isdecimal():
            found = found.filter(seq=int(seq))
        return list(found.exclude(pk=self.household.pk)[:2])


def _house_code(text: str) -> str | None:
    if not text:
        return None
    try:
        return house_code.normalise(text)
    except house_code.InvalidHouseCode as error:
        raise ValidationError(str(error)) from error


class ProtectedAccessForm(forms.Form):
    """Somebody may see a protected household."""

    username = TidyCharField(label="ชื่อผู้ใช้ของเจ้าหน้าที่", max_length=150)
    reason = TidyCharField(label="เหตุที่ต้องเปิดดู", max_length=300)
    valid_until = ThaiDateField(label="เปิดดูได้ถึง", required=False)


class AreaChangeForm(forms.Form):
    """An announcement: a name that changed, or codes that took the place of others."""

    on = ThaiDateField(label="มีผลเมื่อ")
    reason = TidyCharField(label="ตามประกาศ", max_length=300)
    lines = forms.CharField(
        label="รหัสเดิม รหัสใหม่ ชื่อใหม่",
        help_text="บรรทัดละพื้นที่ คั่นด้วยช่องว่าง รหัสใหม่เหมือนรหัสเดิมคือเปลี่ยนแต่ชื่อ"
        " พื้นที่ย่อยในรหัสเดิมย้ายตามเอง เว้นแต่ระบุไว้",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean_lines(self) -> list[Recode]:
        found = []
        for number, line in enumerate(self.cleaned_data["lines"].splitlines(), start=1):
            parts = clean(to_ascii_digits(line)).split(" ", 2)
            if parts == [""]:
                continue
            if len(parts) < 2 or not all(part.isdigit() for part in parts[:2]):
                raise ValidationError(f"บรรทัด {number}: กรอก รหัสเดิม เว้นวรรค รหัสใหม่ เว้นวรรค ชื่อใหม่")
            found.append(Recode(*parts))
        return found
