"""What the lines of a file say of their areas, as the ledger keeps it for the next list."""

import base64
import uuid
import zlib
from collections.abc import Sequence
from typing import Any

import orjson

from ppaos.orm import keyring

Place = list[Any]
"""What lines say of their area, the area's code, and what was found: code, column, raw, detail."""


def seal_places(places: Sequence[Place], *, batch_id: uuid.UUID) -> str:
    """Return the places as the ledger keeps them: they are cells of the file."""
    plain = zlib.compress(orjson.dumps(places))
    sealed = keyring().seal(plain, context=f"import places {batch_id}")
    return base64.b64encode(sealed).decode()


def open_places(sealed: str, *, batch_id: uuid.UUID) -> list[Place]:
    blob = base64.b64decode(sealed)
    plain = keyring().unseal(blob, context=f"import places {batch_id}")
    places: list[Place] = orjson.loads(zlib.decompress(plain))
    return places
