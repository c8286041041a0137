"""What is done beside something else, and comes out as if it were done after it."""

import io
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import xlsxwriter

from accounts.models import User
from imports import reading
from imports.apply import unchanged
from imports.apply.known import Known, KnownRow
from imports.models import ImportBatch
from imports.services import early
from tests.imports.batches import applied, csv_of, people, staged

Reads = list[tuple[str | None, int]]


def workbook(lines: list[dict[str, Any]], *, before: str = "") -> bytes:
    """Return an .xlsx of the lines; `before` is a heading over all columns, in merged cells."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet("รายชื่อ")
    first = 0
    if before:
        sheet.merge_range(0, 0, 0, len(lines[0]) - 1, before)
        first = 1
    for number, cells in enumerate([list(lines[0]), *(list(each.values()) for each in lines)]):
        sheet.write_row(first + number, 0, cells)
    book.close()
    return stream.getvalue()


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    """The sheet and the line behind which each reading of the test began."""
    began: Reads = []
    read = reading.read

    def noted(*args: Any, **options: Any) -> Any:
        began.append((options["sheet"], options["skip_to"]))
        return read(*args, **options)

    monkeypatch.setattr(reading, "read", noted)
    return began


@pytest.mark.django_db
def test_a_list_is_read_once_and_from_before_its_sheets_were_surveyed(
    admin: User, reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = early.Reading.begin
    seen: list[tuple[int, int]] = []

    def noted(self: early.Reading, glance: Any) -> None:
        begin(self, glance)
        seen.append((glance.sheets[0].rows, len(reads)))

    monkeypatch.setattr(early.Reading, "begin", noted)
    batch = staged(workbook(people(8), before="บัญชีรายชื่อ"), admin, name="a.xlsx")

    # It was begun when nobody had counted the rows yet, and that reading was the one.
    assert seen == [(1, 1)]
    assert reads == [("รายชื่อ", 2)]
    assert (batch.accepted, batch.rows_read, batch.lines_counted) == (8, 8, 8)


@pytest.mark.django_db
def test_what_was_begun_at_another_place_is_thrown_away(
    admin: User, reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = early.Reading.begin

    def elsewhere(self: early.Reading, glance: Any) -> None:
        begin(self, glance)
        assert self._place is not None
        sheet, behind, options = self._place
        self._place = sheet, behind + 3, options

    monkeypatch.setattr(early.Reading, "begin", elsewhere)
    batch = staged(workbook(people(8)), admin, name="a.xlsx")

    assert reads == [("รายชื่อ", 1), ("รายชื่อ", 1)]
    assert [*batch.rows.order_by("row").values_list("row", flat=True)] == [*range(2, 10)]


@pytest.mark.django_db
def test_nothing_is_read_early_of_a_list_that_a_person_must_say_how_to_read(
    admin: User, reads: Reads
) -> None:
    lines = [{f"ช่อง {number}": "x" for number in range(9)}]
    batch = staged(workbook(lines), admin, name="a.xlsx")

    assert batch.state == "needs_mapping"
    assert reads == []


@pytest.mark.django_db(transaction=True)
def test_a_list_that_comes_again_is_asked_for_beside_what_is_written(
    admin: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both in staging and in applying, and every line is as known as without threads."""
    settings.IMPORT_CHUNK_LINES = 8
    asking: dict[str, set[str]] = {"stage": set(), "apply": set()}
    fetch, waiting = Known.fetch, unchanged._waiting_homes

    def fetched(self: Known, marks: Any) -> dict[bytes, KnownRow]:
        asking["stage"].add(threading.current_thread().name)
        return fetch(self, marks)

    def waited(batch: ImportBatch) -> Iterator[Any]:
        asking["apply"].add(threading.current_thread().name)
        yield from waiting(batch)

    monkeypatch.setattr(Known, "fetch", fetched)
    monkeypatch.setattr(unchanged, "_waiting_homes", waited)
    lines = people(32)
    applied(csv_of(lines), admin)
    lines[1]["สุขภาพ"] = "0"
    again = applied(csv_of(lines), admin, reimport_reason="หนึ่งแถวเปลี่ยน")

    assert asking == {"stage": {"ahead"}, "apply": {"ahead"}}
    assert (again.effect["unchanged"], again.effect["lines_changed"]) == (31, 1)
    assert again.rows.filter(is_applied=True).count() == 32
    # Of each chunk the last household waits for what may come; one was changed.
    taken_over = again.rows.filter(known_from__isnull=False).values_list("row", flat=True)
    assert len(taken_over) == 12
    assert sum(again.chunks.filter(phase="apply").values_list("lines", flat=True)) == 32
