"""What is promised of background work, against real processes that are really killed."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from tests.canary.client import Client
from tests.imports.batches import csv_of, line
from tests.journeys.product import Product, wait_for

pytestmark = pytest.mark.faults

LEASE_SECONDS, SWEEP_SECONDS = 2, 1
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
    "PPAOS_JOB_LEASE_SECONDS": str(LEASE_SECONDS),
    "PPAOS_JOB_HEARTBEAT_SECONDS": "1",
    "PPAOS_JOB_SWEEP_SECONDS": str(SWEEP_SECONDS),
    # One for the work that is held open, one for the sweeper.
    "PPAOS_WORKER_PROCESSES": "2",
}


@pytest.fixture(scope="module")
def quiet(product: Product) -> Iterator[Product]:
    """The product without its ordinary worker."""
    product.kill("worker")
    yield product
    product.start_worker()


@pytest.fixture
def workshop(quiet: Product, tmp_path: Path) -> Iterator[Product]:
    """An empty broker, and short leases for whatever is started."""
    ordinary = quiet.environment
    quiet.environment = ordinary | SETTINGS | {"PPAOS_TEST_FOLDER": str(tmp_path)}
    broker(quiet).flushall()
    yield quiet
    for name in ("worker", "beat"):
        if name in quiet.children:
            quiet.kill(name)
    broker(quiet).flushall()
    quiet.environment = ordinary


def broker(product: Product) -> Redis:
    return Redis(unix_socket_path=str(product.folder / "redis.sock"))


def order(product: Product, count: int = 1) -> list[str]:
    return product.run("-m", "tests.faults.order", str(count)).split()


def lines(folder: Path, name: str) -> list[str]:
    path = folder / name
    return path.read_text().split() if path.exists() else []


def job(product: Product, pk: str) -> tuple[str, int, int]:
    """Return state, attempts and how often the job was taken up again."""
    ((state, attempts, resumed),) = product.ask(
        "SELECT state, attempts, resumed FROM jobs_job WHERE id = %s", pk
    )
    return state, attempts, resumed


def sweeps(product: Product) -> int:
    return product.log("worker").count("Task jobs.sweep") // 2


@pytest.mark.parametrize("victim", ["the whole worker", "the process that works"])
def test_killed_work_is_taken_up_again_by_one_worker_only(
    workshop: Product, tmp_path: Path, victim: str
) -> None:
    workshop.start_worker()
    workshop.start_beat()
    (pk,) = order(workshop)
    wait_for(lambda: len(lines(tmp_path, f"{pk}.begun")) == 1)

    if victim == "the whole worker":
        workshop.kill("worker")
        workshop.start_worker()
    else:
        os.kill(int(lines(tmp_path, f"{pk}.begun")[0]), signal.SIGKILL)
    wait_for(lambda: len(lines(tmp_path, f"{pk}.begun")) == 2)

    # Held open for longer than a lease, under the eyes of the sweeper: nobody else begins.
    seen = sweeps(workshop)
    wait_for(lambda: sweeps(workshop) >= seen + LEASE_SECONDS // SWEEP_SECONDS + 2)
    (tmp_path / "go on").touch()
    wait_for(lambda: job(workshop, pk)[0] == "done")

    assert job(workshop, pk) == ("done", 2, 1)
    assert len(lines(tmp_path, f"{pk}.begun")) == 2
    assert len(lines(tmp_path, f"{pk}.ended")) == 1


def test_jobs_that_the_broker_lost_are_sent_again(workshop: Product, tmp_path: Path) -> None:
    (tmp_path / "go on").touch()
    ordered = order(workshop, 3)
    assert broker(workshop).llen("celery") == 3

    broker(workshop).flushall()
    workshop.start_worker()
    workshop.start_beat()

    wait_for(lambda: all(job(workshop, pk)[0] == "done" for pk in ordered))
    assert {job(workshop, pk) for pk in ordered} == {("done", 1, 0)}
    assert [len(lines(tmp_path, f"{pk}.ended")) for pk in ordered] == [1, 1, 1]


def test_work_ordered_while_the_broker_is_away_is_done_later(
    workshop: Product, tmp_path: Path
) -> None:
    (tmp_path / "go on").touch()
    workshop.kill("valkey")
    (pk,) = order(workshop)
    assert job(workshop, pk)[0] == "queued"

    workshop.start_broker()
    workshop.start_worker()
    workshop.start_beat()

    wait_for(lambda: job(workshop, pk)[0] == "done")
    assert len(lines(tmp_path, f"{pk}.ended")) == 1


def test_a_broker_emptied_under_running_programs_loses_nothing(workshop: Product) -> None:
    """Both sides believe that their queue is declared; one list comes before, one after."""
    workshop.start_worker()
    workshop.start_beat()
    admin = Client(workshop.url).sign_in("admin")
    first = send_list(admin, 51)
    wait_for(lambda: state(workshop, first) == "staged")

    broker(workshop).flushall()
    second = send_list(admin, 52)

    wait_for(lambda: state(workshop, second) == "staged")


def send_list(admin: Client, number: int) -> str:
    form = {"source": "tpmap", "year_be": "2567"}
    answer = admin.upload("/imports/", form, f"{number}.csv", csv_of([line(number)]))
    assert answer.status == 200
    return answer.url.rstrip("/").rsplit("/", 1)[-1]


def state(product: Product, batch: str) -> str:
    ((text,),) = product.ask("SELECT state FROM imports_importbatch WHERE id = %s", batch)
    return str(text)
