"""The lists that can be made: their headers, their lines, and the faults that fit them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from imports.management.samples import template
from imports.management.samples.entry import Entry
from imports.management.samples.facts import FACTS
from imports.management.samples.faults import (
    AREA_FAULTS,
    DATE_FAULTS,
    FAULTS,
    IDENTITY_FAULTS,
    NAME_FAULTS,
    Fault,
    year_faults,
)
from imports.management.samples.faults.lists import (
    CAPITAL_FAULTS,
    DIMENSION_FAULTS,
    FIGURE_FAULTS,
    GROUP_FAULTS,
    HELP_FAULTS,
    HOUSEHOLD_TWICE,
    INDICATOR_FAULTS,
)
from imports.management.samples.lines import (
    a_line_each,
    a_line_each_area,
    a_line_each_household,
    a_line_each_item,
    a_line_each_problem,
    a_line_each_year,
    numbered,
)
from imports.management.samples.people import Person
from imports.management.samples.template import Raw

Headers = Mapping[str, str]
"""Header → canonical column, in the order of the sheet."""

_HOUSE = {"รหัสบ้าน": "house_code"}
_ID = {"เลขประจำตัวประชาชน": "citizen_id"}
_NAMES = {"คำนำหน้า": "title", "ชื่อ": "first_name", "นามสกุล": "last_name"}
_BORN = {"วันเกิด": "birth_date", "เพศ": "sex"}
_ADDRESS = {"บ้านเลขที่": "house_no", "หมู่ที่": "moo", "ชื่อหมู่บ้าน": "village_name"}
_AREA = {"ตำบล": "tambon_name", "อำเภอ": "amphoe_name", "จังหวัด": "province_name"}
_WHERE = {**_ADDRESS, **_AREA, "รหัสตำบล": "tambon_code"}
_SEQ = {"ครัวเรือนที่": "household_seq"}
_YEAR = {"ปี": "survey_year"}
_NEED = {"สภาพปัญหา": "problem_text", "ความต้องการ": "need_text"}
_PROBLEMS = {
    "ปัญหาด้านสุขภาพ": "problem_health",
    "ปัญหาด้านความเป็นอยู่": "problem_living",
    "ปัญหาด้านการศึกษา": "problem_education",
    "ปัญหาด้านรายได้": "problem_income",
    "ปัญหาด้านการเข้าถึงบริการภาครัฐ": "problem_accessibility",
}
_CAPITALS = {
    "ทุนมนุษย์": "cap_human",
    "ทุนกายภาพ": "cap_physical",
    "ทุนการเงิน": "cap_financial",
    "ทุนธรรมชาติ": "cap_natural",
    "ทุนทางสังคม": "cap_social",
}
_HEAD = {
    **_HOUSE,
    **_SEQ,
    **_ID,
    **_NAMES,
    "จำนวนสมาชิก": "member_count",
    "โทรศัพท์": "phone",
    **_WHERE,
}
_MEMBER = {**_HOUSE, **_ID, **_NAMES, **_BORN, **_WHERE}


@dataclass(frozen=True)
class Kind:
    """A sheet of a list. `entries` makes its lines out of people; `total` heads a sum.

    `written` and `meant` give the cells and what they mean, by canonical column.
    """

    headers: Headers
    entries: Callable[[Sequence[Person]], Sequence[Any]]
    faults: tuple[Fault, ...]
    sheet: str = "รายชื่อ"
    total: str = "รวมทั้งตำบล"
    implied: Mapping[str, Any] = field(default_factory=dict)
    # A list with the indicators of the form that was asked for.
    has_indicators: bool = False

    def headers_with(self, indicators: int) -> dict[str, str]:
        extra = indicators if self.has_indicators else 0
        return dict(self.headers) | {
            f"ตัวชี้วัดที่ {number}": f"ind_{number}" for number in range(1, extra + 1)
        }

    def written(self, entry: Any, columns: Iterable[str]) -> dict[str, Raw]:
        return {column: FACTS[column](entry)[0] for column in columns}

    def meant(self, entry: Any, columns: Iterable[str]) -> dict[str, Any]:
        return {column: FACTS[column](entry)[1] for column in columns} | dict(self.implied)


class _Tpmap(Kind):
    """The person list of TPMAP, whose lines are made in large numbers."""

    def written(self, entry: Any, columns: Iterable[str]) -> dict[str, Raw]:
        return template.written(entry)

    def meant(self, entry: Any, columns: Iterable[str]) -> dict[str, Any]:
        return template.meant(entry)


# ---- the faults ------------------------------------------------------------------------
def _named(faults: Iterable[Fault], *names: str) -> tuple[Fault, ...]:
    return tuple(fault for fault in faults if fault.kind in names)


def _but(faults: Iterable[Fault], *names: str) -> tuple[Fault, ...]:
    return tuple(fault for fault in faults if fault.kind not in names)


def _if_alone(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Plant them only where no other line of the household is contradicted by it."""

    def both(fits: Callable[[Entry], bool]) -> Callable[[Entry], bool]:
        return lambda entry: entry.is_alone and fits(entry)

    return tuple(replace(fault, fits=both(fault.fits)) for fault in faults)


