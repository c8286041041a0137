"""Files that a worker cannot read: a mark in a file kills its reader, or makes it wait.

Imported by workers that are going to be hurt. The real reading is confined to a process of
its own, whose death is an answer; here the worker itself is struck, as by the kernel's
killer of the greedy.
"""

import os
import re
import signal
import time
from pathlib import Path
from typing import Any
from unittest.mock import patch

from imports import reading

COLUMN = "หมายเหตุ"
KILLS = "kills-its-reader"
BREAKS = "breaks-its-reader"
WAITS = "waits-for-{}"
_WAITS = re.compile(rb"waits-for-([0-9a-f]+)")

_read_well = reading.inspect


def _inspect(path: Path, *args: Any, **kwargs: Any) -> reading.Inspection:
    content = path.read_bytes()
    if KILLS.encode() in content:
        os.kill(os.getpid(), signal.SIGKILL)
    if BREAKS.encode() in content:
        raise RuntimeError("poison")
    for mark in _WAITS.findall(content):
        _wait_for(mark.decode())
    return _read_well(path, *args, **kwargs)


def _wait_for(mark: str) -> None:
    """Say that the file is being read, and read on when somebody allows it."""
    folder = Path(os.environ["PPAOS_TEST_FOLDER"])
    (folder / f"{mark}.begun").touch()
    while not (folder / f"{mark}.go-on").exists():
        time.sleep(0.05)


patch.object(reading, "inspect", _inspect).start()
