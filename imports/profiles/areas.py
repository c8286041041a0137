"""Figures of areas: no household and nobody in them, only how many there are."""

from imports.profiles import shared
from imports.profiles.columns import FIGURE_COLUMNS
from imports.profiles.profile import Profile, TemplateColumn, Unit

_T = TemplateColumn
_AN_AREA = (
    *("tambon_name", "tambon_code", "village_code"),
    *("amphoe_name", "amphoe_code", "province_name", "province_code"),
)
_COLUMNS = ("survey_year", "moo", *shared.AREA)
_MISSED = ("missed_bmn_no_card", "missed_vulnerable_no_card", "missed_all_no_card", "missed_total")
_YEAR = _T("ปี", "survey_year", "ปี พ.ศ. สี่หลัก มีหลายปีในไฟล์เดียวกันได้", "2567")
_PROVINCE, _DISTRICT, _SUBDISTRICT = (
    _T("จังหวัด", "province_name", "ชื่อจังหวัด", "นครราชสีมา"),
    _T("อำเภอ", "amphoe_name", "ชื่ออำเภอหรือเขต", "เฉลิมพระเกียรติ", True),
    _T("ตำบล", "tambon_name", "ชื่อตำบลหรือแขวง เว้นว่างหากเป็นตัวเลขของทั้งอำเภอ", "ช้างทอง"),
)


def _figure(header: str, column: str, example: str) -> TemplateColumn:
    return _T(header, column, "จำนวนเต็มตั้งแต่ 0 เว้นว่าง = ไม่มีข้อมูล", example)


MISSED_COUNTS = Profile(
    source="missed",
    key="missed.counts",
    label="จำนวนผู้ตกหล่นรายพื้นที่ (หนึ่งแถวต่อหนึ่งอำเภอหรือตำบล)",
    unit=Unit.AREA,
    columns=(*_COLUMNS, *_MISSED),
    optional=(),
    required=(("amphoe_name", "amphoe_code", "tambon_code"), _MISSED),
    marks=_MISSED,
    year_column="survey_year",
    template_name="missed.xlsx",
    template=(
        _DISTRICT,
        _SUBDISTRICT,
        _figure("ผู้ตกเกณฑ์ จปฐ.+ไม่มีบัตร", "missed_bmn_no_card", "120"),
        _figure("กลุ่มเปราะบาง+ไม่มีบัตร", "missed_vulnerable_no_card", "45"),
        _figure("ทั้ง 3 กลุ่ม+ไม่มีบัตร", "missed_all_no_card", "12"),
        _figure("รวมทั้ง 3 กลุ่ม", "missed_total", "177"),
    ),
)

AREA_FIGURES = Profile(
    source="area_figures",
    label="ตัวเลขรายพื้นที่ (หนึ่งแถวต่อหนึ่งพื้นที่ ตัวเลขแยกคอลัมน์)",
    unit=Unit.AREA,
    columns=_COLUMNS,
    optional=tuple(name for name in FIGURE_COLUMNS if name != "figure_value"),
    required=(_AN_AREA, tuple(name for name in FIGURE_COLUMNS if name != "figure_value")),
    marks=("target_people", "poor_people"),
    year_column="survey_year",
    is_series=True,
    aliases={
        "family": "poor_households",
        "poor": "poor_people",
        "district_id": "amphoe_code",
        "district_name_thai": "amphoe_name",
        "HOUSEMEMBER_CNT": "surveyed_people",
    },
    template_name="area_figures.xlsx",
    template=(
        _YEAR,
        _PROVINCE,
        _DISTRICT,
        _SUBDISTRICT,
        _figure("จำนวนคนที่ได้รับการสำรวจ", "surveyed_people", "5210"),
        _figure("จำนวนครัวเรือนยากจน", "poor_households", "88"),
        _figure("จำนวนคนจน", "poor_people", "240"),
        _figure("จำนวนคนจนเป้าหมาย", "target_people", "96"),
    ),
)

AREA_FIGURES_LONG = Profile(
    source="area_figures",
    key="area_figures.items",
    label="ตัวเลขรายพื้นที่ (หนึ่งแถวต่อหนึ่งรายการ อย่างข้อมูลเปิดภาครัฐ)",
    unit=Unit.AREA,
    columns=(*_COLUMNS, "figure_item", "figure_unit", "agency"),
    optional=("figure_value", "household_count", "people_count"),
    required=(_AN_AREA, ("figure_item",), ("figure_value", "household_count", "people_count")),
    marks=("figure_item", "figure_unit"),
    year_column="survey_year",
    is_series=True,
    template_name="area_figures_items.xlsx",
    template=(
        _YEAR,
        _PROVINCE,
        _DISTRICT,
        _T("รายการ", "figure_item", "ชื่อของตัวเลขในแถวนี้", "ครัวเรือนยากจน", True),
        _figure("จำนวน", "figure_value", "88"),
        _T("หน่วย", "figure_unit", "หน่วยนับ", "ครัวเรือน"),
        _T("หน่วยงาน", "agency", "หน่วยงานเจ้าของข้อมูล", "พช.นครราชสีมา"),
    ),
)
