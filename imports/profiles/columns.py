"""The canonical columns of every list, what each holds, and the headers it goes by.

Data only; the figures of areas stand in `figures`, the words of choices in `words`.
Headers are those of published TPMAP, จปฐ. and PPPConnext files and of the forms in use; they
are compared after `headers.header_key`, so spaces, dots, dashes, underscores, brackets and
Latin case do not matter here.
"""

from collections.abc import Mapping

from imports.profiles.column import Column, Holds
from imports.profiles.figures import AREA_FIGURES
from imports.profiles.words import DIMENSION_WORDS, GROUP_WORDS, KIND_WORDS, RESULT_WORDS

INDICATORS = 38
"""The longer of the two จปฐ. forms; the older one has 31."""


_DIMENSIONS = (
    ("health", "สุขภาพ", ("สุขภาพ", "health")),
    ("living", "ความเป็นอยู่", ("ความเป็นอยู่", "living")),
    ("education", "การศึกษา", ("การศึกษา", "education")),
    ("income", "รายได้", ("รายได้", "income")),
    (
        "accessibility",
        "การเข้าถึงบริการภาครัฐ",
        (
            "การเข้าถึงบริการภาครัฐ", "การเข้าถึงบริการรัฐ", "การเข้าถึงบริการของรัฐ",
            "การเข้าถึงการบริการของรัฐ", "การเข้าถึงบริการ", "accessibility",
        ),
    ),
)  # fmt: skip

_CAPITALS = (
    ("human", "ทุนมนุษย์", ("ทุนมนุษย์",)),
    ("physical", "ทุนกายภาพ", ("ทุนกายภาพ",)),
    ("financial", "ทุนการเงิน", ("ทุนการเงิน", "ทุนเศรษฐกิจ", "ทุนทางเศรษฐกิจ", "ทุนทางการเงิน")),
    (
        "natural",
        "ทุนธรรมชาติ",
        ("ทุนธรรมชาติ", "ทุนทรัพยากร", "ทุนทรัพยากรธรรมชาติ", "ทุนทางธรรมชาติ"),
    ),
    ("social", "ทุนทางสังคม", ("ทุนทางสังคม", "ทุนสังคม")),
)


# A bare รายได้ may also be baht a year, so headers.guess looks at its values.
_NO_ALIAS_BY_ITSELF = frozenset({"รายได้"})


def _aliases_of_dimension(names: tuple[str, ...]) -> tuple[str, ...]:
    thai = [name for name in names if not name.isascii()]
    bare = (name for name in names if name not in _NO_ALIAS_BY_ITSELF)
    return (*bare, *(word + name for name in thai for word in ("ด้าน", "มิติ", "มิติด้าน")))


def _problem_aliases(code: str, label: str, names: tuple[str, ...]) -> tuple[str, ...]:
    thai = dict.fromkeys((label, *(name for name in names if not name.isascii())))
    words = ("ปัญหา", "ปัญหาด้าน", "ปัญหามิติ", "ปัญหามิติด้าน", "สภาพปัญหา", "สภาพปัญหาด้าน")
    return (*(word + name for name in thai for word in words), f"problem_{code}")


