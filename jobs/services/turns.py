"""Whose turn it is in a queue: told by the jobs' rows alone, whatever the broker remembers.

People take turns, not jobs: who was served longest ago comes first, however many
jobs somebody else has waiting. One person's jobs keep their order.
"""

import uuid
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Count, Max

from jobs.models import Job
from jobs.workflow import State

# First key of the advisory lock under which a queue gives out turns; the second is its name's.
_GIVES_TURNS = 1993
_NEVER = datetime.min.replace(tzinfo=UTC)
# Who was served before that is as good as new.
_REMEMBERED = timedelta(days=1)

# Where a process is free, a job begins sooner.
_TAKEN_WITHIN = timedelta(seconds=3)

Person = uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Rules:
    """How many jobs of a queue run at once, how many of one person, and how long a turn is."""

    slots: int
    running_per_person: int
    waiting_per_person: int
    turn_seconds: int

    @classmethod
    def of(cls, queue: str) -> "Rules":
        return cls(**settings.JOB_QUEUES[queue])


def lock_queue(queue: str) -> None:
    """Let nobody else give out a turn until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_GIVES_TURNS, queue])


def startable(queue: str, moment: datetime) -> list[Job]:
    """Return the jobs that may begin now, in their order: as many as slots are free.

    First what a dead worker left behind, whose turn was not over.
    """
    rules = Rules.of(queue)
    held = Job.objects.filter(queue=queue, state=State.RUNNING)
    running = held.filter(lease_until__gte=moment)
    counted = running.order_by().values("created_by").annotate(n=Count("pk"))
    # The system's own jobs, which nobody ordered, are counted as one person's.
    busy: dict[uuid.UUID | None, int] = {each["created_by"]: each["n"] for each in counted}
    free = rules.slots - sum(busy.values())
    found: list[Job] = []
    left_behind = held.filter(lease_until__lt=moment).order_by("created_at", "pk")
    for job in (*left_behind, *_in_order(queue, moment)):
        if len(found) >= free:
            break
        if busy.get(job.created_by_id, 0) < rules.running_per_person:
            busy[job.created_by_id] = busy.get(job.created_by_id, 0) + 1
            found.append(job)
    return found


def somebody_waits(queue: str, person: Person, moment: datetime) -> bool:
    """Whether somebody else could begin if the asker, who runs, gave the slot back."""
    rules = Rules.of(queue)
    running = Job.objects.filter(queue=queue, state=State.RUNNING, lease_until__gte=moment)
    if running.count() < rules.slots:
        return False
    counted = running.order_by().values("created_by").annotate(n=Count("pk"))
    full = {each["created_by"] for each in counted if each["n"] >= rules.running_per_person}
    waiting = Job.objects.filter(queue=queue, state=State.QUEUED)
    ready = waiting.exclude(waits_until__gt=moment).values_list("created_by", flat=True)
    return any(other != person and other not in full for other in ready)


def needs_a_process(moment: datetime) -> bool:
    """Whether a job could begin, has a slot in its queue, and nobody took it for some seconds.

    Then every process of the worker does something else.
    """
    return any(
        job.created_at <= moment - _TAKEN_WITHIN or job.state == State.RUNNING
        for queue in settings.JOB_QUEUES
        for job in startable(queue, moment)
    )


def is_any_queue_busy() -> bool:
    """Whether somebody's job waits or runs in a queue.

    Upkeep that holds a process of the worker for minutes asks this before it begins: a
    worker may have one process only, and a job that lost its worker must find it free.
    """
    return Job.objects.exclude(queue="").filter(state__in=State.live()).exists()


def place_of(job: Job, moment: datetime) -> int | None:
    """Return the job's place among those that wait, 1 for the next; None if it does not wait."""
    if not job.queue or job.state != State.QUEUED:
        return None
    for place, other in enumerate(_in_order(job.queue, moment), start=1):
        if other.pk == job.pk:
            return place
    return None


def live_jobs_of(queue: str, person: Person) -> list[Job]:
    """Return what a person has running and waiting, the oldest first."""
    live = Job.objects.filter(queue=queue, created_by=person, state__in=State.live())
    return list(live.order_by("created_at", "pk"))


def _in_order(queue: str, moment: datetime) -> Iterable[Job]:
    """Return what waits in the order in which it will begin if nobody else comes."""
    waiting = Job.objects.filter(queue=queue, state=State.QUEUED).exclude(waits_until__gt=moment)
    lines: dict[Person, deque[Job]] = defaultdict(deque)
    for job in waiting.order_by("created_at", "pk"):
        lines[job.created_by_id].append(job)
    served = _last_served(queue, lines, moment)
    order = deque(
        sorted(lines, key=lambda who: (served.get(who, _NEVER), lines[who][0].created_at))
    )
    while order:
        person = order.popleft()
        yield lines[person].popleft()
        if lines[person]:
            order.append(person)


def _last_served(queue: str, people: Iterable[Person], moment: datetime) -> dict[Person, datetime]:
    """Return when each person last got a turn."""
    turns = Job.objects.filter(
        queue=queue,
        created_by__in=[who for who in people if who],
        turn_at__gte=moment - _REMEMBERED,
    )
    last = turns.order_by().values("created_by").annotate(at=Max("turn_at"))
    return {each["created_by"]: each["at"] for each in last}
