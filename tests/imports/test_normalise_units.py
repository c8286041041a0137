"""Lines of households, of helps and of areas are judged by rules of their own."""

from datetime import date
from typing import Any

import pytest

from imports.normalise import AreaResolver, FileTracker, Normaliser, Record
from imports.profiles import PROFILES
from imports.profiles.headers import guess
from imports.profiles.profile import Unit
from imports.verdicts import Finding, verdict
from imports.workflow import Verdict, row_of
from tests.imports.lines import KNOWN_AREAS, codes

TODAY = date(2026, 11, 20)
PLACE = {
    "บ้านเลขที่": "25/2",
    "หมู่ที่": "3",
    "ตำบล": "ช้างทอง",
    "อำเภอ": "เฉลิมพระเกียรติ",
    "จังหวัด": "นครราชสีมา",
}
HOUSE = {"รหัสบ้าน": "30320000011", **PLACE}
CID = "1999900000013"
LINES: dict[str, dict[str, Any]] = {
    "bmn": {"ปี จปฐ.": "2567", **HOUSE, "ตัวชี้วัดที่ 1": "1", "ตัวชี้วัดที่ 22": "0"},
    "thaiqm": {"ปีที่สำรวจ": "2567", **HOUSE, "ปัญหาด้านสุขภาพ": "ป่วยติดเตียง", "ปัญหาด้านรายได้": ""},
    "thaiqm.long": {"ปีที่สำรวจ": "2567", **HOUSE, "มิติ": "ด้านรายได้", "สภาพปัญหา": "ไม่มีอาชีพ"},
    "pppconnext": {**HOUSE, "ทุนมนุษย์": "2.61", "ทุนกายภาพ": "0"},
    "pppconnext.persons": {"รหัสบ้าน": "30320000011", "ลำดับในบ้าน": "1", "ชื่อ": "สมศรี", "สกุล": "ใจดี",
                           "หมายเลขประจำตัวประชาชน": CID},
    "vulnerable": {**HOUSE, "กลุ่มเปราะบาง": "ผู้พิการ, คนชรา", "ระดับความเปราะบาง": "2"},
    "households": {**HOUSE, "จำนวนสมาชิก": "4"},
    "households.by_code": {"HC": "30320000011", "ชื่อ-นามสกุล": "นาง สมศรี ใจดี", "ที่อยู่": "25/2 ช้างทอง"},
    "assistance": {
        "รหัสบ้าน": "30320000011",
        "เลขประจำตัวประชาชน": "",
        "มิติ": "สุขภาพ",
        "หน่วยงาน": "รพ.สต.",
        "กิจกรรม": "เยี่ยมบ้าน",
        "งบประมาณ": "1,200 บาท",
        "วันที่ช่วยเหลือ": "15/3/2567",
        "ผล": "แก้ไขได้",
    },
    "missed.counts": {"อำเภอ": "เฉลิมพระเกียรติ", "ผู้ตกเกณฑ์ จปฐ.+ไม่มีบัตร": "1,234", "รวมทั้ง 3 กลุ่ม": "๑๒"},
    "area_figures": {"ปี": "2565", "อำเภอ": "เฉลิมพระเกียรติ", "จังหวัด": "นครราชสีมา", "จำนวนคนจน": "5"},
    "welfare_card": {"ปีสวัสดิการ": "2567", "เลขบัตร": CID, "ชื่อ-สกุล": "นาง สมศรี ใจดี", **HOUSE},
}  # fmt: skip


def read(key: str, changes: dict[str, Any] | None = None, **options: Any) -> Record:
    cells = {**LINES[key], **(changes or {})}
    profile = PROFILES[key]
    mapping = guess(list(cells), profile)
    assert not mapping.missing, mapping.missing
    areas = AreaResolver(KNOWN_AREAS, scopes=options.pop("scopes", ["30"]))
    normaliser = Normaliser(
        mapping, profile, today=TODAY, **{"year_be": 2567, "areas": areas, **options}
    )
    return normaliser.read(list(cells.values()))


def track(key: str, *changes: dict[str, Any]) -> Record:
    """Return the last of some lines as the tracker leaves it."""
    tracker = FileTracker()
    return [tracker.track(line, read(key, each)) for line, each in enumerate(changes, start=2)][-1]


@pytest.mark.parametrize("key", LINES)
def test_a_faultless_line_is_accepted_and_says_what_it_is_about(key: str) -> None:
    record = read(key)

    assert [code for code in codes(record) if not code.startswith("F_")] == []
    assert record.unit is PROFILES[key].unit


