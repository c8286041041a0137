"""What an agency's officer says of the help that was given."""

from decimal import Decimal
from typing import Any

from django import forms

from ppaos.lib.pictures import UploadedPhoto
from ppaos.lib.thai_text import to_ascii_digits
from ppaos.orm import uuid7
from ppaos.web.fields import PhotosField, ThaiDateField
from referrals.forms.moving import MoveForm, note_field, reason_field
from referrals.models import Referral
from referrals.services import MOST_PHOTOS
from referrals.workflow import AssistanceKind, Result, Status


class BahtField(forms.DecimalField):
    """An amount as people write it: 12,500 or ๑๒,๕๐๐ บาท."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = to_ascii_digits(str(value or "")).replace(",", "").replace("บาท", "")
        return super().to_python(text.strip())


class AssistanceForm(MoveForm):
    """One help, and whether that was all."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    kind = forms.TypedChoiceField(
        label="ช่วยอะไร",
        choices=AssistanceKind.choices(),
        coerce=AssistanceKind,
        widget=forms.RadioSelect,
    )
    amount_thb = BahtField(
        label="มูลค่า (บาท)",
        help_text="0 ได้ ถ้าไม่ได้ให้เป็นเงินหรือสิ่งของ",
        max_digits=12,
        decimal_places=2,
        min_value=Decimal(0),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short"}),
    )
    helped_on = ThaiDateField(label="วันที่ช่วยเหลือ")
    people = forms.IntegerField(
        label="จำนวนคนที่ได้รับ",
        required=False,
        min_value=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
    )
    description = forms.CharField(
        label="รายละเอียด",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="ทำอะไร ที่ไหน เก็บแบบเข้ารหัส",
    )
    photos = PhotosField(
        most=MOST_PHOTOS,
        label="รูปถ่าย",
        required=False,
        help_text=f"ไม่เกิน {MOST_PHOTOS} รูป ถ่ายจากโทรศัพท์ได้เลย ระบบลบพิกัดในรูปออก",
    )
    result = forms.TypedChoiceField(
        label="ช่วยเรื่องนี้เสร็จแล้วหรือยัง",
        choices=[
            ("", "ยัง จะช่วยต่ออีก"),
            (Result.SOLVED.value, "เสร็จแล้ว แก้ไขได้ทั้งหมด"),
            (Result.PARTLY.value, "เสร็จแล้ว แก้ไขได้บางส่วน"),
            (Result.NOT_SOLVED.value, "เสร็จแล้ว แต่แก้ไขไม่ได้"),
        ],
        coerce=Result,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    note = note_field(label="บันทึกถึงผู้สอบทาน")

    def __init__(self, data: Any = None, files: Any = None, *, referral: Referral) -> None:
        super().__init__(data, referral=referral)
        if files is not None:
            self.files = files
        self.initial["result"] = ""
        self.initial["key"] = uuid7()
        if Status(referral.status) == Status.HELPED:
            # It was reported already; what is added now is one more line.
            del self.fields["result"], self.fields["note"]

    @property
    def help_given(self) -> dict[str, Any]:
        """Return what record_assistance takes."""
        data = self.cleaned_data
        names = ("kind", "amount_thb", "helped_on", "people", "description", "key")
        photos = [UploadedPhoto(name=file.name or "", stream=file) for file in data["photos"]]
        return {name: data[name] for name in names} | {"photos": photos}


class RetractForm(forms.Form):
    reason = reason_field("ถอนเพราะเหตุใด")
