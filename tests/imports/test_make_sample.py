"""manage.py make_sample: the same list for the same seed, and the truth about every line."""

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from areas.models import Area
from imports.management.samples.faults import EXTRA_LINES, FAULTS
from ppaos.lib.citizen_id import is_valid

HEADERS = (
    "ปีข้อมูล TPMAP",
    "ปี จปฐ.",
    "รหัสบ้าน",
    "เลขประจำตัวประชาชน",
    "คำนำหน้า",
    "ชื่อ",
    "นามสกุล",
    "วันเกิด",
    "เพศ",
    "บ้านเลขที่",
    "หมู่ที่",
    "ชื่อหมู่บ้าน",
    "ตำบล",
    "อำเภอ",
    "จังหวัด",
    "รหัสตำบล",
    "บัตรสวัสดิการแห่งรัฐ",
    "สุขภาพ",
    "ความเป็นอยู่",
    "การศึกษา",
    "รายได้",
    "การเข้าถึงบริการภาครัฐ",
)


def make(path: Path, **options: Any) -> list[dict[str, Any]]:
    """Make a sample and return its truth."""
    truth = path.with_suffix(".truth")
    call_command(
        "make_sample",
        path,
        **{"kind": "tpmap", "households": 300, "truth": truth, "verbosity": 0} | options,
    )
    return [json.loads(line) for line in truth.read_text().splitlines()]


