"""Lists of the missed, of welfare card holders, of the vulnerable, and of households in general."""

from dataclasses import replace

from imports.profiles import shared
from imports.profiles.columns import CAPITAL_COLUMNS, DIMENSION_COLUMNS, INDICATOR_COLUMNS
from imports.profiles.profile import Profile, TemplateColumn, Unit

_T = TemplateColumn
_YEAR = shared.year("ปี", "survey_year")
_COLUMNS = (
    "survey_year",
    *shared.IDENTITY,
    *shared.PLACE,
    *shared.INCOME,
    *shared.WELFARE,
)
_A_PERSON = ("citizen_id", "house_code", "house_no")
_PERSON_FORM = (
    shared.HOUSE_CODE,
    shared.CITIZEN_ID,
    *shared.PERSON_NAMES,
    shared.BIRTH_DATE,
    shared.SEX,
    *shared.ADDRESS,
)
_HOUSEHOLD_FORM = (
    shared.HOUSE_CODE,
    shared.HOUSEHOLD_SEQ,
    shared.HEAD_ID,
    *shared.HEAD_NAMES,
    shared.MEMBER_COUNT,
    shared.PHONE,
    *shared.ADDRESS,
)

# ---- the missed ------------------------------------------------------------------------
_PROBLEM = (
    _T("สภาพปัญหา", "problem_text", "สภาพปัญหาที่พบ เป็นข้อความ", "ไม่มีรายได้"),
    _T("ความต้องการ", "need_text", "สิ่งที่ต้องการ เป็นข้อความ", "อาชีพเสริม"),
)

MISSED = Profile(
    source="missed",
    label="บัญชีผู้ตกหล่น (หนึ่งแถวต่อหนึ่งคน)",
    columns=(*_COLUMNS, "problem_text", "need_text"),
    optional=(*DIMENSION_COLUMNS, "target_group"),
    required=(_A_PERSON, shared.A_NAME, shared.A_TAMBON),
    marks=("problem_text",),
    year_column="survey_year",
    template_name="missed_persons.xlsx",
    template=(_YEAR, *_PERSON_FORM, shared.PHONE, shared.WELFARE_CARD, *_PROBLEM),
)

MISSED_HOUSEHOLDS = replace(
    MISSED,
    key="missed.households",
    label="บัญชีครัวเรือนตกหล่น (หนึ่งแถวต่อหนึ่งครัวเรือน)",
    unit=Unit.HOUSEHOLD,
    required=(shared.A_HOUSE, shared.A_TAMBON),
    marks=("problem_text",),
    aliases=shared.HEAD_ALIASES,
    template_name="missed_households.xlsx",
    template=(_YEAR, *_HOUSEHOLD_FORM, *_PROBLEM),
)

# ---- welfare card holders ----------------------------------------------------------------
WELFARE_CARD = Profile(
    source="welfare_card",
    label="ผู้มีบัตรสวัสดิการแห่งรัฐ (หนึ่งแถวต่อหนึ่งคน)",
    columns=("welfare_year", *_COLUMNS),
    optional=(),
    required=(("citizen_id",), shared.A_NAME, shared.A_TAMBON),
    marks=("welfare_year", "registered_welfare"),
    year_column="welfare_year",
    # Everybody on this list holds a card, unless a column says who does.
    implies={"welfare_card": True},
    template_name="welfare_card.xlsx",
    template=(
        shared.year("ปีข้อมูลบัตรสวัสดิการ", "welfare_year"),
        *_PERSON_FORM,
        _T(
            "ลงทะเบียนสวัสดิการ",
            "registered_welfare",
            "1 = ลงทะเบียน 0 = ไม่ได้ลงทะเบียน เว้นว่าง = ไม่ทราบ",
            "1",
            allowed=shared.YES_OR_NO,
        ),
        _T(
            "บัตรสวัสดิการแห่งรัฐ",
            "welfare_card",
            "1 = มีบัตร 0 = ไม่มีบัตร หากไม่มีคอลัมน์นี้ ถือว่าทุกคนในบัญชีมีบัตร",
            "1",
            allowed=shared.YES_OR_NO,
        ),
    ),
)

# ---- the vulnerable ----------------------------------------------------------------------
_GROUP = _T(
    "กลุ่มเปราะบาง",
    "target_group",
    "เด็กเล็ก ผู้สูงอายุ คนพิการ ผู้ป่วยติดเตียง ผู้ป่วยเรื้อรัง ผู้ด้อยโอกาส เสี่ยงสูง ทุพพลภาพ "
    "ไม่มีอิสระตัดสินใจ หลายกลุ่มคั่นด้วยจุลภาค",
    "ผู้สูงอายุ, คนพิการ",
)
_DEPENDANTS = ("small_children", "elderly", "disabled", "bedridden")

