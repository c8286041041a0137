"""Order the long work, and do it: staging, applying, undoing, whoever asks and wherever it runs."""

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connections, transaction
from django.utils.timezone import now

from accounts.models import User
from audit.services import record
from imports import permissions
from imports.apply import apply_batch
from imports.apply.chunks import Beat, recount
from imports.apply.locking import turns
from imports.models import ImportBatch
from imports.services.corrections import MEND_TASK, is_mending, mend_work
from imports.services.errors import UnableToStage
from imports.services.safety import (
    APPROVED,
    ASKED,
    approved_now,
    late_reasons,
    pending,
    request_stamp,
    safety_reasons,
    stamp,
)
from imports.services.staging import stage
from imports.services.states import UnableToMove, move
from imports.services.uploading import STAGE_TASK
from imports.undo import rows_taken_back, undo_batch
from imports.workflow import DECIDABLE, Decision, Phase, State
from jobs.models import Job
from jobs.services import Lease, UnableToFinish, cancel, enqueue
from jobs.workflow import State as JobState

APPLY_TASK = "imports.apply"
UNDO_TASK = "imports.undo"


class UnableToApply(Exception):
    """There is nothing to apply, or nothing to take back. The message is for the user."""


# ---- orders -------------------------------------------------------------------------
@transaction.atomic
def order_apply(*, batch: ImportBatch, by: User, at: datetime) -> None:
    """Let a worker write the accepted lines; above a safety limit, ask a second person first.

    Lines that were decided or mended after an import was applied follow in the same way.
    Raises PermissionDenied, UnableToMove and UnableToApply.
    """
    permissions.check_can_manage(by, batch)
    _hold(batch)
    if batch.state == State.AWAITING_APPROVAL:
        raise UnableToMove("รอผู้อื่นที่มีสิทธิอนุมัติ")
    _check_there_is_something(batch)
    if batch.state == State.APPLIED and late_reasons(batch):
        raise UnableToApply("เกินเกณฑ์ความปลอดภัย ผู้มีสิทธิอนุมัติที่ไม่ใช่ผู้ส่งไฟล์ต้องเป็นผู้นำเข้าแถวที่แก้แล้ว")
    if batch.state == State.STAGED and safety_reasons(batch):
        options = {**batch.options, ASKED: stamp(by, at)}
        move(batch, to=State.AWAITING_APPROVAL, options=options)
        record(event="import.approval-asked", subject=batch, area=batch.area_code, by=by, at=at)
        return
    _start_apply(batch, by, at)


@transaction.atomic
def approve(*, batch: ImportBatch, by: User, at: datetime, asked: str = "") -> None:
    """Approve, as a second person, an import above a safety limit, and let it start.

    `asked` names the request that the person saw: lines may have been mended, and
    approval asked for anew, since. Raises PermissionDenied (also for the uploader),
    UnableToMove and UnableToApply (also for who typed values of lines that wait).
    """
    permissions.check_can_approve(by, batch)
    _hold(batch)
    is_late = batch.state == State.APPLIED and pending(batch) > 0
    if batch.state != State.AWAITING_APPROVAL and not is_late:
        raise UnableToMove("การนำเข้านี้ไม่ได้รออนุมัติ")
    if asked and asked != request_stamp(batch):
        raise UnableToMove("มีแถวที่แก้หลังจากท่านเปิดหน้านี้ ตรวจอีกครั้งแล้วจึงอนุมัติ")
    _check_there_is_something(batch)
    _check_did_not_type_it(batch, by)
    record(event="import.approved", subject=batch, area=batch.area_code, by=by, at=at)
    options = {**batch.options, APPROVED: approved_now(batch)}
    _start_apply(batch, by, at, approved_by=by, approved_at=at, options=options)


def _check_did_not_type_it(batch: ImportBatch, by: User) -> None:
    """What somebody typed into lines is theirs as a file is the sender's: another approves it."""
    waiting = batch.rows.to_apply()
    if waiting.filter(decision=Decision.CORRECT, decided_by=by).exists():
        raise UnableToApply("ท่านเป็นผู้แก้ค่าของแถวที่รอนำเข้า ต้องให้ผู้มีสิทธิอนุมัติอีกคนเป็นผู้อนุมัติ")


