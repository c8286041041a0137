"""Columns and explanations that several kinds of list have in common."""

from imports.profiles.columns import (
    DIMENSION_COLUMNS,
    INDICATORS,
)
from imports.profiles.profile import TemplateColumn

_T = TemplateColumn

IDENTITY = (
    *("house_code", "household_seq", "citizen_id"),
    *("title", "first_name", "last_name", "full_name", "member_seq"),
    *("birth_date", "age", "sex", "relation", "member_count", "phone"),
)
AREA = (
    *("village_name", "tambon_name", "amphoe_name", "province_name"),
    *("province_code", "amphoe_code", "tambon_code", "village_code"),
)
PLACE = (
    *("house_no", "moo", "village_name", "soi", "road"),
    *AREA[1:],
    *("postcode", "lat", "lon"),
)
INCOME = ("income_year", "income_month", "income_per_person_per_year")
WELFARE = ("welfare_card", "registered_welfare")

A_HOUSE = ("house_code", "house_no")
A_NAME = ("first_name", "full_name")
A_TAMBON = ("tambon_code", "village_code", "tambon_name")

HEAD_ALIASES = {
    "ชื่อหัวหน้าครัวเรือน": "full_name",
    "หัวหน้าครัวเรือน": "full_name",
    "ชื่อ-สกุลหัวหน้าครัวเรือน": "full_name",
    "ชื่อ-นามสกุลหัวหน้าครัวเรือน": "full_name",
    "เลขประจำตัวประชาชนหัวหน้าครัวเรือน": "citizen_id",
    "เลขบัตรประชาชนหัวหน้าครัวเรือน": "citizen_id",
}
"""In a list of households the person of the line is the head."""

# ---- columns of the forms --------------------------------------------------------------
FAILS_FLAG = "1 = ตกเกณฑ์ (มีปัญหา) 0 หรือเว้นว่าง = ไม่ตกเกณฑ์"
YES_OR_NO = ("1", "0")

HOUSE_CODE = _T(
    "รหัสบ้าน",
    "house_code",
    "ตัวเลข 11 หลักตามทะเบียนบ้าน ตั้งคอลัมน์เป็นข้อความ (Text) เว้นว่างหากไม่มีทะเบียนบ้าน",
    "30320000001",
    True,
)
HOUSEHOLD_SEQ = _T("ครัวเรือนที่", "household_seq", "ลำดับครัวเรือนในรหัสบ้านเดียวกัน เว้นว่าง = 1", "1")
CITIZEN_ID = _T(
    "เลขประจำตัวประชาชน",
    "citizen_id",
    "ตัวเลข 13 หลัก ตั้งคอลัมน์เป็นข้อความ (Text) เว้นว่างหากไม่มีเลข",
    "1999900000005",
    True,
)
HEAD_ID = _T(
    "เลขประจำตัวประชาชน",
    "citizen_id",
    "ของหัวหน้าครัวเรือน ตัวเลข 13 หลัก ตั้งคอลัมน์เป็นข้อความ (Text) เว้นว่างหากไม่ทราบ",
    "1999900000005",
)
_NAMES = (
    ("คำนำหน้า", "title", "นาย นาง นางสาว เด็กชาย เด็กหญิง หรือยศ", "นาง"),
    ("ชื่อ", "first_name", "ชื่อตัว ไม่ใส่คำนำหน้า", "ตัวอย่าง"),
    ("นามสกุล", "last_name", "นามสกุล", "ทดสอบ"),
)
PERSON_NAMES = tuple(
    _T(header, column, text, example, column != "title") for header, column, text, example in _NAMES
)
HEAD_NAMES = tuple(
    _T(header, column, f"{text} ของหัวหน้าครัวเรือน", example)
    for header, column, text, example in _NAMES
)
BIRTH_DATE = _T("วันเกิด", "birth_date", "วัน/เดือน/ปี พ.ศ. สี่หลัก หากทราบเพียงปีให้ใส่เฉพาะปี", "25/4/2503")
SEX = _T("เพศ", "sex", "ชาย หรือ หญิง", "หญิง", allowed=("ชาย", "หญิง"))
MEMBER_COUNT = _T("จำนวนสมาชิก", "member_count", "จำนวนคนที่อยู่จริงในครัวเรือน", "4")
PHONE = _T(
    "โทรศัพท์", "phone", "หมายเลขโทรศัพท์ ตั้งคอลัมน์เป็นข้อความ (Text) ให้เลข 0 ตัวแรกอยู่ครบ", "0812345678"
)
INCOME_YEAR = _T("รายได้ต่อปี", "income_year", "รายได้รวมของครัวเรือน บาทต่อปี ตัวเลขจำนวนเดียว", "96000")
ADDRESS = (
    _T(
        "บ้านเลขที่",
        "house_no",
        "ตั้งคอลัมน์เป็นข้อความ (Text) เพื่อไม่ให้ 25/2 กลายเป็นวันที่",
        "25/2",
    ),
    _T("หมู่ที่", "moo", "ตัวเลข 1–99 เว้นว่างหากอยู่ในเขตที่ไม่มีหมู่", "3"),
    _T("ชื่อหมู่บ้าน", "village_name", "ชื่อหมู่บ้านหรือชุมชน", "ช้างทอง"),
    _T("ตำบล", "tambon_name", "ชื่อตำบลหรือแขวง", "ช้างทอง", True),
    _T("อำเภอ", "amphoe_name", "ชื่ออำเภอหรือเขต", "เฉลิมพระเกียรติ", True),
    _T("จังหวัด", "province_name", "ชื่อจังหวัด", "นครราชสีมา", True),
    _T("รหัสตำบล", "tambon_code", "รหัสกรมการปกครอง 6 หลัก", "303201"),
)
WELFARE_CARD = _T(
    "บัตรสวัสดิการแห่งรัฐ",
    "welfare_card",
    "1 = มีบัตร 0 = ไม่มีบัตร เว้นว่าง = ไม่ทราบ",
    "1",
    allowed=YES_OR_NO,
)
DIMENSIONS = tuple(
    _T(header, column, FAILS_FLAG, example, allowed=YES_OR_NO)
    for header, column, example in zip(
        ("สุขภาพ", "ความเป็นอยู่", "การศึกษา", "รายได้", "การเข้าถึงบริการภาครัฐ"),
        DIMENSION_COLUMNS,
        ("0", "1", "0", "1", "0"),
        strict=True,
    )
)
INDICATOR_FORM = tuple(
    _T(
        f"ตัวชี้วัดที่ {number}",
        f"ind_{number}",
        "1 = ผ่าน 0 = ไม่ผ่าน - = ไม่เกี่ยวข้อง"
        + (" (แบบปี 2560–2564 มี 31 ข้อ ให้ลบคอลัมน์นี้)" if number > 31 else ""),
        "1",
        allowed=("1", "0", "-"),
    )
    for number in range(1, INDICATORS + 1)
)


def year(header: str, column: str, *, example: str = "2567") -> TemplateColumn:
    """The year of the list, which must be the one chosen at the upload."""
    return _T(header, column, "ปี พ.ศ. สี่หลัก ต้องตรงกับปีที่เลือกตอนนำเข้า", example)
