"""Whatever a small file holds: every line is counted once and judged alike, and nothing escapes."""

import csv
import io
import json
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest
import xlsxwriter
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.models import User
from imports.models import ImportRow, RowIssue
from imports.services.errors import UnableToStage
from imports.services.staging import stage
from imports.verdicts import CATALOGUE
from ppaos.lib import citizen_id
from ppaos.lib.buddhist_era import MONTHS_LONG, MONTHS_SHORT
from tests.imports.batches import AT, line, upload
from tests.imports.lines import expected_values, read
from tests.proof import times

HEADERS = list(line())
_THAI = re.compile("[ก-ฮ]")
_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp874", "tis-620")
_SLOW = settings(
    deadline=None,
    max_examples=times(8, full=10_000),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

# ---- what may stand in a cell ----------------------------------------------------------
thai = st.text(alphabet="กขคงชดตนบปมยรลวสอาิีุูเแโไำ่้์ๆ ฯ๐๑๒", max_size=12)
odd = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)
marks = st.text(alphabet="0123456789./-:eE+,='\"\n\r\t ๐๙\u200b\u202e\u00a0\ufffd", max_size=16)
usual = st.sampled_from(
    ["1999900000013", "30320000011", "3.30E+12", "25-ก.พ.", "25/4/2503", "29/2/2568", "ไม่ทราบ", "-",
     "รวม", "รวมทั้งจังหวัด", "#N/A", "=1+1", "x", "1", "0", "ตกเกณฑ์", "1,200", "อยู่ลำบาก", "๑๒๓"]
)  # fmt: skip
texts = usual | thai | odd | marks
numbers = st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False)
days = st.dates(date(1900, 3, 1), date(9999, 12, 31))
typed = st.none() | texts | numbers | st.booleans() | days
persons = st.integers(0, 30).map(line)


@st.composite
def tables(draw: st.DrawFn, cells: st.SearchStrategy[Any]) -> list[list[Any]]:
    """Return lines of a list: good ones with a few cells spoilt, wild ones, and blank ones."""
    found: list[list[Any]] = []
    for _ in range(draw(st.integers(1, 8))):
        kind = draw(st.sampled_from(["spoilt", "spoilt", "wild", "blank"]))
        if kind == "spoilt":
            changes = draw(st.dictionaries(st.sampled_from(HEADERS), cells, max_size=3))
            found.append(list((draw(persons) | changes).values()))
        elif kind == "wild":
            found.append([draw(cells) for _ in HEADERS])
        else:
            found.append([None] * len(HEADERS))
    return found


def workbook_of(lines: Sequence[Sequence[Any]]) -> bytes:
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        sheet = book.add_worksheet("รายชื่อ")
        day = book.add_format({"num_format": "d/m/yyyy"})
        sheet.write_row(0, 0, HEADERS)
        for number, cells in enumerate(lines, start=1):
            for column, cell in enumerate(cells):
                if isinstance(cell, (date, datetime)):
                    sheet.write_datetime(number, column, cell, day)
                elif isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                elif cell is not None:
                    sheet.write(number, column, cell)
    return stream.getvalue()


def text_of(lines: Sequence[Sequence[str | None]], encoding: str, delimiter: str) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(HEADERS)
    writer.writerows([cell or "" for cell in cells] for cells in lines)
    return stream.getvalue().encode(encoding, "replace")


def lines_in(lines: Sequence[Sequence[Any]]) -> int:
    """Return the number of the last line that holds anything, counted from the header."""
    return max((n for n, cells in enumerate(lines, 1) if any(c not in (None, "") for c in cells)),
               default=0)  # fmt: skip


# ---- through the real staging ----------------------------------------------------------
def staged(content: bytes, admin: User) -> list[tuple[Any, ...]] | str:
    """Return every line as it was staged, or the sentence with which the file was refused."""
    batch = upload(content, admin, name="list", reimport_reason="ทดสอบ")
    try:
        stage(batch=batch, beat=lambda *_: None, at=AT)
    except UnableToStage as error:
        return str(error)
    batch.refresh_from_db()
    if batch.state != "staged":
        return f"ไม่แน่ชัด {batch.state}"
    rows = list(ImportRow.objects.filter(batch=batch).order_by("row"))
    total = batch.accepted + batch.held + batch.rejected + batch.skipped
    assert batch.rows_read == total == len(rows) == batch.lines_counted
    said: dict[int, list[tuple[str, str]]] = {}
    for row, code, column in RowIssue.objects.filter(batch=batch).values_list(
        "row", "code", "column"
    ):
        said.setdefault(row, []).append((code, column))
    return [
        (row.row, row.verdict, row.codes, payload["raw"], payload["normalised"], sorted(told))
        for row in rows
        for payload, told in ((row.open_payload(), said.get(row.row, [])),)
    ]


