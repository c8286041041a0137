"""Lines compared with the lines before them."""

import json
from typing import Any

import pytest

from imports.normalise import FileTracker, Record
from imports.verdicts import Finding, verdict
from imports.workflow import Verdict
from tests.imports.lines import CELLS, codes, read

CID, HOUSE = "เลขประจำตัวประชาชน", "รหัสบ้าน"
OTHER_PERSON = {CID: "1999900000021", "ชื่อ": "สมหมาย"}
OTHER_HOUSE = "30320000022"


def track(*changes: dict[str, Any]) -> list[Record]:
    """Return the last record and those before it, as the tracker leaves them."""
    tracker = FileTracker()
    return [tracker.track(number, read(cells)) for number, cells in enumerate(changes, start=2)]


def test_the_first_line_and_another_person_of_the_house_are_left_alone() -> None:
    first, second = track({}, OTHER_PERSON)

    assert first == read()
    assert second.findings == ()


def test_an_exact_repeat_is_skipped_and_names_the_line() -> None:
    *_, repeat = track({}, OTHER_PERSON, {})

    assert repeat.findings == (Finding("S_REPEAT", detail="แถวที่ 2"),)
    assert verdict(repeat.findings) is Verdict.SKIPPED


def test_a_repeat_is_seen_through_another_way_of_writing() -> None:
    *_, repeat = track(
        {}, {CID: "1-9999-00000-01-3", "จังหวัด": "จ.นครราชสีมา", "วันเกิด": "25 เม.ย. 2503"}
    )

    assert codes(repeat) == ["S_REPEAT"]


def test_the_repeat_of_a_held_line_is_only_a_repeat() -> None:
    held, repeat = track({HOUSE: ""}, {HOUSE: ""})

    assert codes(held) == ["H_NO_HOUSE"]
    assert codes(repeat) == ["S_REPEAT"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({HOUSE: OTHER_HOUSE}, "อยู่คนละบ้าน"),
        ({"ชื่อ": "สมหญิง"}, "ชื่อไม่ตรงกัน"),
        ({"นามสกุล": "ใจร้าย"}, "ชื่อไม่ตรงกัน"),
        ({"วันเกิด": "26/4/2503"}, "ข้อมูลบางช่องไม่ตรงกัน"),
        ({"สุขภาพ": "1"}, "ข้อมูลบางช่องไม่ตรงกัน"),
        ({HOUSE: ""}, "ข้อมูลบางช่องไม่ตรงกัน"),
    ],
)
def test_one_id_with_other_facts_waits_for_a_person(change: dict[str, Any], reason: str) -> None:
    first, second = track({}, change)

    assert first.findings == ()
    assert second.findings[-1] == Finding("H_DUP_IN_FILE", "citizen_id", "", f"แถวที่ 2 {reason}")
    assert verdict(second.findings) is Verdict.HELD


def test_the_same_person_in_another_year_is_no_duplicate() -> None:
    tracker = FileTracker()
    this_year = read()
    last_year = this_year._replace(values={**this_year.values, "tpmap_year": 2566})

    assert tracker.track(2, this_year).findings == ()
    assert tracker.track(3, last_year).findings == ()


def test_persons_without_an_id_are_not_taken_for_one() -> None:
    _, second = track({CID: ""}, {CID: "", "ชื่อ": "สมหญิง"})

    assert codes(second) == ["W_CID_MISSING"]


@pytest.mark.parametrize(
    "change",
    [{"บ้านเลขที่": "99"}, {"หมู่ที่": "4"}, {"ตำบล": "ท่าช้าง", "รหัสตำบล": "303202"}],
)
def test_one_house_code_at_two_addresses_waits_for_a_person(change: dict[str, Any]) -> None:
    _, second = track({}, {**OTHER_PERSON, **change})

    assert second.findings[-1] == Finding("H_HOUSE_DIFFERS", "house_code", "", "แถวที่ 2")
    assert verdict(second.findings) is Verdict.HELD


def test_a_blank_part_of_an_address_differs_from_nothing_and_is_filled_in_later() -> None:
    blank = {"บ้านเลขที่": "", "หมู่ที่": ""}
    third = {CID: "1999900000030", "ชื่อ": "สมใจ", "บ้านเลขที่": "99"}

    _, second, last = track(blank, OTHER_PERSON, third)

    assert second.findings == ()
    assert codes(last) == ["H_HOUSE_DIFFERS"]


def test_a_rejected_line_is_compared_with_nothing() -> None:
    rejected, later, other = track({"วันเกิด": "31/4/2503", "บ้านเลขที่": "99"}, {}, OTHER_PERSON)

    assert codes(rejected) == ["E_DATE"]
    assert later.findings == ()
    assert other.findings == ()


def test_a_worker_that_resumes_from_stored_lines_finds_the_same() -> None:
    lines = [{}, {HOUSE: ""}, {**OTHER_PERSON, "บ้านเลขที่": "99"}, {"สุขภาพ": "1"}, {}]
    straight = track(*lines)

    resumed = FileTracker()
    for number, record in enumerate(straight[:3], start=2):
        stored = json.loads(json.dumps(record.values))
        resumed.track(number, Record(stored, (), record.area_code))
    rest = [resumed.track(number, read(cells)) for number, cells in enumerate(lines[3:], start=5)]

    assert rest == straight[3:]
    assert [codes(record)[-1:] for record in straight] == [
        [], ["H_DUP_IN_FILE"], ["H_HOUSE_DIFFERS"], ["H_DUP_IN_FILE"], ["S_REPEAT"],
    ]  # fmt: skip


def test_skipped_lines_are_not_remembered() -> None:
    total = {**dict.fromkeys(CELLS), "ชื่อ": "รวม"}

    assert [codes(record) for record in track(total, total)] == [["S_TOTAL"], ["S_TOTAL"]]
