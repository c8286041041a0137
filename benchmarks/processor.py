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
    """Return what the process behind our connection used up.

    What threads ask beside it, on connections of their own that end with them, is not counted,
    a thirtieth of a list that comes again; nor is the vacuum that follows a large import.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    try:
        status = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except FileNotFoundError:
        return 0.0
    if not status.startswith(f"{pid} (postgres)"):
        return 0.0
    # User and system time are words 14 and 15, the name in brackets being the second.
    user, system = status.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / _TICKS
