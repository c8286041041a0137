"""What is kept, sealed, of a line: as bytes, and back.

The cells stand as they were read, and the indicators, more than half of a long form's
columns, as one sign each: the bytes are half of what plain JSON would take, and a staged
row stays below the size from which PostgreSQL keeps a value elsewhere.
"""

import json
from collections.abc import Sequence
from operator import itemgetter
from types import NoneType
from typing import Any

import orjson

from imports.normalise.cells import text_of
from imports.profiles.columns import INDICATOR_COLUMNS

_PLAIN = frozenset({type(None), str, int, float})
_SIGNS = {None: "-", 0: "0", 1: "1"}
_VALUES = {sign: value for value, sign in _SIGNS.items()}
_INDICATORS = frozenset(INDICATOR_COLUMNS)
_indicators = itemgetter(*INDICATOR_COLUMNS)
# JSON may begin with a space: then it holds what orjson cannot carry, whole numbers above 64 bits.
_LARGE = b" "


def raw_bytes(cells: Sequence[Any]) -> bytes:
    """Return the cells of a line as JSON: the same cells give the same bytes."""
    if _PLAIN.issuperset(map(type, cells)):
        try:
            return orjson.dumps(cells)
        except TypeError:
            pass
    return orjson.dumps(
        [cell if type(cell) in (NoneType, str) else text_of(cell) for cell in cells]
    )


def pack_line(raw: bytes, values: dict[str, Any], notes: Sequence[Sequence[str]]) -> bytes:
    """Return the bytes of a line; `raw` is what raw_bytes gave."""
    try:
        signs = "".join(map(_SIGNS.__getitem__, _indicators(values)))
    except KeyError:
        # A list without indicators, or with the shorter form's.
        signs = ""
    if signs:
        kept: dict[str, Any] = {
            "raw": orjson.Fragment(raw),
            "normalised": {n: value for n, value in values.items() if n not in _INDICATORS},
            "signs": signs,
        }
    else:
        kept = {"raw": orjson.Fragment(raw), "normalised": values}
    try:
        return orjson.dumps({**kept, "notes": notes})
    except TypeError:
        return pack_payload({"raw": orjson.loads(raw), "normalised": values, "notes": notes})


def pack_payload(payload: dict[str, Any]) -> bytes:
    """Return the bytes of what unpack gives, whatever it holds."""
    try:
        return orjson.dumps(payload)
    except TypeError:
        return _LARGE + json.dumps(payload, separators=(",", ":")).encode()


def unpack(plain: bytes) -> dict[str, Any]:
    """Return `raw` as texts, `normalised`, `notes` and whatever else was packed."""
    payload = unpack_values(plain)
    payload["raw"] = [
        # Nearly every cell is one of these two.
        cell if type(cell) is str else str(cell) if type(cell) is int else text_of(cell)
        for cell in payload["raw"]
    ]
    return payload


def unpack_values(plain: bytes) -> dict[str, Any]:
    """Return what unpack gives, but the cells of `raw` as they were packed."""
    is_large = plain.startswith(_LARGE)
    payload: dict[str, Any] = json.loads(plain) if is_large else orjson.loads(plain)
    signs = payload.pop("signs", "")
    if signs:
        payload["normalised"].update(
            zip(INDICATOR_COLUMNS, map(_VALUES.__getitem__, signs), strict=True)
        )
    return payload
