"""Processor time of a piece of work: ours, of the children it started, and of the database.

On a machine that others use too it says more than the clock; on a quiet one the clock
counts, since reading, checking and writing may overlap.
"""

import os
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from django.db import connection

_TICKS = os.sysconf("SC_CLK_TCK")


class Cost(NamedTuple):
    """Seconds by the clock, and of processors."""

    clock: float
    processor: float


def cost(work: Callable[[], object]) -> Cost:
    """Do the work. A database on another machine counts as nothing."""
    before = _spent()
    began = perf_counter()
    work()
    return Cost(perf_counter() - began, _spent() - before)


def _spent() -> float:
    return sum(os.times()[:4]) + _spent_by_database()


def _spent_by_database() -> float:
    """Return what all processes of the database used up, those included that ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    own = _status(pid)
    if own is None or own.name != "postgres":
        return 0.0
    server = _status(own.parent)
    if server is None:
        return 0.0
    found = [_status(int(path.name)) for path in Path("/proc").iterdir() if path.name.isdecimal()]
    living = [each.own for each in found if each is not None and each.parent == own.parent]
    return (server.own + server.ended + sum(living)) / _TICKS


class _Status(NamedTuple):
    """A process, its parent, and ticks: its own, and of its children that ended."""

    name: str
    parent: int
    own: int
    ended: int


def _status(pid: int) -> _Status | None:
    try:
        status = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    before, _, after = status.rpartition(")")
    # The name in brackets is word 2; 4 is the parent, 14 to 17 are the times.
    words = after.split()
    user, system, ended_user, ended_system = map(int, words[11:15])
    return _Status(
        before.partition("(")[2], int(words[1]), user + system, ended_user + ended_system
    )
