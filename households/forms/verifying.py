"""What is typed about a visit, and about the look after a year."""

from decimal import Decimal
from math import ceil

from django import forms

from households.forms.register import TidyCharField, VerifyForm
from households.services import MOST_PHOTOS, Position
from ppaos.lib.pictures import UploadedPhoto
from ppaos.web.fields import PhotosField, ThaiDateField

_SIX_PLACES = Decimal("0.000001")
_MOST_METRES = 1_000_000


class VisitForm(VerifyForm):
    """The verdict of a visit, with photos, and the position where the phone tells it."""

    photos = PhotosField(
        most=MOST_PHOTOS,
        label="รูปถ่าย",
        required=False,
        help_text=f"ไม่เกิน {MOST_PHOTOS} รูป ถ่ายจากโทรศัพท์ได้เลย ระบบลบพิกัดในรูปออก",
    )
    # Filled by the phone where it can; typed by nobody.
    lat = forms.DecimalField(
        label="พิกัด", required=False, min_value=-90, max_value=90, widget=forms.HiddenInput
    )
    lon = forms.DecimalField(
        label="พิกัด", required=False, min_value=-180, max_value=180, widget=forms.HiddenInput
    )
    accuracy_m = forms.DecimalField(
        label="ความคลาดเคลื่อน", required=False, min_value=0, widget=forms.HiddenInput
    )

    def pictures(self) -> list[UploadedPhoto]:
        return [
            UploadedPhoto(name=file.name or "", stream=file) for file in self.cleaned_data["photos"]
        ]

    def position(self) -> Position | None:
        """Return where the phone was, to a decimetre; half a position is none."""
        lat, lon = self.cleaned_data.get("lat"), self.cleaned_data.get("lon")
        if lat is None or lon is None:
            return None
        error = self.cleaned_data.get("accuracy_m")
        return Position(
            lat=lat.quantize(_SIX_PLACES),
            lon=lon.quantize(_SIX_PLACES),
            accuracy_m=None if error is None else min(ceil(error), _MOST_METRES),
        )


class RelapseForm(forms.Form):
    """What somebody found a year after a household had left the targets."""

    found = forms.ChoiceField(
        label="สิ่งที่พบ",
        choices=[("still_out", "ยังพ้นความยากจน"), ("fell_back", "กลับมายากจนอีก")],
        widget=forms.RadioSelect,
    )
    checked_on = ThaiDateField(label="วันที่เยี่ยม")
    note = TidyCharField(
        label="รายละเอียด",
        help_text="ต้องระบุถ้ากลับมายากจนอีก",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