@pytest.mark.parametrize(
    ("key", "values", "area"),
    [
        ("bmn", {"ind_1": 1, "ind_22": 0, "citizen_id": None}, "30320103"),
        ("thaiqm", {"problem_health": "ป่วยติดเตียง", "problem_income": None}, "30320103"),
        ("thaiqm.long", {"dimension": "income", "problem_text": "ไม่มีอาชีพ"}, "30320103"),
        ("pppconnext", {"cap_human": "2.61", "cap_physical": None}, "30320103"),
        ("pppconnext.persons", {"member_seq": 1, "last_name": "ใจดี"}, None),
        ("vulnerable", {"target_group": "elderly,disabled", "vulnerability_level": 2}, "30320103"),
        ("households.by_code", {"house_code": "30320000011", "first_name": "สมศรี"}, None),
        (
            "assistance",
            {"dimension": "health", "budget": "1200.00", "help_result": "solved"},
            None,
        ),
        ("missed.counts", {"missed_bmn_no_card": 1234, "missed_total": 12}, "3032"),
        ("area_figures", {"poor_people": 5, "survey_year": 2565}, "3032"),
        ("welfare_card", {"welfare_card": True, "welfare_year": 2567}, "30320103"),
    ],
)
def test_what_it_says_is_in_normal_form(key: str, values: dict[str, Any], area: str | None) -> None:
    record = read(key)

    assert {name: record.values[name] for name in values} == values
    assert record.area_code == area


@pytest.mark.parametrize(
    ("key", "changes", "expected"),
    [
        # a house is needed, somebody's name is not
        ("households", {"รหัสบ้าน": ""}, ["H_NO_HOUSE"]),
        ("households", {"รหัสบ้าน": "", "บ้านเลขที่": ""}, ["H_NO_HOUSE", "E_NO_KEY"]),
        ("households", {"เลขประจำตัวประชาชน": "", "ชื่อ": ""}, []),
        ("households", {"เลขประจำตัวประชาชน": CID}, []),
        ("households", {"เลขประจำตัวประชาชน": CID[:12] + "9"}, ["E_CID_CHECK"]),
        ("households", {"ตำบล": ""}, ["E_AREA_UNKNOWN"]),
        # a list's words
        ("thaiqm.long", {"มิติ": "สิ่งแวดล้อม"}, ["H_UNREADABLE"]),
        ("thaiqm.long", {"มิติ": ""}, ["H_UNREADABLE"]),
        ("vulnerable", {"กลุ่มเปราะบาง": "กลุ่ม ก"}, ["W_VALUE"]),
        ("vulnerable", {"กลุ่มเปราะบาง": "คนพิการ, กลุ่ม ก"}, ["W_VALUE"]),
        ("vulnerable", {"ระดับความเปราะบาง": "4"}, ["W_VALUE"]),
        ("pppconnext", {"ทุนมนุษย์": "4.01"}, ["E_CAP_RANGE"]),
        # who was helped, and how
        ("assistance", {"รหัสบ้าน": "", "เลขประจำตัวประชาชน": CID}, []),
        ("assistance", {"รหัสบ้าน": ""}, ["E_NO_KEY"]),
        ("assistance", {"หน่วยงาน": "", "กิจกรรม": ""}, ["E_NO_HELP"]),
        ("assistance", {"กิจกรรม": ""}, []),
        ("assistance", {"มิติ": ""}, []),
        ("assistance", {"มิติ": "อื่น"}, ["H_UNREADABLE"]),
        ("assistance", {"ผล": "ดีมาก"}, ["W_VALUE"]),
        ("assistance", {"วันที่ช่วยเหลือ": "1/1/2599"}, ["E_YEAR"]),
        # counts and the areas they are of
        ("area_figures", {"จำนวนคนจน": "-5"}, ["E_COUNT"]),
        ("area_figures", {"จำนวนคนจน": "5.5"}, ["E_COUNT"]),
        ("area_figures", {"จำนวนคนจน": "มาก"}, ["E_COUNT"]),
        ("area_figures", {"จำนวนคนจน": "0"}, []),
        ("area_figures", {"จำนวนคนจน": "1,234 คน"}, []),
        ("area_figures", {"อำเภอ": "ไม่มีจริง"}, ["E_AREA_UNKNOWN"]),
        ("area_figures", {"อำเภอ": "", "จังหวัด": ""}, ["E_AREA_UNKNOWN"]),
        ("area_figures", {"อำเภอ": "นามน", "จังหวัด": "กาฬสินธุ์"}, ["E_AREA_SCOPE"]),
        ("area_figures", {"อำเภอ": "รวมทั้งจังหวัด"}, ["S_TOTAL"]),
        ("missed.counts", {"อำเภอ": "รวม"}, ["S_TOTAL"]),
        ("missed.counts", dict.fromkeys(LINES["missed.counts"], ""), ["S_BLANK"]),
        # years
        ("bmn", {"ปี จปฐ.": "2566"}, ["H_YEAR"]),
        ("area_figures", {"ปี": "2561"}, []),
    ],
)  # fmt: skip
def test_a_line_is_judged_by_what_it_is_about(
    key: str, changes: dict[str, Any], expected: list[str]
) -> None:
    found = [code for code in codes(read(key, changes)) if not code.startswith("F_")]

    assert found == expected


@pytest.mark.parametrize(
    ("changes", "area"),
    [
        ({}, "3032"),
        ({"อำเภอ": ""}, "30"),
        ({"ตำบล": "ช้างทอง"}, "303201"),
        ({"รหัสอำเภอ": "3005", "อำเภอ": "บ้านเหลื่อม"}, "3005"),
        ({"อำเภอ": "เมือง"}, "3001"),
    ],
)
def test_figures_are_of_the_smallest_area_that_the_line_names(
    changes: dict[str, Any], area: str
) -> None:
    assert read("area_figures", changes).area_code == area


