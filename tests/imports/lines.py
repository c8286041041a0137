"""A faultless line of the TPMAP template, to be spoiled one cell at a time."""

from dataclasses import replace
from datetime import date
from typing import Any

from imports.normalise import AreaResolver, KnownArea, Normaliser, Record
from imports.profiles import PROFILES
from imports.profiles.headers import guess

TPMAP = PROFILES["tpmap"]
TODAY = date(2026, 11, 20)
YEAR_BE = 2567

KNOWN_AREAS = (
    KnownArea("30", "PROVINCE", "นครราชสีมา", ("โคราช",)),
    KnownArea("3001", "DISTRICT", "เมืองนครราชสีมา"),
    KnownArea("3005", "DISTRICT", "บ้านเหลื่อม"),
    KnownArea("3032", "DISTRICT", "เฉลิมพระเกียรติ"),
    KnownArea("303201", "SUBDISTRICT", "ช้างทอง"),
    KnownArea("303202", "SUBDISTRICT", "ท่าช้าง"),
    KnownArea("30320103", "VILLAGE", "ช้างทอง"),
    KnownArea("46", "PROVINCE", "กาฬสินธุ์"),
    KnownArea("4602", "DISTRICT", "นามน"),
    KnownArea("460201", "SUBDISTRICT", "นามน"),
    KnownArea("37", "PROVINCE", "อำนาจเจริญ"),
    KnownArea("10", "PROVINCE", "กรุงเทพมหานคร"),
    KnownArea("31", "PROVINCE", "บุรีรัมย์"),
    KnownArea("3123", "DISTRICT", "เฉลิมพระเกียรติ"),
)

CELLS: dict[str, Any] = {
    "ปีข้อมูล TPMAP": "2567",
    "ปี จปฐ.": "2566",
    "รหัสบ้าน": "30320000011",
    "เลขประจำตัวประชาชน": "1999900000013",
    "คำนำหน้า": "นาง",
    "ชื่อ": "สมศรี",
    "นามสกุล": "ใจดี",
    "วันเกิด": "25/4/2503",
    "เพศ": "หญิง",
    "บ้านเลขที่": "25/2",
    "หมู่ที่": "3",
    "ชื่อหมู่บ้าน": "ช้างทอง",
    "ตำบล": "ช้างทอง",
    "อำเภอ": "เฉลิมพระเกียรติ",
    "จังหวัด": "นครราชสีมา",
    "รหัสตำบล": "303201",
    "บัตรสวัสดิการแห่งรัฐ": "1",
    "สุขภาพ": "0",
    "ความเป็นอยู่": "1",
    "การศึกษา": "",
    "รายได้": "1",
    "การเข้าถึงบริการภาครัฐ": None,
}

VALUES: dict[str, Any] = {
    "tpmap_year": 2567,
    "bmn_year": 2566,
    "house_code": "30320000011",
    "citizen_id": "1999900000013",
    "title": "นาง",
    "first_name": "สมศรี",
    "last_name": "ใจดี",
    "birth_date": "1960-04-25",
    "sex": "หญิง",
    "house_no": "25/2",
    "moo": 3,
    "village_name": "ช้างทอง",
    "tambon_name": "ช้างทอง",
    "amphoe_name": "เฉลิมพระเกียรติ",
    "province_name": "นครราชสีมา",
    "tambon_code": "303201",
    "welfare_card": True,
    "dim_health": False,
    "dim_living": True,
    "dim_education": False,
    "dim_income": True,
    "dim_accessibility": False,
}


def normaliser(headers: list[str], **options: Any) -> Normaliser:
    """Return a normaliser of Nakhon Ratchasima's import; `options` override its settings."""
    mapping = replace(guess(headers, TPMAP), one_is_problem=options.pop("one_is_problem", True))
    areas = AreaResolver(KNOWN_AREAS, scopes=options.pop("scopes", ["30"]))
    settings = {"today": TODAY, "year_be": YEAR_BE, "areas": areas}
    return Normaliser(mapping, TPMAP, **{**settings, **options})


def read(changes: dict[str, Any] | None = None, **options: Any) -> Record:
    """Read a faultless line with some cells changed; a new header becomes a new column."""
    cells = {**CELLS, **(changes or {})}
    return normaliser(list(cells), **options).read(list(cells.values()))


def codes(record: Record) -> list[str]:
    return [finding.code for finding in record.findings]


def expected_values(**changes: Any) -> dict[str, Any]:
    """Return every column of the profile: the faultless line's values with some changed."""
    return {**dict.fromkeys(TPMAP.columns), **VALUES, **changes}


def blank_values() -> dict[str, Any]:
    return dict.fromkeys(TPMAP.columns)
