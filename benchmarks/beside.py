"""Pages while a large file is imported by a real worker, and without it, in one run."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import quote

from django.utils.timezone import now

from accounts.models import User
from benchmarks import floors, importing, million, serving
from benchmarks.lists import YEAR_BE
from benchmarks.report import Figure, percentile
from imports import services
from imports.models import ImportBatch
from imports.services.commanding import service_user
from imports.workflow import State
from jobs.models import Job
from jobs.services import sweep
from ppaos.embedded.bootstrap import ROOT
from ppaos.embedded.processes import start, stop

USERS = 4
_PIECE = "สม"
# What people look at all day; each of them asks for one after the other.
PAGES = ("/", "/households/", f"/households/?q={quote(_PIECE)}", "/imports/")
_ROUNDS = 25
_PATIENCE_SECONDS = 120.0


def measure(folder: Path, viewer: User, *, length: int, notes: list[str]) -> list[Figure]:
    """Return p95 of the pages while `length` lines are imported ÷ p95 idle; 4 users each.

    The register holds a list of a tenth of that already, in other houses.
    """
    floors.empty_tables()
    importing.import_list(million.large_list(folder, "beside.csv", length=max(1, length // 10)))
    large = million.large_list(folder, f"beside-{length}.xlsx", length=length)
    with serving.web_server(ROOT, folder / "beside-web.log") as port:
        cookie = serving.sign_in(viewer)
        _ask_all(port, cookie, rounds=2)
        idle = _ask_all(port, cookie, rounds=_ROUNDS)
        with _worker(folder / "worker.log"):
            batch = _upload(large)
            _wait_until_staging(batch)
            busy, lines = _ask_while_importing(port, cookie, batch)
    floors.empty_tables()
    notes.append(f"  {len(busy):,} requests while {lines:,} of {length:,} lines were read")
    return [
        Figure(
            f"pages at {USERS} users while {length:,} lines are imported, p95 ÷ idle",
            percentile(busy, 0.95) / percentile(idle, 0.95),
            "×",
            f"{percentile(busy, 0.95) * 1000:.0f} ms ÷ {percentile(idle, 0.95) * 1000:.0f} ms",
            reach=2,
        )
    ]


def _ask_while_importing(port: int, cookie: str, batch: ImportBatch) -> tuple[list[float], int]:
    """Ask until the batch is staged, or long enough; return the times and the lines read."""
    taken: list[float] = []
    until = monotonic() + _PATIENCE_SECONDS
    while _state_of(batch) == State.STAGING and monotonic() < until:
        taken += _ask_all(port, cookie, rounds=1)
    assert taken, "the import was over before a page was asked for: take a longer list"
    job = Job.objects.filter(subject_id=batch.pk).latest("created_at")
    return taken, job.done


def _ask_all(port: int, cookie: str, *, rounds: int) -> list[float]:
    """Let every user ask for every page, `rounds` times; return the seconds of each request."""

    def ask(_: int) -> list[float]:
        return [
            seconds
            for _ in range(rounds)
            for page in PAGES
            for seconds in serving.times(port, page, cookie=cookie, count=1)
        ]

    with ThreadPoolExecutor(USERS) as users:
        return [seconds for each in users.map(ask, range(USERS)) for seconds in each]


def _upload(path: Path) -> ImportBatch:
    with path.open("rb") as stream:
        return services.upload(
            stream=stream,
            name=path.name,
            source="tpmap",
            year_be=YEAR_BE - 1,
            by=service_user(),
            at=now(),
        )


def _wait_until_staging(batch: ImportBatch) -> None:
    until = monotonic() + _PATIENCE_SECONDS
    while not batch.rows.exists():
        assert monotonic() < until, f"the worker does not begin: {_state_of(batch)}"
        sweep()
        sleep(0.2)


def _state_of(batch: ImportBatch) -> State:
    return State(ImportBatch.objects.values_list("state", flat=True).get(pk=batch.pk))


@contextmanager
def _worker(log: Path) -> Iterator[None]:
    """Run a worker as `up` does; it is killed at the end, whatever it does then."""
    assert threading.current_thread() is threading.main_thread()
    child = start(
        "worker",
        [
            *(sys.executable, "-m", "celery", "-A", "ppaos.celery", "worker"),
            *("--without-gossip", "--without-mingle", "--loglevel=ERROR"),
        ],
        log=log,
        stop_signal=signal.SIGTERM,
        on_parent_death=signal.SIGTERM,
        environment=dict(os.environ),
        folder=ROOT,
    )
    try:
        yield
    finally:
        stop(child, seconds=1)