VULNERABLE = Profile(
    source="vulnerable",
    label="ครัวเรือนเปราะบาง (หนึ่งแถวต่อหนึ่งครัวเรือน)",
    unit=Unit.HOUSEHOLD,
    columns=(*_COLUMNS, "target_group", "vulnerability_level", *_DEPENDANTS),
    optional=("problem_text", "need_text", *DIMENSION_COLUMNS),
    required=(
        shared.A_HOUSE,
        shared.A_TAMBON,
        ("target_group", "vulnerability_level", *_DEPENDANTS),
    ),
    marks=("vulnerability_level", *_DEPENDANTS),
    year_column="survey_year",
    aliases=shared.HEAD_ALIASES,
    template_name="vulnerable_households.xlsx",
    template=(
        _YEAR,
        *_HOUSEHOLD_FORM,
        _T(
            "รายได้ต่อคนต่อปี",
            "income_per_person_per_year",
            "รายได้เฉลี่ยต่อคน บาทต่อปี ตัวเลขจำนวนเดียว",
            "24000",
        ),
        _GROUP,
        _T(
            "ระดับความเปราะบาง",
            "vulnerability_level",
            "0 ถึง 3",
            "1",
            allowed=("0", "1", "2", "3"),
        ),
        _T("จำนวนเด็กเล็ก", "small_children", "จำนวนคนในครัวเรือน", "1"),
        _T("จำนวนผู้สูงอายุ", "elderly", "จำนวนคนในครัวเรือน", "1"),
        _T("จำนวนคนพิการ", "disabled", "จำนวนคนในครัวเรือน", "0"),
        _T("จำนวนผู้ป่วยติดเตียง", "bedridden", "จำนวนคนในครัวเรือน", "0"),
    ),
)

VULNERABLE_PERSONS = Profile(
    source="vulnerable",
    key="vulnerable.persons",
    label="กลุ่มเปราะบาง (หนึ่งแถวต่อหนึ่งคน)",
    columns=(*_COLUMNS, "target_group"),
    optional=("problem_text", "need_text", *DIMENSION_COLUMNS),
    required=(_A_PERSON, shared.A_NAME, shared.A_TAMBON, ("target_group",)),
    marks=("target_group", "birth_date"),
    year_column="survey_year",
    template_name="vulnerable_persons.xlsx",
    template=(_YEAR, *_PERSON_FORM, shared.PHONE, _GROUP),
)

# ---- any list of households --------------------------------------------------------------
HOUSEHOLDS = Profile(
    source="households",
    label="บัญชีครัวเรือนทั่วไป (หนึ่งแถวต่อหนึ่งครัวเรือน)",
    unit=Unit.HOUSEHOLD,
    columns=_COLUMNS,
    optional=(
        *DIMENSION_COLUMNS,
        *INDICATOR_COLUMNS,
        *CAPITAL_COLUMNS,
        *("problem_text", "need_text", "agency", "status", "address"),
    ),
    required=(shared.A_HOUSE, shared.A_TAMBON),
    year_column="survey_year",
    aliases=shared.HEAD_ALIASES,
    asks_polarity=True,
    template_name="households.xlsx",
    template=(_YEAR, *_HOUSEHOLD_FORM, shared.INCOME_YEAR),
)

HOUSEHOLDS_BY_CODE = replace(
    HOUSEHOLDS,
    key="households.by_code",
    label="บัญชีครัวเรือนที่มีรหัสบ้าน แต่ไม่มีคอลัมน์ตำบล",
    required=(("house_code",), ("address",)),
    marks=("address",),
    template_name="households_by_code.xlsx",
    template=(
        shared.year("ปีที่สำรวจ", "survey_year"),
        _T("ชื่อ-นามสกุล", "full_name", "ของหัวหน้าครัวเรือน", "นาง ตัวอย่าง ทดสอบ"),
        shared.HOUSE_CODE,
        shared.MEMBER_COUNT,
        _T(
            "ที่อยู่",
            "address",
            "ข้อความ ระบบไม่แยกเป็นตำบล ครัวเรือนที่ยังไม่มีในทะเบียนจึงต้องรอตัดสินใจ",
            "25/2 หมู่ 3 ต.ช้างทอง",
            True,
        ),
    ),
)
