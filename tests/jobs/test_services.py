import gc
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from celery import Celery
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.timezone import now
from kombu.exceptions import OperationalError
from pytest_django import DjangoCaptureOnCommitCallbacks

from jobs import services
from jobs.models import Job
from jobs.services import JobCancelled, Lease, LeaseLost, UnableToFinish
from jobs.workflow import TRANSITIONS, State
from ppaos.celery import app
from ppaos.orm import uuid7

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """What went onto the broker."""
    messages: list[tuple[str, Any]] = []
    monkeypatch.setattr(
        "jobs.services.sending.app.send_task",
        lambda kind, args, retry: messages.append((kind, args)),
    )
    return messages


def new_job(**overrides: Any) -> Job:
    fields = {"kind": "test.work", "subject_id": uuid7(), "created_at": AT, **overrides}
    return Job.objects.create(**fields)


def expire(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=now() - timedelta(seconds=1))


def claim(job: Job) -> Lease:
    lease = services.claim(job_id=job.pk)
    assert lease is not None
    return lease


def state(job: Job) -> str:
    return Job.objects.get(pk=job.pk).state


def test_a_job_is_sent_when_its_transaction_commits_and_carries_its_id_only(
    sent: list[tuple[str, Any]],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = services.enqueue(kind="test.work", subject_id=uuid7(), by=None, at=AT)
        assert sent == []
    assert sent == [("test.work", [str(job.pk)])]
    assert Job.objects.get(pk=job.pk).sent_at is not None


def test_a_broker_that_is_down_costs_nothing_but_time(
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    sent: list[tuple[str, Any]],
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OperationalError("down")

    with monkeypatch.context() as down:
        down.setattr("jobs.services.sending.app.send_task", refuse)
        with django_capture_on_commit_callbacks(execute=True):
            job = services.enqueue(kind="test.work", subject_id=uuid7(), by=None, at=AT)
    assert Job.objects.get(pk=job.pk).sent_at is None

    assert services.sweep() == 1
    assert sent == [("test.work", [str(job.pk)])]


def test_a_sweep_ends_at_the_first_refusal_of_the_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        new_job()
    asked: list[str] = []

    def refuse(kind: str, **_: Any) -> None:
        asked.append(kind)
        raise OperationalError("down")

    monkeypatch.setattr("jobs.services.sending.app.send_task", refuse)

    assert services.sweep() == 0
    assert asked == ["test.work"]


def test_who_orders_work_does_not_wait_for_a_broker_that_is_away(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Were it asked again and again, as Celery does by itself, a page would take six seconds."""
    waited: list[float] = []
    monkeypatch.setattr("kombu.utils.functional.sleep", waited.append)
    away = Celery(broker=f"redis+socket://{tmp_path}/redis.sock", set_as_current=False)
    away.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    monkeypatch.setattr("jobs.services.sending.app", away)
    new_job()

    assert services.sweep() == 0
    assert sum(waited) == 0


def test_jobs_go_to_our_broker_whichever_application_is_the_current_one(tmp_path: Path) -> None:
    job = new_job(kind="test.ours")
    Celery(broker=f"redis+socket://{tmp_path}/redis.sock").set_current()
    try:
        services.sweep()
    finally:
        app.set_current()

    assert Job.objects.get(pk=job.pk).sent_at is not None


def test_the_same_work_is_not_queued_twice_while_it_lives() -> None:
    job = new_job()
    with pytest.raises(IntegrityError), transaction.atomic():
        new_job(subject_id=job.subject_id)
    services.cancel(job=job)
    assert new_job(subject_id=job.subject_id).state == State.QUEUED


def test_of_two_deliveries_one_does_the_work() -> None:
    job = new_job()
    done: list[UUID] = []
    services.run(job_id=job.pk, work=lambda lease: done.append(lease.token))
    services.run(job_id=job.pk, work=lambda lease: done.append(lease.token))
    assert len(done) == 1
    assert state(job) == State.DONE


def test_a_live_lease_keeps_others_out_and_an_expired_one_lets_them_in() -> None:
    job = new_job()
    first = claim(job)
    assert services.claim(job_id=job.pk) is None

    expire(job)
    second = claim(job)

    assert second.token != first.token
    assert Job.objects.get(pk=job.pk).resumed == 1
    with pytest.raises(LeaseLost):
        first.heartbeat(stage="x", done=1)
    second.heartbeat(stage="ตรวจ", done=5, total=9)
    shown = Job.objects.get(pk=job.pk)
    assert (shown.stage, shown.done, shown.total) == ("ตรวจ", 5, 9)


def test_the_lapsed_holder_cannot_finish_the_job() -> None:
    job = new_job()

    def work(lease: Lease) -> None:
        expire(job)
        claim(job)

    services.run(job_id=job.pk, work=work)
    assert state(job) == State.RUNNING


def test_a_cancelled_job_stops_at_its_next_heartbeat() -> None:
    job = new_job()
    lease = claim(job)
    assert services.cancel(job=job)
    with pytest.raises(JobCancelled):
        lease.heartbeat()
    assert not services.cancel(job=job)


def test_an_error_is_tried_three_times_and_then_quarantined(
    caplog: pytest.LogCaptureFixture,
) -> None:
    job = new_job()
    tries = 0

    def work(lease: Lease) -> None:
        nonlocal tries
        tries += 1
        raise ValueError("poison")

    for _ in range(5):
        services.run(job_id=job.pk, work=work)

    assert tries == 3
    assert state(job) == State.QUARANTINED
    assert Job.objects.get(pk=job.pk).error == services.UNEXPECTED


def test_a_crash_without_progress_counts_and_progress_forgives(
    caplog: pytest.LogCaptureFixture,
) -> None:
    job = new_job()
    for _ in range(5):
        claim(job).made_progress()
        expire(job)
    for _ in range(3):
        claim(job)
        expire(job)
    assert services.claim(job_id=job.pk) is None
    assert state(job) == State.QUARANTINED


def test_work_that_cannot_succeed_fails_at_once_with_its_reason() -> None:
    job = new_job()

    def work(lease: Lease) -> None:
        raise UnableToFinish("ไฟล์เสีย")

    services.run(job_id=job.pk, work=work)
    assert (state(job), Job.objects.get(pk=job.pk).error) == (State.FAILED, "ไฟล์เสีย")


def test_the_sweeper_sends_what_was_forgotten_and_nothing_else(sent: list[tuple[str, Any]]) -> None:
    never_sent, sent_long_ago, lost = new_job(), new_job(sent_at=AT), new_job()
    claim(lost)
    expire(lost)
    new_job(sent_at=now())
    claim(new_job())
    services.cancel(job=new_job())

    services.sweep()

    assert sorted(args[0] for _, args in sent) == sorted(
        str(job.pk) for job in [never_sent, sent_long_ago, lost]
    )


def test_a_job_that_is_gone_is_not_claimed() -> None:
    assert services.claim(job_id=uuid7()) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"state": State.RUNNING},
        {"lease_token": uuid7(), "lease_until": AT},
        {"state": State.DONE},
        {"finished_at": AT},
    ],
)
def test_the_database_ties_state_lease_and_end(fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        new_job(**fields)


def test_every_state_has_its_moves() -> None:
    assert set(TRANSITIONS) == set(State)
    assert all(moves <= set(State) for moves in TRANSITIONS.values())


@pytest.mark.parametrize("error", [None, UnableToFinish("จบไม่ได้"), RuntimeError("broken")])
def test_garbage_is_collected_as_before_once_the_work_is_over(error: Exception | None) -> None:
    usual = gc.get_threshold()
    during: list[tuple[int, int, int]] = []

    def work(lease: Lease) -> None:
        during.append(gc.get_threshold())
        if error is not None:
            raise error

    services.run(job_id=new_job().pk, work=work)

    assert during[0][0] > usual[0]
    assert gc.get_threshold() == usual
