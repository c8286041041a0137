"""Whatever the register, the list and what people did since: undo is exact, or says where not."""

import json
import random
import uuid
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from households.models import Household, Member
from households.services import record_verification
from households.workflow import Outcome, Stage
from imports import services
from imports.apply import apply_batch
from imports.apply.tables import TABLES
from imports.apply.writing import open_image
from imports.models import ImportBatch, ImportRow
from imports.services.running import latest_job
from imports.undo import undo_batch
from imports.workflow import Decision, Kind, State
from jobs.services import JobCancelled
from tests.imports.batches import AT, applied, apply, line, staged, undo
from tests.proof import times

pytestmark = pytest.mark.django_db

SEEDS = range(times(6, full=200))
HOUSES = 8
_CHANGING = {
    "บ้านเลขที่": [f"{n}/7" for n in range(1, 6)],
    "ชื่อหมู่บ้าน": ["", "หนองบัว", "โนนใหม่"],
    "นามสกุล": ["ใจดี", "มีสุข", "ทองคำ"],
    "สุขภาพ": ["0", "1"],
    "รายได้": ["0", "1"],
    "วันเกิด": ["", "1/4/2500"],
    "หมู่ที่": ["1", "2", ""],
}

Row = dict[str, Any]
State_ = dict[tuple[str, str], Row]
"""(table, key) → every column but those that count writes."""


def the_register() -> State_:
    found: State_ = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(
                "SELECT t.id::text, (to_jsonb(t) - 'version' - 'updated_at')::text"
                f" FROM {table.name} t"
            )
            found |= {(table.name, pk): json.loads(row) for pk, row in cursor.fetchall()}
    return found


# ---- what happens at random ---------------------------------------------------------
def some_lines(chance: random.Random) -> list[dict[str, Any]]:
    lines = []
    for number in range(HOUSES * 4):
        if chance.random() < 0.25:
            continue
        wanted = {name: chance.choice(some) for name, some in _CHANGING.items()}
        picked = {name: text for name, text in wanted.items() if chance.random() < 0.3}
        lines.append(line(number, {"ปีข้อมูล TPMAP": "", **picked}))
    return lines or [line(0)]


def work_on_it(chance: random.Random, officer: User, admin: User) -> None:
    """Edit, verify and import, as people do."""
    for home in Household.objects.order_by("house_code"):
        if chance.random() < 0.15:
            Household.objects.filter(pk=home.pk).update(house_no=f"{chance.randrange(90)}ก")
        if chance.random() < 0.1 and home.stage == Stage.LISTED:
            record_verification(
                household=home, outcome=Outcome.POOR, visited_on=AT.date(), by=officer, at=AT
            )
    for member in Member.objects.order_by("last_name", "seq", "pk"):
        if chance.random() < 0.07:
            Member.objects.filter(pk=member.pk).update(first_name="แก้แล้ว")
    if chance.random() < 0.3:
        applied(some_lines(chance), admin, year_be=2567 + chance.randrange(2), reimport_reason="ซ้ำ")


# ---- what must come of it -----------------------------------------------------------
def check(batch: ImportBatch, before: State_, written: State_, worked: State_) -> None:
    now = the_register()
    listed = {
        (change.table, change.pk_value): set(change.conflict_columns)
        for change in batch.changes.filter(kind=Kind.UPDATE)
    }
    check_old_rows(listed, before, written, worked, now)
    check_added_rows(batch, before, written, worked, now)
    for key in worked.keys() - written.keys():
        assert now[key] == worked[key], "what people added stays"


def check_old_rows(
    listed: dict[tuple[str, str], set[str]],
    before: State_,
    written: State_,
    worked: State_,
    now: State_,
) -> None:
    for key, row in before.items():
        imported = {column for column in row if row[column] != written[key][column]}
        edited = {column for column in row if written[key][column] != worked[key][column]}
        wanted = {c: worked[key][c] if c in edited else row[c] for c in row}
        assert now[key] == wanted, key
        assert listed.get(key, set()) == imported & edited, key


def check_added_rows(
    batch: ImportBatch, before: State_, written: State_, worked: State_, now: State_
) -> None:
    """Of a household all that was added goes, or all of it stays and a reason stands there."""
    by_home: dict[uuid.UUID, set[tuple[str, str]]] = {}
    numbers = {table.number: table.name for table in TABLES}
    reasons: dict[uuid.UUID, str] = {}
    for added in batch.added.all():
        keys = {(numbers[n], str(pk)) for n, pk in zip(added.tables, added.pks, strict=True)}
        by_home.setdefault(added.household_key, set()).update(keys)
        reasons[added.household_key] = added.conflict
        assert added.is_undone == (not added.conflict)
    assert set().union(*by_home.values()) == written.keys() - before.keys()
    later = {value for key in worked.keys() - written.keys() for value in ids_in(worked[key])}
    said_again = set(
        ImportRow.objects.filter(batch__state=State.APPLIED, is_applied=True, action="unchanged")
        .exclude(batch=batch)
        .values_list("household_id", flat=True)
    )
    for home, keys in by_home.items():
        touched = any(worked[key] != written[key] for key in keys)
        leant_on = any(pk in later for _, pk in keys)
        if not reasons[home]:
            assert not touched
            assert not leant_on
            assert home not in said_again
            assert not keys & now.keys()
        else:
            assert {key: now[key] for key in keys} == {key: worked[key] for key in keys}
            assert touched or leant_on or home in said_again or has_work(home)


def ids_in(row: Row) -> set[str]:
    return {str(v) for column, v in row.items() if column.endswith("_id") and v is not None}


def has_work(home: uuid.UUID) -> bool:
    return Household.objects.get(pk=home).verifications.exists()