def _hold(batch: ImportBatch) -> None:
    """Lock the batch, and judge by what it counts now: somebody may have decided lines since.

    Raises UnableToMove if it moved on since it was read.
    """
    seen = batch.state
    ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    batch.refresh_from_db()
    if batch.state != seen:
        raise UnableToMove("มีผู้ดำเนินการนี้ไปแล้ว โปรดดูสถานะล่าสุด")


def _check_there_is_something(batch: ImportBatch) -> None:
    if batch.state in DECIDABLE and not pending(batch):
        raise UnableToApply("ไม่มีแถวที่พร้อมนำเข้า")
    if is_mending(batch):
        raise UnableToApply("กำลังรับแถวที่แก้แล้ว รอให้เสร็จก่อนจึงนำเข้าได้")


def _start_apply(batch: ImportBatch, by: User, at: datetime, **columns: object) -> None:
    move(batch, to=State.APPLYING, **columns)
    enqueue(kind=APPLY_TASK, subject_id=batch.pk, by=by, at=at)
    record(
        event="import.apply-ordered",
        subject=batch,
        area=batch.area_code,
        by=by,
        at=at,
        detail={"rows": pending(batch)},
    )


@transaction.atomic
def order_undo(*, batch: ImportBatch, by: User, at: datetime) -> None:
    """Let a worker take the import back. Raises PermissionDenied, UnableToMove, UnableToApply."""
    permissions.check_can_manage(by, batch)
    if batch.state == State.FAILED and not (batch.added.exists() or batch.changes.exists()):
        raise UnableToApply("การนำเข้านี้ไม่ได้เขียนอะไรลงทะเบียน")
    move(batch, to=State.UNDOING, error="")
    enqueue(kind=UNDO_TASK, subject_id=batch.pk, by=by, at=at)
    record(event="import.undo-ordered", subject=batch, area=batch.area_code, by=by, at=at)


@transaction.atomic
def cancel_import(*, batch: ImportBatch, by: User, at: datetime) -> None:
    """Give up a file; one that is being applied is stopped at a chunk's edge and taken back.

    Raises PermissionDenied and UnableToMove.
    """
    permissions.check_can_manage(by, batch)
    job = latest_job(batch)
    if job is not None:
        # Before the batch, as a worker holds them: each would wait for the other else.
        cancel(job=job)
    if batch.state == State.APPLYING:
        move(batch, to=State.UNDOING)
        enqueue(kind=UNDO_TASK, subject_id=batch.pk, by=by, at=at)
        record(event="import.stopped", subject=batch, area=batch.area_code, by=by, at=at)
        return
    move(batch, to=State.CANCELLED)
    record(event="import.cancelled", subject=batch, area=batch.area_code, by=by, at=at)


def latest_job(batch: ImportBatch) -> Job | None:
    return Job.objects.filter(subject_id=batch.pk).order_by("-created_at", "-pk").first()


# ---- the work of a job --------------------------------------------------------------
Clock = Callable[[], datetime]
"""Says what time it is: for a list of last month that is imported today, not now."""


def stage_work(lease: Lease, *, clock: Clock = now) -> None:
    batch = _batch_of(lease, State.UPLOADED, State.STAGING)
    if batch is not None:
        with _failing(batch), kept_alive(lease):
            stage(batch=batch, beat=_beat_of(lease), at=clock())


def apply_work(lease: Lease, *, clock: Clock = now) -> None:
    batch = _batch_of(lease, State.APPLYING)
    if batch is None:
        return
    by = _ordered_by(lease)
    with _failing(batch), kept_alive(lease), turns():
        apply_batch(batch=batch, by_id=by.pk, beat=_beat_of(lease), at=clock())
        with transaction.atomic():
            _beat_of(lease)(Phase.APPLY.label, batch.accepted, batch.accepted)
            finish_apply(batch=batch, by=by, at=clock())


def undo_work(lease: Lease) -> None:
    batch = _batch_of(lease, State.UNDOING)
    if batch is None:
        return
    by = _ordered_by(lease)
    with _failing(batch), kept_alive(lease), turns():
        undo_batch(batch=batch, by_id=by.pk, beat=_beat_of(lease), at=now())
        with transaction.atomic():
            _beat_of(lease)(Phase.UNDO.label, 1, 1)
            finish_undo(batch=batch, by=by, at=now())