def check(content: bytes, lines: Sequence[Sequence[Any]], admin: User) -> None:
    with transaction.atomic():
        once, again = staged(content, admin), staged(content, admin)
        transaction.set_rollback(True)

    assert once == again
    if isinstance(once, str):
        assert _THAI.search(once)
        return
    assert [row for row, *_ in once] == list(range(2, lines_in(lines) + 2))
    for _, verdict, codes, _, _, told in once:
        assert told or verdict not in ("held", "rejected")
        assert {code for code, _ in told} == set(codes)
        for code, column in told:
            assert column or code[0] in "HES"
            assert _THAI.search(CATALOGUE[code].reason)
            assert _THAI.search(CATALOGUE[code].cure)


@pytest.mark.django_db
@_SLOW
@given(lines=tables(typed))
@example(lines=[[None] * len(HEADERS), list(line().values()), [""] * len(HEADERS)])
def test_no_workbook_loses_a_line_or_hurts(lines: list[list[Any]], admin: User) -> None:
    check(workbook_of(lines), lines, admin)


@pytest.mark.django_db
@_SLOW
@given(
    lines=tables(st.none() | texts),
    encoding=st.sampled_from(_ENCODINGS),
    delimiter=st.sampled_from(",;\t|"),
)
def test_no_text_file_loses_a_line_or_hurts(
    lines: list[list[Any]], encoding: str, delimiter: str, admin: User
) -> None:
    check(text_of(lines, encoding, delimiter), lines, admin)


# ---- known values in other writings ----------------------------------------------------
_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def written(digits: str) -> st.SearchStrategy[Any]:
    """Return the ways in which people and programs write a long number."""
    ways = [
        digits,
        digits.translate(_THAI_DIGITS),
        f" {digits} ",
        "-".join((digits[0], digits[1:5], digits[5:])),
        " ".join(digits),
        f"'{digits}",
        f'="{digits}"',
        f"{digits}\u200b",
        f"\ufeff{digits}",
        f"{digits}.0",
        int(digits),
        float(digits),
    ]
    return st.sampled_from([way for way in ways if str(way)[0] != "0" or isinstance(way, str)])


def day_written(day: date) -> st.SearchStrategy[Any]:
    be, month = day.year + 543, day.month - 1
    ways = [
        day,
        f"{day.day}/{day.month}/{be}",
        f"{day.day:02d}/{day.month:02d}/{be}",
        f"{day.day}-{day.month}-{be}",
        f"{day.day} {MONTHS_SHORT[month]} {be}",
        f"{day.day} {MONTHS_LONG[month]} พ.ศ. {be}",
        f"{day.day}/{day.month}/{be}".translate(_THAI_DIGITS),
        f"{day.day} {MONTHS_LONG[month]} {be}".translate(_THAI_DIGITS),
        day.isoformat(),
        f"{be}-{day.month:02d}-{day.day:02d}",
        f"{day.day}/{day.month}/{day.year}",
    ]
    return st.sampled_from(ways)


def spaced(text: str) -> st.SearchStrategy[str]:
    return st.sampled_from(
        [text, f" {text}", f"{text}\u00a0", f"{text}\u200b", f"\ufeff{text}", f"{text}\n"]
    )


@settings(deadline=None, max_examples=times(300, full=10_000))
@given(
    data=st.data(),
    number=st.integers(0, 9_999_999),
    day=st.dates(date(1930, 1, 1), date(2026, 11, 20)),
)
def test_a_known_person_is_the_same_in_every_writing(
    data: st.DataObject, number: int, day: date
) -> None:
    person, house = citizen_id.generate(number), f"3032{number % 9_999_999 + 1:07d}"
    record = read(
        {
            "เลขประจำตัวประชาชน": data.draw(written(person)),
            "รหัสบ้าน": data.draw(written(house)),
            "วันเกิด": data.draw(day_written(day)),
            "ชื่อ": data.draw(spaced("สมศรี")),
            "นามสกุล": data.draw(spaced("น้ำใส") | st.just("น\u0e4d\u0e49\u0e32ใส")),
            "ตำบล": data.draw(spaced("ช้างทอง") | st.sampled_from(["ต.ช้างทอง", "ตำบล ช้างทอง"])),
            "รหัสตำบล": data.draw(written("303201")),
            "หมู่ที่": data.draw(st.sampled_from(["3", "๓", "ม.3", "หมู่ที่ 3", 3, 3.0, "03"])),
            "เพศ": data.draw(st.sampled_from(["หญิง", "ญ", "F", 2, "2", "เพศหญิง"])),
            "ปีข้อมูล TPMAP": data.draw(st.sampled_from(["2567", 2567.0, "๒๕๖๗", "67", 2024])),
        }
    )

    assert {finding.code[0] for finding in record.findings} <= {"F"}
    assert json.loads(json.dumps(record.values)) == expected_values(
        citizen_id=person, house_code=house, birth_date=day.isoformat(), last_name="น้ำใส"
    )
