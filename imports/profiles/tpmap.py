"""The TPMAP list of target persons: one line per person, dimensions flagged where they fail."""

from imports.profiles.columns import DIMENSION_COLUMNS, INDICATOR_COLUMNS
from imports.profiles.profile import Profile, TemplateColumn

_T = TemplateColumn
_FLAG = "1 = ตกเกณฑ์ (มีปัญหา) 0 หรือเว้นว่าง = ไม่ตกเกณฑ์"

TEMPLATE = (
    _T("ปีข้อมูล TPMAP", "tpmap_year", "ปี พ.ศ. สี่หลักของรายชื่อ TPMAP ต้องตรงกับปีที่เลือกตอนนำเข้า", "2567"),
    _T("ปี จปฐ.", "bmn_year", "ปี พ.ศ. สี่หลักของการสำรวจ จปฐ. ที่ใช้", "2566"),
    _T(
        "รหัสบ้าน",
        "house_code",
        "ตัวเลข 11 หลักตามทะเบียนบ้าน ตั้งคอลัมน์เป็นข้อความ (Text) เว้นว่างหากไม่มีทะเบียนบ้าน",
        "30320000001",
        True,
    ),
    _T(
        "เลขประจำตัวประชาชน",
        "citizen_id",
        "ตัวเลข 13 หลัก ตั้งคอลัมน์เป็นข้อความ (Text) เว้นว่างหากไม่มีเลข",
        "1999900000005",
        True,
    ),
    _T("คำนำหน้า", "title", "นาย นาง นางสาว เด็กชาย เด็กหญิง หรือยศ", "นาง"),
    _T("ชื่อ", "first_name", "ชื่อตัว ไม่ใส่คำนำหน้า", "ตัวอย่าง", True),
    _T("นามสกุล", "last_name", "นามสกุล", "ทดสอบ", True),
    _T("วันเกิด", "birth_date", "วัน/เดือน/ปี พ.ศ. สี่หลัก หากทราบเพียงปีให้ใส่เฉพาะปี", "25/4/2503"),
    _T("เพศ", "sex", "ชาย หรือ หญิง", "หญิง"),
    _T("บ้านเลขที่", "house_no", "ตั้งคอลัมน์เป็นข้อความ (Text) เพื่อไม่ให้ 25/2 กลายเป็นวันที่", "25/2"),
    _T("หมู่ที่", "moo", "ตัวเลข 1–99 เว้นว่างหากอยู่ในเขตที่ไม่มีหมู่", "3"),
    _T("ชื่อหมู่บ้าน", "village_name", "ชื่อหมู่บ้านหรือชุมชน", "ช้างทอง"),
    _T("ตำบล", "tambon_name", "ชื่อตำบลหรือแขวง", "ช้างทอง", True),
    _T("อำเภอ", "amphoe_name", "ชื่ออำเภอหรือเขต", "เฉลิมพระเกียรติ", True),
    _T("จังหวัด", "province_name", "ชื่อจังหวัด", "นครราชสีมา", True),
    _T("รหัสตำบล", "tambon_code", "รหัสกรมการปกครอง 6 หลัก", "303201"),
    _T("บัตรสวัสดิการแห่งรัฐ", "welfare_card", "1 = มีบัตร 0 = ไม่มีบัตร เว้นว่าง = ไม่ทราบ", "1"),
    _T("สุขภาพ", "dim_health", _FLAG, "0"),
    _T("ความเป็นอยู่", "dim_living", _FLAG, "1"),
    _T("การศึกษา", "dim_education", _FLAG, "0"),
    _T("รายได้", "dim_income", _FLAG, "1"),
    _T("การเข้าถึงบริการภาครัฐ", "dim_accessibility", _FLAG, "0"),
)

TPMAP = Profile(
    source="tpmap",
    label="รายชื่อคนจนเป้าหมาย TPMAP (หนึ่งแถวต่อหนึ่งคน)",
    columns=(
        *("tpmap_year", "bmn_year", "welfare_year", "survey_year"),
        *("house_code", "household_seq", "citizen_id"),
        *("title", "first_name", "last_name", "full_name", "member_seq"),
        *("birth_date", "age", "sex", "relation", "member_count", "phone"),
        *("house_no", "moo", "village_name", "soi", "road"),
        *("tambon_name", "amphoe_name", "province_name"),
        *("province_code", "amphoe_code", "tambon_code", "village_code", "postcode"),
        *("lat", "lon"),
        *("income_year", "income_month", "income_per_person_per_year"),
        *("welfare_card", "registered_welfare"),
        *DIMENSION_COLUMNS,
    ),
    optional=INDICATOR_COLUMNS,
    required=(
        ("house_code",),
        ("citizen_id",),
        ("first_name", "full_name"),
        ("tambon_code", "village_code", "tambon_name"),
    ),
    year_column="tpmap_year",
    template_name="tpmap_targets.xlsx",
    template=TEMPLATE,
    # Such a list names only the dimensions that fail, so an empty cell is "not flagged".
    blank_dimension=False,
)
