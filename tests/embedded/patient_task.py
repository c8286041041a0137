"""A task that a test holds open for as long as it wants."""

import time
from pathlib import Path

from celery import shared_task


@shared_task(name="tests.patient")
def patient(folder: str) -> None:
    """Write `started`, wait until somebody writes `go on`, write `finished`."""
    (Path(folder) / "started").touch()
    while not (Path(folder) / "go on").exists():
        time.sleep(0.05)
    (Path(folder) / "finished").touch()
