"""How far the work on an import is, and what holds it up, as the job's row has it."""

from datetime import datetime
from typing import TypedDict

from imports.models import ImportBatch
from imports.services.running import latest_job
from imports.workflow import BUSY
from jobs.models import Job
from jobs.services import place_of
from jobs.workflow import State as JobState

LEFT_BEHIND = "ส่วนที่ทำงานนี้อยู่หยุดไปกะทันหัน ระบบจะทำต่อจากที่ค้างเองภายใน 1 นาที"
GAVE_WAY = "พักให้งานของผู้อื่นทำก่อน แล้วจะทำต่อจากที่ค้างเอง"


class Progress(TypedDict):
    """How far the latest piece of work is.

    `rows_per_second` is that of the last seconds, and of the whole once it is over.
    `seconds_left` is of this stage, None while nobody can know. `queue_place` is 1 for
    the next to begin, None unless it waits. `waiting_for` says in words what holds it up.
    """

    stage: str
    done: int
    total: int | None
    rows_per_second: int | None
    seconds_left: int | None
    resumed: int
    queue_place: int | None
    waiting_for: str


_NOTHING = Progress(
    stage="",
    done=0,
    total=None,
    rows_per_second=None,
    seconds_left=None,
    resumed=0,
    queue_place=None,
    waiting_for="",
)


def progress(batch: ImportBatch, *, at: datetime) -> Progress:
    """Return how far the latest piece of work on the batch is. Few queries."""
    job = latest_job(batch)
    if job is None:
        return _NOTHING
    speed = _speed(job)
    return Progress(
        stage=job.stage,
        done=job.done,
        total=job.total,
        rows_per_second=speed,
        seconds_left=_seconds_left(job, speed) if batch.state in BUSY else None,
        resumed=job.resumed,
        queue_place=place_of(job, at),
        waiting_for=_waiting_for(job, at),
    )


def _speed(job: Job) -> int | None:
    if job.finished_at is None:
        return job.speed if job.state == JobState.RUNNING else None
    if job.started_at is None or not job.done:
        return None
    seconds = (job.finished_at - job.started_at).total_seconds()
    return round(job.done / seconds) if seconds > 0 else None


def _seconds_left(job: Job, speed: int | None) -> int | None:
    if not speed or job.total is None:
        return None
    return max(0, round((job.total - job.done) / speed))


def _waiting_for(job: Job, at: datetime) -> str:
    if job.state == JobState.QUEUED:
        return job.error or (GAVE_WAY if job.turn_at else "")
    is_silent = job.lease_until is not None and job.lease_until < at
    return LEFT_BEHIND if job.state == JobState.RUNNING and is_silent else ""
