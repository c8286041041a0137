"""Every bad line of the table, through a real staged file: verdict, codes, values, and the cure."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter

from accounts.models import User
from imports.models import ImportRow
from imports.services.staging import stage
from imports.verdicts import CATALOGUE, Finding, explain
from tests.imports.batches import AT, line, upload
from tests.imports.fixtures import FIXTURES
from tests.imports.fixtures.kinds import FURTHER, Lines, cells_of, values_of

pytestmark = pytest.mark.django_db

LINES = [fixture for fixture in FIXTURES if isinstance(fixture, Lines)]
HEADERS = (*line(), *FURTHER)
# Every fourth faultless person lives in a house of his own.
_APART = 4


def workbook_of(lines: Sequence[dict[str, Any]]) -> bytes:
    """Write the lines below the headers, each cell in the type that it has."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("รายชื่อ")
        day = book.add_format({"num_format": "d/m/yyyy"})
        sheet.write_row(0, 0, HEADERS)
        for number, cells in enumerate(lines, start=1):
            for column, header in enumerate(HEADERS):
                _write(sheet, number, column, cells.get(header), day)
    return stream.getvalue()


def _write(sheet: Any, row: int, column: int, cell: Any, day: Any) -> None:
    if isinstance(cell, (date, datetime)):
        sheet.write_datetime(row, column, cell, day)
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, (int, float)):
        sheet.write_number(row, column, cell)
    elif cell is not None:
        sheet.write_string(row, column, cell)


def lines_of(fixtures: Sequence[Lines]) -> list[tuple[Lines, int, dict[str, Any]]]:
    """Return (fixture, number of its line, cells); every line is a person of his own house."""
    return [
        (fixture, number, cells_of(_APART * len_before, changes))
        for len_before, (fixture, number, changes) in enumerate(
            (fixture, number, changes)
            for fixture in fixtures
            for number, changes in enumerate(fixture.changes)
        )
    ]


# What each fixture's lines became in the one file that holds them all; told once in a run.
_TOLD: dict[str, list[Any]] = {}


def tell(admin: User) -> None:
    """Stage every line of the table in one file, and keep what was made of them."""
    laid = lines_of(LINES)
    batch = upload(workbook_of([cells for _, _, cells in laid]), admin, name="รายชื่อ.xlsx")
    stage(batch=batch, beat=lambda *_: None, at=AT)
    total = batch.accepted + batch.held + batch.rejected + batch.skipped
    assert batch.rows_read == batch.lines_counted == total == len(laid)
    for row, (index, (fixture, _, _)) in zip(
        ImportRow.objects.filter(batch=batch).order_by("row"), enumerate(laid), strict=True
    ):
        payload = row.open_payload()
        _TOLD.setdefault(fixture.id, []).append(
            (row.verdict, row.codes, payload["normalised"], payload["notes"], _APART * index)
        )


@pytest.mark.parametrize("fixture", LINES, ids=[fixture.id for fixture in LINES])
def test_a_bad_line_becomes_what_the_table_says(
    fixture: Lines, request: pytest.FixtureRequest
) -> None:
    if not _TOLD:
        tell(request.getfixturevalue("admin"))
    for expected, found in zip(fixture.expected, _TOLD[fixture.id], strict=True):
        verdict, codes, values, notes, number = found
        should = values_of(number) | dict(expected.values)

        assert (verdict, sorted(codes)) == (expected.verdict, sorted(expected.codes))
        assert _differences(values, should) == ""
        assert _mute(notes, verdict) == []


def _differences(told: dict[str, Any], should: dict[str, Any]) -> str:
    columns = sorted(told.keys() | should.keys())
    return ", ".join(
        f"{name} {told.get(name)!r}, not {should.get(name)!r}"
        for name in columns
        if told.get(name) != should.get(name)
    )


def _mute(notes: list[list[str]], verdict: str) -> list[str]:
    """Return the codes that do not say in Thai what is wrong and what to do."""
    thai = re.compile("[ก-ฮ]")
    mute = []
    for code, column, raw, detail in notes:
        sentence = explain(Finding(code, column, raw, detail), header="หัวตาราง")
        rule = CATALOGUE[code]
        if not (thai.search(rule.reason) and thai.search(rule.cure) and rule.cure in sentence):
            mute.append(f"{code} says {sentence!r}")
    if verdict in ("rejected", "held") and not notes:
        mute.append("nothing is said")
    return mute
