"""The faults that real lists have, one function each, and what a line with it must become.

Sources: published open-data spreadsheets of poverty lists, and their import scripts, show house
numbers turned into dates, IDs in scientific notation, status words under อำเภอ, total rows.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from imports.management.samples.people import Person
from imports.management.samples.template import CellError, Raw, meant, written
from ppaos.lib.citizen_id import check_digit, generate

_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_MONTHS = (
    "ม.ค.",
    "ก.พ.",
    "มี.ค.",
    "เม.ย.",
    "พ.ค.",
    "มิ.ย.",
    "ก.ค.",
    "ส.ค.",
    "ก.ย.",
    "ต.ค.",
    "พ.ย.",
    "ธ.ค.",
)
_LONG_MONTHS = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
_SHORT_TITLES = {"นางสาว": "น.ส.", "เด็กชาย": "ด.ช.", "เด็กหญิง": "ด.ญ."}
# A province far from any sample: its people are no concern of the uploader.
_ELSEWHERE = {
    "tambon_code": "460201",
    "tambon_name": "นามน",
    "amphoe_name": "นามน",
    "province_name": "กาฬสินธุ์",
}
IN_ANOTHER_HOUSE, IN_THE_SAME_HOUSE = "another house", "same house"
ACCEPTED, HELD, REJECTED, SKIPPED = "accepted", "held", "rejected", "skipped"


@dataclass
class Line:
    """A line of the sheet in the making: its cells, and what they mean where that is certain."""

    person: Person
    random: Random
    is_csv: bool
    partner: Person | None = None
    cells: dict[str, Raw] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cells = written(self.person)
        self.values = meant(self.person)

    def write(self, column: str, raw: Raw) -> None:
        """Write the same value in another way."""
        self.cells[column] = raw

    def change(self, column: str, raw: Raw, value: Any) -> None:
        self.cells[column] = raw
        self.values[column] = value

    def spoil(self, column: str, raw: Raw) -> None:
        """Write something that has no certain value."""
        self.cells[column] = raw
        self.values.pop(column, None)

    @property
    def citizen_id(self) -> str:
        return self.person.citizen_id

    @property
    def born_be(self) -> tuple[int, int, int]:
        born = self.person.birth_date
        return born.day, born.month, born.year + 543


Plant = Callable[[Line], None]


@dataclass(frozen=True)
class Fault:
    """`codes` are those that decide the verdict; F_ notes about repairs may come on top.

    `fits` chooses lines where the fault is alone: a changed address of one member, for
    instance, would contradict the others of the house. `partner` says where the faultless
    line stands that this one contradicts, if it needs one: always before it.
    """

    kind: str
    verdict: str
    codes: tuple[str, ...]
    plant: Plant
    fits: Callable[[Person], bool] = lambda person: True
    partner: str = ""


def _is_alone(person: Person) -> bool:
    return person.is_alone


def _is_later_member(person: Person) -> bool:
    return person.is_last_member and not person.is_alone


# ---- citizen ID ----


def _cid_float(line: Line) -> None:
    line.write("citizen_id", line.citizen_id + ".0")


def _cid_number(line: Line) -> None:
    line.write("citizen_id", f"'{line.citizen_id}" if line.is_csv else int(line.citizen_id))


def _cid_scientific(line: Line) -> None:
    digits = line.citizen_id
    line.spoil("citizen_id", f"{digits[0]}.{digits[1:6]}E+12")


def _cid_dashes(line: Line) -> None:
    d = line.citizen_id
    line.write("citizen_id", f"{d[0]}-{d[1:5]}-{d[5:10]}-{d[10:12]}-{d[12]}")


def _cid_spaces(line: Line) -> None:
    d = line.citizen_id
    line.write("citizen_id", f"{d[0]} {d[1:5]} {d[5:10]} {d[10:12]} {d[12]}")


def _cid_thai_digits(line: Line) -> None:
    line.write("citizen_id", line.citizen_id.translate(_THAI))


def _cid_lost_zero(line: Line) -> None:
    digits = generate(int(line.citizen_id[5:12]), first=0)
    line.change("citizen_id", digits[1:], digits)


def _cid_too_short(line: Line) -> None:
    digits = line.citizen_id[:12]
    if check_digit("0" + digits[:11]) == digits[11]:
        digits = digits[:11] + str((int(digits[11]) + 1) % 10)
    line.spoil("citizen_id", digits)


def _cid_bad_check(line: Line) -> None:
    digits = line.citizen_id
    line.spoil("citizen_id", digits[:12] + str((int(digits[12]) + 1) % 10))


def _cid_reserved(line: Line) -> None:
    first12 = "9" + line.citizen_id[1:12]
    line.spoil("citizen_id", first12 + check_digit(first12))


def _cid_missing(line: Line) -> None:
    line.change("citizen_id", line.random.choice((None, "-", "ไม่มีบัตร")), None)


def _cid_not_thai(line: Line) -> None:
    digits = generate(int(line.citizen_id[5:12]), first=6)
    line.change("citizen_id", digits, digits)


def _cid_error_cell(line: Line) -> None:
    line.spoil("citizen_id", CellError("#N/A"))


def _cid_of_another_house(line: Line) -> None:
    assert line.partner is not None
    line.change("citizen_id", line.partner.citizen_id, line.partner.citizen_id)


# ---- house ----


def _house_missing(line: Line) -> None:
    line.change("house_code", None, None)


def _house_too_short(line: Line) -> None:
    line.spoil("house_code", line.person.house_code[:10])


def _house_scientific(line: Line) -> None:
    digits = line.person.house_code
    line.spoil("house_code", f"{digits[0]}.{digits[1:3]}E+10")


def _house_of_other_province(line: Line) -> None:
    code = "47" + line.person.house_code[2:]
    line.change("house_code", code, code)


def _house_thai_digits(line: Line) -> None:
    line.write("house_code", line.person.house_code.translate(_THAI))


def _house_no_is_date(line: Line) -> None:
    day, month = line.random.randint(1, 28), line.random.randint(1, 12)
    line.spoil("house_no", f"{day}-{_MONTHS[month - 1]}" if line.is_csv else date(2025, month, day))


def _house_no_differs(line: Line) -> None:
    other = str(line.random.randint(300, 999))
    line.change("house_no", other, other)


def _moo_thai_digits(line: Line) -> None:
    line.write("moo", str(line.person.moo).translate(_THAI))


# ---- birth date ----


def _born_dashes(line: Line) -> None:
    day, month, year = line.born_be
    line.write("birth_date", f"{day}-{month}-{year}")


def _born_short_month(line: Line) -> None:
    day, month, year = line.born_be
    line.write("birth_date", f"{day} {_MONTHS[month - 1]} {year}")


def _born_long_month(line: Line) -> None:
    day, month, year = line.born_be
    line.write("birth_date", f"{day} {_LONG_MONTHS[month - 1]} พ.ศ. {year}")


def _born_thai_digits(line: Line) -> None:
    day, month, year = line.born_be
    line.write("birth_date", f"{day} {_LONG_MONTHS[month - 1]} {year}".translate(_THAI))


def _born_iso_be(line: Line) -> None:
    day, month, year = line.born_be
    line.write("birth_date", f"{year}-{month:02}-{day:02}")


def _born_iso_ce(line: Line) -> None:
    line.write("birth_date", line.person.birth_date.isoformat())


def _born_date_cell(line: Line) -> None:
    born = line.person.birth_date
    line.write("birth_date", f"{born.isoformat()} 00:00:00" if line.is_csv else born)


def _born_date_cell_be(line: Line) -> None:
    day, month, year = line.born_be
    if line.is_csv or (month, day) == (2, 29):
        line.write("birth_date", f"{year}-{month:02}-{day:02} 00:00:00")
    else:
        line.write("birth_date", date(year, month, day))


def _born_year_only(line: Line) -> None:
    line.change("birth_date", str(line.born_be[2]), str(line.person.birth_date.year))


def _born_two_digit_year(line: Line) -> None:
    day, month, year = line.born_be
    line.spoil("birth_date", f"{day}/{month}/{year % 100:02}")


def _born_impossible(line: Line) -> None:
    line.spoil("birth_date", f"31/4/{line.born_be[2]}")


def _born_unknown(line: Line) -> None:
    line.change("birth_date", "ไม่ทราบ", None)


# ---- names ----


def _title_glued(line: Line) -> None:
    line.write("first_name", line.person.title + line.person.first_name)
    line.write("title", None)


def _title_short(line: Line) -> None:
    line.write("title", _SHORT_TITLES[line.person.title])


def _title_contradicts_sex(line: Line) -> None:
    other = "หญิง" if line.person.sex == "ชาย" else "ชาย"
    line.change("sex", other, other)


def _am_in_two_parts(line: Line) -> None:
    line.change("first_name", "อํานวย", "อำนวย")


def _am_and_tone_swapped(line: Line) -> None:
    line.change("last_name", "ทดสอบนํ้าใจ", "ทดสอบน้ำใจ")


def _two_e_for_ae(line: Line) -> None:
    line.change("first_name", "เเสงเดือน", "แสงเดือน")


def _zero_width(line: Line) -> None:
    name = line.person.last_name
    line.write("last_name", f"{name[:3]}\u200b{name[3:]}\ufeff")


def _odd_spaces(line: Line) -> None:
    line.write("first_name", f" \u00a0{line.person.first_name}  ")


def _name_missing(line: Line) -> None:
    line.change("first_name", None, None)
    line.change("last_name", None, None)


def _text_turned_round(line: Line) -> None:
    line.spoil("last_name", f"\u202e{line.person.last_name}")


def _sex_code(line: Line) -> None:
    written_as = {"ชาย": ("ช", "M", "1"), "หญิง": ("ญ", "F", "2")}[line.person.sex]
    line.write("sex", line.random.choice(written_as))


# ---- area, year, marks ----


def _area_prefixes(line: Line) -> None:
    place = line.person.place
    line.write("tambon_name", f"ต.{place.name}")
    line.write("amphoe_name", f"อำเภอ{place.district}")
    line.write("province_name", f"จ.{place.province}")


def _area_shifted(line: Line) -> None:
    line.spoil("amphoe_name", line.random.choice(("อยู่ยาก", "อยู่ลำบาก", "อยู่พอได้", "ไม่มีข้อมูล")))


def _area_number(line: Line) -> None:
    line.spoil("tambon_name", "2.45")


def _area_unknown(line: Line) -> None:
    line.spoil("tambon_code", "990101")
    line.spoil("tambon_name", "ไม่มีอยู่จริง")
    line.spoil("amphoe_name", "ไม่มีอยู่จริง")
    line.spoil("province_name", "ไม่มีอยู่จริง")


def _area_new(line: Line) -> None:
    code = line.person.place.code[:4] + "88"
    line.change("tambon_code", code, code)
    line.change("tambon_name", "ทดลองตั้งใหม่", "ทดลองตั้งใหม่")


def _area_of_others(line: Line) -> None:
    for column, text in _ELSEWHERE.items():
        line.change(column, text, text)
    code = _ELSEWHERE["tambon_code"][:4] + line.person.house_code[4:]
    line.change("house_code", code, code)


def _year_two_digits(line: Line) -> None:
    line.write("tpmap_year", f"{line.person.year_be % 100:02}")


def _year_common_era(line: Line) -> None:
    line.write("bmn_year", line.person.year_be - 1 - 543)


def _year_impossible(line: Line) -> None:
    line.spoil("bmn_year", 1234)


def _marks_in_words(line: Line) -> None:
    for column, (yes, no) in {
        "welfare_card": ("มี", "ไม่มี"),
        "dim_income": ("ไม่ผ่าน", "ผ่าน"),
        "dim_education": ("ตกเกณฑ์", "ผ่าน"),
        "dim_health": ("/", None),
        "dim_living": ("✓", None),
    }.items():
        line.write(column, yes if line.values[column] else no)


FAULTS = (
    Fault("cid_float", ACCEPTED, (), _cid_float),
    Fault("cid_number", ACCEPTED, (), _cid_number),
    Fault("cid_scientific", REJECTED, ("E_ID_SCI",), _cid_scientific),
    Fault("cid_dashes", ACCEPTED, (), _cid_dashes),
    Fault("cid_spaces", ACCEPTED, (), _cid_spaces),
    Fault("cid_thai_digits", ACCEPTED, (), _cid_thai_digits),
    Fault("cid_lost_zero", ACCEPTED, ("F_CID_PADDED", "W_CID_NONTHAI"), _cid_lost_zero),
    Fault("cid_too_short", REJECTED, ("E_CID_LEN",), _cid_too_short),
    Fault("cid_bad_check", REJECTED, ("E_CID_CHECK",), _cid_bad_check),
    Fault("cid_reserved", REJECTED, ("E_CID_RESERVED",), _cid_reserved),
    Fault("cid_missing", ACCEPTED, ("W_CID_MISSING",), _cid_missing),
    Fault("cid_not_thai", ACCEPTED, ("W_CID_NONTHAI",), _cid_not_thai),
    Fault("cid_error_cell", REJECTED, ("E_CELL_ERROR",), _cid_error_cell),
    Fault(
        "cid_of_another_house",
        HELD,
        ("H_DUP_IN_FILE",),
        _cid_of_another_house,
        partner=IN_ANOTHER_HOUSE,
    ),
    Fault("house_missing", HELD, ("H_NO_HOUSE",), _house_missing),
    Fault("house_too_short", REJECTED, ("E_HC_LEN",), _house_too_short),
    Fault("house_scientific", REJECTED, ("E_ID_SCI",), _house_scientific),
    Fault("house_of_other_province", ACCEPTED, ("W_HC_PREFIX",), _house_of_other_province),
    Fault("house_thai_digits", ACCEPTED, (), _house_thai_digits),
    Fault("house_no_is_date", HELD, ("H_HOUSENO_DATE",), _house_no_is_date, fits=_is_alone),
    Fault(
        "house_no_differs",
        HELD,
        ("H_HOUSE_DIFFERS",),
        _house_no_differs,
        fits=_is_later_member,
        partner=IN_THE_SAME_HOUSE,
    ),
    Fault("moo_thai_digits", ACCEPTED, (), _moo_thai_digits),
    Fault("born_dashes", ACCEPTED, (), _born_dashes),
    Fault("born_short_month", ACCEPTED, (), _born_short_month),
    Fault("born_long_month", ACCEPTED, (), _born_long_month),
    Fault("born_thai_digits", ACCEPTED, (), _born_thai_digits),
    Fault("born_iso_be", ACCEPTED, (), _born_iso_be),
    Fault("born_iso_ce", ACCEPTED, (), _born_iso_ce),
    Fault("born_date_cell", ACCEPTED, (), _born_date_cell),
    Fault("born_date_cell_be", ACCEPTED, (), _born_date_cell_be),
    Fault("born_year_only", ACCEPTED, (), _born_year_only),
    Fault("born_two_digit_year", HELD, ("H_YEAR",), _born_two_digit_year),
    Fault("born_impossible", REJECTED, ("E_DATE",), _born_impossible),
    Fault("born_unknown", ACCEPTED, ("W_BIRTH_UNKNOWN",), _born_unknown),
    # นาง runs into names that begin with it, so only the other titles are certain when glued.
    Fault("title_glued", ACCEPTED, (), _title_glued, fits=lambda person: person.title != "นาง"),
    Fault(
        "title_short", ACCEPTED, (), _title_short, fits=lambda person: person.title in _SHORT_TITLES
    ),
    Fault("title_contradicts_sex", ACCEPTED, ("W_TITLE_SEX",), _title_contradicts_sex),
    Fault("am_in_two_parts", ACCEPTED, (), _am_in_two_parts),
    Fault("am_and_tone_swapped", ACCEPTED, (), _am_and_tone_swapped),
    Fault("two_e_for_ae", ACCEPTED, (), _two_e_for_ae),
    Fault("zero_width", ACCEPTED, (), _zero_width),
    Fault("odd_spaces", ACCEPTED, (), _odd_spaces),
    Fault("name_missing", REJECTED, ("E_NO_NAME",), _name_missing),
    Fault("text_turned_round", REJECTED, ("E_TEXT_DIRECTION",), _text_turned_round),
    Fault("sex_code", ACCEPTED, (), _sex_code),
    Fault("area_prefixes", ACCEPTED, (), _area_prefixes),
    Fault("area_shifted", REJECTED, ("E_AREA_SHIFT",), _area_shifted, fits=_is_alone),
    Fault("area_number", REJECTED, ("E_AREA_SHIFT",), _area_number, fits=_is_alone),
    Fault("area_unknown", REJECTED, ("E_AREA_UNKNOWN",), _area_unknown, fits=_is_alone),
    Fault("area_new", HELD, ("H_AREA_NEW",), _area_new, fits=_is_alone),
    Fault("area_of_others", REJECTED, ("E_AREA_SCOPE",), _area_of_others, fits=_is_alone),
    Fault("year_two_digits", ACCEPTED, (), _year_two_digits),
    Fault("year_common_era", ACCEPTED, (), _year_common_era),
    Fault("year_impossible", REJECTED, ("E_YEAR",), _year_impossible),
    Fault("marks_in_words", ACCEPTED, (), _marks_in_words),
)

# Faults that are a line of their own, behind a faultless one.
BLANK_LINE, HEADER_LINE, TOTAL_LINE, REPEATED_LINE = "blank", "header", "total", "repeat"
EXTRA_LINES = {
    BLANK_LINE: "S_BLANK",
    HEADER_LINE: "S_HEADER",
    TOTAL_LINE: "S_TOTAL",
    REPEATED_LINE: "S_REPEAT",
}
