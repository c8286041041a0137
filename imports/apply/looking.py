"""Joins of a chunk's rows with the register: by the rows' keys, however large the tables are."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

_METHODS = ("enable_hashjoin", "enable_mergejoin", "enable_material", "enable_seqscan")
_ON_KEYS = "".join(f"SET LOCAL {method} = off;" for method in _METHODS)
_AS_ALWAYS = "".join(f"SET LOCAL {method} TO DEFAULT;" for method in _METHODS)


@contextmanager
def looking_up() -> Iterator[Any]:
    """Yield a cursor that looks each row of a chunk up by its key.

    What PostgreSQL knows of a table lags behind one that just grew; going by that, it
    would read the whole table for each chunk. Only for joins on a primary key: where two indexes
    fit, it could take the one that finds a whole batch for each row.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ON_KEYS)
        yield cursor
        cursor.execute(_AS_ALWAYS)
