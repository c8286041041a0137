"""ThaiQM, the household survey of the Department of Provincial Administration: problems in words.

Wide: a household's line has a text for each dimension. Long: a line for each dimension.
"""

from imports.profiles import shared
from imports.profiles.columns import DIMENSION_COLUMNS, PROBLEM_COLUMNS
from imports.profiles.profile import Profile, TemplateColumn, Unit

_T = TemplateColumn
_COLUMNS = ("survey_year", *shared.IDENTITY, *shared.PLACE, *shared.INCOME)
_WHO_AND_WHERE = (
    shared.year("ปีที่สำรวจ", "survey_year"),
    shared.HOUSE_CODE,
    shared.HEAD_ID,
    *shared.HEAD_NAMES,
    *shared.ADDRESS,
)
_DIMENSION_NAMES = ("สุขภาพ", "ความเป็นอยู่", "การศึกษา", "รายได้", "การเข้าถึงบริการภาครัฐ")
_EXAMPLES = ("มีผู้ป่วยติดเตียง", "บ้านทรุดโทรม", "", "ไม่มีอาชีพ", "")
_NEED = _T("ความต้องการ", "need_text", "สิ่งที่ครัวเรือนต้องการ เป็นข้อความ", "ซ่อมแซมบ้าน")

THAIQM = Profile(
    source="thaiqm",
    label="ThaiQM (หนึ่งแถวต่อหนึ่งครัวเรือน ปัญหาแยกคอลัมน์ตามมิติ)",
    unit=Unit.HOUSEHOLD,
    columns=(*_COLUMNS, *PROBLEM_COLUMNS, "need_text", "status"),
    optional=DIMENSION_COLUMNS,
    required=(shared.A_HOUSE, shared.A_TAMBON, PROBLEM_COLUMNS),
    marks=PROBLEM_COLUMNS,
    year_column="survey_year",
    aliases=shared.HEAD_ALIASES,
    template_name="thaiqm.xlsx",
    template=(
        *_WHO_AND_WHERE,
        *(
            _T(f"ปัญหาด้าน{name}", column, "สภาพปัญหาเป็นข้อความ เว้นว่าง = ไม่มีปัญหาในด้านนี้", example)
            for name, column, example in zip(
                _DIMENSION_NAMES, PROBLEM_COLUMNS, _EXAMPLES, strict=True
            )
        ),
        _NEED,
    ),
)

THAIQM_LONG = Profile(
    source="thaiqm",
    key="thaiqm.long",
    label="ThaiQM (หนึ่งแถวต่อหนึ่งปัญหา ครัวเรือนมีได้หลายแถว)",
    unit=Unit.HOUSEHOLD,
    columns=(*_COLUMNS, "dimension", "problem_text", "need_text", "status"),
    optional=(),
    required=(shared.A_HOUSE, shared.A_TAMBON, ("dimension",), ("problem_text", "need_text")),
    marks=("dimension", "problem_text"),
    year_column="survey_year",
    aliases=shared.HEAD_ALIASES,
    template_name="thaiqm_long.xlsx",
    template=(
        *_WHO_AND_WHERE,
        _T("มิติ", "dimension", "มิติของปัญหาในแถวนี้", "ความเป็นอยู่", True, allowed=_DIMENSION_NAMES),
        _T("สภาพปัญหา", "problem_text", "สภาพปัญหาเป็นข้อความ", "บ้านทรุดโทรม", True),
        _NEED,
    ),
)
