"""Taking an import back: the same state, and nothing that people did since is lost."""

import pytest
from django.db import connection

from accounts.models import User
from audit.models import Event
from households.models import Household, Member
from households.services import record_verification
from households.workflow import Outcome
from imports import services
from imports.apply import apply_batch
from imports.apply.leaning import leaning_on
from imports.apply.restoring import EDITED, LATER_IMPORT
from imports.apply.tables import TABLES
from imports.models import ImportBatch
from imports.workflow import State
from problems.rules import ProblemCode
from problems.services import open_problem
from problems.workflow import Origin
from tests.imports.batches import (
    AT,
    applied,
    apply,
    line,
    people,
    staged,
    state_of_register,
    undo,
    work,
)

pytestmark = pytest.mark.django_db


def kept(batch: ImportBatch) -> set[str]:
    return {conflict.reason for conflict in services.conflicts(batch)}


def test_import_and_undo_give_the_same_state(admin: User) -> None:
    before = state_of_register()
    batch = applied(people(60), admin)
    assert state_of_register() != before

    batch = undo(batch, admin)

    assert (batch.state, batch.effect["kept"]) == (State.UNDONE, 0)
    assert state_of_register() == before
    assert not batch.rows.filter(is_applied=True).exists()
    assert Event.objects.get(event="import.undone").detail["kept"] == 0


def test_changed_values_come_back_on_top_of_an_older_import(admin: User) -> None:
    first = applied(people(40), admin)
    before = state_of_register()
    changed = [
        {**each, "บ้านเลขที่": f"{number // 4}/9", "นามสกุล": f"ใหม่{number}", "สุขภาพ": "1", "วันเกิด": ""}
        for number, each in enumerate(people(60))
    ]
    second = applied(changed, admin)
    assert second.effect["households_updated"] == 10

    undo(second, admin)
    assert state_of_register() == before
    undo(first, admin)
    assert not Household.objects.exists()


def test_a_value_that_somebody_changed_since_stays(admin: User) -> None:
    applied(people(8), admin)
    second = applied([{**each, "บ้านเลขที่": "9", "ชื่อหมู่บ้าน": "ใหม่"} for each in people(8)], admin)
    Household.objects.filter(house_code="30320000000").update(house_no="77")

    batch = undo(second, admin)

    touched = Household.objects.get(house_code="30320000000")
    assert (touched.house_no, touched.village_name) == ("77", "")
    assert Household.objects.get(house_code="30320000001").house_no == "2"
    assert kept(batch) == {f"{EDITED}: บ้านเลขที่"}


def test_a_verified_household_stays_whole(admin: User, officer: User) -> None:
    batch = applied(people(12), admin)
    verified = Household.objects.get(house_code="30320000001")
    record_verification(
        household=verified, outcome=Outcome.POOR, visited_on=AT.date(), by=officer, at=AT
    )

    batch = undo(batch, admin)

    assert Household.objects.get() == verified
    assert verified.members.count() == verified.listings.count() == 4
    assert verified.problems.exists()
    assert batch.state == State.UNDONE
    assert kept(batch) == {EDITED}
    assert set(batch.rows.filter(is_applied=True).values_list("row", flat=True)) == {6, 7, 8, 9}


def test_an_edited_person_keeps_the_household(admin: User) -> None:
    batch = applied(people(8), admin)
    Member.objects.filter(last_name="ทดสอบ5").update(first_name="แก้แล้ว")

    undo(batch, admin)

    assert set(Household.objects.values_list("house_code", flat=True)) == {"30320000001"}
    assert Member.objects.count() == 4


def test_what_a_later_import_stands_on_stays(admin: User) -> None:
    first = applied(people(8), admin)
    lines = [{**each, "ปีข้อมูล TPMAP": ""} for each in people(4)]
    later = applied(lines, admin, year_be=2568)

    first = undo(first, admin)

    assert Household.objects.get().house_code == "30320000000"
    assert kept(first) == {LATER_IMPORT}
    assert later.rows.filter(is_applied=True).count() == 4


def test_a_village_that_others_use_stays(admin: User) -> None:
    village = {"หมู่ที่": "15"}
    first = applied([line(0, village)], admin)
    applied([line(12, village)], admin)

    first = undo(first, admin)

    assert Household.objects.get().area_id == "30320115"
    assert kept(first) == {"พื้นที่นี้มีข้อมูลอื่นใช้อยู่แล้ว"}


def test_a_confirmed_tambon_goes_with_the_import(admin: User) -> None:
    before = state_of_register()
    batch = staged([line(0, {"ตำบล": "บ้านใหม่", "รหัสตำบล": "303299"})], admin)
    services.confirm_area(batch=batch, code="303299", by=admin, at=AT)

    undo(apply(batch, admin), admin)

    assert state_of_register() == before


def test_an_undone_file_can_be_imported_again(admin: User) -> None:
    batch = applied(people(8), admin)
    expected = state_of_register(with_keys=False)
    undo(batch, admin)

    applied(people(8), admin)

    assert state_of_register(with_keys=False) == expected


def test_only_what_was_applied_can_be_undone(admin: User) -> None:
    batch = staged(people(4), admin)
    with pytest.raises(services.UnableToMove):
        services.order_undo(batch=batch, by=admin, at=AT)


def test_an_import_that_failed_half_way_can_be_taken_back(
    admin: User, monkeypatch: pytest.MonkeyPatch, settings: pytest.MonkeyPatch
) -> None:
    settings.IMPORT_CHUNK_LINES = 4  # type: ignore[attr-defined]
    before = state_of_register()
    batch = staged(people(12), admin)
    services.order_apply(batch=batch, by=admin, at=AT)
    real = apply_batch

    def breaking(**options: object) -> None:
        calls = []

        def beat(stage: str, done: int, total: int | None) -> None:
            calls.append(done)
            if len(calls) > 2:
                raise services.UnableToStage("ดิสก์เต็ม")

        real(**{**options, "beat": beat})  # type: ignore[arg-type]

    monkeypatch.setattr("imports.services.running.apply_batch", breaking)
    batch = work(batch)
    assert (batch.state, batch.error) == (State.FAILED, "ดิสก์เต็ม")
    assert Member.objects.count() == 8

    batch = undo(batch, admin)
    assert batch.state == State.UNDONE
    assert state_of_register() == before


def test_what_somebody_entered_for_an_added_household_keeps_it(admin: User, officer: User) -> None:
    batch = applied(people(8), admin)
    home = Household.objects.get(house_code="30320000001")
    open_problem(
        household=home,
        code=ProblemCode.EDUCATION_OTHER,
        origin=Origin.FIELD,
        opened_on=AT.date(),
        members=list(home.members.filter(is_head=True)),
        by=officer,
        at=AT,
    )

    batch = undo(batch, admin)

    assert Household.objects.get() == home
    assert home.members.count() == 4
    assert kept(batch) == {"มีการบันทึกครั้งหลังที่ใช้ข้อมูลนี้"}


def test_every_key_that_the_database_has_on_an_imported_row_is_looked_at() -> None:
    """Verification, assessment, referral, exit, photo, plan: whatever points there, and will."""
    asked = {
        (f.model._meta.db_table, f.column) for table in TABLES for f in leaning_on(table.model)
    }
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.conrelid::regclass::text, a.attname
            FROM pg_constraint c
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
            WHERE c.contype = 'f' AND c.confrelid::regclass::text = ANY(%s)
            """,
            [[table.name for table in TABLES]],
        )
        found = set(cursor.fetchall())
    assert ("households_verification", "household_id") in found
    assert {key for key in found if not key[0].startswith("imports_")} <= asked
