"""A worker killed -9 at random moments loses nothing and doubles nothing."""

import random
from pathlib import Path

import pytest
from django.db.models import Sum

from accounts.models import User
from imports import services
from imports.models import ImportBatch, ImportChange, ImportRow
from imports.services.running import latest_job
from imports.workflow import Phase, State
from problems.services import load_reference_data
from tests.imports.batches import AT, applied, csv_of, line, people, state_of_register, undo, upload
from tests.imports.workers import running_worker, work_while_killing
from tests.proof import times

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

PEOPLE = times(2_500, full=20_000)
CHUNK_LINES = 125
# Twenty, and fifty in full.
KILLS = {
    Phase.STAGE: times(8, full=20),
    Phase.APPLY: times(8, full=20),
    Phase.UNDO: times(4, full=10),
}


def faulty_list() -> bytes:
    """Return a list of PEOPLE in which every verdict occurs, and lines refer to earlier ones."""
    lines = people(PEOPLE)
    lines[100] = line(100, {"เลขประจำตัวประชาชน": "1234567890123"})
    lines[200] = dict(lines[199])
    lines[300] = line(300, {"รหัสบ้าน": ""})
    lines[2_000] = line(2_000, {"เลขประจำตัวประชาชน": lines[40]["เลขประจำตัวประชาชน"]})
    lines[2_400] = dict(lines[50])
    return csv_of(lines)


def outcome(batch: ImportBatch) -> dict[int, tuple[str, tuple[str, ...], str]]:
    rows = ImportRow.objects.filter(batch=batch).order_by("row")
    return {row.row: (row.verdict, tuple(row.codes), row.action) for row in rows}


def test_an_import_killed_twenty_times_equals_an_undisturbed_one(
    admin: User, tmp_path: Path
) -> None:
    load_reference_data()
    content = faulty_list()
    before = state_of_register()
    calm = applied(content, admin)
    expected = state_of_register(with_keys=False)
    undo(calm, admin)
    chance = random.Random(2569)

    with running_worker(chunk_lines=CHUNK_LINES, log=tmp_path / "worker.log") as worker:
        batch = upload(content, admin)
        kills = work_while_killing(batch, worker, kills=KILLS[Phase.STAGE], chance=chance)
        assert (batch.state, batch.error) == (State.STAGED, "")
        services.order_apply(batch=batch, by=admin, at=AT)
        kills += work_while_killing(batch, worker, kills=KILLS[Phase.APPLY], chance=chance)
        assert (batch.state, batch.error) == (State.APPLIED, "")

        assert outcome(batch) == outcome(calm)
        assert state_of_register(with_keys=False) == expected
        check_the_ledger(batch)

        services.order_undo(batch=batch, by=admin, at=AT)
        kills += work_while_killing(batch, worker, kills=KILLS[Phase.UNDO], chance=chance)
        assert (batch.state, batch.error) == (State.UNDONE, "")

    assert state_of_register() == before
    assert kills == sum(KILLS.values())
    job = latest_job(batch)
    assert job is not None
    assert (job.lease_token, job.lease_until) == (None, None)


def check_the_ledger(batch: ImportBatch) -> None:
    """Every line once, and the ledger, the lines and the page's totals are one number."""
    rows = ImportRow.objects.filter(batch=batch)
    assert batch.rows_read == rows.count() == rows.values("row").distinct().count() == PEOPLE
    chunks = batch.chunks.values("phase").annotate(lines=Sum("lines"))
    ledger = {each["phase"]: each["lines"] for each in chunks}
    # Compared on their own are only the lines of households at the edges of chunks.
    assert 0 < ledger.pop("compare") <= batch.accepted
    assert not rows.filter(verdict="accepted", action="").exists()
    assert ledger == {"stage": PEOPLE, "apply": batch.accepted}
    written = sum(
        chunk.counts["inserted"] + chunk.counts["updated"]
        for chunk in batch.chunks.filter(phase=Phase.APPLY)
    )
    changes = ImportChange.objects.filter(batch=batch).exclude(table="areas_area")
    added = sum(len(each.pks) for each in batch.added.all())
    assert added + changes.count() == written
