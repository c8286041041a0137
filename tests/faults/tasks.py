"""Work that a test watches and holds open: it writes down each begin and each end."""

import os
import time
from pathlib import Path
from uuid import UUID

from celery import shared_task

from jobs.services import Lease, run


@shared_task(name="tests.watched")
def watched(job_id: str) -> None:
    run(job_id=UUID(job_id), work=_work)


def _work(lease: Lease) -> None:
    """Begin, renew the lease until somebody writes `go on`, end."""
    folder = Path(os.environ["PPAOS_TEST_FOLDER"])
    _write(folder / f"{lease.job_id}.begun")
    while not (folder / "go on").exists():
        lease.heartbeat(stage="watched")
        time.sleep(0.1)
    lease.heartbeat(stage="watched")
    _write(folder / f"{lease.job_id}.ended")


def _write(path: Path) -> None:
    with path.open("a") as file:
        file.write(f"{os.getpid()}\n")