def _accepted(fault: Fault, *codes: str) -> Fault:
    return replace(fault, verdict="accepted", codes=codes)


_PERSON_FAULTS = (*IDENTITY_FAULTS, *DATE_FAULTS, *NAME_FAULTS, *AREA_FAULTS)
_HOUSE_FAULTS = (
    *_but(
        (fault for fault in IDENTITY_FAULTS if not fault.kind.startswith("cid_")),
        "house_no_differs",
    ),
    *AREA_FAULTS,
)
# Nobody need be named on the line of a household, so a missing ID is nothing to tell.
_HEAD_FAULTS = (
    *(
        _accepted(fault) if fault.kind == "cid_missing" else fault
        for fault in IDENTITY_FAULTS
        if fault.kind.startswith("cid_")
    ),
    *_but(NAME_FAULTS, "name_missing", "sex_code", "title_contradicts_sex", "title_short"),
    *_HOUSE_FAULTS,
)
_HELPED_FAULTS = (
    *(
        _accepted(fault) if fault.kind in ("cid_missing", "house_missing") else fault
        for fault in _but(
            IDENTITY_FAULTS,
            *("cid_of_another_house", "house_no_is_date", "house_no_differs"),
            *("house_of_other_province", "moo_thai_digits"),
        )
    ),
    *HELP_FAULTS,
)

