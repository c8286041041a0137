"""Template T1, the person list of TPMAP: its headers, and a person written under them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from imports.management.samples.people import DIMENSIONS, Person

# Header → canonical column.
HEADERS = {
    "ปีข้อมูล TPMAP": "tpmap_year",
    "ปี จปฐ.": "bmn_year",
    "รหัสบ้าน": "house_code",
    "เลขประจำตัวประชาชน": "citizen_id",
    "คำนำหน้า": "title",
    "ชื่อ": "first_name",
    "นามสกุล": "last_name",
    "วันเกิด": "birth_date",
    "เพศ": "sex",
    "บ้านเลขที่": "house_no",
    "หมู่ที่": "moo",
    "ชื่อหมู่บ้าน": "village_name",
    "ตำบล": "tambon_name",
    "อำเภอ": "amphoe_name",
    "จังหวัด": "province_name",
    "รหัสตำบล": "tambon_code",
    "บัตรสวัสดิการแห่งรัฐ": "welfare_card",
    "สุขภาพ": "dim_health",
    "ความเป็นอยู่": "dim_living",
    "การศึกษา": "dim_education",
    "รายได้": "dim_income",
    "การเข้าถึงบริการภาครัฐ": "dim_accessibility",
}


@dataclass(frozen=True)
class CellError:
    """A cell that shows an error, like #N/A."""

    text: str


Raw = str | int | float | date | CellError | None


def written(person: Person) -> dict[str, Raw]:
    """Return the cells of a faultless line, by canonical column."""
    born = person.birth_date
    cells: dict[str, Raw] = {
        "tpmap_year": person.year_be,
        # TPMAP of a year rests on the จปฐ survey of the year before.
        "bmn_year": person.year_be - 1,
        "house_code": person.house_code,
        "citizen_id": person.citizen_id,
        "title": person.title,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "birth_date": f"{born.day}/{born.month}/{born.year + 543}",
        "sex": person.sex,
        "house_no": person.house_no,
        "moo": person.moo,
        "village_name": person.village,
        "tambon_name": person.place.name,
        "amphoe_name": person.place.district,
        "province_name": person.place.province,
        "tambon_code": person.place.code,
        "welfare_card": int(person.has_card),
    }
    for name in DIMENSIONS:
        cells[name] = int(name in person.problems)
    for number, mark in enumerate(person.indicators, 1):
        cells[f"ind_{number}"] = mark if mark == "-" else int(mark)
    return cells


def meant(person: Person) -> dict[str, Any]:
    """Return what a faultless line says, in the normal forms of the API."""
    values: dict[str, Any] = dict(written(person))
    values["birth_date"] = person.birth_date.isoformat()
    for name in ("welfare_card", *DIMENSIONS):
        values[name] = bool(values[name])
    for number, mark in enumerate(person.indicators, 1):
        values[f"ind_{number}"] = None if mark == "-" else int(mark)
    return values
