"""Tell the workers that there is work: at once, and again if that was forgotten."""

import logging
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now
from kombu.exceptions import OperationalError

from jobs.models import Job
from jobs.services.turns import startable
from jobs.workflow import State
from ppaos.celery import app

logger = logging.getLogger(__name__)


def enqueue(*, kind: str, subject_id: uuid.UUID, by: Any, at: datetime) -> Job:
    """Write the job in the caller's transaction and send it when that commits.

    Work of an app that has a queue waits there for its turn. Raises IntegrityError if
    the same work on the same subject is still live.
    """
    app_name = kind.partition(".")[0]
    queue = app_name if app_name in settings.JOB_QUEUES else ""
    job = Job.objects.create(
        kind=kind, subject_id=subject_id, created_by=by, created_at=at, queue=queue
    )
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


def send_next(queue: str) -> None:
    """Send those whose turn it is now."""
    for job in startable(queue, now()):
        _send(job)


def sweep() -> int:
    """Send again what the broker or a dead worker forgot; return how many.

    A job is forgotten if its lease ran out, or if it waits and was never sent,
    or was sent longer ago than a lease lasts. In a queue only those are sent whose
    turn it is: the others would come in vain. The first that the broker refuses
    ends the sweep: the rest would only wait for the same refusal.
    """
    moment = now()
    stale = moment - timedelta(seconds=settings.JOB_LEASE_SECONDS)
    waiting = Job.objects.filter(
        Q(sent_at__isnull=True) | Q(sent_at__lt=stale),
        Q(waits_until__isnull=True) | Q(waits_until__lte=moment),
        state=State.QUEUED,
    )
    forgotten = waiting | Job.objects.filter(state=State.RUNNING, lease_until__lt=moment)
    free = forgotten.filter(queue="").order_by("created_at", "pk")[:500]
    return sum(1 for _ in takewhile(_send, [*free, *_whose_turn_it_is(forgotten, moment)]))


def _whose_turn_it_is(forgotten: Iterable[Job], moment: datetime) -> list[Job]:
    keys = {job.pk for job in forgotten if job.queue}
    if not keys:
        return []
    turns = (job for queue in settings.JOB_QUEUES for job in startable(queue, moment))
    return [job for job in turns if job.pk in keys]
