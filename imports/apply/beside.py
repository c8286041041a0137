"""Ask the database for what comes next, while the caller writes what was asked before."""

from collections.abc import Generator
from contextlib import closing
from typing import TypeVar

from django.db import connection, connections

from ppaos.lib.ahead import ahead

_T = TypeVar("_T")


def asked_ahead(items: Generator[_T, None, None]) -> Generator[_T, None, None]:
    """Yield the items; a thread asks for the next one, on a connection of its own.

    Within a transaction of the caller only the caller's connection sees what it wrote, and
    the items are asked for on that one.
    """
    return items if connection.in_atomic_block else ahead(_disconnected(items))


def _disconnected(items: Generator[_T, None, None]) -> Generator[_T, None, None]:
    """Yield the items, and leave the connections of the thread that made them."""
    try:
        with closing(items):
            yield from items
    finally:
        connections.close_all()
