"""Processor time of what answers: the database behind a search, all servers behind a page.

What others do on the machine meanwhile does not count, nor does the side that asks, nor
the wait for a disk: what is measured is all in memory.
"""

import os
from collections.abc import Callable
from pathlib import Path

from django.db import connection

from benchmarks.memory import tree_of

_TICKS = os.sysconf("SC_CLK_TCK")


def database_seconds(work: Callable[[], object]) -> float:
    """Do the work; return the processor seconds of the process behind our connection.

    To the nanosecond, since that process sleeps before and after.
    """
    path = Path(f"/proc/{_backend()}/schedstat")
    before = int(path.read_text().split()[0])
    work()
    return (int(path.read_text().split()[0]) - before) / 1e9


def served_seconds(work: Callable[[], object]) -> float:
    """Do the work; return the processor seconds of the servers below us and of the database."""
    before = _spent_by_servers()
    work()
    return _spent_by_servers() - before


def _backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    return int(pid)


def _spent_by_servers() -> float:
    database = int(_words(_backend())[1])
    servers = tree_of(os.getpid()) - {os.getpid()} | tree_of(database)
    return sum(map(_spent_by, servers))


def _spent_by(pid: int) -> float:
    """Return the seconds of a process and of its children that have ended."""
    try:
        return sum(map(int, _words(pid)[11:15])) / _TICKS
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


def _words(pid: int) -> list[str]:
    """Return what the kernel says of a process behind its name, which may hold anything."""
    status = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    return status.rpartition(")")[2].split()
