"""What the database refuses, what is settled when a job ends badly, and what is purged."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import now

from accounts.models import User
from imports import services
from imports.models import ImportAdded, ImportBatch, ImportChange, ImportRow
from imports.workflow import TRANSITIONS, Kind, State, Verdict
from jobs.models import Job
from tests.imports.batches import AT, applied, line, people, staged, undo, upload

pytestmark = pytest.mark.django_db


def refuses(constraint: str) -> Any:
    return pytest.raises(IntegrityError, match=constraint)


# ---- constraints ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"approved_at": AT}, "importbatch_approved_at_and_by_together"),
        ({"applied_at": AT}, "importbatch_applied_at_and_by_together"),
        ({"state": State.APPLIED}, "importbatch_applied_when_it_says_so"),
        ({"state": State.UNDONE}, "importbatch_undone_exactly_when_it_says_so"),
        ({"undone_at": AT}, "importbatch_undone_exactly_when_it_says_so"),
        ({"state": State.FAILED}, "importbatch_failed_says_why"),
        ({"state": "lost"}, "importbatch_state_is_known"),
        ({"year_be": 2024}, "importbatch_year_is_be"),
        ({"sha256": "x" * 64}, "importbatch_sha256_is_hex"),
        ({"lines_counted": 5}, "importbatch_counted_from_staged_on"),
    ],
)
def test_the_database_refuses_a_batch(
    admin: User, changes: dict[str, Any], constraint: str
) -> None:
    batch = staged(people(4), admin)
    with transaction.atomic(), refuses(constraint):
        ImportBatch.objects.filter(pk=batch.pk).update(**changes)


def test_the_database_refuses_the_uploader_as_approver(admin: User, province: User) -> None:
    rows = ImportBatch.objects.filter(pk=staged(people(4), admin).pk)
    with transaction.atomic(), refuses("importbatch_approved_by_a_second_person"):
        rows.update(approved_at=AT, approved_by=admin)
    assert rows.update(approved_at=AT, approved_by=province) == 1


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"verdict": "perhaps"}, "importrow_verdict_is_known"),
        (
            {"verdict": Verdict.HELD, "is_applied": True},
            "importrow_applied_only_if_accepted",
        ),
        ({"decision": "accept"}, "importrow_decision_all_or_none"),
        ({"decided_at": AT}, "importrow_decision_all_or_none"),
        ({"row": 3}, "importrow_line_once"),
    ],
)
def test_the_database_refuses_a_line(admin: User, changes: dict[str, Any], constraint: str) -> None:
    batch = staged(people(4), admin)
    with transaction.atomic(), refuses(constraint):
        ImportRow.objects.filter(batch=batch, row=2).update(**changes)


def test_the_database_refuses_a_change_without_its_image(admin: User) -> None:
    applied(people(4), admin)
    batch = applied([{**each, "บ้านเลขที่": "9"} for each in people(4)], admin)
    one = batch.changes.get(kind=Kind.UPDATE)
    changes = ImportChange.objects.filter(pk=one.pk)
    with transaction.atomic(), refuses("importchange_image_exactly_when_updated"):
        changes.update(kind=Kind.INSERT)
    with transaction.atomic(), refuses("importchange_image_exactly_when_updated"):
        changes.update(image=None)
    with transaction.atomic(), refuses("importchange_row_once"):
        ImportChange.objects.create(
            batch=batch,
            chunk=9,
            table=one.table,
            pk_value=one.pk_value,
            kind=Kind.INSERT,
            digest=b"",
        )


def test_the_database_refuses_an_added_row_without_its_digest(admin: User) -> None:
    batch = applied(people(4), admin)
    added = ImportAdded.objects.filter(batch=batch)
    with transaction.atomic(), refuses("importadded_a_digest_for_each_row"):
        added.update(digests=[])
    with transaction.atomic(), refuses("importadded_once_a_chunk"):
        one = added.get()
        one.pk = None
        one.save(force_insert=True)


def test_the_tables_outlive_a_crash_of_the_server() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class"
            " WHERE starts_with(relname, 'imports_') AND relpersistence <> 'p'"
        )
        assert cursor.fetchall() == []


def test_every_state_has_its_moves() -> None:
    assert set(TRANSITIONS) == set(State)
    reachable = {State.UPLOADED} | {after for moves in TRANSITIONS.values() for after in moves}
    assert reachable == set(State)


# ---- visible_to -----------------------------------------------------------------------
def test_an_import_is_visible_where_one_may_import_or_approve(
    admin: User, province: User, outsider: User, district: User, stranger: User
) -> None:
    batch = staged(people(4), admin)
    seen = [
        user.username
        for user in (admin, province, outsider, district, stranger)
        if ImportBatch.objects.visible_to(user).filter(pk=batch.pk).exists()
    ]
    assert seen == ["admin", "province"]


# ---- jobs that end badly, files whose time is up --------------------------------------
def test_a_quarantined_job_fails_its_batch_with_the_reason(admin: User) -> None:
    batch = upload(people(4), admin)
    Job.objects.filter(subject_id=batch.pk).update(
        state="quarantined", finished_at=now(), error="ลองครบแล้ว"
    )

    assert services.settle() == 1
    batch.refresh_from_db()
    assert (batch.state, batch.error) == (State.FAILED, "ลองครบแล้ว")
    assert services.settle() == 0


def test_lines_are_emptied_with_their_file_and_undo_still_works(admin: User) -> None:
    batch = applied([*people(4), line(5, {"เลขประจำตัวประชาชน": "123"})], admin)
    due = batch.file.purge_on
    assert due is not None

    assert services.purge_due(on=due - timedelta(days=1)) == 0
    assert services.purge_due(on=due) == 1
    assert services.purge_due(on=due) == 0

    batch.refresh_from_db()
    assert not batch.rows.exclude(payload=b"").exists()
    assert services.open_samples(batch) == []
    shown = services.show_rows(batch, batch.rows.all(), by=admin, at=AT)
    assert [row["raw"] for row in shown] == [{}] * 5
    issues = list(batch.issues.filter(code="E_CID_LEN"))
    assert services.show_issues(batch, issues, by=admin, at=AT)[0].raw == ""
    assert undo(batch, admin).state == State.UNDONE