_H = Holds
_COLUMNS = (
    Column(
        "house_code",
        "รหัสบ้าน",
        _H.HOUSE_CODE,
        ("รหัสบ้าน", "รหัสประจำบ้าน", "เลขรหัสประจำบ้าน", "HC", "house_id", "house_code"),
        11,
    ),
    Column("household_seq", "ครัวเรือนที่", _H.WHOLE, ("ครัวเรือนที่", "ลำดับครัวเรือน", "household_seq"), 99),
    Column(
        "tpmap_year",
        "ปีข้อมูล TPMAP",
        _H.YEAR,
        ("ปีข้อมูล TPMAP", "ปี TPMAP", "ปีข้อมูลTPMAP", "tpmap_year"),
    ),
    Column("bmn_year", "ปี จปฐ.", _H.YEAR, ("ปี จปฐ.", "ปีข้อมูล จปฐ.", "bmn_year", "jpt_year")),
    Column(
        "welfare_year",
        "ปีข้อมูลบัตรสวัสดิการ",
        _H.YEAR,
        ("ปีข้อมูลบัตรสวัสดิการ", "ปีบัตรสวัสดิการ", "ปีข้อมูลสวัสดิการ", "ปีสวัสดิการ", "welfare_year"),
    ),
    Column("survey_year", "ปีที่สำรวจ", _H.YEAR, ("ปีที่สำรวจ", "ปี", "ปีข้อมูล", "survey_year", "year")),
    Column(
        "citizen_id",
        "เลขประจำตัวประชาชน",
        _H.CITIZEN_ID,
        (
            "เลขประจำตัวประชาชน",
            "หมายเลขประจำตัวประชาชน",
            "เลขที่บัตรประชาชน",
            "เลขบัตรประชาชน",
            "เลขบัตรประจำตัวประชาชน",
            "หมายเลขบัตรประชาชน",
            "เลขบัตร",
            "เลข 13 หลัก",
            "เลขประจำตัว 13 หลัก",
            "เลขประจำตัวประชาชน 13 หลัก",
            "เลขบัตรประชาชน 13 หลัก",
            "PID",
            "CID",
            "CitizenID",
            "national_id",
        ),
        13,
    ),
    Column(
        "title", "คำนำหน้า", _H.TITLE, ("คำนำหน้า", "คำนำหน้าชื่อ", "คำนำหน้านาม", "title", "prefix"), 40
    ),
    Column("first_name", "ชื่อ", _H.TEXT, ("ชื่อ", "ชื่อตัว", "first_name", "firstname")),
    Column("last_name", "นามสกุล", _H.TEXT, ("นามสกุล", "สกุล", "last_name", "lastname", "surname")),
    Column(
        "full_name",
        "ชื่อ-นามสกุล",
        _H.TEXT,
        ("ชื่อ-สกุล", "ชื่อ-นามสกุล", "ชื่อ สกุล", "ชื่อและนามสกุล", "ชื่อและสกุล", "full_name", "fullname"),
        250,
    ),
    Column(
        "member_seq", "ลำดับในบ้าน", _H.WHOLE, ("ลำดับในบ้าน", "ลำดับที่", "PERSON", "member_seq"), 99_999
    ),
    Column(
        "birth_date",
        "วันเกิด",
        _H.BIRTH_DATE,
        (
            "วัน/เดือน/ปีเกิด",
            "วันเดือนปีเกิด",
            "วัน เดือน ปี เกิด",
            "วันเกิด",
            "วดป.เกิด",
            "birth_date",
            "birthdate",
            "dob",
        ),
    ),
    Column("age", "อายุ", _H.WHOLE, ("อายุ", "อายุ ปี", "age"), 120),
    Column("sex", "เพศ", _H.SEX, ("เพศ", "sex", "gender")),
    Column(
        "relation",
        "ความสัมพันธ์กับหัวหน้าครัวเรือน",
        _H.TEXT,
        ("ความสัมพันธ์", "เกี่ยวข้องเป็น", "ความสัมพันธ์กับหัวหน้าครัวเรือน", "relation"),
        60,
    ),
    Column(
        "member_count",
        "จำนวนสมาชิก",
        _H.WHOLE,
        ("จำนวนสมาชิก", "จำนวนสมาชิกในครัวเรือน", "HOUSEMEMBER_CNT", "member_count"),
        99,
    ),
    Column(
        "phone",
        "โทรศัพท์",
        _H.PHONE,
        ("โทรศัพท์", "เบอร์โทรศัพท์", "เบอร์โทร", "หมายเลขโทรศัพท์", "โทร.", "phone", "mobile"),
        10,
    ),
    Column(
        "house_no",
        "บ้านเลขที่",
        _H.HOUSE_NO,
        ("บ้านเลขที่", "เลขที่บ้าน", "เลขที่", "MBNO", "house_number", "house_no"),
        40,
    ),
    Column("moo", "หมู่ที่", _H.MOO, ("หมู่ที่", "หมู่", "ม.", "moo", "village_no"), 99),
    Column(
        "village_name",
        "ชื่อหมู่บ้าน",
        _H.PLACE,
        ("ชื่อหมู่บ้าน", "หมู่บ้าน", "ชุมชน", "หมู่บ้าน/ชุมชน", "ชื่อหมู่บ้าน/ชุมชน", "village_name"),
        level="VILLAGE",
    ),
    Column("soi", "ซอย", _H.TEXT, ("ซอย", "alley", "soi")),
    Column("road", "ถนน", _H.TEXT, ("ถนน", "road")),
    Column(
        "tambon_name",
        "ตำบล",
        _H.PLACE,
        (
            "ตำบล",
            "แขวง",
            "ตำบล/แขวง",
            "แขวง/ตำบล",
            "ชื่อตำบล",
            "tambon",
            "tambon_name",
            "subdistrict",
        ),
        level="SUBDISTRICT",
    ),
    Column(
        "amphoe_name",
        "อำเภอ",
        _H.PLACE,
        (
            "อำเภอ",
            "เขต",
            "อำเภอ/เขต",
            "เขต/อำเภอ",
            "ชื่ออำเภอ",
            "amphur",
            "amphoe",
            "amphoe_name",
            "district",
        ),
        level="DISTRICT",
    ),
    Column(
        "province_name",
        "จังหวัด",
        _H.PLACE,
        ("จังหวัด", "ชื่อจังหวัด", "province", "province_name"),
        level="PROVINCE",
    ),
    Column(
        "province_code",
        "รหัสจังหวัด",
        _H.AREA_CODE,
        ("รหัสจังหวัด", "province_ID", "province_code", "JUN", "PROV_CODE"),
        2,
    ),
    Column(
        "amphoe_code", "รหัสอำเภอ", _H.AREA_CODE, ("รหัสอำเภอ", "amphur_ID", "amphoe_code", "AMP"), 4
    ),
    Column(
        "tambon_code",
        "รหัสตำบล",
        _H.AREA_CODE,
        ("รหัสตำบล", "tambol_ID", "tumbol_ID", "tambon_code", "TMP"),
        6,
    ),
    Column(
        "village_code",
        "รหัสหมู่บ้าน",
        _H.AREA_CODE,
        ("รหัสหมู่บ้าน", "village_ID", "village_code", "MB"),
        8,
    ),
    Column("postcode", "รหัสไปรษณีย์", _H.AREA_CODE, ("รหัสไปรษณีย์", "postcode", "zipcode"), 5),
    Column("lat", "ละติจูด", _H.DEGREES, ("ละติจูด", "lat", "latitude")),
    Column("lon", "ลองจิจูด", _H.DEGREES, ("ลองจิจูด", "ลองติจูด", "lng", "lon", "longitude")),
    Column(
        "income_year",
        "รายได้ต่อปี (บาท)",
        _H.AMOUNT,
        ("รายได้ต่อปี", "รายได้เฉลี่ยต่อปี", "รายได้ครัวเรือนต่อปี", "income_year"),
    ),
    Column(
        "income_month",
        "รายได้ต่อเดือน (บาท)",
        _H.AMOUNT,
        ("รายได้ต่อเดือน", "รายได้เฉลี่ยต่อเดือน", "income_month"),
    ),
    Column(
        "income_per_person_per_year",
        "รายได้ต่อคนต่อปี (บาท)",
        _H.AMOUNT,
        ("รายได้ต่อคนต่อปี", "รายได้เฉลี่ยต่อคนต่อปี", "income_per_person_per_year"),
    ),
    Column(
        "welfare_card",
        "บัตรสวัสดิการแห่งรัฐ",
        _H.FLAG,
        (
            "บัตรสวัสดิการแห่งรัฐ",
            "ผู้มีบัตรสวัสดิการ",
            "ผู้มีบัตรสวัสดิการแห่งรัฐ",
            "มีบัตรสวัสดิการแห่งรัฐ",
            "MOFval",
            "stateWelfareCard",
            "welfare_card",
        ),
    ),
    Column(
        "registered_welfare",
        "ลงทะเบียนสวัสดิการ",
        _H.FLAG,
        (
            "ลงทะเบียนสวัสดิการ",
            "ลงทะเบียนสวัสดิการแห่งรัฐ",
            "ผู้ลงทะเบียนสวัสดิการ",
            "MOFreg",
            "registered_welfare",
        ),
    ),
    *(
        Column(f"dim_{code}", label, _H.DIMENSION, (*_aliases_of_dimension(names), f"dim_{code}"))
        for code, label, names in _DIMENSIONS
    ),
    *(
        Column(f"ind_{number}", f"ตัวชี้วัดที่ {number}", _H.INDICATOR)
        for number in range(1, INDICATORS + 1)
    ),
    *(
        Column(f"cap_{code}", label, _H.CAPITAL, (*names, f"cap_{code}"))
        for code, label, names in _CAPITALS
    ),
    *(
        Column(
            f"problem_{code}",
            f"ปัญหาด้าน{label}",
            _H.TEXT,
            _problem_aliases(code, label, names),
            4000,
        )
        for code, label, names in _DIMENSIONS
    ),
    Column(
        "dimension", "มิติ", _H.CHOICE, ("มิติ", "มิติปัญหา", "ด้าน", "dimension"), words=DIMENSION_WORDS
    ),
    Column("problem_text", "สภาพปัญหา", _H.TEXT, ("ปัญหา", "สภาพปัญหา", "problem_text"), 4000),
    Column("need_text", "ความต้องการ", _H.TEXT, ("ความต้องการ", "need_text"), 4000),
    Column(
        "agency",
        "หน่วยงาน",
        _H.TEXT,
        ("หน่วยงาน", "หน่วยงานที่ช่วยเหลือ", "หน่วยงานรับผิดชอบ", "สำนักรับผิดชอบ", "agency"),
        250,
    ),
    Column(
        "activity",
        "กิจกรรม",
        _H.TEXT,
        ("กิจกรรม", "การช่วยเหลือ", "กิจกรรมที่ช่วยเหลือ", "กิจกรรมให้ความช่วยเหลือ", "activity"),
        4000,
    ),
    Column(
        "help_kind",
        "ประเภทความช่วยเหลือ",
        _H.CHOICE,
        ("ประเภทความช่วยเหลือ", "ประเภทการช่วยเหลือ", "help_kind"),
        words=KIND_WORDS,
    ),
    Column("budget", "งบประมาณ", _H.AMOUNT, ("งบประมาณ", "จำนวนเงิน", "budget")),
    Column("status", "สถานะ", _H.TEXT, ("สถานะ", "status")),
    Column(
        "help_date",
        "วันที่ช่วยเหลือ",
        _H.DATE,
        ("วันที่ช่วยเหลือ", "วันที่ให้ความช่วยเหลือ", "วันเดือนปีที่ช่วยเหลือ", "help_date"),
    ),
    Column(
        "help_result",
        "ผล",
        _H.CHOICE,
        ("ผล", "ผลการช่วยเหลือ", "ผลการดำเนินงาน", "help_result"),
        words=RESULT_WORDS,
    ),
    Column("help_note", "ผลโดยสังเขป", _H.TEXT, ("ผลโดยสังเขป", "รายละเอียดผล", "help_note"), 4000),
    Column("referral_number", "เลขที่ใบส่งต่อ", _H.TEXT, ("เลขที่ใบส่งต่อ", "เลขที่ส่งต่อ", "referral_number")),
    Column("address", "ที่อยู่", _H.TEXT, ("ที่อยู่", "ที่อยู่ตามทะเบียนบ้าน", "address"), 250),
    Column(
        "target_group",
        "กลุ่มเปราะบาง",
        _H.CHOICE,
        ("กลุ่ม", "กลุ่มเปราะบาง", "ประเภทกลุ่มเปราะบาง", "ประเภทความเปราะบาง", "target_group"),
        words=GROUP_WORDS,
        is_many=True,
    ),
    Column(
        "vulnerability_level",
        "ระดับความเปราะบาง",
        _H.WHOLE,
        ("ระดับความเปราะบาง", "ระดับเปราะบาง", "vulnerability_level"),
        3,
    ),
    *(
        Column(name, label, _H.WHOLE, (label, name), 99)
        for name, label in (
            ("small_children", "จำนวนเด็กเล็ก"),
            ("elderly", "จำนวนผู้สูงอายุ"),
            ("disabled", "จำนวนคนพิการ"),
            ("bedridden", "จำนวนผู้ป่วยติดเตียง"),
        )
    ),
    *AREA_FIGURES,
)

COLUMNS: Mapping[str, Column] = {column.name: column for column in _COLUMNS}
DIMENSION_COLUMNS = tuple(f"dim_{code}" for code, _, _ in _DIMENSIONS)
INDICATOR_COLUMNS = tuple(f"ind_{number}" for number in range(1, INDICATORS + 1))
CAPITAL_COLUMNS = tuple(f"cap_{code}" for code, _, _ in _CAPITALS)
PROBLEM_COLUMNS = tuple(f"problem_{code}" for code, _, _ in _DIMENSIONS)
FIGURE_COLUMNS = tuple(column.name for column in AREA_FIGURES if column.holds is Holds.COUNT)
