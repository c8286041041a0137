"""What is typed on the settings pages: routing, working days allowed, holidays."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet

from accounts.models import Agency, User
from accounts.permissions import area_prefixes
from accounts.roles import Permission
from areas.models import Area, Level
from ppaos.lib.buddhist_era import UnableToReadDate, format_date, parse_date
from ppaos.web.fields import ThaiDateField
from problems.rules import CODES_BY_DIMENSION, DIMENSIONS, Dimension, ProblemCode, dimension_of
from referrals.forms.moving import AgencyChoiceField
from referrals.services import DEFAULT_DAYS
from referrals.workflow import Status, Urgency
from slf.instrument import Group

if TYPE_CHECKING:
    _AreaChoice = forms.ModelChoiceField[Area]
else:
    _AreaChoice = forms.ModelChoiceField

MOST_LINES = 200


class AreaChoiceField(_AreaChoice):
    """Provinces, districts and subdistricts, indented by level."""

    def label_from_instance(self, obj: Area) -> str:
        return "\N{EM SPACE}" * (len(obj.pk) // 2 - 1) + str(obj)


class RoutingForm(forms.Form):
    """Of what, whose and where; and to whom it goes."""

    problem = forms.ChoiceField(
        label="ปัญหา",
        choices=lambda: [
            ("", "เลือกมิติหรือปัญหา"),
            *(
                (
                    dimension.label,
                    [
                        (dimension.value, f"ทุกปัญหาใน{dimension.label}"),
                        *((code.value, code.label) for code in CODES_BY_DIMENSION[dimension]),
                    ],
                )
                for dimension in DIMENSIONS
            ),
        ],
    )
    area = AreaChoiceField(label="พื้นที่", queryset=Area.objects.none(), empty_label="เลือกพื้นที่")
    group = forms.ChoiceField(
        label="กลุ่มครัวเรือน", choices=[("", "ทุกกลุ่ม"), *Group.choices()], required=False
    )
    age_from = forms.IntegerField(
        label="อายุตั้งแต่ (ปี)",
        required=False,
        min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
    )
    age_to = forms.IntegerField(
        label="ถึงอายุ (ปี)",
        required=False,
        min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
    )
    agency = AgencyChoiceField(label="ส่งให้หน่วยงาน")
    note = forms.CharField(label="คำอธิบาย", max_length=200, required=False)

    def __init__(self, data: Any = None, *, by: User) -> None:
        super().__init__(data)
        prefixes = area_prefixes(by, Permission.ROUTING_CHANGE)
        areas = Area.objects.under(prefixes).in_force().exclude(level=Level.VILLAGE)
        self._offer("area", areas.order_by("code"))
        above = Area.objects.above(prefixes).values("pk")
        agencies = Agency.objects.active().filter(area__in=above) | Agency.objects.active().under(
            prefixes
        )
        self._offer("agency", agencies.order_by("short_name", "pk"))

    def _offer(self, name: str, rows: QuerySet[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows

    @property
    def rule(self) -> dict[str, Any]:
        """Return what save_routing_rule takes."""
        data = self.cleaned_data
        chosen = data["problem"]
        is_whole = chosen in set(Dimension)
        code = None if is_whole else ProblemCode(chosen)
        return {
            "dimension": dimension_of(code) if code is not None else Dimension(chosen),
            "code": code,
            "area": data["area"],
            "group": Group(data["group"]) if data["group"] else None,
            "age_from": data["age_from"],
            "age_to": data["age_to"],
            "agency": data["agency"],
            "note": data["note"],
        }


class SlaForm(forms.Form):
    """Working days for each status that is timed, by urgency."""

    def __init__(self, data: Any = None, *, terms: dict[tuple[Status, Urgency], int]) -> None:
        super().__init__(data)
        self.terms = terms
        for (status, urgency), days in terms.items():
            self.fields[_name(status, urgency)] = forms.IntegerField(
                label=f"{status.label} ({urgency.label})",
                initial=days,
                min_value=1,
                max_value=365,
                widget=forms.TextInput(
                    attrs={
                        "inputmode": "numeric",
                        "class": "days",
                        "aria-label": f"{status.label} {urgency.label} วันทำการ",
                    }
                ),
            )

    def rows(self) -> list[tuple[Status, list[Any]]]:
        """Return a line for each status: its fields by urgency."""
        return [
            (status, [self[_name(status, urgency)] for urgency in Urgency])
            for status in DEFAULT_DAYS
        ]

    @property
    def changed(self) -> dict[tuple[Status, Urgency], int]:
        """Return the days that are other than before."""
        return {
            key: self.cleaned_data[_name(*key)]
            for key, days in self.terms.items()
            if self.cleaned_data[_name(*key)] != days
        }


def _name(status: Status, urgency: Urgency) -> str:
    return f"{status.value}-{urgency.value}"


class HolidaysForm(forms.Form):
    """Many days at once: on each line a date, then the name of the day."""

    lines = forms.CharField(
        label="วันหยุด บรรทัดละวัน",
        help_text="วันที่แล้วตามด้วยชื่อ เช่น 31/12/2569 วันสิ้นปี หรือ 13 เม.ย. 2570 วันสงกรานต์",
        max_length=MOST_LINES * 100,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean_lines(self) -> list[tuple[date, str]]:
        found: list[tuple[date, str]] = []
        errors: list[str] = []
        for number, line in enumerate(self.cleaned_data["lines"].splitlines(), start=1):
            if not line.strip():
                continue
            try:
                found.append(read_holiday(line))
            except ValueError as error:
                errors.append(f"บรรทัด {number} “{line.strip()[:60]}”: {error}")
        days = [day for day, _ in found]
        twice = sorted({day for day in days if days.count(day) > 1})
        errors += [f"วันที่ {format_date(day)} มีสองบรรทัด" for day in twice]
        if errors:
            raise forms.ValidationError(errors)
        return found


def read_holiday(line: str) -> tuple[date, str]:
    """Split a line into its date and its name. Raises ValueError with what is wrong.

    The date is the longest beginning of up to three words that can be read as one.
    """
    words = line.replace("\t", " ").split()
    for count in (3, 2, 1):
        try:
            day = parse_date(" ".join(words[:count]).rstrip(":,-")).date
        except UnableToReadDate:
            continue
        name = " ".join(words[count:]).strip(" -:,")
        if day is None:
            continue
        if not name:
            raise ValueError("ไม่มีชื่อวันหยุด")
        return day, name[:120]
    raise ValueError("อ่านวันที่ไม่ออก กรอกเป็น วัน/เดือน/ปี พ.ศ. แล้วตามด้วยชื่อ")


class RemoveHolidayForm(forms.Form):
    date = ThaiDateField(label="วันที่")
