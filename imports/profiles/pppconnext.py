"""The PPPConnext workbook: the households with five capitals on one sheet, their people on another.

The sheets of the other four capitals hold answers to single questions. They are named as
not taken in: the scores on the first sheet are what follows from them.
"""

from imports.profiles import shared
from imports.profiles.columns import CAPITAL_COLUMNS
from imports.profiles.profile import Profile, TemplateColumn, Unit

_T = TemplateColumn
_CAPITALS = ("ทุนมนุษย์", "ทุนกายภาพ", "ทุนการเงิน", "ทุนธรรมชาติ", "ทุนทางสังคม")
_EXAMPLES = ("2.61", "1.75", "2.20", "3.05", "2.50")

PPPCONNEXT = Profile(
    source="pppconnext",
    label="PPPConnext (สมุดงานหลายแผ่น: ครัวเรือนพร้อมทุน 5 ด้าน และบุคคล)",
    unit=Unit.HOUSEHOLD,
    joins_sheets=True,
    sheet="ข้อมูลพื้นฐาน",
    columns=("survey_year", *shared.IDENTITY, *shared.PLACE, *CAPITAL_COLUMNS),
    optional=("agency", "status"),
    required=(shared.A_HOUSE, shared.A_TAMBON, CAPITAL_COLUMNS),
    marks=CAPITAL_COLUMNS,
    year_column="survey_year",
    aliases=shared.HEAD_ALIASES,
    template_name="pppconnext.xlsx",
    template=(
        shared.HOUSE_CODE,
        shared.year("ปีที่สำรวจ", "survey_year"),
        *shared.ADDRESS[:3],
        _T("ซอย", "soi", "ชื่อซอย", ""),
        _T("ถนน", "road", "ชื่อถนน", ""),
        *shared.ADDRESS[3:6],
        _T("รหัสไปรษณีย์", "postcode", "ตัวเลข 5 หลัก", "30000"),
        _T("ละติจูด", "lat", "องศาทศนิยม 5.5–20.6", "15.012345"),
        _T("ลองจิจูด", "lon", "องศาทศนิยม 97.3–105.7", "102.212345"),
        *(
            _T(header, column, "คะแนน 1.00–4.00 เว้นว่างหรือ 0 = ยังไม่ได้ประเมิน", example)
            for header, column, example in zip(_CAPITALS, CAPITAL_COLUMNS, _EXAMPLES, strict=True)
        ),
    ),
)

PPPCONNEXT_PERSONS = Profile(
    source="pppconnext",
    key="pppconnext.persons",
    label="PPPConnext: บุคคลในครัวเรือน (แผ่นงาน “ทุนมนุษย์”)",
    joins_sheets=True,
    sheet="ทุนมนุษย์",
    columns=("survey_year", *shared.IDENTITY, *shared.PLACE),
    optional=(),
    required=(("house_code",), shared.A_NAME, ("citizen_id", "member_seq")),
    marks=("member_seq", "citizen_id", "birth_date"),
    year_column="survey_year",
    template_name="pppconnext.xlsx",
    template=(
        shared.HOUSE_CODE,
        _T("ลำดับในบ้าน", "member_seq", "ลำดับคนในครัวเรือน 1 = หัวหน้าครัวเรือน", "1", True),
        _T("คำนำหน้าชื่อ", "title", "นาย นาง นางสาว เด็กชาย เด็กหญิง หรือยศ", "นาง"),
        _T("ชื่อ", "first_name", "ชื่อตัว ไม่ใส่คำนำหน้า", "ตัวอย่าง", True),
        _T("สกุล", "last_name", "นามสกุล", "ทดสอบ", True),
        _T(
            "หมายเลขประจำตัวประชาชน",
            "citizen_id",
            shared.CITIZEN_ID.explanation,
            shared.CITIZEN_ID.example,
            True,
        ),
        _T("วัน/เดือน/ปีเกิด", "birth_date", shared.BIRTH_DATE.explanation, shared.BIRTH_DATE.example),
    ),
)
