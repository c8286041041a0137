"""Every trap that a line of a person list is known for: cells → codes → values in normal form."""

from datetime import date, datetime
from typing import Any

import pytest

from imports.reading.cells import ErrorCell, FormulaWithoutValue, MergedCell
from imports.verdicts import CATALOGUE, verdict
from imports.workflow import Verdict
from ppaos.lib import citizen_id
from tests.imports.lines import (
    CELLS,
    codes,
    expected_values,
    normaliser,
    read,
)

CID, HOUSE, BORN = "เลขประจำตัวประชาชน", "รหัสบ้าน", "วันเกิด"
NO_REGISTRATION = citizen_id.generate(1, first=0)
RESERVED = "999999999999" + citizen_id.check_digit("999999999999")


# changed cells → codes → changed values; a value of ... is not looked at
TRAPS: dict[str, tuple[dict[str, Any], list[str], dict[str, Any]]] = {
    # ---- citizen ID ----
    "id with dashes": ({CID: "1-9999-00000-01-3"}, [], {}),
    "id with spaces": ({CID: " 1 9999 00000 01 3 "}, [], {}),
    "id as a float": ({CID: 1999900000013.0}, [], {}),
    "id as an integer": ({CID: 1999900000013}, [], {}),
    "id as a float in text": ({CID: "1999900000013.0"}, [], {}),
    "id behind an apostrophe": ({CID: "'1999900000013"}, ["F_FORMAT"], {}),
    "id in Thai digits": ({CID: "๑๙๙๙๙๐๐๐๐๐๐๑๓"}, ["F_DIGITS"], {}),
    "id in full-width digits": ({CID: "１９９９９００００００１３"}, ["F_DIGITS"], {}),
    "id with a zero width space": ({CID: "1999900000013\u200b"}, ["F_TEXT_REPAIRED"], {}),
    "id with no-break spaces and marks": (
        {CID: "\ufeff1\u00a09999 00000\u00ad01\u200f3"},
        ["F_TEXT_REPAIRED"],
        {},
    ),
    "id in scientific notation": ({CID: "3.30E+12"}, ["E_ID_SCI"], {"citizen_id": None}),
    "id in scientific notation with more digits": (
        {CID: "1.23457E+12"},
        ["E_ID_SCI"],
        {"citizen_id": None},
    ),
    "id with its digits lost": (
        {CID: 1234570000000.0},
        ["E_CID_CHECK", "E_ID_SCI"],
        {"citizen_id": None},
    ),
    "id too short": ({CID: "19999000000"}, ["E_CID_LEN"], {"citizen_id": None}),
    "id too long": ({CID: "19999000000131"}, ["E_CID_LEN"], {"citizen_id": None}),
    "id with a letter": ({CID: "199990000001X"}, ["E_CID_LEN"], {"citizen_id": None}),
    "id with a superscript": ({CID: "²999900000013"}, ["E_CID_LEN"], {"citizen_id": None}),
    "id with a fraction": ({CID: 1999900000013.5}, ["E_CID_LEN"], {"citizen_id": None}),
    "id with a wrong check digit": ({CID: "1999900000014"}, ["E_CID_CHECK"], {"citizen_id": None}),
    "thirteen zeros": ({CID: "0000000000000"}, ["E_CID_CHECK"], {"citizen_id": None}),
    "id beginning with nine": ({CID: RESERVED}, ["E_CID_RESERVED"], {"citizen_id": None}),
    "id that lost its zero": (
        {CID: int(NO_REGISTRATION)},
        ["F_CID_PADDED", "W_CID_NONTHAI"],
        {"citizen_id": NO_REGISTRATION},
    ),
    "twelve digits that are no lost zero": (
        {CID: "110000000000"},
        ["E_CID_LEN"],
        {"citizen_id": None},
    ),
    "id of a person without registration": (
        {CID: NO_REGISTRATION}, ["W_CID_NONTHAI"], {"citizen_id": NO_REGISTRATION},
    ),
    "id of a foreigner": (
        {CID: citizen_id.generate(1, first=6)},
        ["W_CID_NONTHAI"],
        {"citizen_id": citizen_id.generate(1, first=6)},
    ),
    "no id": ({CID: None}, ["W_CID_MISSING"], {"citizen_id": None}),
    "a dash for an id": ({CID: "-"}, ["W_CID_MISSING"], {"citizen_id": None}),
    "words for no id": ({CID: "ไม่มีบัตร"}, ["W_CID_MISSING"], {"citizen_id": None}),
    # ---- house code ----
    "house code as a float": ({HOUSE: 30320000011.0}, [], {}),
    "house code with dashes": ({HOUSE: "3032-000001-1"}, [], {}),
    "house code in Thai digits": ({HOUSE: "๓๐๓๒๐๐๐๐๐๑๑"}, ["F_DIGITS"], {}),
    "house code too short": ({HOUSE: "3032000001"}, ["E_HC_LEN"], {"house_code": None}),
    "house code too long": ({HOUSE: "303200000111"}, ["E_HC_LEN"], {"house_code": None}),
    "house code with a zero too many": ({HOUSE: "030320000011"}, ["F_HC_ZERO"], {}),
    "house code in scientific notation": (
        {HOUSE: "3.0320E+10"},
        ["E_ID_SCI"],
        {"house_code": None},
    ),
    "house code with its digits lost": ({HOUSE: 30320000000.0}, ["E_ID_SCI"], {"house_code": None}),
    "no house code": ({HOUSE: None}, ["H_NO_HOUSE"], {"house_code": None}),
    "words for no house code": ({HOUSE: "ไม่มีทะเบียนบ้าน"}, ["H_NO_HOUSE"], {"house_code": None}),
    "house code of another province": (
        {HOUSE: "47010000011"}, ["W_HC_PREFIX"], {"house_code": "47010000011"},
    ),
    # ---- nothing to go by ----
    "neither id nor name": (
        {CID: "", "ชื่อ": ""},
        ["W_CID_MISSING", "E_NO_KEY"],
        {"citizen_id": None, "first_name": None},
    ),
    "neither id nor house": (
        {CID: "", HOUSE: "", "บ้านเลขที่": "-"},
        ["H_NO_HOUSE", "W_CID_MISSING", "E_NO_KEY"],
        {"citizen_id": None, "house_code": None, "house_no": None},
    ),
    "neither id nor house code, but an address": (
        {CID: "", HOUSE: ""},
        ["H_NO_HOUSE", "W_CID_MISSING"],
        {"citizen_id": None, "house_code": None},
    ),
    "no name": ({"ชื่อ": None}, ["E_NO_NAME"], {"first_name": None}),
    # ---- dates ----
    "born in ISO order and Buddhist year": ({BORN: "2503-04-25"}, ["F_DATE"], {}),
    "born in ISO order": ({BORN: "1960-04-25"}, [], {}),
    "born with dashes": ({BORN: "25-4-2503"}, ["F_DATE"], {}),
    "born with a short month": ({BORN: "25 เม.ย. 2503"}, [], {}),
    "born with a month in full": ({BORN: "25 เมษายน พ.ศ. 2503"}, [], {}),
    "born in Thai digits": ({BORN: "๒๕/๔/๒๕๐๓"}, ["F_DIGITS"], {}),
    "born in a date cell": ({BORN: date(1960, 4, 25)}, [], {}),
    "born in a date cell with time": ({BORN: datetime(1960, 4, 25, 0, 0)}, [], {}),  # noqa: DTZ001
    "born in a date cell of the Buddhist year": ({BORN: datetime(2503, 4, 25)}, ["F_DATE"], {}),  # noqa: DTZ001
    "born as a day number": ({BORN: 22031.0}, ["F_DATE"], {}),
    "born on a Buddhist leap day": ({BORN: "29/02/2543"}, [], {"birth_date": "2000-02-29"}),
    "born on a leap day of the wrong era": ({BORN: "29/2/2568"}, ["E_DATE"], {"birth_date": None}),
    "born on a leap day of the wrong era, as a cell": (
        {BORN: date(2568, 2, 29)},
        ["E_DATE"],
        {"birth_date": None},
    ),
    "born on 31 April": ({BORN: "31/4/2503"}, ["E_DATE"], {"birth_date": None}),
    "born with the month first": ({BORN: "4/25/2503"}, ["E_DATE"], {"birth_date": None}),
    "born in a two-digit year": ({BORN: "25/4/03"}, ["H_YEAR"], {"birth_date": None}),
    "born in a bare two-digit year": ({BORN: "03"}, ["H_YEAR"], {"birth_date": None}),
    "born in a year": ({BORN: "2503"}, [], {"birth_date": "1960"}),
    "born in a year as a number": ({BORN: 2503.0}, [], {"birth_date": "1960"}),
    "born on an unknown day": ({BORN: "00/00/2503"}, ["F_DATE"], {"birth_date": "1960"}),
    "born nobody knows when": ({BORN: "ไม่ทราบ"}, ["W_BIRTH_UNKNOWN"], {"birth_date": None}),
    "born never said": ({BORN: "-"}, [], {"birth_date": None}),
    "born tomorrow": ({BORN: "21/11/2569"}, ["E_YEAR"], {"birth_date": None}),
    "born today": ({BORN: "20/11/2569"}, [], {"birth_date": "2026-11-20"}),
    "born before everybody": ({BORN: "1/1/2448"}, ["E_YEAR"], {"birth_date": None}),
    "born out of time": ({BORN: "1/1/2222"}, ["E_YEAR"], {"birth_date": None}),
    "born in words": ({BORN: "เมื่อนานมาแล้ว"}, ["E_DATE"], {"birth_date": None}),
    # ---- years ----
    "year as a float": ({"ปี จปฐ.": 2566.0}, [], {}),
    "year in two digits": ({"ปี จปฐ.": "66"}, ["F_YEAR"], {}),
    "year of the common era": ({"ปี จปฐ.": 2023}, ["F_YEAR"], {}),
    "year in Thai digits": ({"ปี จปฐ.": "๒๕๖๖"}, ["F_DIGITS"], {}),
    "year before the survey began": ({"ปี จปฐ.": "2539"}, ["E_YEAR"], {"bmn_year": None}),
    "year after the end": ({"ปี จปฐ.": "2601"}, ["E_YEAR"], {"bmn_year": None}),
    "year in two digits of no survey": ({"ปี จปฐ.": "41"}, ["E_YEAR"], {"bmn_year": None}),
    "another year than the list's": ({"ปีข้อมูล TPMAP": "2566"}, ["H_YEAR"], {"tpmap_year": 2566}),
    "no year": ({"ปีข้อมูล TPMAP": None}, [], {"tpmap_year": None}),
    # ---- names ----
    "title in short": ({"คำนำหน้า": "น.ส."}, [], {"title": "นางสาว"}),
    "title that nobody knows": ({"คำนำหน้า": "คุณ"}, [], {"title": "คุณ"}),
    "title within the name": (
        {"คำนำหน้า": None, "ชื่อ": "นางสาวสมศรี"}, ["F_NAME_SPLIT"], {"title": "นางสาว"},
    ),
    "title within the name and in its column": ({"ชื่อ": "นางสมศรี"}, ["W_NAME_SPLIT"], {}),
    "name that begins like a title": (
        {"คำนำหน้า": None, "ชื่อ": "นางลักษณ์"}, [], {"title": None, "first_name": "นางลักษณ์"},
    ),
    "title in the name and another in its column": ({"ชื่อ": "นางสาวสมศรี"}, ["W_TITLE_SEX"], {}),
    "first and last name in one cell": (
        {"ชื่อ": "สมศรี ณ อยุธยา", "นามสกุล": None}, ["F_NAME_SPLIT"], {"last_name": "ณ อยุธยา"},
    ),
    "whole name in one cell": (
        {"คำนำหน้า": "", "ชื่อ": "นาง สมศรี ใจดี", "นามสกุล": ""}, ["F_NAME_SPLIT"], {},
    ),
    "name with two halves of am": (
        {"ชื่อ": "น\u0e4d\u0e49\u0e32ฝน"},
        ["F_TEXT_REPAIRED"],
        {"first_name": "น้ำฝน"},
    ),
    "name with two e": ({"ชื่อ": "เเก้ว"}, ["F_TEXT_REPAIRED"], {"first_name": "แก้ว"}),
    "name with spaces around": ({"ชื่อ": "  สมศรี\u00a0 "}, [], {}),
    "name with a zero width space": ({"ชื่อ": "สม\u200bศรี"}, ["F_TEXT_REPAIRED"], {}),
    "name written backwards": ({"ชื่อ": "\u202eสมศรี"}, ["E_TEXT_DIRECTION"], {"first_name": None}),
    "name without end": ({"นามสกุล": "ก" * 500}, ["E_TEXT_LONG"], {"last_name": None}),
    "title of the other sex": ({"คำนำหน้า": "นาย"}, ["W_TITLE_SEX"], {"title": "นาย"}),
    "a formula for a name": (
        {"ชื่อ": "=cmd|' /C calc'!A0"},
        ["W_NAME_CHARS"],
        {"first_name": "=cmd|' /C calc'!A0"},
    ),
    "sex in one letter": ({"เพศ": "ญ"}, [], {}),
    "sex in English": ({"เพศ": "F"}, [], {}),
    "sex as a number": ({"เพศ": 2.0}, [], {}),
    "sex that cannot be read": ({"เพศ": "?!"}, ["W_VALUE"], {"sex": None}),
    # ---- address ----
    "house number that became a date cell": (
        {"บ้านเลขที่": datetime(2026, 2, 25)}, ["H_HOUSENO_DATE"], {"house_no": "25/2"},  # noqa: DTZ001
    ),
    "house number that became a day and month": (
        {"บ้านเลขที่": "25-ก.พ."},
        ["H_HOUSENO_DATE"],
        {"house_no": "25/2"},
    ),
    "house number that became a day in English": (
        {"บ้านเลขที่": "25-Feb"},
        ["H_HOUSENO_DATE"],
        {"house_no": "25/2"},
    ),
    "house number that became a whole date": (
        {"บ้านเลขที่": "2026-02-25 00:00:00"},
        ["H_HOUSENO_DATE"],
        {"house_no": "25/2"},
    ),
    "house number that became a month and year": (
        {"บ้านเลขที่": "ก.พ.-25"},
        ["H_HOUSENO_DATE"],
        {"house_no": "2/25"},
    ),
    "house number as a float": ({"บ้านเลขที่": 35.0}, [], {"house_no": "35"}),
    "house number with three parts": ({"บ้านเลขที่": "12/3/4"}, [], {"house_no": "12/3/4"}),
    "house number with a letter": ({"บ้านเลขที่": "12 ก"}, [], {"house_no": "12 ก"}),
    "house number in Thai digits": ({"บ้านเลขที่": "๒๕/๒"}, ["F_DIGITS"], {}),
    "house number with its word": ({"บ้านเลขที่": "บ้านเลขที่ 25/2"}, [], {}),
    "no house number": ({"บ้านเลขที่": "-"}, [], {"house_no": None}),
    "moo with its word": ({"หมู่ที่": "ม.3"}, [], {}),
    "moo as a float": ({"หมู่ที่": 3.0}, [], {}),
    "moo in Thai digits": ({"หมู่ที่": "หมู่ที่ ๓"}, ["F_DIGITS"], {}),
    "moo that cannot be read": ({"หมู่ที่": "สาม"}, ["H_UNREADABLE"], {"moo": None}),
    "moo too great": ({"หมู่ที่": "100"}, ["H_UNREADABLE"], {"moo": None}),
    "places with their words": (
        {
            "ตำบล": "ต.ช้างทอง", "อำเภอ": "กิ่งอำเภอเฉลิมพระเกียรติ",
            "จังหวัด": "จังหวัดนครราชสีมา", "ชื่อหมู่บ้าน": "บ้านช้างทอง",
        },
        [], {},
    ),
    "a status slipped under the district": (
        {"อำเภอ": "อยู่ลำบาก"},
        ["E_AREA_SHIFT"],
        {"amphoe_name": None},
    ),
    "a status slipped under the tambon": (
        {"ตำบล": "ไม่มีข้อมูล"},
        ["E_AREA_SHIFT"],
        {"tambon_name": None},
    ),
    "a number slipped under the province": (
        {"จังหวัด": "3"},
        ["E_AREA_SHIFT"],
        {"province_name": None},
    ),
    "a number cell slipped under the district": (
        {"อำเภอ": 30.0},
        ["E_AREA_SHIFT"],
        {"amphoe_name": None},
    ),
    "words slipped under a code": ({"รหัสตำบล": "ช้างทอง"}, ["E_AREA_SHIFT"], {"tambon_code": None}),
    "a code too short": ({"รหัสตำบล": "3032"}, ["E_AREA_UNKNOWN"], {"tambon_code": None}),
    "a code as a float": ({"รหัสตำบล": 303201.0}, [], {}),
    "a code in Thai digits": ({"รหัสตำบล": "๓๐๓๒๐๑"}, ["F_DIGITS"], {}),
    # ---- yes and no ----
    "yes in words": ({"บัตรสวัสดิการแห่งรัฐ": "มี"}, [], {}),
    "no in words": ({"บัตรสวัสดิการแห่งรัฐ": "ไม่มี"}, [], {"welfare_card": False}),
    "yes as a tick": ({"บัตรสวัสดิการแห่งรัฐ": "✓"}, [], {}),
    "yes as a boolean": ({"บัตรสวัสดิการแห่งรัฐ": True}, [], {}),
    "yes as a float": ({"บัตรสวัสดิการแห่งรัฐ": 1.0}, [], {}),
    "a blank flag is not no": ({"บัตรสวัสดิการแห่งรัฐ": ""}, [], {"welfare_card": None}),
    "a dash for a flag is not no": ({"บัตรสวัสดิการแห่งรัฐ": "-"}, [], {"welfare_card": None}),
    "a blank dimension is not flagged": ({"รายได้": None}, [], {"dim_income": False}),
    "a dimension in words": ({"รายได้": "ตกเกณฑ์", "สุขภาพ": "ผ่าน"}, [], {}),
    "a failed dimension in words": ({"สุขภาพ": "ไม่ผ่าน"}, [], {"dim_health": True}),
    "an x that nobody has explained": ({"สุขภาพ": "x"}, ["H_UNREADABLE"], {"dim_health": None}),
    "a flag that cannot be read": (
        {"บัตรสวัสดิการแห่งรัฐ": "2"},
        ["H_UNREADABLE"],
        {"welfare_card": None},
    ),
    # ---- cells without a value of their own ----
    "an error cell": ({CID: ErrorCell("#N/A")}, ["E_CELL_ERROR"], {"citizen_id": None}),
    "an error as text": ({CID: "#REF!"}, ["E_CELL_ERROR"], {"citizen_id": None}),
    "a formula without a value": (
        {"ชื่อ": FormulaWithoutValue("=A1")},
        ["E_CELL_FORMULA"],
        {"first_name": None},
    ),
    "a merged cell": ({"ตำบล": MergedCell("")}, ["E_CELL_MERGED"], {"tambon_name": None}),
}  # fmt: skip


@pytest.mark.parametrize(("cells", "found", "changed"), TRAPS.values(), ids=TRAPS)
def test_a_trap_gives_its_codes_and_values(
    cells: dict[str, Any], found: list[str], changed: dict[str, Any]
) -> None:
    record = read(cells)

    assert codes(record) == found
    assert record.values == expected_values(**changed)


def test_the_traps_cover_every_verdict() -> None:
    reached = {verdict(read(cells).findings) for cells, _, _ in TRAPS.values()}

    assert reached == {Verdict.ACCEPTED, Verdict.HELD, Verdict.REJECTED}


def test_every_code_that_a_line_can_get_is_in_the_catalogue() -> None:
    found = {code for cells, _, _ in TRAPS.values() for code in codes(read(cells))}

    assert found <= set(CATALOGUE)


def test_the_same_cells_are_read_alike_whatever_was_read_before() -> None:
    headers = list(CELLS)
    shared = normaliser(headers)
    for cells, found, changed in TRAPS.values():
        if set(cells) <= set(headers):
            record = shared.read([{**CELLS, **cells}[header] for header in headers])
            assert (codes(record), record.values) == (found, expected_values(**changed))
