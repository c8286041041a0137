"""Starting, correcting, setting a group, opening and closing a problem."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.timezone import localdate

from households.models import Member
from ppaos.web.fields import ThaiDateField
from problems.rules import CODES_BY_DIMENSION, DIMENSIONS, ProblemCode
from problems.workflow import Origin, Resolution
from slf.instrument import Group
from slf.workflow import Period


class StartForm(forms.Form):
    """Which assessment is begun."""

    year_be = forms.IntegerField(label="ปีที่ประเมิน (พ.ศ.)", min_value=2540, max_value=2699)
    round = forms.IntegerField(label="ครั้งที่", min_value=1, max_value=99)
    period = forms.ChoiceField(label="ช่วง", choices=Period.choices(), widget=forms.RadioSelect)
    assessed_on = ThaiDateField(label="วันที่เยี่ยมบ้าน")


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="เหตุผล", max_length=280, widget=forms.Textarea(attrs={"rows": 2})
    )


class OverrideForm(forms.Form):
    """A group against or beside the rule."""

    group = forms.ChoiceField(
        label="ให้อยู่ในกลุ่ม",
        choices=[choice for choice in Group.choices() if choice[0] != Group.UNCLASSIFIED],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label="เหตุผล",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="เก็บแบบเข้ารหัส เห็นเฉพาะผู้มีสิทธิดูแฟ้มนี้",
    )


class ProblemForm(forms.Form):
    """A problem that somebody saw in the field."""

    code = forms.ChoiceField(
        label="ปัญหา",
        choices=lambda: [
            ("", "เลือก"),
            *(
                (d.label, [(code.value, code.label) for code in CODES_BY_DIMENSION[d]])
                for d in DIMENSIONS
            ),
        ],
    )
    origin = forms.ChoiceField(
        label="รู้จาก",
        choices=[
            (Origin.FIELD.value, "เห็นเองหรือครัวเรือนบอก"),
            (Origin.LISTING.value, "บัญชีรายชื่อ และครัวเรือนยืนยัน"),
        ],
        widget=forms.RadioSelect,
    )
    opened_on = ThaiDateField(label="พบเมื่อ")
    members = forms.MultipleChoiceField(
        label="เป็นปัญหาของใคร",
        help_text="ไม่เลือกหมายถึงทั้งครัวเรือน",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    need_text = forms.CharField(
        label="สิ่งที่ครัวเรือนต้องการ",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="เก็บแบบเข้ารหัส",
    )

    def __init__(self, data: Any = None, *, members: Iterable[Member]) -> None:
        super().__init__(data, initial={"opened_on": localdate(), "origin": Origin.FIELD.value})
        self.by_id = {str(member.pk): member for member in members}
        field = self.fields["members"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, member.full_name) for key, member in self.by_id.items()]
        if not self.by_id:
            del self.fields["members"]

    @property
    def problem_code(self) -> ProblemCode:
        return ProblemCode(self.cleaned_data["code"])

    @property
    def named(self) -> list[Member]:
        return [self.by_id[key] for key in self.cleaned_data.get("members", [])]


class ResolveForm(forms.Form):
    resolution = forms.ChoiceField(
        label="ปิดเพราะ", choices=Resolution.choices(), widget=forms.RadioSelect
    )
    resolved_on = ThaiDateField(label="วันที่ปิด")
    reason = forms.CharField(
        label="เหตุผลหรือผลที่ได้",
        max_length=280,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="จำเป็นเมื่อบันทึกผิด",
    )
