"""The TPMAP list of target persons: one line per person, dimensions flagged where they fail."""

from imports.profiles import shared
from imports.profiles.columns import DIMENSION_COLUMNS, INDICATOR_COLUMNS
from imports.profiles.profile import Profile, TemplateColumn

_T = TemplateColumn

TEMPLATE = (
    _T("ปีข้อมูล TPMAP", "tpmap_year", "ปี พ.ศ. สี่หลักของรายชื่อ TPMAP ต้องตรงกับปีที่เลือกตอนนำเข้า", "2567"),
    _T("ปี จปฐ.", "bmn_year", "ปี พ.ศ. สี่หลักของการสำรวจ จปฐ. ที่ใช้ ไม่หลังปีของรายชื่อ", "2566"),
    shared.HOUSE_CODE,
    shared.CITIZEN_ID,
    *shared.PERSON_NAMES,
    shared.BIRTH_DATE,
    shared.SEX,
    *shared.ADDRESS,
    shared.WELFARE_CARD,
    *shared.DIMENSIONS,
)

TPMAP = Profile(
    source="tpmap",
    label="รายชื่อคนจนเป้าหมาย TPMAP (หนึ่งแถวต่อหนึ่งคน)",
    columns=(
        *("tpmap_year", "bmn_year", "welfare_year", "survey_year"),
        *shared.IDENTITY,
        *shared.PLACE,
        *shared.INCOME,
        *shared.WELFARE,
        *DIMENSION_COLUMNS,
    ),
    optional=INDICATOR_COLUMNS,
    required=(
        ("house_code",),
        ("citizen_id",),
        shared.A_NAME,
        shared.A_TAMBON,
    ),
    marks=("tpmap_year", *DIMENSION_COLUMNS),
    # TPMAP of a year rests on the survey and the cards of a year before.
    earlier_years=("bmn_year", "welfare_year"),
    year_column="tpmap_year",
    template_name="tpmap_targets.xlsx",
    template=TEMPLATE,
    # Such a list names only the dimensions that fail, so an empty cell is "not flagged".
    blank_dimension=False,
)
