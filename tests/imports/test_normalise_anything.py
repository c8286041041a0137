"""Whatever a cell holds, a line gets a verdict; a generated list gets those it was made for."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imports.management.samples.people import Place, Population
from imports.management.samples.sheet import Sheet, SheetLine
from imports.management.samples.template import CellError
from imports.normalise import AreaResolver, FileTracker, KnownArea, Normaliser
from imports.profiles import PROFILES
from imports.profiles.columns import COLUMNS
from imports.profiles.headers import guess
from imports.reading.cells import ErrorCell, FormulaWithoutValue, MergedCell
from imports.verdicts import CATALOGUE, explain, verdict
from imports.workflow import Verdict
from tests.imports.lines import CELLS, TPMAP, codes, normaliser, read

odd_text = st.text(max_size=30) | st.text(
    alphabet="0123456789./-:eE+, ๐๑๒พศมคกาำ่\u200b\u202e", max_size=16
)
cells = st.one_of(
    st.none(),
    odd_text,
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    odd_text.map(ErrorCell),
    odd_text.map(FormulaWithoutValue),
    st.just(MergedCell("")),
)
# One column per canonical column that such a list may carry, by a header that finds it.
HEADERS = [COLUMNS[name].aliases[0] for name in TPMAP.columns if name != "dim_income"] + [
    "ตัวชี้วัดที่ 1",
    "มิติรายได้",
]
EVERYTHING = normaliser(HEADERS)


def test_the_headers_of_this_file_reach_every_column() -> None:
    assert set(guess(HEADERS, TPMAP).columns) == {*TPMAP.columns, "ind_1"}


@settings(max_examples=400, deadline=None)
@given(line=st.lists(cells, max_size=len(HEADERS) + 2))
def test_no_line_raises_an_exception(line: list[Any]) -> None:
    record = EVERYTHING.read(line)

    assert verdict(record.findings) in Verdict
    for finding in record.findings:
        assert finding.code in CATALOGUE
        assert explain(finding, header="x")
    assert set(record.values) == {*TPMAP.columns, "ind_1"}
    json.dumps(record.values)
    FileTracker().track(2, record)


@settings(max_examples=300, deadline=None)
@given(header=st.sampled_from(list(CELLS)), cell=cells)
def test_a_cell_in_normal_form_stays_as_it_is(header: str, cell: object) -> None:
    once = read({header: cell})
    column = guess(list(CELLS), TPMAP).headers.index(header)
    name = next(
        name for name, index in guess(list(CELLS), TPMAP).columns.items() if index == column
    )
    value = once.values[name]

    if not any(finding.column == name for finding in once.findings):
        again = read({**CELLS, header: value, **names_of(once.values, header)})
        assert again.values[name] == value


def names_of(values: dict[str, Any], header: str) -> dict[str, Any]:
    """Return the name cells in normal form, if the changed cell is one of them."""
    columns = {"คำนำหน้า": "title", "ชื่อ": "first_name", "นามสกุล": "last_name"}
    return {name: values[column] for name, column in columns.items()} if header in columns else {}


@given(cell=cells)
def test_a_line_is_read_alike_from_a_fresh_and_from_a_used_reader(cell: object) -> None:
    used = normaliser(list(CELLS))
    line = [*list(CELLS.values())[:3], cell, *list(CELLS.values())[4:]]
    for other in (1, 1.0, True, "", MergedCell(""), "#N/A", ErrorCell("#N/A")):
        used.read([*line[:3], other, *line[4:]])

    assert used.read(line) == normaliser(list(CELLS)).read(line)


PLACES = tuple(
    Place(code=code, name=name, district="เฉลิมพระเกียรติ", province="นครราชสีมา")
    for code, name in (("303201", "ช้างทอง"), ("303202", "ท่าช้าง"), ("303203", "พระพุทธ"))
)
AREAS = (
    KnownArea("30", "PROVINCE", "นครราชสีมา"),
    KnownArea("3032", "DISTRICT", "เฉลิมพระเกียรติ"),
    *(KnownArea(place.code, "SUBDISTRICT", place.name) for place in PLACES),
    KnownArea("46", "PROVINCE", "กาฬสินธุ์"),
    KnownArea("4602", "DISTRICT", "นามน"),
    KnownArea("460201", "SUBDISTRICT", "นามน"),
)


def as_read(line: SheetLine, is_csv: bool) -> list[object]:
    """Return the cells as the reader of such a file would hand them over."""
    cells: list[object] = [
        ErrorCell(cell.text) if isinstance(cell, CellError) else cell for cell in line.cells
    ]
    return ["" if cell is None else str(cell) for cell in cells] if is_csv else cells


@pytest.mark.parametrize("is_csv", [False, True])
def test_every_planted_fault_of_a_generated_list_gets_its_verdict_and_values(is_csv: bool) -> None:
    population = Population(seed=3, places=PLACES, year_be=2567, indicators=31)
    population.add_households(400)
    sheet = Sheet(population.people, indicators=31, dirty=0.25, seed=3, is_csv=is_csv)
    profile = PROFILES["tpmap"]
    reader = Normaliser(
        guess(list(sheet.headers), profile),
        profile,
        today=date(2026, 11, 20),
        year_be=2567,
        areas=AreaResolver(AREAS, scopes=["30"]),
    )
    tracker = FileTracker()
    planted: set[str | None] = set()
    for line in sheet:
        truth = line.truth
        record = tracker.track(truth.row, reader.read(as_read(line, is_csv)))
        planted.add(truth.fault)

        told = [code for code in codes(record) if not code.startswith("F_")]
        assert told == [code for code in truth.codes if not code.startswith("F_")], truth
        assert verdict(record.findings) == truth.verdict, truth
        assert {name: record.values[name] for name in truth.normalised} == truth.normalised, truth
    assert len(planted) > 40
