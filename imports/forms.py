"""What a person fills in while a file is on its way."""

from collections.abc import Iterable, Sequence
from typing import Any, cast
from uuid import UUID

from django import forms

from imports.profiles import SOURCES
from imports.profiles.columns import COLUMNS
from imports.profiles.profile import Profile
from imports.services.choices import (
    DELIMITERS,
    ENCODING_LABELS,
    FILL_DOWN,
    REJECT,
    SKIP,
    TAKE,
)
from imports.workflow import Decision, State

_DEEPEST_HEADER = 40
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


class ReadingForm(forms.Form):
    """How the file is read, as far as there is a choice: nothing is asked that is plain."""

    def __init__(
        self,
        *args: Any,
        sheets: Sequence[tuple[str, str]] = (),
        joins_sheets: bool = False,
        header_lines: Sequence[tuple[int, str]] = (),
        is_text: bool = False,
        hidden_rows: int = 0,
        **kwargs: Any,
    ) -> None:
        """`sheets` are (name, label); `header_lines` (number of the sheet, its name)."""
        super().__init__(*args, **kwargs)
        if len(sheets) > 1 and joins_sheets:
            self.fields["sheet"] = forms.MultipleChoiceField(
                label="แผ่นงานที่อ่านรวมกัน", choices=sheets, widget=forms.CheckboxSelectMultiple
            )
        elif len(sheets) > 1:
            self.fields["sheet"] = forms.ChoiceField(label="แผ่นงาน", choices=sheets)
        for number, name in header_lines:
            self.fields[f"header_line-{number}"] = forms.IntegerField(
                label=f"หัวตารางอยู่แถวที่ (แผ่นงาน {name})" if name else "หัวตารางอยู่แถวที่",
                min_value=1,
                max_value=_DEEPEST_HEADER,
                required=False,
                localize=False,
                widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
                error_messages={
                    "max_value": f"หัวตารางต้องอยู่ใน {_DEEPEST_HEADER} แถวแรก",
                    "min_value": "หัวตารางต้องอยู่ตั้งแต่แถวที่ 1",
                },
            )
        if is_text:
            self.fields["encoding"] = forms.ChoiceField(
                label="รหัสภาษาของไฟล์", choices=[*ENCODING_LABELS.items()]
            )
            self.fields["delimiter"] = forms.ChoiceField(
                label="ตัวคั่นระหว่างคอลัมน์", choices=[*DELIMITERS.items()]
            )
        if hidden_rows:
            self.fields["hidden_rows"] = forms.ChoiceField(
                label=f"แถวที่ซ่อนหรือกรองไว้ {hidden_rows:,} แถว",
                choices=[(TAKE, "รับแถวที่ซ่อนด้วย"), (SKIP, "ไม่รับแถวที่ซ่อน (ยังนับและแสดงไว้)")],
                widget=forms.RadioSelect,
                required=False,
            )
        if not is_text:
            self.fields["merged"] = forms.ChoiceField(
                label="เซลล์ข้อมูลที่ผสานหลายแถว (merge)",
                choices=[
                    (REJECT, "ไม่รับแถวที่ไม่มีค่าของตัวเอง (ปลอดภัยที่สุด)"),
                    (FILL_DOWN, "เติมค่าของเซลล์บนสุดลงทุกแถวที่ผสาน"),
                ],
                widget=forms.RadioSelect,
                required=False,
            )


class MappingForm(forms.Form):
    """One choice per column of a part: what it holds, or nothing; and what 1 means."""

    one_is_problem = forms.TypedChoiceField(
        label="ในคอลัมน์ 5 มิติ เลข 1 หมายถึง",
        choices=[("1", "ตกเกณฑ์ (มีปัญหา) อย่างรายชื่อ TPMAP"), ("0", "ผ่านเกณฑ์ (ไม่มีปัญหา)")],
        coerce=lambda text: text == "1",
        required=False,
        widget=forms.RadioSelect,
    )
    one_is_passed = forms.TypedChoiceField(
        label="ในคอลัมน์ตัวชี้วัด เลข 1 หมายถึง",
        choices=[("1", "ผ่านเกณฑ์ อย่างตาราง จปฐ."), ("0", "ตกเกณฑ์ (ไม่ผ่าน)")],
        coerce=lambda text: text == "1",
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(
        self, *args: Any, profiles: Sequence[Profile], headers: Sequence[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if len(profiles) > 1:
            self.fields["profile"] = forms.ChoiceField(
                label="แบบของตารางนี้", choices=[(each.key, each.label) for each in profiles]
            )
        names = dict.fromkeys(
            name for profile in profiles for name in (*profile.columns, *profile.optional)
        )
        offered = [("", "ไม่ใช้คอลัมน์นี้"), *((name, COLUMNS[name].label) for name in names)]
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
        """Return canonical column → index in the file; of two claims the first counts."""
        found: dict[str, int] = {}
        for index in range(len(self.headers)):
            name = self.cleaned_data.get(f"column-{index}")
            if name:
                found.setdefault(name, index)
        return found


class DecisionForm(forms.Form):
    """What becomes of one held line, and the cells that somebody corrects."""

    decision = forms.ChoiceField(
        label="ตัดสินใจ",
        choices=Decision.choices(),
        widget=forms.RadioSelect,
        error_messages={"required": "เลือกว่าจะทำอย่างไรกับแถวนี้"},
    )

    def __init__(
        self,
        *args: Any,
        cells: Iterable[tuple[str, str, str]],
        can_accept: bool = True,
        **kwargs: Any,
    ) -> None:
        """`cells` are (canonical column, header, text as it stands now)."""
        super().__init__(*args, **kwargs)
        if not can_accept:
            decision = cast("forms.ChoiceField", self.fields["decision"])
            decision.choices = [each for each in Decision.choices() if each[0] != Decision.ACCEPT]
        self.can_accept = can_accept
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
            other = "ยืนยันตามไฟล์" if self.can_accept else "ไม่นำเข้า"
            self.add_error("decision", f"ยังไม่ได้แก้ช่องใด แก้ค่าด้านล่างก่อน หรือเลือก{other}")
        return cleaned


class FilterForm(forms.Form):
    """Narrowing of issues and lines by what is in the address; nothing personal."""

    verdict = forms.CharField(required=False, max_length=8)
    action = forms.CharField(required=False, max_length=10)
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


class CorrectionsForm(forms.Form):
    file = forms.FileField(
        label="ไฟล์ที่แก้แล้ว",
        help_text="ไฟล์ที่ดาวน์โหลดจากหน้านี้ แก้ค่าแล้วบันทึก อย่าลบคอลัมน์ “แถวที่”",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
        error_messages={"required": "เลือกไฟล์ที่แก้แล้ว", "empty": "ไฟล์ว่างเปล่า"},
    )


class WhoForm(forms.Form):
    """Who the person of a line is: somebody of the register, somebody new, or nobody to take in."""

    row = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    answer = forms.RegexField(r"^(new|this|reject|same:[0-9a-f-]{36})$", max_length=50)

    def member(self) -> UUID | None:
        """Return who of the register it is, if it is one of them."""
        _, is_same, key = self.cleaned_data["answer"].partition("same:")
        return UUID(key) if is_same else None

    def clean_answer(self) -> str:
        answer = str(self.cleaned_data["answer"])
        if answer.startswith("same:"):
            try:
                UUID(answer.removeprefix("same:"))
            except ValueError as error:
                raise forms.ValidationError("ไม่รู้จักบุคคลนี้") from error
        return answer