def finish_apply(*, batch: ImportBatch, by: User, at: datetime) -> None:
    """Count what was done and close the apply, in the caller's transaction."""
    recount(batch)
    move(batch, to=State.APPLIED, applied_by=by, applied_at=at)
    record(
        event="import.applied",
        subject=batch,
        area=batch.area_code,
        by=by,
        at=at,
        detail={"source": batch.source, "year_be": batch.year_be, **batch.effect},
    )


def finish_undo(*, batch: ImportBatch, by: User, at: datetime) -> None:
    """Count what stayed and close the undo, in the caller's transaction."""
    undone, kept = rows_taken_back(batch)
    effect = {**batch.effect, "undone": undone, "kept": kept}
    move(batch, to=State.UNDONE, undone_by=by, undone_at=at, effect=effect)
    record(
        event="import.undone",
        subject=batch,
        area=batch.area_code,
        by=by,
        at=at,
        detail={"undone": undone, "kept": kept},
    )


def _batch_of(lease: Lease, *states: State) -> ImportBatch | None:
    """Return the batch if the work is still to be done: a message may come twice or late."""
    return ImportBatch.objects.filter(pk=lease.subject_id, state__in=states).first()


def _ordered_by(lease: Lease) -> User:
    job = Job.objects.select_related("created_by").get(pk=lease.job_id)
    assert job.created_by is not None
    return job.created_by


def _beat_of(lease: Lease) -> Beat:
    def beat(stage: str, done: int, total: int | None) -> None:
        lease.heartbeat(stage=stage, done=done, total=total)
        # Commits with the chunk: only what makes no progress is quarantined. A step that is
        # announced before its lines are counted is no progress, or a poisoned file would
        # be tried for ever.
        if total is not None:
            lease.made_progress()

    return beat


@contextmanager
def _failing(batch: ImportBatch) -> Iterator[None]:
    """Turn "this can never succeed" into a failed batch and a failed job."""
    try:
        yield
    except UnableToStage as error:
        fail(batch_id=batch.pk, error=str(error))
        raise UnableToFinish(str(error)) from error


@transaction.atomic
def fail(*, batch_id: uuid.UUID, error: str) -> bool:
    """Close a batch whose work cannot go on; False if it was closed already."""
    busy = ImportBatch.objects.filter(pk=batch_id).busy()
    batch = busy.select_for_update(no_key=True).first()
    if batch is None:
        return False
    ImportBatch.objects.filter(pk=batch_id).update(state=State.FAILED, error=error[:500])
    record(event="import.failed", subject=batch, area=batch.area_code, by=None, at=now())
    return True


def settle() -> int:
    """Fail the batches whose job ended without finishing them; return how many.

    A job that crashed three times without progress is quarantined by the job's own
    rules, which know nothing of batches.
    """
    settled = 0
    for batch in ImportBatch.objects.busy().order_by("uploaded_at", "pk"):
        job = latest_job(batch)
        if job is not None and job.state in (JobState.QUARANTINED, JobState.FAILED):
            settled += fail(batch_id=batch.pk, error=job.error)
    return settled


@contextmanager
def kept_alive(lease: Lease) -> Iterator[None]:
    """Renew the lease from the side while one step takes longer than a lease lasts.

    Unpacking and counting a large file says nothing for minutes. The thread dies
    with the process, so a killed worker is still noticed.
    """
    over = threading.Event()
    pause = min(settings.JOB_HEARTBEAT_SECONDS, settings.JOB_LEASE_SECONDS / 3)

    def renew() -> None:
        try:
            while not over.wait(pause):
                until = now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
                Job.objects.filter(
                    pk=lease.job_id, state=JobState.RUNNING, lease_token=lease.token
                ).update(lease_until=until)
        finally:
            connections.close_all()

    thread = threading.Thread(target=renew, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


WORK: dict[str, Callable[[Lease], None]] = {
    STAGE_TASK: stage_work,
    APPLY_TASK: apply_work,
    UNDO_TASK: undo_work,
    MEND_TASK: mend_work,
}
