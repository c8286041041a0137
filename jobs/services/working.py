"""Do the work of a job, and write down how it ended."""

import errno
import gc
import logging
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.timezone import now

from jobs.models import Job
from jobs.services.leases import (
    UNEXPECTED,
    JobCancelled,
    Lease,
    LeaseLost,
    TurnOver,
    UnableToFinish,
    claim,
    end,
    give_back,
)
from jobs.services.sending import send_next
from jobs.services.turns import lock_queue, startable
from jobs.workflow import State

logger = logging.getLogger(__name__)

Work = Callable[[Lease], None]

DISK_FULL = "พื้นที่จัดเก็บเต็ม งานหยุดรอและจะทำต่อเองเมื่อมีที่ว่าง โปรดแจ้งผู้ดูแลระบบ"
_SQLSTATE_DISK_FULL = "53100"

_OBJECTS_BETWEEN_COLLECTIONS = 100_000
# Read once: of two jobs in threads the later must not remember what the earlier set.
_USUAL_THRESHOLD = gc.get_threshold()


def run(*, job_id: uuid.UUID, work: Work) -> None:
    """Claim the job, whoever's turn it is, do the work, and write down how it ended.

    An unexpected error puts the job back for another attempt; `work` must
    continue from what it committed.
    """
    lease = claim(job_id=job_id)
    if lease is not None:
        _carry_out(lease, work)


def run_in_turn(*, job_id: uuid.UUID, works: Mapping[str, Work]) -> None:
    """Do the job of the same queue whose turn it is; `works` tells how, by kind.

    So a message means only that there is something to do, not that it is this job's turn.
    """
    queue = Job.objects.filter(pk=job_id).values_list("queue", flat=True).first()
    if queue is None:
        return
    lease = take_turn(queue=queue) if queue else claim(job_id=job_id)
    if lease is None:
        # Whoever ends a turn, or the sweeper, sends it again.
        Job.objects.filter(pk=job_id, state=State.QUEUED).update(sent_at=None)
        return
    _carry_out(lease, works[lease.kind])
    if queue:
        send_next(queue)


def take_turn(*, queue: str) -> Lease | None:
    """Claim the job whose turn it is; None if no slot is free or nobody waits."""
    with transaction.atomic():
        lock_queue(queue)
        for job in startable(queue, now()):
            lease = claim(job_id=job.pk, is_polite=job.state == State.RUNNING)
            if lease is not None:
                return lease
    return None


def _carry_out(lease: Lease, work: Work) -> None:
    try:
        with _few_collections():
            work(lease)
    except (LeaseLost, JobCancelled):
        logger.info("job %s was taken over or cancelled", lease.job_id)
    except TurnOver:
        logger.info("job %s gives way", lease.job_id)
        give_back(lease, attempts=0, speed=None)
    except UnableToFinish as error:
        end(lease.job_id, State.FAILED, str(error), token=lease.token)
    except Exception as error:
        if is_disk_full(error):
            logger.error("job %s waits: no space is left", lease.job_id)
            _wait_for_space(lease)
        else:
            logger.exception("job %s failed on attempt %s", lease.job_id, lease.attempt)
            _try_again(lease)
    else:
        end(lease.job_id, State.DONE, token=lease.token)


def is_disk_full(error: Exception) -> bool:
    """Whether the database's disk, or the folder for temporary files, has no space left."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    # COPY comes with the driver's own error, everything else with Django's around it.
    return any(
        getattr(each, "pgcode", None) == _SQLSTATE_DISK_FULL for each in (error, error.__cause__)
    )


def _wait_for_space(lease: Lease) -> None:
    """Let the job wait, with its reason; a full disk is no fault of the job's."""
    later = now() + timedelta(seconds=settings.JOB_WAIT_SECONDS)
    give_back(lease, attempts=0, speed=None, waits_until=later, error=DISK_FULL)


def _try_again(lease: Lease) -> None:
    if lease.attempt >= settings.JOB_MAX_ATTEMPTS:
        end(lease.job_id, State.QUARANTINED, UNEXPECTED, token=lease.token)
        return
    give_back(lease, resumed=F("resumed") + 1, speed=None)


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
