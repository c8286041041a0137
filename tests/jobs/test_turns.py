"""In a queue people take turns: whose it is, the rows say."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils.timezone import now
from pytest_django import Settings

from accounts.models import User
from jobs import services
from jobs.models import Job
from jobs.services import Lease, TurnOver
from jobs.services.turns import startable
from jobs.workflow import State
from ppaos.orm import uuid7

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
QUEUE = "counters"
RULES = {"slots": 1, "running_per_person": 1, "waiting_per_person": 3, "turn_seconds": 0}


@pytest.fixture(autouse=True)
def queue(settings: Settings) -> None:
    """One slot, and turns that are over at once."""
    settings.JOB_QUEUES = {QUEUE: RULES}


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    keys: list[str] = []
    monkeypatch.setattr(
        "jobs.services.sending.app.send_task", lambda kind, args, retry: keys.append(args[0])
    )
    return keys


def new_job(by: User | None, *, minute: int = 0, **overrides: Any) -> Job:
    fields = {
        "kind": "counters.count",
        "subject_id": uuid7(),
        "queue": QUEUE,
        "created_by": by,
        "created_at": AT + timedelta(minutes=minute),
        **overrides,
    }
    return Job.objects.create(**fields)


def take() -> UUID | None:
    lease = services.take_turn(queue=QUEUE)
    return lease.job_id if lease else None


def work_off() -> list[UUID]:
    """Let one worker do all that waits; return the jobs in the order in which they began."""
    order: list[UUID] = []
    while (lease := services.take_turn(queue=QUEUE)) is not None:
        order.append(lease.job_id)
        Job.objects.filter(pk=lease.job_id).update(
            state=State.DONE, finished_at=now(), lease_token=None, lease_until=None
        )
    return order


def test_people_take_turns_however_many_jobs_one_has(admin: User, province: User) -> None:
    first, second, third = (new_job(admin, minute=minute) for minute in range(3))
    other = new_job(province, minute=9)

    assert [services.place_of(job, now()) for job in (first, second, third, other)] == [1, 3, 4, 2]
    assert work_off() == [first.pk, other.pk, second.pk, third.pk]


def test_only_so_many_run_at_once_and_one_of_each_person(
    admin: User, province: User, district: User, settings: Settings
) -> None:
    settings.JOB_QUEUES = {QUEUE: {**RULES, "slots": 2}}
    mine, also_mine = new_job(admin), new_job(admin, minute=1)
    other, late = new_job(province, minute=2), new_job(district, minute=3)

    assert (take(), take(), take()) == (mine.pk, other.pk, None)
    assert services.place_of(Job.objects.get(pk=mine.pk), now()) is None
    states = Job.objects.filter(pk__in=[also_mine.pk, late.pk]).values_list("state", flat=True)
    assert set(states) == {State.QUEUED}


def test_five_messages_about_one_job_begin_it_once(admin: User) -> None:
    job = new_job(admin)
    begun: list[UUID] = []

    def work(lease: Lease) -> None:
        begun.append(lease.job_id)
        for _ in range(4):
            services.run_in_turn(job_id=job.pk, works={"counters.count": work})

    services.run_in_turn(job_id=job.pk, works={"counters.count": work})

    assert begun == [job.pk]
    assert Job.objects.get(pk=job.pk).state == State.DONE


def test_a_long_job_gives_way_to_somebody_who_waits_and_then_goes_on(
    admin: User, province: User, sent: list[str]
) -> None:
    huge = new_job(admin)
    began: list[UUID] = []
    chunks: list[int] = []

    def work(lease: Lease) -> None:
        began.append(lease.job_id)
        if lease.job_id == small.pk:
            return
        while len(chunks) < 4:
            lease.heartbeat(stage="count", done=len(chunks), total=4)
            chunks.append(len(chunks))

    small = new_job(province, minute=1)
    services.run_in_turn(job_id=small.pk, works={"counters.count": work})
    assert (Job.objects.get(pk=huge.pk).state, chunks) == (State.QUEUED, [0])
    assert sent == [str(small.pk)]
    services.run_in_turn(job_id=huge.pk, works={"counters.count": work})
    services.run_in_turn(job_id=huge.pk, works={"counters.count": work})

    assert began == [huge.pk, small.pk, huge.pk]
    row = Job.objects.get(pk=huge.pk)
    assert (row.state, row.resumed, chunks) == (State.DONE, 0, [0, 1, 2, 3])


def test_nobody_gives_way_to_jobs_of_their_own(admin: User) -> None:
    new_job(admin)
    lease = services.take_turn(queue=QUEUE)
    assert lease is not None
    new_job(admin, minute=1)
    for done in range(3):
        lease.heartbeat(stage="count", done=done, total=3)


def test_nobody_gives_way_while_a_slot_is_free(
    admin: User, province: User, settings: Settings
) -> None:
    settings.JOB_QUEUES = {QUEUE: {**RULES, "slots": 2}}
    new_job(admin)
    lease = services.take_turn(queue=QUEUE)
    assert lease is not None
    new_job(province, minute=1)
    lease.heartbeat(stage="count", done=0, total=3)
    lease.heartbeat(stage="count", done=1, total=3)
    settings.JOB_QUEUES = {QUEUE: RULES}
    with pytest.raises(TurnOver):
        lease.heartbeat(stage="count", done=2, total=3)


def test_what_a_dead_worker_left_behind_comes_first(admin: User, province: User) -> None:
    new_job(province)
    left = new_job(admin, minute=5)
    Job.objects.filter(pk=left.pk).update(
        state=State.RUNNING, lease_token=uuid7(), lease_until=now() - timedelta(seconds=1)
    )
    assert take() == left.pk


def test_the_sweeper_sends_of_a_queue_only_whose_turn_it_is(
    admin: User, province: User, sent: list[str]
) -> None:
    jobs = [new_job(admin), new_job(admin, minute=1), new_job(province, minute=2)]
    assert services.sweep() == 1
    assert sent == [str(jobs[0].pk)]
    assert take() == jobs[0].pk
    Job.objects.filter(pk=jobs[0].pk).update(sent_at=None)
    assert services.sweep() == 0


def test_a_job_that_waits_for_space_is_passed_by_until_its_time(
    admin: User, province: User
) -> None:
    waits = new_job(admin, waits_until=now() + timedelta(minutes=1))
    other = new_job(province, minute=1)
    assert [job.pk for job in startable(QUEUE, now())] == [other.pk]
    Job.objects.filter(pk=waits.pk).update(waits_until=now() - timedelta(minutes=1))
    assert [job.pk for job in startable(QUEUE, now())] == [waits.pk]


# ---- long work that stands in no queue ---------------------------------------------------
def long_work() -> Lease:
    job = new_job(None, kind="counters.search", queue="", created_at=now())
    lease = services.claim(job_id=job.pk)
    assert lease is not None
    return lease


def test_long_work_gives_way_when_a_job_waits_for_a_process(admin: User) -> None:
    lease = long_work()
    lease.give_way_to_queues()
    just_sent = new_job(admin, created_at=now())
    lease.give_way_to_queues()
    Job.objects.filter(pk=just_sent.pk).update(created_at=AT)
    with pytest.raises(TurnOver):
        lease.give_way_to_queues()


def test_long_work_goes_on_while_no_slot_is_free(admin: User, province: User) -> None:
    lease = long_work()
    first = new_job(admin)
    assert take() == first.pk
    new_job(province)
    lease.give_way_to_queues()


def test_long_work_gives_way_to_a_job_that_lost_its_worker(admin: User) -> None:
    lease = long_work()
    new_job(admin)
    left = services.take_turn(queue=QUEUE)
    assert left is not None
    lease.give_way_to_queues()
    Job.objects.filter(pk=left.job_id).update(lease_until=now() - timedelta(seconds=1))
    with pytest.raises(TurnOver):
        lease.give_way_to_queues()
