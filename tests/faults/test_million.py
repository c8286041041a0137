"""A large list imported under dozens of blows is in the register whole, once, and as it should be.

A small twin in every run. In full a million lines, fifty kills of the process that imports
and ten crashes of the database; PPAOS_PROVE_ROWS sets another size, and PPAOS_PROVE_REPORT
names a file for the figures.
"""

import os
import random
import signal
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypedDict

import pytest

from tests.canary.client import Client
from tests.faults import million
from tests.faults.crew import (
    SETTINGS,
    check,
    order,
    send_list,
    states,
    wait_for_states,
    without_ordinary_worker,
)
from tests.faults.million import SECONDS_TO_RESUME, Blow, Figures, moments, strike
from tests.journeys.product import Product
from tests.proof import times

pytestmark = pytest.mark.faults

ROWS = int(os.environ.get("PPAOS_PROVE_ROWS") or times(2_400, full=1_000_000))
CHUNK_LINES = max(40, min(1_000, ROWS // 400))
KILLS = times(4, full=52)
CRASHES = times(2, full=10)
WHOLE = times(0, full=2)
# What the product holds by default; the other blows need not wait so long.
LEASE_SECONDS, SWEEP_SECONDS = 30, 15
SHORT = {
    "PPAOS_JOB_LEASE_SECONDS": str(times(1, full=5)),
    "PPAOS_JOB_SWEEP_SECONDS": str(times(1, full=2)),
    "PPAOS_JOB_HEARTBEAT_SECONDS": "1",
}
HOUR = 3_600.0
STAGE, APPLY = "อ่านและตรวจ", "นำเข้าทะเบียน"


class Blows(TypedDict):
    """What `strike` is told of the blows of one phase."""

    at: Sequence[int]
    blows: Sequence[Blow]
    figures: Figures
    chance: random.Random


@pytest.fixture
def crew(product: Product) -> Iterator[Product]:
    with without_ordinary_worker(product):
        more = {"PPAOS_WORKER_PROCESSES": "1", "PPAOS_IMPORT_CHUNK_LINES": str(CHUNK_LINES)}
        product.environment = product.environment | SETTINGS | SHORT | more
        product.start_worker()
        product.start_beat()
        yield product


def test_a_large_list_is_whole_after_dozens_of_blows(crew: Product) -> None:
    chance = random.Random(2569)
    figures = Figures(rows=ROWS)
    admin = Client(crew.url).sign_in("admin")
    expected = million.truth(ROWS)

    begun = time.monotonic()
    batch = send_list(admin, million.content(ROWS))
    strike(crew, batch, phase=STAGE, **blows(crew, figures, chance, share=0.5))
    wait_for_end(crew, batch, "staged")
    figures.seconds["upload → staged"] = time.monotonic() - begun

    begun = time.monotonic()
    order(admin, "apply", batch)
    if states(crew, batch) == ["awaiting_approval"]:
        order(Client(crew.url).sign_in("province"), "approve", batch)
    strike(crew, batch, phase=APPLY, **blows(crew, figures, chance, share=0.5))
    whole_worker(crew, batch, figures, chance)
    wait_for_end(crew, batch, "applied")
    figures.seconds["apply"] = time.monotonic() - begun

    assert million.found(crew, batch, ROWS) == expected, million.difference(crew, ROWS)
    check(crew, batch, lines=ROWS)
    assert (figures.kills, figures.crashes, len(figures.whole)) == (KILLS, CRASHES, WHOLE)
    assert max(figures.resumes) <= SECONDS_TO_RESUME
    assert max(figures.whole, default=0) <= SECONDS_TO_RESUME
    report(figures)

    order(admin, "undo", batch)
    wait_for_end(crew, batch, "undone")
    assert million.found(crew, batch, ROWS).households == 0
    check(crew, batch, lines=ROWS)


def blows(product: Product, figures: Figures, chance: random.Random, *, share: float) -> Blows:
    kinds: list[Blow] = [
        *[lambda: kill_importer(product, figures)] * round(KILLS * share),
        *[lambda: crash_database(product, figures)] * round(CRASHES * share),
    ]
    chance.shuffle(kinds)
    # Some lines are left over, so that there is work to take up after the last one.
    at = moments(round(ROWS * times(0.6, full=0.85)), len(kinds), chance)
    return {"at": at, "blows": kinds, "figures": figures, "chance": chance}


def kill_importer(product: Product, figures: Figures) -> None:
    """Kill -9 the one process of the worker; the worker starts another by itself."""
    importer = million.importer_of(product)
    assert importer is not None
    os.kill(importer, signal.SIGKILL)
    figures.kills += 1


def crash_database(product: Product, figures: Figures) -> None:
    product.crash_database()
    product.start_database()
    figures.crashes += 1


def whole_worker(product: Product, batch: str, figures: Figures, chance: random.Random) -> None:
    """Kill worker and beat at the product's own lease and sweep; measure from their return."""
    usual = {
        "PPAOS_JOB_LEASE_SECONDS": str(LEASE_SECONDS),
        "PPAOS_JOB_SWEEP_SECONDS": str(SWEEP_SECONDS),
        "PPAOS_JOB_HEARTBEAT_SECONDS": "10",
    }
    if not WHOLE:
        return
    product.environment = product.environment | usual
    restart(product)
    for _ in range(WHOLE):
        million.stopped_in_the_midst(product, batch, APPLY, 0, chance)
        seen = million.turns_of(product, batch)
        restart(product)
        figures.whole.append(million.taken_up(product, batch, seen))


def restart(product: Product) -> None:
    for name in ("worker", "beat"):
        product.kill(name)
    product.start_worker()
    product.start_beat()


def wait_for_end(product: Product, batch: str, state: str) -> None:
    """Wait as long as a million lines take; a failure ends the waiting."""

    def arrived() -> bool:
        now = states(product, batch)[0]
        assert now not in ("failed", "cancelled"), product.log("worker")[-4_000:]
        return now == state

    million.asking(arrived, seconds=HOUR)
    wait_for_states(product, state, batch)


def report(figures: Figures) -> None:
    """Write the table where PPAOS_PROVE_REPORT says."""
    path = os.environ.get("PPAOS_PROVE_REPORT")
    if not path:
        return
    rows = "\n".join(f"| {name} | {value} |" for name, value in figures.lines())
    text = f"| figure | value |\n|---|---:|\n{rows}\n"
    Path(path).write_text(text)
