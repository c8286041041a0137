"""What agencies did: one line per help, so a household or a person may have several."""

from imports.profiles import shared
from imports.profiles.profile import Profile, TemplateColumn, Unit

_T = TemplateColumn

ASSISTANCE = Profile(
    source="assistance",
    label="ผลการช่วยเหลือของหน่วยงาน (หนึ่งแถวต่อหนึ่งการช่วยเหลือ)",
    unit=Unit.HELP,
    columns=(
        "survey_year",
        *shared.IDENTITY,
        *shared.PLACE,
        *("dimension", "agency", "activity", "help_kind", "budget", "help_date"),
        *("help_result", "help_note", "referral_number", "status"),
    ),
    optional=("problem_text", "need_text"),
    required=(("house_code", "citizen_id"), ("activity", "agency", "help_kind")),
    marks=("agency", "activity", "help_date", "help_result"),
    year_column="survey_year",
    # The year of a help is that of the budget it was paid from.
    aliases={"ปีงบประมาณ": "survey_year"},
    template_name="assistance.xlsx",
    template=(
        _T(
            "รหัสบ้าน",
            "house_code",
            "ตัวเลข 11 หลัก ตั้งคอลัมน์เป็นข้อความ (Text) ต้องมีรหัสบ้านหรือเลขประจำตัวประชาชน",
            "30320000001",
            True,
        ),
        _T(
            "เลขประจำตัวประชาชน",
            "citizen_id",
            "ของผู้ได้รับความช่วยเหลือ ตัวเลข 13 หลัก ตั้งคอลัมน์เป็นข้อความ (Text) เว้นว่างหากช่วยทั้งครัวเรือน",
            "1999900000005",
            True,
        ),
        _T(
            "มิติ",
            "dimension",
            "มิติของปัญหาที่ช่วย",
            "ความเป็นอยู่",
            allowed=("สุขภาพ", "ความเป็นอยู่", "การศึกษา", "รายได้", "การเข้าถึงบริการภาครัฐ"),
        ),
        _T("หน่วยงาน", "agency", "ชื่อหน่วยงานที่ช่วยเหลือ", "พมจ.นครราชสีมา", True),
        _T("กิจกรรม", "activity", "สิ่งที่ช่วยเหลือ เป็นข้อความ", "ซ่อมแซมหลังคาบ้าน", True),
        _T(
            "ประเภทความช่วยเหลือ",
            "help_kind",
            "ประเภทของความช่วยเหลือ",
            "ซ่อม / สร้างบ้าน",
            allowed=("เงิน", "สิ่งของ", "บริการ", "ฝึกอาชีพ", "ซ่อม / สร้างบ้าน", "สิทธิสวัสดิการ", "อื่น ๆ"),
        ),
        _T("งบประมาณ", "budget", "จำนวนเงิน (บาท) ตัวเลขจำนวนเดียว", "40000"),
        _T("วันที่ช่วยเหลือ", "help_date", "วัน/เดือน/ปี พ.ศ. สี่หลัก", "15/3/2567"),
        _T(
            "ผล",
            "help_result",
            "ผลของความช่วยเหลือ รายละเอียดอื่นให้ใส่ใน “ผลโดยสังเขป”",
            "แก้ไขได้ทั้งหมด",
            allowed=("แก้ไขได้ทั้งหมด", "แก้ไขได้บางส่วน", "แก้ไขไม่ได้"),
        ),
        _T("ผลโดยสังเขป", "help_note", "ข้อความอธิบายผล", "บ้านมั่นคงแล้ว"),
        _T("เลขที่ใบส่งต่อ", "referral_number", "หากช่วยเหลือตามใบส่งต่อของระบบ", ""),
    ),
)
