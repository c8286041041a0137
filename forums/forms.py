"""What is typed about a forum. Rules are the services'; here only strings are read."""

from collections.abc import Iterable
from typing import Any

from django import forms

from accounts.models import Agency
from areas.models import CODE_LENGTH, Area
from areas.models import Level as AreaLevel
from forums.models import COUNTS, Forum
from forums.services import ForumPlan, NewItem
from forums.workflow import Format, ItemKind, ItemOutcome, Level, Sector
from ppaos.web.fields import ThaiDateField
from problems.rules import Dimension

PROVINCE_DIGITS = 2
NO_NAMES = "ไม่ต้องใส่ชื่อหรือที่อยู่ของครัวเรือน ทุกคนที่เห็นเวทีอ่านข้อความนี้ได้"
_LEVEL_OF_LENGTH = {2: Level.PROVINCE, 4: Level.DISTRICT, 6: Level.SUBDISTRICT}
_OFFERED = (AreaLevel.PROVINCE, AreaLevel.DISTRICT, AreaLevel.SUBDISTRICT)


def area_choices(
    prefixes: Iterable[str], *, levels: Iterable[AreaLevel] = _OFFERED
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return areas inside the given ones, in groups by level; one query."""
    found = Area.objects.under(list(prefixes)).in_force().filter(level__in=[*levels])
    groups: dict[str, list[tuple[str, str]]] = {}
    for area in sorted(found.select_related("parent"), key=lambda a: (CODE_LENGTH[a.level], a.pk)):
        name = f"{area} ({area.parent})" if area.level == AreaLevel.SUBDISTRICT else str(area)
        groups.setdefault(AreaLevel(area.level).label, []).append((area.pk, name))
    return list(groups.items())


def agencies_of(area_codes: Iterable[str]) -> Any:
    """Return the agencies that work in the provinces of these areas."""
    provinces = tuple({code[:PROVINCE_DIGITS] for code in area_codes})
    return Agency.objects.active().under(provinces).order_by("short_name", "pk")


class ForumForm(forms.Form):
    """A sitting that is being planned."""

    title = forms.CharField(label="ชื่อเวที", max_length=200)
    format = forms.ChoiceField(label="รูปแบบ", choices=Format.choices(), widget=forms.RadioSelect)
    area = forms.ChoiceField(label="พื้นที่", help_text="เรื่องส่งต่อและมติที่ค้างในพื้นที่นี้จะเสนอเข้าวาระให้")
    is_university = forms.BooleanField(label="จัดในระดับมหาวิทยาลัย", required=False)
    held_on = ThaiDateField(label="วันที่จัด")
    starts_at = forms.TimeField(
        label="เวลา",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time", "class": "short"}),
    )
    place = forms.CharField(label="สถานที่", max_length=200)
    organiser_agency = forms.ModelChoiceField(
        label="หน่วยงานผู้จัด",
        queryset=Agency.objects.none(),
        required=False,
        empty_label="ไม่อยู่ในรายการ พิมพ์ชื่อด้านล่าง",
    )
    organiser = forms.CharField(
        label="ชื่อผู้จัด ถ้าไม่อยู่ในรายการ",
        help_text="เช่น ศจพ.อ. เฉลิมพระเกียรติ ชื่อหน่วยงานหรือคณะ ไม่ใช่ชื่อบุคคล",
        max_length=200,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, prefixes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = list(prefixes)
        area, agency = self.fields["area"], self.fields["organiser_agency"]
        assert isinstance(area, forms.ChoiceField)
        assert isinstance(agency, forms.ModelChoiceField)
        area.choices = [("", "เลือกพื้นที่"), *area_choices(codes)]
        agency.queryset = agencies_of(codes)

    def plan(self) -> ForumPlan:
        data = self.cleaned_data
        level = _LEVEL_OF_LENGTH[len(data["area"])]
        return ForumPlan(
            title=data["title"],
            format=Format(data["format"]),
            level=Level.UNIVERSITY if data["is_university"] else level,
            area_code=data["area"],
            held_on=data["held_on"],
            starts_at=data["starts_at"],
            place=data["place"],
            organiser_agency=data["organiser_agency"],
            organiser=data["organiser"],
        )


def initial_of(forum: Forum) -> dict[str, Any]:
    """Return what ForumForm starts with."""
    names = ("title", "format", "held_on", "starts_at", "place", "organiser", "version")
    return {name: getattr(forum, name) for name in names} | {
        "area": forum.area_id,
        "is_university": forum.level == Level.UNIVERSITY,
        "organiser_agency": forum.organiser_agency_id,
    }


class ReasonForm(forms.Form):
    """Why a forum is called off."""

    reason = forms.CharField(
        label="เหตุผล", max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class ItemForm(forms.Form):
    """Something to talk about that is neither a case nor a resolution."""

    title = forms.CharField(label="เรื่องที่จะหารือ", help_text=NO_NAMES, max_length=200)
    kind = forms.ChoiceField(
        label="ประเภท",
        choices=[(k.value, k.label) for k in (ItemKind.PROBLEM_AREA, ItemKind.OTHER)],
        initial=ItemKind.PROBLEM_AREA.value,
        widget=forms.RadioSelect,
    )
    dimension = forms.ChoiceField(
        label="มิติ", choices=[("", "ไม่ระบุ"), *Dimension.choices()], required=False
    )
    area = forms.ChoiceField(label="พื้นที่", required=False)

    def __init__(self, *args: Any, forum: Forum, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "ทั้งพื้นที่ของเวที"), *area_choices([forum.area_id])]

    def new_item(self) -> NewItem:
        data = self.cleaned_data
        return NewItem(
            title=data["title"],
            kind=ItemKind(data["kind"]),
            dimension=Dimension(data["dimension"]) if data["dimension"] else None,
            area_code=data["area"],
        )


class MinutesForm(forms.Form):
    """Who came, in numbers, and what was said."""

    agencies = forms.ModelMultipleChoiceField(
        label="หน่วยงานที่เข้าร่วม",
        queryset=Agency.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    summary = forms.CharField(
        label="สรุปการประชุม",
        help_text=NO_NAMES,
        max_length=8_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: Any, forum: Forum, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for sector, column in COUNTS.items():
            self.fields[column] = forms.IntegerField(
                label=sector.label,
                min_value=0,
                required=False,
                localize=False,
                widget=forms.TextInput(
                    attrs={"inputmode": "numeric", "class": "short", "autocomplete": "off"}
                ),
                error_messages={"invalid": "กรอกเป็นตัวเลข เว้นว่างไว้ถ้าไม่มี"},
            )
        agencies = self.fields["agencies"]
        assert isinstance(agencies, forms.ModelMultipleChoiceField)
        agencies.queryset = agencies_of([forum.area_id])

    @property
    def count_fields(self) -> list[forms.BoundField]:
        return [self[column] for column in COUNTS.values()]

    def counts(self) -> dict[Sector, int]:
        return {sector: self.cleaned_data[column] or 0 for sector, column in COUNTS.items()}


def initial_minutes(forum: Forum) -> dict[str, Any]:
    """Return what MinutesForm starts with."""
    counts = {column: getattr(forum, column) for column in COUNTS.values()}
    return counts | {"summary": forum.summary, "agencies": forum.agencies.all()}


class DiscussForm(forms.Form):
    """What the sitting said about an item."""

    outcome = forms.ChoiceField(
        label="ผล",
        choices=[("", "ยังไม่ระบุ"), *((o.value, o.label) for o in ItemOutcome)],
        required=False,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label="บันทึกการหารือ",
        max_length=4_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, has_resolution: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["outcome"]
        assert isinstance(field, forms.ChoiceField)
        # With a resolution there is but one outcome, and without one it cannot be that.
        field.choices = [
            (code, label)
            for code, label in [("", "ยังไม่ระบุ"), *ItemOutcome.choices()]
            if (code == ItemOutcome.RESOLVED) == has_resolution
        ]


class ResolutionForm(forms.Form):
    """What was resolved, who does it, until when."""

    text = forms.CharField(
        label="มติ",
        help_text="ให้ใครทำอะไร ที่ไหน",
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    owner_agency = forms.ModelChoiceField(
        label="หน่วยงานรับผิดชอบ",
        queryset=Agency.objects.none(),
        required=False,
        empty_label="ไม่อยู่ในรายการ พิมพ์ชื่อด้านล่าง",
    )
    owner = forms.CharField(
        label="ผู้รับผิดชอบ ถ้าไม่อยู่ในรายการ",
        help_text="ตำแหน่งหรือหน่วยงาน เช่น นายอำเภอ",
        max_length=200,
        required=False,
    )
    due_on = ThaiDateField(label="กำหนดเสร็จ")

    def __init__(self, *args: Any, forum: Forum, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner_agency"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = agencies_of([forum.area_id])


class MoveForm(forms.Form):
    """How a resolution went on; whether words are needed is the table's to say."""

    note = forms.CharField(
        label="บันทึก", max_length=2_000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
