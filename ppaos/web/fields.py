"""Form fields that read what people in Thailand type."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from ppaos.lib.buddhist_era import UnableToReadDate, format_date, parse_date
from ppaos.lib.thai_text import to_ascii_digits

_SHORT_YEAR = re.compile(r"(?P<rest>.*\D)(?P<year>6\d|7[0-5])\s*")


class ThaiDateField(forms.CharField):
    """A day of these years, typed as 20/11/2569, 20/11/69, 20 พ.ย. 2569 or 2026-11-20.

    For what happens now, not for births: a year of two digits from 60 to 75 is 2560 to
    2575, as survey years are written; any other is refused.
    """

    def __init__(self, **arguments: Any) -> None:
        arguments.setdefault("max_length", 40)
        super().__init__(**arguments)
        self.widget.attrs.setdefault("placeholder", "วัน/เดือน/ปี พ.ศ.")
        self.widget.attrs.setdefault("autocomplete", "off")
        self.widget.attrs.setdefault("class", "short")

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            day = parse_date(_with_century(text)).date
        except UnableToReadDate as error:
            raise ValidationError(f"{error} กรอกเป็น วัน/เดือน/ปี พ.ศ.") from error
        if day is None:
            raise ValidationError("ระบุวัน เดือน และปี พ.ศ.")
        return day

    def prepare_value(self, value: Any) -> Any:
        return format_date(value) if isinstance(value, date) else value


def _with_century(text: str) -> str:
    short = _SHORT_YEAR.fullmatch(to_ascii_digits(text))
    return f"{short['rest']}25{short['year']}" if short else text


class PhotosInput(forms.FileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Some pictures; without `capture`, a phone offers its camera and its album."""

    widget = PhotosInput

    def __init__(self, *, most: int, **arguments: Any) -> None:
        self.most = most
        super().__init__(**arguments)
        self.widget.attrs.setdefault("accept", "image/jpeg,image/png,image/webp")

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [file for file in (data or []) if file]
        if len(files) > self.most:
            raise ValidationError(f"แนบรูปได้ไม่เกิน {self.most} รูป เลือกมา {len(files)} รูป")
        return [super(PhotosField, self).clean(file, initial) for file in files]
