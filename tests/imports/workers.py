"""Real worker processes against the test's own database, to be killed."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

from imports.models import ImportBatch
from imports.services.running import latest_job
from imports.workflow import BUSY
from jobs.models import Job
from jobs.services import sweep
from jobs.workflow import State as JobState

LEASE_SECONDS = 1
# So long may a job show nothing new: no attempt, no step, no line.
_PATIENCE_SECONDS = 60.0
_LOOK_EVERY = 0.02


class Worker:
    """A Celery worker with one pool process, which is what a kill -9 hits."""

    def __init__(self, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.process = process
        self.log = log

    def pool_process(self) -> int | None:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        found = children.read_text().split()
        return int(found[0]) if found else None

    def kill_pool_process(self) -> bool:
        """Kill -9 the process that does the work; the worker starts another by itself."""
        pid = self.pool_process()
        if pid is None:
            return False
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def last_words(self) -> str:
        return self.log.read_text(errors="replace")[-2_000:] or "its log is empty"


class Patience:
    """Gives up on a job whose worker has ended, or that shows nothing new for too long."""

    def __init__(self, job: Job, worker: Worker) -> None:
        self._job = job
        self._worker = worker
        self._shown: tuple[object, ...] = ()
        self._until = 0.0

    def keep(self) -> None:
        row = Job.objects.get(pk=self._job.pk)
        shown = (row.state, row.attempts, row.resumed, row.stage, row.done)
        if shown != self._shown:
            self._shown, self._until = shown, time.monotonic() + _PATIENCE_SECONDS
        words = f"{row.kind}, sent at {row.sent_at}, {shown}; {self._worker.last_words()}"
        assert self._worker.process.poll() is None, f"the worker ended: {words}"
        assert time.monotonic() < self._until, f"nothing new for too long: {words}"


@contextmanager
def running_worker(*, chunk_lines: int, log: Path) -> Iterator[Worker]:
    """Lend a worker on the test database, with short leases and small chunks."""
    url = urlsplit(os.environ["DATABASE_URL"])
    database = connection.settings_dict["NAME"]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "ppaos.settings",
        "DATABASE_URL": urlunsplit(url._replace(path=f"/{database}")),
        "PPAOS_JOB_LEASE_SECONDS": str(LEASE_SECONDS),
        "PPAOS_IMPORT_CHUNK_LINES": str(chunk_lines),
    }
    command = [sys.executable, "-m", "celery", "-A", "ppaos.celery", "worker"]
    options = ["--concurrency=1", "--without-gossip", "--without-mingle", "--loglevel=ERROR"]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, *options],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield Worker(process, log)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def work_while_killing(
    batch: ImportBatch, worker: Worker, *, kills: int, chance: random.Random
) -> int:
    """Let the worker finish the batch's job and kill it at random moments; return how often.

    A job that crashes three times without progress is quarantined, by design; so
    after two fruitless kills the next one waits until a chunk is committed.
    """
    job = latest_job(batch)
    assert job is not None
    done, fruitless = 0, 0
    patience = Patience(job, worker)
    while _is_busy(batch) or _is_unfinished(job):
        patience.keep()
        sweep()
        if done < kills and _is_worked_on(job):
            before = _progress_of(job)
            if fruitless >= 2:
                _wait_for_progress(batch, job, before, patience)
                fruitless = 0
            else:
                time.sleep(chance.uniform(0.0, 0.6))
            if _is_busy(batch) and worker.kill_pool_process():
                done += 1
                fruitless = fruitless + 1 if _progress_of(job) == before else 0
        time.sleep(_LOOK_EVERY)
    batch.refresh_from_db()
    return done


def _is_busy(batch: ImportBatch) -> bool:
    return ImportBatch.objects.filter(pk=batch.pk, state__in=BUSY).exists()


def _is_unfinished(job: Job) -> bool:
    """Tell whether the job has yet to say that it is done; the batch says so a moment earlier."""
    return Job.objects.get(pk=job.pk).state in JobState.live()


def _is_worked_on(job: Job) -> bool:
    row = Job.objects.get(pk=job.pk)
    return row.lease_token is not None and row.lease_until is not None and row.attempts < 3


def _progress_of(job: Job) -> tuple[str, int]:
    row = Job.objects.get(pk=job.pk)
    return row.stage, row.done


def _wait_for_progress(batch: ImportBatch, job: Job, before: object, patience: Patience) -> None:
    while _progress_of(job) == before and _is_busy(batch):
        patience.keep()
        sweep()
        time.sleep(_LOOK_EVERY)
