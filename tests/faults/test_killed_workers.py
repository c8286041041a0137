"""A worker that is killed is taken over from, by one other, once."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.crew import LEASE_SECONDS, SWEEP_SECONDS, broker, without_ordinary_worker
from tests.journeys.product import Product, wait_for

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def quiet(product: Product) -> Iterator[Product]:
    """The product without its ordinary worker."""
    with without_ordinary_worker(product):
        yield product


@pytest.fixture
def workshop(quiet: Product, tmp_path: Path) -> Iterator[Product]:
    """An empty broker, and short leases for whatever is started."""
    quiet.environment["PPAOS_TEST_FOLDER"] = str(tmp_path)
    broker(quiet).flushall()
    yield quiet
    for name in ("worker", "beat"):
        if name in quiet.children:
            quiet.kill(name)


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
    (pk,) = order(workshop)
    workshop.start_worker()
    workshop.start_beat()
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