def lines_of(path: Path) -> list[list[Any]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return [list(line) for line in csv.reader(stream)]
    sheet = openpyxl.load_workbook(path, data_only=True).active
    assert sheet is not None
    return [list(line) for line in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, ending: str) -> None:
    first, second = tmp_path / f"a.{ending}", tmp_path / f"b.{ending}"
    assert make(first, dirty=0.2, seed=7) == make(second, dirty=0.2, seed=7)
    assert first.read_bytes() == second.read_bytes()


def test_another_seed_gives_other_people(tmp_path: Path) -> None:
    ids = [
        {line["normalised"]["citizen_id"] for line in make(tmp_path / "a.csv", seed=seed)}
        for seed in (1, 2)
    ]
    assert not ids[0] & ids[1]


def test_the_same_people_come_back_next_year_with_other_problems(tmp_path: Path) -> None:
    this = make(tmp_path / "a.csv", year=2566)
    following = make(tmp_path / "b.csv", year=2567)
    who = ("citizen_id", "first_name", "last_name", "birth_date", "house_code", "house_no")
    assert [[line["normalised"][key] for key in who] for line in this] == [
        [line["normalised"][key] for key in who] for line in following
    ]
    flags = [line["normalised"]["dim_income"] for line in this]
    assert flags != [line["normalised"]["dim_income"] for line in following]
    assert {line["normalised"]["tpmap_year"] for line in following} == {2567}
    assert {line["normalised"]["bmn_year"] for line in following} == {2566}


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
@pytest.mark.parametrize(("indicators", "columns"), [(0, 22), (31, 53), (38, 60)])
def test_it_writes_template_t1(tmp_path: Path, ending: str, indicators: int, columns: int) -> None:
    path = tmp_path / f"list.{ending}"
    make(path, households=20, indicators=indicators)
    header, *lines = lines_of(path)
    assert tuple(header[:22]) == HEADERS
    assert header[22:] == [f"ตัวชี้วัดที่ {n}" for n in range(1, indicators + 1)]
    assert {len(line) for line in lines} == {columns}


def test_a_clean_list_is_accepted_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    truth = make(path, indicators=38)
    lines = lines_of(path)[1:]
    assert len(truth) == len(lines)
    assert {(t["fault"], t["verdict"], tuple(t["codes"])) for t in truth} == {
        (None, "accepted", ())
    }
    for told, cells in zip(truth, lines, strict=True):
        values = told["normalised"]
        assert values["citizen_id"] == cells[3]
        assert values["house_code"] == cells[2]
        day, month, year = map(int, cells[7].split("/"))
        assert values["birth_date"] == f"{year - 543}-{month:02}-{day:02}"
        assert [values["dim_income"], values["dim_health"]] == [cells[20] == "1", cells[17] == "1"]
        assert [values[f"ind_{n}"] for n in range(1, 39)] == [
            None if mark == "-" else int(mark) for mark in cells[22:]
        ]


def test_every_id_is_valid_unique_and_of_no_registrar(tmp_path: Path) -> None:
    ids = [line["normalised"]["citizen_id"] for line in make(tmp_path / "list.csv")]
    assert len(set(ids)) == len(ids) > 900
    assert all(is_valid(digits) and digits[1:5] == "9999" for digits in ids)


def test_households_are_whole_and_live_in_the_default_district(tmp_path: Path) -> None:
    truth = [line["normalised"] for line in make(tmp_path / "list.csv", households=400)]
    assert {values["tambon_code"] for values in truth} == {f"30320{n}" for n in range(1, 6)}
    assert {values["amphoe_name"] for values in truth} == {"เฉลิมพระเกียรติ"}
    homes: dict[str, set[tuple[Any, ...]]] = {}
    for values in truth:
        address = (values["house_no"], values["moo"], values["village_name"], values["tambon_code"])
        homes.setdefault(values["house_code"], set()).add(address)
    assert len(homes) == 400
    assert all(len(addresses) == 1 for addresses in homes.values())
    assert all(len(code) == 11 and code.startswith("3032") for code in homes)
    assert 3.3 < len(truth) / 400 < 4.2


def test_every_listed_household_has_a_problem_and_income_leads(tmp_path: Path) -> None:
    dimensions = ("dim_health", "dim_living", "dim_education", "dim_income", "dim_accessibility")
    problems: dict[str, set[str]] = {}
    for line in make(tmp_path / "list.csv", households=400):
        values = line["normalised"]
        found = {name for name in dimensions if values[name]}
        problems.setdefault(values["house_code"], set()).update(found)
    assert all(problems.values())
    counts = Counter(name for found in problems.values() for name in found)
    assert set(counts) == set(dimensions)


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_share_of_lines_is_faulty_and_every_kind_occurs(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"list.{ending}"
    truth = make(path, households=500, dirty=0.2)
    kinds = Counter(line["fault"] for line in truth if line["fault"])
    assert sum(kinds.values()) == pytest.approx(0.2 * len(truth), abs=1)
    assert set(kinds) == {fault.kind for fault in FAULTS} | set(EXTRA_LINES)
    assert {line["verdict"] for line in truth} == {"accepted", "held", "rejected", "skipped"}


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_truth_covers_every_line_by_its_number(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"list.{ending}"
    truth = make(path, dirty=0.3)
    lines = lines_of(path)
    assert [line["row"] for line in truth] == list(range(2, len(lines) + 1))
    by_row = dict(enumerate(lines, 1))
    for line in truth:
        cells = by_row[line["row"]]
        if line["fault"] == "blank":
            assert not any(cells)
        elif line["fault"] == "header":
            assert cells == lines[0]
        elif line["fault"] == "repeat":
            assert cells == by_row[line["row"] - 1]
        elif line["fault"] == "total":
            assert cells[0] == "รวมทั้งตำบล"
        else:
            assert cells[13] is not None


def test_the_verdict_is_that_of_the_worst_code(tmp_path: Path) -> None:
    verdicts = {"E": "rejected", "H": "held", "S": "skipped"}
    for line in make(tmp_path / "list.csv", dirty=0.3):
        worst = [verdicts[code[0]] for code in line["codes"] if code[0] in verdicts]
        assert line["verdict"] == (worst[0] if worst else "accepted")
        assert len(worst) <= 1


def test_a_fault_leaves_its_trace_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    by_kind = {line["fault"]: line for line in make(path, households=600, dirty=0.2)}
    lines = dict(enumerate(lines_of(path), 1))

    def cell(kind: str, header: str) -> str:
        return str(lines[by_kind[kind]["row"]][HEADERS.index(header)])

    assert cell("cid_scientific", "เลขประจำตัวประชาชน").endswith("E+12")
    assert len(cell("cid_lost_zero", "เลขประจำตัวประชาชน")) == 12
    assert by_kind["cid_lost_zero"]["normalised"]["citizen_id"].startswith("0999")
    assert not cell("cid_thai_digits", "เลขประจำตัวประชาชน").isascii()
    assert "citizen_id" not in by_kind["cid_bad_check"]["normalised"]
    assert not is_valid(cell("cid_bad_check", "เลขประจำตัวประชาชน"))
    assert cell("am_in_two_parts", "ชื่อ") == "อ\u0e4d\u0e32นวย"
    assert by_kind["am_in_two_parts"]["normalised"]["first_name"] == "อ\u0e33นวย"
    assert cell("area_shifted", "อำเภอ") in {"อยู่ยาก", "อยู่ลำบาก", "อยู่พอได้", "ไม่มีข้อมูล"}
    assert cell("born_year_only", "วันเกิด").startswith("2")
    assert len(by_kind["born_year_only"]["normalised"]["birth_date"]) == 4


def test_one_id_in_two_houses_points_back_to_a_faultless_line(tmp_path: Path) -> None:
    truth = make(tmp_path / "list.csv", households=800, dirty=0.2)
    seen: dict[str, dict[str, Any]] = {}
    doubled = 0
    for line in truth:
        digits = line["normalised"].get("citizen_id")
        if line["fault"] == "cid_of_another_house":
            assert seen[digits]["fault"] is None
            assert seen[digits]["normalised"]["house_code"] != line["normalised"]["house_code"]
            doubled += 1
        elif digits:
            assert digits not in seen
        if digits:
            seen.setdefault(digits, line)
    assert doubled


@pytest.mark.django_db
def test_other_areas_come_from_the_register(tmp_path: Path) -> None:
    for code, level, name in (
        ("31", "PROVINCE", "บุรีรัมย์"),
        ("3101", "DISTRICT", "เมืองบุรีรัมย์"),
        ("310101", "SUBDISTRICT", "ในเมือง"),
    ):
        Area.objects.update_or_create(
            pk=code, defaults={"level": level, "name": name, "parent_id": code[:-2] or None}
        )
    truth = make(tmp_path / "list.csv", households=5, areas=["3101"])
    places = {
        (line["normalised"]["tambon_code"], line["normalised"]["province_name"]) for line in truth
    }
    assert places == {("310101", "บุรีรัมย์")}


@pytest.mark.django_db
def test_an_area_without_known_subdistricts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="load_areas"):
        make(tmp_path / "list.csv", areas=["99"])


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"\.xlsx"):
        make(tmp_path / "list.ods")


@pytest.mark.parametrize(("option", "value"), [("dirty", 0.9), ("households", 0)])
def test_an_impossible_order_is_refused(tmp_path: Path, option: str, value: float) -> None:
    with pytest.raises(CommandError):
        make(tmp_path / "list.csv", **{option: value})
