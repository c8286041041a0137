"""COPY into a table: the fastest way in, at a fifth of the time of many inserts."""

import io
import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from types import NoneType
from typing import Any

from django.db import connection

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_PIECE = 1 << 18
"""Bytes that are handed to PostgreSQL at a time: with few pieces other threads run undisturbed."""
_SPECIAL = re.compile(r"[\\\t\n\r]")


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Append rows in the caller's transaction; return how many. Constraints hold as always."""
    lines = encode_rows(rows)
    copy_lines(table, columns, lines)
    return len(lines)


def encode_rows(rows: Iterable[Sequence[Any]]) -> list[str]:
    """Return each row as COPY reads it. This asks no database.

    Column by column: most columns of many rows hold values of one type, or one value.
    """
    return list(map("\t".join, zip(*map(_column, zip(*rows, strict=True)), strict=True)))


def _column(values: Sequence[Any]) -> Sequence[str]:
    kinds = set(map(type, values))
    if len(kinds) > 1:
        return [_ENCODERS[type(value)](value) for value in values]
    encode, first = _ENCODERS[kinds.pop()], values[0]
    if values.count(first) == len(values):
        return [encode(first)] * len(values)
    return [encode(value) for value in values]


def copy_lines(table: str, columns: Sequence[str], lines: Sequence[str]) -> None:
    """Append rows that were encoded before, like copy_rows."""
    if lines:
        names = ", ".join(f'"{column}"' for column in columns)
        content = io.BytesIO("\n".join([*lines, ""]).encode())
        with connection.cursor() as cursor:
            cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN', content, _PIECE)


def array_of(keys: Iterable[uuid.UUID]) -> str:
    """Write keys as PostgreSQL reads an array: one parameter instead of thousands."""
    return "{" + ",".join([f"{key.int:032x}" for key in keys]) + "}"


# ---- the text format. Source: PostgreSQL manual, COPY, "Text Format" -----------------
def _text(value: str) -> str:
    return value.translate(_ESCAPES) if _SPECIAL.search(value) else value


def _bytes(value: bytes | memoryview) -> str:
    return "\\\\x" + value.hex()


def _uuid(value: uuid.UUID) -> str:
    # PostgreSQL needs no hyphens, and writing them costs more than the number itself.
    return f"{value.int:032x}"


def _array(value: Iterable[Any]) -> str:
    return _text("{" + ",".join([_quote(str(item)) for item in value]) + "}")


def _quote(item: str) -> str:
    return '"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"'


class _Encoders(dict[type, Callable[[Any], str]]):
    """Type → how its values are written. A subclass is written as what it derives from."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        found = next((self[base] for base in kind.__mro__[1:] if base in self), str)
        self[kind] = found
        return found


_ENCODERS = _Encoders(
    {
        NoneType: lambda value: "\\N",
        str: _text,
        bool: lambda value: "t" if value else "f",
        bytes: _bytes,
        memoryview: _bytes,
        date: date.isoformat,
        datetime: datetime.isoformat,
        uuid.UUID: _uuid,
        list: _array,
        tuple: _array,
    }
)
