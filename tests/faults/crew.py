"""A worker and a beat on the product's servers, with short leases; and what one asks of them."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from redis import Redis

from tests.canary.client import Answer, Client
from tests.faults import invariants, poison
from tests.imports.batches import csv_of, line
from tests.journeys.product import Product, wait_for

LEASE_SECONDS, SWEEP_SECONDS = 2, 1
PROCESSES = 2
CHUNK_LINES = 20
# No other story is told there.
REFERRED_FROM = "303205"
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
    "PPAOS_JOB_LEASE_SECONDS": str(LEASE_SECONDS),
    "PPAOS_JOB_HEARTBEAT_SECONDS": "1",
    "PPAOS_JOB_SWEEP_SECONDS": str(SWEEP_SECONDS),
    "PPAOS_WORKER_PROCESSES": str(PROCESSES),
    "PPAOS_IMPORT_CHUNK_LINES": str(CHUNK_LINES),
    # One person's files fill the worker here.
    "PPAOS_IMPORT_SLOTS": str(PROCESSES),
    "PPAOS_IMPORT_RUNNING": "100",
    "PPAOS_JOB_WAIT_SECONDS": "1",
    "PPAOS_DASHBOARD_AGGREGATE_SECONDS": "1",
}


@contextmanager
def without_ordinary_worker(product: Product) -> Iterator[Product]:
    """Lend the product with an empty broker and short leases for whatever is started."""
    ordinary = product.environment
    product.kill("worker")
    product.environment = ordinary | SETTINGS
    broker(product).flushall()
    try:
        yield product
    finally:
        for name in ("worker", "beat"):
            with suppress(KeyError):
                product.kill(name)
        broker(product).flushall()
        product.environment = ordinary
        product.start_worker()


def broker(product: Product) -> Redis:
    return Redis(unix_socket_path=str(product.folder / "redis.sock"))


def file_of(*numbers: int, remark: str = "") -> bytes:
    """Return a list of the people of these numbers, with a remark on each line."""
    return csv_of([line(number, {poison.COLUMN: remark}) for number in numbers])


def send_list(person: Client, content: bytes) -> str:
    """Upload a list as the import's page does; return the import's id."""
    form = {"source": "tpmap", "year_be": "2567"}
    answer = person.upload("/imports/", form, "รายชื่อ.csv", content)
    assert answer.status == 200, answer.text
    return answer.url.rstrip("/").rsplit("/", 1)[-1]


def order(person: Client, step: str, batch: str) -> Answer:
    answer = person.post(f"/imports/{batch}/{step}/", {})
    assert answer.status == 200, answer.text
    return answer


def check(product: Product, batch: str, *, lines: int) -> None:
    """Hold an import against the invariants, in the product's own database and folder."""
    invariants.check(product.ask, batch, lines=lines, temporary=product.folder / "tmp")


def publish(product: Product, task: str, *keys: str) -> None:
    """Put a message about each job onto the broker, as `jobs.services` does."""
    say = "import sys; from ppaos.celery import app; "
    send = "[app.send_task(sys.argv[1], args=[key]) for key in sys.argv[2:]]"
    product.run("-c", say + send, task, *keys)


def progress(product: Product, batch: str) -> tuple[str, int]:
    """Return stage and lines done of the newest job."""
    (row,) = product.ask(
        "SELECT stage, done FROM jobs_job"
        " WHERE subject_id = %s ORDER BY created_at DESC, id DESC LIMIT 1",
        batch,
    )
    return row


def wait_for_progress(product: Product, batch: str) -> None:
    """Wait until another chunk has been committed."""
    seen = progress(product, batch)
    wait_for(lambda: progress(product, batch) not in (seen, ("", 0)))


def states(product: Product, *batches: str) -> list[str]:
    rows = product.ask("SELECT id::text, state FROM imports_importbatch")
    found = dict(rows)
    return [found[batch] for batch in batches]


def wait_for_states(product: Product, wanted: str, *batches: str) -> None:
    """Wait until all imports are where they shall be; give up when one has failed."""

    def arrived() -> bool:
        now = states(product, *batches)
        assert wanted == "failed" or "failed" not in now, now
        return set(now) == {wanted}

    try:
        wait_for(arrived, seconds=60)
    except AssertionError as error:
        told = f"{states(product, *batches)}\n{product.log('worker')[-6_000:]}"
        raise AssertionError(told) from error


def job_of(product: Product, batch: str) -> tuple[str, int, int, bool]:
    """Return state, attempts, resumptions of the newest job, and whether it is still held."""
    (row,) = product.ask(
        "SELECT state, attempts, resumed, lease_token IS NOT NULL OR lease_until IS NOT NULL"
        " FROM jobs_job WHERE subject_id = %s ORDER BY created_at DESC, id DESC LIMIT 1",
        batch,
    )
    return row


class Busy:
    """Keeps every process of the worker in the midst of a file, until it may read on."""

    def __init__(self, product: Product, person: Client, folder: Path, numbers: range) -> None:
        self._folder = folder
        self._marks = [f"{number:x}" for number in numbers[:PROCESSES]]
        self.batches = [
            send_list(person, file_of(number, remark=poison.WAITS.format(mark)))
            for number, mark in zip(numbers, self._marks, strict=False)
        ]
        wait_for(lambda: all(self._file(mark, "begun").exists() for mark in self._marks))

    def read_on(self) -> None:
        for mark in self._marks:
            self._file(mark, "go-on").touch()

    def _file(self, mark: str, what: str) -> Path:
        return self._folder / f"{mark}.{what}"
