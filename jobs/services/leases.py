"""The right to work on a job: taken, renewed with each chunk, lost, given back."""

import logging
import uuid
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.timezone import now

from jobs.models import Job
from jobs.services.turns import Person, Rules, needs_a_process, somebody_waits
from jobs.workflow import State

logger = logging.getLogger(__name__)

UNEXPECTED = "เกิดข้อผิดพลาดที่ไม่คาดคิด ระบบลองครบจำนวนครั้งแล้ว โปรดแจ้งผู้ดูแลระบบ"
# Speed is told of so many seconds back: of now, not since the upload.
_RECENT = timedelta(seconds=15)
_SHORTEST = 0.5


class LeaseLost(Exception):
    """Another worker holds the job now; stop without writing anything more."""


class JobCancelled(Exception):
    """The person who asked for the work took it back."""


class TurnOver(Exception):
    """Somebody else waits and this job had its turn; stop, it goes on later."""


class UnableToFinish(Exception):
    """The work cannot succeed however often it is tried. The text is for the user."""


@dataclass
class Lease:
    """The right to work on a job, as long as it is renewed in time."""

    job_id: uuid.UUID
    subject_id: uuid.UUID
    token: uuid.UUID
    attempt: int
    kind: str = ""
    queue: str = ""
    person: Person = None
    _turn_until: datetime | None = None
    _stage: str = ""
    _marks: deque[tuple[datetime, int]] = field(default_factory=deque)

    def heartbeat(self, *, stage: str = "", done: int = 0, total: int | None = None) -> None:
        """Renew the lease and show progress; call it inside each chunk's transaction.

        Inside the transaction the row stays locked until commit, so that a
        chunk is written only by the holder of the lease.

        Raises LeaseLost, JobCancelled or TurnOver.
        """
        moment = now()
        held = Job.objects.filter(pk=self.job_id, state=State.RUNNING, lease_token=self.token)
        renewed = held.update(
            lease_until=moment + timedelta(seconds=settings.JOB_LEASE_SECONDS),
            stage=stage,
            done=done,
            total=total,
            speed=self._speed(stage, done, moment),
        )
        if renewed != 1:
            if Job.objects.filter(pk=self.job_id, state=State.CANCELLED).exists():
                raise JobCancelled
            raise LeaseLost
        if self.queue and total is not None:
            self._give_way(moment)

    def give_way_to_queues(self) -> None:
        """End the turn if a job of a queue waits for a process of the worker.

        For long work that stands in no queue, between two steps. Raises TurnOver.
        """
        if needs_a_process(now()):
            raise TurnOver

    def made_progress(self) -> None:
        """Forget earlier crashes: they were not this chunk's fault.

        Attempts count crashes without progress in between, so a long import
        may be killed often, but a poisoned chunk is tried three times only.
        """
        Job.objects.filter(pk=self.job_id, lease_token=self.token).update(attempts=0)

    def _speed(self, stage: str, done: int, moment: datetime) -> int | None:
        """Return how many a second were done lately in this stage; None while nobody knows."""
        if stage != self._stage:
            self._stage = stage
            self._marks.clear()
        self._marks.append((moment, done))
        while len(self._marks) > 2 and self._marks[1][0] <= moment - _RECENT:
            self._marks.popleft()
        since, before = self._marks[0]
        seconds = (moment - since).total_seconds()
        return round((done - before) / seconds) if seconds >= _SHORTEST and done > before else None

    def _give_way(self, moment: datetime) -> None:
        """End the turn if it lasted long enough and somebody waits.

        It begins with the first chunk, so that each turn does at least one, however
        long it takes to find the place again.
        """
        if self._turn_until is None:
            seconds = Rules.of(self.queue).turn_seconds
            self._turn_until = moment + timedelta(seconds=seconds)
        elif moment >= self._turn_until and somebody_waits(self.queue, self.person, moment):
            raise TurnOver


def claim(*, job_id: uuid.UUID, is_polite: bool = False) -> Lease | None:
    """Take the job if it waits, or if its last holder went silent; else None.

    `is_polite`: leave it where somebody has the row locked, who therefore is not silent.
    """
    moment = now()
    token = uuid.uuid4()
    with transaction.atomic():
        job = Job.objects.select_for_update(skip_locked=is_polite).filter(pk=job_id).first()
        if job is None or not _is_free(job, moment):
            return None
        if job.attempts >= settings.JOB_MAX_ATTEMPTS:
            end(job_id, State.QUARANTINED, UNEXPECTED)
            logger.error(
                "job %s (%s) quarantined after %s attempts", job.pk, job.kind, job.attempts
            )
            return None
        was_running = job.state == State.RUNNING
        job.state = State.RUNNING
        job.attempts += 1
        job.resumed += was_running
        job.started_at = job.started_at or moment
        job.turn_at = moment
        job.waits_until, job.error = None, ""
        job.lease_token = token
        job.lease_until = moment + timedelta(seconds=settings.JOB_LEASE_SECONDS)
        job.save(
            update_fields=[
                "state",
                "attempts",
                "resumed",
                "started_at",
                "turn_at",
                "waits_until",
                "error",
                "lease_token",
                "lease_until",
            ]
        )
    return Lease(
        job_id=job.pk,
        subject_id=job.subject_id,
        token=token,
        attempt=job.attempts,
        kind=job.kind,
        queue=job.queue,
        person=job.created_by_id,
    )


def _is_free(job: Job, moment: datetime) -> bool:
    if job.state == State.QUEUED:
        return job.waits_until is None or job.waits_until <= moment
    return job.state == State.RUNNING and job.lease_until is not None and job.lease_until < moment


def end(job_id: uuid.UUID, state: State, error: str = "", token: uuid.UUID | None = None) -> None:
    """Write down how a job ended; with `token`, only if that lease still holds."""
    rows = Job.objects.filter(pk=job_id, state__in=State.live())
    if token is not None:
        rows = rows.filter(lease_token=token)
    rows.update(
        state=state, error=error[:500], finished_at=now(), lease_token=None, lease_until=None
    )


def give_back(lease: Lease, **columns: object) -> None:
    """Let the job wait again, for another attempt or its next turn."""
    Job.objects.filter(pk=lease.job_id, lease_token=lease.token).update(
        state=State.QUEUED, sent_at=None, lease_token=None, lease_until=None, **columns
    )


def cancel(*, job: Job) -> bool:
    """End the job at its next heartbeat. False if it had ended already."""
    return bool(
        Job.objects.filter(pk=job.pk, state__in=State.live()).update(
            state=State.CANCELLED, finished_at=now(), lease_token=None, lease_until=None
        )
    )
