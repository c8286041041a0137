"""What a person fills in while a file is on its way."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from imports.profiles import SOURCES
from imports.profiles.columns import COLUMNS
from imports.profiles.profile import Profile
from imports.workflow import Decision, State

_OLDEST_YEAR_BE, _NEWEST_YEAR_BE = 2540, 2699


class UploadForm(forms.Form):
    file = forms.FileField(
        label="ไฟล์รายชื่อ",
        help_text=".xlsx, .xls หรือ .csv ไม่เกิน 400 MB",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
        error_messages={"required": "เลือกไฟล์ที่จะนำเข้า", "empty": "ไฟล์ว่างเปล่า"},
    )
    source = forms.ChoiceField(label="บัญชี", choices=())
    year_be = forms.IntegerField(
        label="ปีของบัญชี (พ.ศ.)",
        min_value=_OLDEST_YEAR_BE,
        max_value=_NEWEST_YEAR_BE,
        help_text="ปีที่เจ้าของบัญชีเรียก เช่น TPMAP 2567",
        localize=False,
        widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
        error_messages={
            "min_value": "ปีของบัญชีต้องเป็น พ.ศ. สี่หลัก",
            "max_value": "ปีของบัญชีต้องเป็น พ.ศ. สี่หลัก",
        },
    )
    comment = forms.CharField(label="หมายเหตุ", max_length=300, required=False)
    reimport_reason = forms.CharField(
        label="เหตุที่นำเข้าไฟล์เดิมซ้ำ",
        max_length=300,
        required=False,
        help_text="กรอกเฉพาะเมื่อระบบแจ้งว่าไฟล์นี้นำเข้าแล้ว และต้องการนำเข้าอีกครั้ง",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [  # type: ignore[attr-defined]
            (source, profile.label) for source, profile in SOURCES.items()
        ]


class MappingForm(forms.Form):
    """One choice per column of the file: what it holds, or nothing."""

    one_is_problem = forms.TypedChoiceField(
        label="ในคอลัมน์ 5 มิติ เลข 1 หมายถึง",
        choices=[("1", "ตกเกณฑ์ (มีปัญหา) อย่างรายชื่อ TPMAP"), ("0", "ผ่านเกณฑ์ อย่างตาราง จปฐ.")],
        coerce=lambda text: text == "1",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, profile: Profile, headers: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [
            ("", "ไม่ใช้คอลัมน์นี้"),
            *((name, COLUMNS[name].label) for name in (*profile.columns, *profile.optional)),
        ]
        self.headers = headers
        for index, header in enumerate(headers):
            self.fields[f"column-{index}"] = forms.ChoiceField(
                label=header, choices=offered, required=False
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen: dict[str, str] = {}
        for index, header in enumerate(self.headers):
            name = cleaned.get(f"column-{index}")
            if name and name in seen:
                self.add_error(
                    f"column-{index}", f"คอลัมน์ “{seen[name]}” เป็น{COLUMNS[name].label}อยู่แล้ว"
                )
            elif name:
                seen[name] = header
        return cleaned

    def columns(self) -> dict[str, int]:
        """Return canonical column → index in the file."""
        return {
            self.cleaned_data[f"column-{index}"]: index
            for index in range(len(self.headers))
            if self.cleaned_data.get(f"column-{index}")
        }


class DecisionForm(forms.Form):
    """What becomes of one held line, and the cells that somebody corrects."""

    decision = forms.ChoiceField(
        label="ตัดสินใจ",
        choices=Decision.choices(),
        widget=forms.RadioSelect,
        error_messages={"required": "เลือกว่าจะทำอย่างไรกับแถวนี้"},
    )

    def __init__(self, *args: Any, cells: Iterable[tuple[str, str, str]], **kwargs: Any) -> None:
        """`cells` are (canonical column, header, text as it stands now)."""
        super().__init__(*args, **kwargs)
        self.before: dict[str, str] = {}
        for column, header, text in cells:
            self.before[column] = text
            self.fields[f"value-{column}"] = forms.CharField(
                label=header, initial=text, required=False, max_length=4000, strip=False
            )

    def values(self) -> dict[str, str]:
        """Return canonical column → new text, of the cells that were changed."""
        return {
            column: self.cleaned_data[f"value-{column}"]
            for column, before in self.before.items()
            if f"value-{column}" in self.data
            and self.cleaned_data.get(f"value-{column}", before) != before
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == Decision.CORRECT and not self.values():
            self.add_error("decision", "ยังไม่ได้แก้ช่องใด แก้ค่าด้านล่างก่อน หรือเลือกยืนยันตามไฟล์")
        return cleaned


class FilterForm(forms.Form):
    """Narrowing of issues and lines by what is in the address; nothing personal."""

    verdict = forms.CharField(required=False, max_length=8)
    code = forms.CharField(required=False, max_length=24)
    cursor = forms.CharField(required=False, max_length=300)


class HistoryForm(forms.Form):
    """Narrowing of the history; what is malformed counts as not given."""

    source = forms.ChoiceField(label="บัญชี", required=False, choices=())
    year_be = forms.IntegerField(
        label="ปี พ.ศ.",
        required=False,
        min_value=_OLDEST_YEAR_BE,
        max_value=_NEWEST_YEAR_BE,
        localize=False,
        widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
    )
    state = forms.ChoiceField(
        label="สถานะ", required=False, choices=[("", "ทุกสถานะ"), *State.choices()]
    )
    person = forms.ChoiceField(label="ผู้ส่ง", required=False, choices=())

    def __init__(self, *args: Any, people: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [  # type: ignore[attr-defined]
            ("", "ทุกบัญชี"),
            *((source, profile.label) for source, profile in SOURCES.items()),
        ]
        self.fields["person"].choices = [("", "ทุกคน"), *people]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """Return what was chosen, by name; nothing that was left open."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
