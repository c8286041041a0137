"""What is typed when a household is proposed to leave, kept, or taken back."""

from collections.abc import Sequence
from typing import Any

from django import forms

from areas.models import Area
from households.workflow import ExitReason

ADMINISTRATIVE: tuple[ExitReason, ...] = (
    ExitReason.MOVED,
    ExitReason.DECEASED,
    ExitReason.DUPLICATE,
    ExitReason.CONTINUING_CARE,
)
"""Reasons that a person proposes; the others rest on a visit or on the rule of graduation."""


class ExitReasonForm(forms.Form):
    """Why a proposal is refused, or an exit taken back."""

    reason = forms.CharField(
        label="เหตุผล", max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class GraduateForm(forms.Form):
    """How the household leaves, of the ways whose criteria are met."""

    reason = forms.TypedChoiceField(label="เสนอว่า", coerce=ExitReason, widget=forms.RadioSelect)
    note = forms.CharField(
        label="บันทึก",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="จำเป็นเมื่อเสนอให้ดูแลต่อเนื่อง: ใครดูแลต่อ และอย่างไร เก็บแบบเข้ารหัส",
    )

    def __init__(self, data: Any = None, *, ways: Sequence[ExitReason], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["reason"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(way.value, way.label) for way in ways]
        if ExitReason.CONTINUING_CARE not in ways:
            self.fields["note"].help_text = "เก็บแบบเข้ารหัส"


class NewExitForm(forms.Form):
    """An exit for a reason that no visit and no rule has given."""

    reason = forms.TypedChoiceField(
        label="เหตุที่พ้นเป้าหมาย",
        choices=[(reason.value, reason.label) for reason in ADMINISTRATIVE],
        coerce=ExitReason,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label="รู้ได้อย่างไร และจากใคร",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="เช่น ย้ายไปอยู่ที่ใด ซ้ำกับรหัสบ้านใด หรือหน่วยงานใดดูแลต่อ เก็บแบบเข้ารหัส",
    )


class NarrowForm(forms.Form):
    """A part of the person's own area, or one reason; empty is all."""

    area = forms.ChoiceField(label="พื้นที่", required=False)
    reason = forms.ChoiceField(
        label="เหตุที่พ้น", choices=[("", "ทุกเหตุ"), *ExitReason.choices()], required=False
    )

    def __init__(self, data: Any, *, places: Sequence[Area]) -> None:
        super().__init__(data)
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "ทั้งพื้นที่ของท่าน"), *((row.pk, str(row)) for row in places)]
