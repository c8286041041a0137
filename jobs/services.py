"""Background work that survives: enqueue, claim, heartbeat, finish, sweep.

Only this module publishes to the broker, and it publishes job ids only. A
message may be lost, doubled or late; the row decides what happens.
"""

import gc
import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.timezone import now
from kombu.exceptions import OperationalError

from jobs.models import Job
from jobs.workflow import State
from ppaos.celery import app

logger = logging.getLogger(__name__)

_OBJECTS_BETWEEN_COLLECTIONS = 100_000
# Read once: of two jobs in threads the later must not remember what the earlier set.
_USUAL_THRESHOLD = gc.get_threshold()

UNEXPECTED = "เกิดข้อผิดพลาดที่ไม่คาดคิด ระบบลองครบจำนวนครั้งแล้ว โปรดแจ้งผู้ดูแลระบบ"


class LeaseLost(Exception):
    """Another worker holds the job now; stop without writing anything more."""


class JobCancelled(Exception):
    """The person who asked for the work took it back."""


class UnableToFinish(Exception):
    """The work cannot succeed however often it is tried. The text is for the user."""


@dataclass
class Lease:
    """The right to work on a job, as long as it is renewed in time."""

    job_id: uuid.UUID
    subject_id: uuid.UUID
    token: uuid.UUID
    attempt: int

    def heartbeat(self, *, stage: str = "", done: int = 0, total: int | None = None) -> None:
        """Renew the lease and show progress; call it inside each chunk's transaction.

        Inside the transaction the row stays locked until commit, so that a
        chunk is written only by the holder of the lease.

        Raises LeaseLost or JobCancelled.
        """
        until = now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
        held = Job.objects.filter(pk=self.job_id, state=State.RUNNING, lease_token=self.token)
        if held.update(lease_until=until, stage=stage, done=done, total=total) == 1:
            return
        if Job.objects.filter(pk=self.job_id, state=State.CANCELLED).exists():
            raise JobCancelled
        raise LeaseLost

    def made_progress(self) -> None:
        """Forget earlier crashes: they were not this chunk's fault.

        Attempts count crashes without progress in between, so a long import
        may be killed often, but a poisoned chunk is tried three times only.
        """
        Job.objects.filter(pk=self.job_id, lease_token=self.token).update(attempts=0)


def enqueue(*, kind: str, subject_id: uuid.UUID, by: Any, at: datetime) -> Job:
    """Write the job in the caller's transaction and send it when that commits.

    Raises IntegrityError if the same work on the same subject is still live.
    """
    job = Job.objects.create(kind=kind, subject_id=subject_id, created_by=by, created_at=at)
    transaction.on_commit(lambda: _send(job))
    return job


def _send(job: Job) -> bool:
    """Publish the job's id; False if the broker is away, which costs time, not work."""
    try:
        app.send_task(job.kind, args=[str(job.pk)], retry=False)
    except OperationalError:
        logger.warning("broker is not reachable; the sweeper will send job %s", job.pk)
        return False
    Job.objects.filter(pk=job.pk, state=State.QUEUED).update(sent_at=now())
    return True


def claim(*, job_id: uuid.UUID) -> Lease | None:
    """Take the job if it waits, or if its last holder went silent; else None."""
    moment = now()
    token = uuid.uuid4()
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=job_id).first()
        if job is None or not _is_free(job, moment):
            return None
        if job.attempts >= settings.JOB_MAX_ATTEMPTS:
            _end(job_id, State.QUARANTINED, UNEXPECTED)
            logger.error(
                "job %s (%s) quarantined after %s attempts", job.pk, job.kind, job.attempts
            )
            return None
        was_running = job.state == State.RUNNING
        job.state = State.RUNNING
        job.attempts += 1
        job.resumed += was_running
        job.started_at = job.started_at or moment
        job.lease_token = token
        job.lease_until = moment + timedelta(seconds=settings.JOB_LEASE_SECONDS)
        job.save(
            update_fields=[
                "state",
                "attempts",
                "resumed",
                "started_at",
                "lease_token",
                "lease_until",
            ]
        )
    return Lease(job_id=job.pk, subject_id=job.subject_id, token=token, attempt=job.attempts)


def _is_free(job: Job, moment: datetime) -> bool:
    if job.state == State.QUEUED:
        return True
    return job.state == State.RUNNING and job.lease_until is not None and job.lease_until < moment


def run(*, job_id: uuid.UUID, work: Callable[[Lease], None]) -> None:
    """Claim the job, do the work, and write down how it ended.

    An unexpected error puts the job back for another attempt; `work` must
    continue from what it committed.
    """
    lease = claim(job_id=job_id)
    if lease is None:
        return
    try:
        with _few_collections():
            work(lease)
    except (LeaseLost, JobCancelled):
        logger.info("job %s was taken over or cancelled", job_id)
    except UnableToFinish as error:
        _end(job_id, State.FAILED, str(error), token=lease.token)
    except Exception:
        logger.exception("job %s failed on attempt %s", job_id, lease.attempt)
        _give_back(lease)
    else:
        _end(job_id, State.DONE, token=lease.token)


@contextmanager
def _few_collections() -> Iterator[None]:
    """Let Python look for cycles of garbage a hundred times less often than usual.

    Work on a chunk makes many thousands of rows that live until its commit and are
    no cycles; walking over them again and again took a quarter of an import's time.
    """
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, *_USUAL_THRESHOLD[1:])
    try:
        yield
    finally:
        gc.set_threshold(*_USUAL_THRESHOLD)


def _end(job_id: uuid.UUID, state: State, error: str = "", token: uuid.UUID | None = None) -> None:
    rows = Job.objects.filter(pk=job_id, state__in=State.live())
    if token is not None:
        rows = rows.filter(lease_token=token)
    rows.update(
        state=state, error=error[:500], finished_at=now(), lease_token=None, lease_until=None
    )


def _give_back(lease: Lease) -> None:
    if lease.attempt >= settings.JOB_MAX_ATTEMPTS:
        _end(lease.job_id, State.QUARANTINED, UNEXPECTED, token=lease.token)
        return
    Job.objects.filter(pk=lease.job_id, lease_token=lease.token).update(
        state=State.QUEUED,
        sent_at=None,
        resumed=F("resumed") + 1,
        lease_token=None,
        lease_until=None,
    )


def cancel(*, job: Job) -> bool:
    """End the job at its next heartbeat. False if it had ended already."""
    return bool(
        Job.objects.filter(pk=job.pk, state__in=State.live()).update(
            state=State.CANCELLED, finished_at=now(), lease_token=None, lease_until=None
        )
    )


def sweep() -> int:
    """Send again what the broker or a dead worker forgot; return how many.

    A job is forgotten if its lease ran out, or if it waits and was never sent,
    or was sent longer ago than a lease lasts. The first that the broker refuses
    ends the sweep: the rest would only wait for the same refusal.
    """
    moment = now()
    stale = moment - timedelta(seconds=settings.JOB_LEASE_SECONDS)
    waiting = Job.objects.filter(state=State.QUEUED)
    forgotten = (
        waiting.filter(sent_at__isnull=True)
        | waiting.filter(sent_at__lt=stale)
        | Job.objects.filter(state=State.RUNNING, lease_until__lt=moment)
    )
    jobs = forgotten.order_by("created_at", "pk")[:500]
    return sum(1 for _ in takewhile(_send, jobs))
