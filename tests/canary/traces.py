"""Where a canary left a trace: in plain text, or under one of the coats that text is stored in."""

import base64
import binascii
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from ppaos.lib import citizen_id

_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX = re.compile(rb"(?:[0-9a-f]{2}){8,}")


@dataclass(frozen=True)
class Canary:
    """Something of one person that must be found nowhere, in every way it is written."""

    kind: str
    text: str

    @property
    def forms(self) -> set[bytes]:
        written = {self.text, quote(self.text), json.dumps(self.text)[1:-1]}
        if self.kind == "citizen_id":
            written |= {citizen_id.display(self.text)}
        if self.kind == "phone":
            digits = self.text
            written |= {f"{digits[:3]}-{digits[3:6]}-{digits[6:]}", f"+66{digits[1:]}"}
        return {form.encode() for form in written}


def traces(blob: bytes, canaries: Iterable[Canary]) -> list[str]:
    """Return what of the canaries stands in `blob`, as "kind text", sorted."""
    wanted = [(canary, form) for canary in canaries for form in canary.forms]
    found = set()
    for layer in _layers(blob):
        found |= {f"{canary.kind} {canary.text}" for canary, form in wanted if form in layer}
    return sorted(found)


def _layers(blob: bytes) -> Iterator[bytes]:
    yield blob
    for token in _BASE64.findall(blob):
        yield from _unpacked(_from_base64(token))
    for token in _HEX.findall(blob):
        yield from _unpacked(bytes.fromhex(token.decode()))


def _from_base64(token: bytes) -> bytes:
    bare = token.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
    bare = bare[: len(bare) - 1] if len(bare) % 4 == 1 else bare
    try:
        return base64.b64decode(bare + b"=" * (-len(bare) % 4))
    except binascii.Error:
        return b""


def _unpacked(data: bytes) -> Iterator[bytes]:
    yield data
    try:
        yield zlib.decompress(data)
    except zlib.error:
        return