# ---- the tests ----------------------------------------------------------------------
@pytest.mark.parametrize("seed", SEEDS)
def test_undo_gives_the_state_without_the_import_but_for_what_it_lists(
    admin: User, officer: User, seed: int
) -> None:
    chance = random.Random(seed)
    applied(some_lines(chance), admin)
    work_on_it(chance, officer, admin)
    before = the_register()
    batch = applied(some_lines(chance), admin, reimport_reason="ทดสอบ")
    written = the_register()
    if seed % 3:
        work_on_it(chance, officer, admin)
    worked = the_register()

    batch = undo(batch, admin)

    check(batch, before, written, worked)
    if seed % 3 == 0:
        assert (the_register(), batch.effect["kept"]) == (before, 0)


@pytest.mark.parametrize("breaks_after", [1, 2, 3])
def test_an_undo_that_is_stopped_goes_on_where_it_was(
    admin: User, officer: User, settings: Any, breaks_after: int
) -> None:
    settings.IMPORT_CHUNK_LINES = 8
    chance = random.Random(7)
    applied(some_lines(chance), admin)
    before = the_register()
    batch = applied([line(number, {"บ้านเลขที่": "5/5"}) for number in range(60)], admin)
    written = the_register()
    work_on_it(random.Random(8), officer, admin)
    worked = the_register()
    services.order_undo(batch=batch, by=admin, at=AT)
    beats: list[str] = []

    def breaking(stage: str, done: int, total: int | None) -> None:
        beats.append(stage)
        if len(beats) > breaks_after:
            raise JobCancelled

    with pytest.raises(JobCancelled):
        undo_batch(batch=batch, by_id=admin.pk, beat=breaking, at=AT)
    job = latest_job(batch)
    assert job is not None
    halfway = the_register()
    assert before != halfway != worked

    undo_batch(batch=batch, by_id=admin.pk, beat=lambda *_: None, at=AT)

    check(batch, before, written, worked)
    ended = the_register()
    undo_batch(batch=batch, by_id=admin.pk, beat=lambda *_: None, at=AT)
    assert the_register() == ended


def test_an_import_is_taken_back_once(admin: User) -> None:
    batch = undo(applied([line(0)], admin), admin)
    with pytest.raises(services.UnableToMove):
        services.order_undo(batch=batch, by=admin, at=AT)


def test_each_kept_field_is_shown_with_its_three_values_and_who_changed_it(
    admin: User, officer: User
) -> None:
    applied([line(0), line(4)], admin)
    batch = applied([line(n, {"บ้านเลขที่": "9", "ชื่อหมู่บ้าน": "ใหม่"}) for n in (0, 4)], admin)
    Household.objects.filter(house_code="30320000000").update(house_no="77")
    applied([line(4, {"บ้านเลขที่": "10", "ชื่อหมู่บ้าน": "ใหม่"})], admin, name="หลัง.csv")

    undo(batch, admin)

    shown = services.kept_fields(batch, by=admin, at=AT)
    assert [(f.house, f.label, f.before, f.imported, f.now) for f in shown] == [
        ("30320000000", "บ้านเลขที่", "1", "9", "77"),
        ("30320000001", "บ้านเลขที่", "2", "9", "10"),
    ]
    assert shown[0].by == ""
    assert shown[1].by == f"การนำเข้า หลัง.csv โดย {admin.name}"


# ---- a second round, and stopping ---------------------------------------------------
def second_round(admin: User) -> ImportBatch:
    """Apply three of four lines, then the one that was mended; the house changed in both."""
    lines = [line(number, {"บ้านเลขที่": "8"}) for number in range(3)]
    lines.append(line(3, {"รหัสบ้าน": ""}))
    batch = apply(staged(lines, admin), admin)
    assert (batch.state, batch.held) == (State.APPLIED, 1)
    services.decide_row(
        batch=batch,
        row=5,
        decision=Decision.CORRECT,
        values={"house_code": "30320000000", "house_no": "8", "village_name": "ทีหลัง"},
        by=admin,
        at=AT,
    )
    mended = batch.rows.get(row=5)
    assert mended.verdict == "accepted", mended.codes
    return apply(batch, admin)


def test_lines_mended_later_follow_in_a_second_round_and_one_undo_takes_both_back(
    admin: User,
) -> None:
    applied([line(0)], admin)
    before = the_register()

    batch = second_round(admin)

    assert batch.state == State.APPLIED
    assert [each.number for each in batch.chunks.filter(phase="apply").order_by("pk")] == [1, 2]
    assert batch.rows.filter(is_applied=True).count() == Member.objects.count() == 4
    home = Household.objects.get()
    assert (home.house_no, home.village_name) == ("8", "ทีหลัง")
    image = open_image(batch.changes.get(table="households_household"))
    assert (image["house_no"], image["village_name"]) == (["1", "8"], ["", "ทีหลัง"])
    undo(batch, admin)
    assert the_register() == before


def test_an_apply_that_is_to_be_taken_back_stops_at_the_edge_of_a_chunk(
    admin: User, settings: Any
) -> None:
    settings.IMPORT_CHUNK_LINES = 4
    before = the_register()
    batch = staged([line(number) for number in range(16)], admin)
    services.order_apply(batch=batch, by=admin, at=AT)

    def ordering(stage: str, done: int, total: int | None) -> None:
        if done == 8:
            ImportBatch.objects.filter(pk=batch.pk).update(state=State.UNDOING)

    with pytest.raises(JobCancelled):
        apply_batch(batch=batch, by_id=admin.pk, beat=ordering, at=AT)
    assert batch.rows.filter(is_applied=True).count() == Member.objects.count() == 4

    undo_batch(batch=batch, by_id=admin.pk, beat=lambda *_: None, at=AT)
    assert the_register() == before