def test_a_code_and_a_name_of_two_districts_are_for_a_person_to_decide() -> None:
    record = read("area_figures", {"รหัสอำเภอ": "3005"})

    assert codes(record) == ["H_AREA_CONFLICT"]


def test_a_card_list_s_own_column_wins_over_what_the_list_implies() -> None:
    assert read("welfare_card", {"บัตรสวัสดิการแห่งรัฐ": "0"}).values["welfare_card"] is False
    blank = read("welfare_card", dict.fromkeys(LINES["welfare_card"], ""))
    assert codes(blank) == ["S_BLANK"]
    assert blank.values["welfare_card"] is None


def test_a_list_does_not_rest_on_a_survey_that_came_later() -> None:
    cells = {"ปีข้อมูล TPMAP": "2567", "ปี จปฐ.": "2568", "รหัสบ้าน": "30320000011", "เลขบัตร": CID,
             "ชื่อ": "สมศรี", "นามสกุล": "ใจดี", **PLACE}  # fmt: skip
    profile = PROFILES["tpmap"]
    normaliser = Normaliser(guess(list(cells), profile), profile, today=TODAY, year_be=2567)

    late, fine = (normaliser.read(list({**cells, "ปี จปฐ.": y}.values())) for y in ("2568", "2566"))

    assert (codes(late), codes(fine)) == (["H_YEAR"], [])


# ---- lines compared with each other ----
@pytest.mark.parametrize(
    ("key", "change", "expected"),
    [
        ("households", {"จำนวนสมาชิก": "5"}, ["H_DUP_IN_FILE"]),
        ("households", {"ครัวเรือนที่": "2"}, []),
        ("households", {"บ้านเลขที่": "99"}, ["H_HOUSE_DIFFERS"]),
        ("thaiqm.long", {"มิติ": "สุขภาพ", "สภาพปัญหา": "ป่วย"}, []),
        ("thaiqm.long", {"สภาพปัญหา": "ป่วย"}, ["H_DUP_IN_FILE"]),
        ("assistance", {"วันที่ช่วยเหลือ": "16/3/2567"}, []),
        ("assistance", {"มิติ": "รายได้"}, []),
        ("assistance", {"งบประมาณ": "900"}, ["H_DUP_IN_FILE"]),
        ("area_figures", {"ปี": "2566"}, []),
        ("area_figures", {"อำเภอ": "บ้านเหลื่อม"}, []),
        ("area_figures", {"จำนวนคนจน": "6"}, ["H_DUP_IN_FILE"]),
    ],
)
def test_a_second_line_about_one_thing_is_held(
    key: str, change: dict[str, Any], expected: list[str]
) -> None:
    first = {"ครัวเรือนที่": "1"} if "ครัวเรือนที่" in change else {}
    found = track(key, first, change)

    assert [code for code in codes(found) if not code.startswith("F_")] == expected


@pytest.mark.parametrize("key", LINES)
def test_an_exact_repeat_is_skipped_whatever_the_line_is_about(key: str) -> None:
    assert codes(track(key, {}, {})) == ["S_REPEAT"]


def test_a_head_named_on_several_lines_of_one_household_is_one_person() -> None:
    head = {"เลขประจำตัวประชาชน": CID, "ชื่อ": "สมศรี", "นามสกุล": "ใจดี"}

    assert codes(track("thaiqm.long", head, {**head, "มิติ": "สุขภาพ"})) == []
    elsewhere = {**head, "มิติ": "สุขภาพ", "รหัสบ้าน": "30320000022"}
    assert codes(track("thaiqm.long", head, elsewhere)) == ["H_DUP_IN_FILE"]


def test_a_line_without_a_dimension_is_nothing_s_double() -> None:
    found = track("thaiqm.long", {"มิติ": ""}, {"มิติ": "", "สภาพปัญหา": "ป่วย"})

    assert codes(found) == ["H_UNREADABLE"]


def test_the_earlier_line_is_named_with_its_sheet() -> None:
    tracker = FileTracker(sheets=["ข้อมูลพื้นฐาน", "ทุนมนุษย์"])
    person = read("pppconnext.persons")

    tracker.track(row_of(1, 2), person)
    again = tracker.track(row_of(1, 3), person)

    assert again.findings == (Finding("S_REPEAT", detail="แผ่นงาน “ทุนมนุษย์” แถวที่ 2"),)


def test_what_is_taken_up_again_is_compared_by_its_unit() -> None:
    record = read("assistance")
    tracker = FileTracker()

    tracker.track(2, as_resumed(record))
    other = tracker.track(3, read("assistance", {"งบประมาณ": "900"}))

    assert verdict(other.findings) is Verdict.HELD


def as_resumed(record: Record) -> Record:
    """Return a record as a worker that resumes has it: values, area and unit."""
    return Record(record.values, (), record.area_code, unit=record.unit)


def test_every_unit_occurs_among_the_lists() -> None:
    assert {profile.unit for profile in PROFILES.values()} == set(Unit)