KINDS: Mapping[str, tuple[Kind, ...]] = {
    "tpmap": (_Tpmap(template.HEADERS, lambda people: people, FAULTS, has_indicators=True),),
    "bmn": (
        Kind(
            {
                "ปี จปฐ.": "bmn_year",
                **_HOUSE,
                **_SEQ,
                **_WHERE,
                "จำนวนสมาชิก": "member_count",
                "รายได้ต่อปี": "income_year",
            },
            a_line_each_household,
            (*_HOUSE_FAULTS, *year_faults("bmn_year"), *INDICATOR_FAULTS, HOUSEHOLD_TWICE),
            has_indicators=True,
        ),
    ),
    "bmn.persons": (
        Kind(
            {"ปี จปฐ.": "bmn_year", **_MEMBER, "รายได้ต่อปี": "income_year"},
            a_line_each,
            (*_PERSON_FAULTS, *year_faults("bmn_year"), *INDICATOR_FAULTS),
            has_indicators=True,
        ),
    ),
    "thaiqm": (
        Kind(
            {
                "ปีที่สำรวจ": "survey_year",
                **_HOUSE,
                **_ID,
                **_NAMES,
                **_WHERE,
                **_PROBLEMS,
                "ความต้องการ": "need_text",
            },
            a_line_each_household,
            (*_HEAD_FAULTS, *year_faults("survey_year")),
        ),
    ),
    "thaiqm.long": (
        Kind(
            {
                "ปีที่สำรวจ": "survey_year",
                **_HOUSE,
                **_ID,
                **_NAMES,
                **_WHERE,
                "มิติ": "dimension",
                **_NEED,
            },
            a_line_each_problem,
            (*_if_alone(_HEAD_FAULTS), *year_faults("survey_year"), *DIMENSION_FAULTS),
        ),
    ),
    "pppconnext": (
        Kind(
            {
                **_HOUSE,
                "ปีที่สำรวจ": "survey_year",
                **_ADDRESS,
                "ซอย": "soi",
                "ถนน": "road",
                **_AREA,
                "รหัสไปรษณีย์": "postcode",
                "ละติจูด": "lat",
                "ลองจิจูด": "lon",
                **_CAPITALS,
            },
            a_line_each_household,
            (
                *_but(_HOUSE_FAULTS, "area_new", "area_of_others", "area_unknown"),
                *year_faults("survey_year"),
                *CAPITAL_FAULTS,
            ),
            sheet="ข้อมูลพื้นฐาน",
        ),
        Kind(
            {
                **_HOUSE,
                "ลำดับในบ้าน": "member_seq",
                "คำนำหน้าชื่อ": "title",
                "ชื่อ": "first_name",
                "สกุล": "last_name",
                "หมายเลขประจำตัวประชาชน": "citizen_id",
                "วัน/เดือน/ปีเกิด": "birth_date",
            },
            numbered,
            (
                *_but(
                    IDENTITY_FAULTS,
                    *("house_of_other_province", "house_no_is_date", "house_no_differs"),
                    "moo_thai_digits",
                ),
                *DATE_FAULTS,
                *_but(NAME_FAULTS, "sex_code", "title_contradicts_sex"),
            ),
            sheet="ทุนมนุษย์",
        ),
    ),
    "missed": (
        Kind(
            {**_YEAR, **_MEMBER, "โทรศัพท์": "phone", "บัตรสวัสดิการแห่งรัฐ": "welfare_card", **_NEED},
            a_line_each,
            (*_PERSON_FAULTS, *year_faults("survey_year")),
        ),
    ),
    "missed.households": (
        Kind(
            {**_YEAR, **_HEAD, **_NEED},
            a_line_each_household,
            (*_HEAD_FAULTS, *year_faults("survey_year"), HOUSEHOLD_TWICE),
        ),
    ),
    "missed.counts": (
        Kind(
            {
                "อำเภอ": "amphoe_name",
                "ตำบล": "tambon_name",
                "ผู้ตกเกณฑ์ จปฐ.+ไม่มีบัตร": "missed_bmn_no_card",
                "กลุ่มเปราะบาง+ไม่มีบัตร": "missed_vulnerable_no_card",
                "ทั้ง 3 กลุ่ม+ไม่มีบัตร": "missed_all_no_card",
                "รวมทั้ง 3 กลุ่ม": "missed_total",
            },
            a_line_each_area,
            (),
            total="รวมทั้งจังหวัด",
        ),
    ),
    "welfare_card": (
        Kind(
            {
                "ปีข้อมูลบัตรสวัสดิการ": "welfare_year",
                **_MEMBER,
                "ลงทะเบียนสวัสดิการ": "registered_welfare",
            },
            a_line_each,
            (*_PERSON_FAULTS, *year_faults("welfare_year")),
            implied={"welfare_card": True},
        ),
    ),
    "vulnerable": (
        Kind(
            {
                **_YEAR,
                **_HEAD,
                "รายได้ต่อคนต่อปี": "income_per_person_per_year",
                "กลุ่มเปราะบาง": "target_group",
                "ระดับความเปราะบาง": "vulnerability_level",
                "จำนวนเด็กเล็ก": "small_children",
                "จำนวนผู้สูงอายุ": "elderly",
                "จำนวนคนพิการ": "disabled",
                "จำนวนผู้ป่วยติดเตียง": "bedridden",
            },
            a_line_each_household,
            (*_HEAD_FAULTS, *year_faults("survey_year"), *GROUP_FAULTS, HOUSEHOLD_TWICE),
        ),
    ),
    "vulnerable.persons": (
        Kind(
            {**_YEAR, **_MEMBER, "โทรศัพท์": "phone", "กลุ่มเปราะบาง": "target_group"},
            a_line_each,
            (*_PERSON_FAULTS, *year_faults("survey_year"), *GROUP_FAULTS[:2]),
        ),
    ),
    "assistance": (
        Kind(
            {
                **_HOUSE,
                **_ID,
                "มิติ": "dimension",
                "หน่วยงาน": "agency",
                "กิจกรรม": "activity",
                "ประเภทความช่วยเหลือ": "help_kind",
                "งบประมาณ": "budget",
                "วันที่ช่วยเหลือ": "help_date",
                "ผล": "help_result",
                "ผลโดยสังเขป": "help_note",
                "เลขที่ใบส่งต่อ": "referral_number",
            },
            a_line_each_problem,
            (*_HELPED_FAULTS, *DIMENSION_FAULTS[:2]),
        ),
    ),
    "households": (
        Kind(
            {**_YEAR, **_HEAD, "รายได้ต่อปี": "income_year"},
            a_line_each_household,
            (*_HEAD_FAULTS, *year_faults("survey_year"), HOUSEHOLD_TWICE),
        ),
    ),
    "area_figures": (
        Kind(
            {
                **_YEAR,
                "จังหวัด": "province_name",
                "อำเภอ": "amphoe_name",
                "ตำบล": "tambon_name",
                "จำนวนคนที่ได้รับการสำรวจ": "surveyed_people",
                "จำนวนครัวเรือนยากจน": "poor_households",
                "จำนวนคนจน": "poor_people",
                "จำนวนคนจนเป้าหมาย": "target_people",
            },
            a_line_each_year,
            FIGURE_FAULTS,
            total="รวมทั้งจังหวัด",
        ),
    ),
    "area_figures.items": (
        Kind(
            {
                **_YEAR,
                "จังหวัด": "province_name",
                "อำเภอ": "amphoe_name",
                "ตำบล": "tambon_name",
                "รายการ": "figure_item",
                "จำนวน": "figure_value",
                "หน่วย": "figure_unit",
            },
            a_line_each_item,
            (),
            total="รวมทั้งจังหวัด",
        ),
    ),
}
"""The sheets of each list, by the key of its profile."""
