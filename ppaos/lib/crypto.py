"""Seal personal data and index it for exact search, under versioned keys.

A blob is `version (1 byte) ‖ nonce (12 bytes) ‖ AES-256-GCM ciphertext and tag (16 bytes)`.
The caller's context (table, column, row) is bound in as associated data, so that a blob
copied to another row or column does not open there. An index is HMAC-SHA-256 of a value
under a purpose: the same value gives unrelated indexes for two purposes.

The key of each version is 32 random bytes from the operator; the AES key and the HMAC key
are derived from it by HKDF-SHA-256 (RFC 5869) with different labels, and no other use.
"""

import base64
import binascii
import hmac
import os
from collections.abc import Mapping
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
OVERHEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES
MAX_VERSION = 255

_SEAL_LABEL = b"ppaos/seal/aes-256-gcm/v1"
_INDEX_LABEL = b"ppaos/index/hmac-sha-256/v1"


class UnableToUnseal(Exception):
    """The blob is damaged, from another context, or sealed with a key that is not known."""


class UnableToReadKeys(ValueError):
    """The key setting cannot be used. The message says why and never contains a key."""


class _Key:
    """One version's derived keys."""

    __slots__ = ("aead", "index_key")

    def __init__(self, secret: bytes) -> None:
        self.aead = AESGCM(_derive(secret, _SEAL_LABEL))
        self.index_key = _derive(secret, _INDEX_LABEL)

    def index(self, value: str, purpose: str) -> bytes:
        # The zero byte keeps ("ab", "c") and ("a", "bc") apart.
        message = purpose.encode() + b"\0" + value.encode()
        return hmac.digest(self.index_key, message, "sha256")


class Keyring:
    """Every key version that is known; the first seals and indexes, the others only read."""

    def __init__(self, secrets: Mapping[int, bytes]) -> None:
        """Take version → 32 secret bytes, the current version first.

        Raises UnableToReadKeys for an empty mapping, a version outside 1…255 or a
        secret that is not 32 bytes.
        """
        if not secrets:
            raise UnableToReadKeys("no key is given")
        for version, secret in secrets.items():
            if not 1 <= version <= MAX_VERSION:
                raise UnableToReadKeys(f"key version {version} is not within 1 to {MAX_VERSION}")
            if len(secret) != KEY_BYTES:
                raise UnableToReadKeys(
                    f"key {version} has {len(secret)} bytes, {KEY_BYTES} are needed"
                )
        self._keys = {version: _Key(secret) for version, secret in secrets.items()}
        self.current_version = next(iter(self._keys))

    def __repr__(self) -> str:
        return f"<Keyring versions={list(self._keys)}>"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2:<base64 of 32 bytes>,1:<base64 of 32 bytes>`; the first is current.

        Raises UnableToReadKeys, whose message never repeats the text.
        """
        secrets: dict[int, bytes] = {}
        for number, part in enumerate(text.split(","), start=1):
            version_text, separator, secret_text = part.strip().partition(":")
            if not separator or not (version_text.isascii() and version_text.isdigit()):
                raise UnableToReadKeys(f"key {number} of the list is not <version>:<base64>")
            version = int(version_text)
            if version in secrets:
                raise UnableToReadKeys(f"key version {version} is given twice")
            try:
                secrets[version] = base64.b64decode(secret_text, validate=True)
            except (binascii.Error, ValueError):
                raise UnableToReadKeys(f"key {version} is not base64") from None
        return cls(secrets)

    def seal(self, plain: bytes, *, context: str) -> bytes:
        """Return the blob of `plain` under the current key and a fresh random nonce."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._keys[self.current_version].aead.encrypt(nonce, plain, context.encode())
        return bytes((self.current_version,)) + nonce + sealed

    def unseal(self, blob: bytes | memoryview, *, context: str) -> bytes:
        """Return what was sealed under the same context, by any known version.

        Raises UnableToUnseal.
        """
        blob = bytes(blob)
        if len(blob) < OVERHEAD_BYTES:
            raise UnableToUnseal("the blob is too short")
        key = self._keys.get(blob[0])
        if key is None:
            raise UnableToUnseal(f"key version {blob[0]} is not known")
        nonce, sealed = blob[1 : 1 + NONCE_BYTES], blob[1 + NONCE_BYTES :]
        try:
            return key.aead.decrypt(nonce, sealed, context.encode())
        except InvalidTag:
            raise UnableToUnseal("the blob is damaged or belongs to another context") from None

    def index(self, value: str, *, purpose: str) -> bytes:
        """Return the 32-byte keyed index of `value` under the current key."""
        return self._keys[self.current_version].index(value, purpose)

    def indexes(self, value: str, *, purpose: str) -> list[bytes]:
        """Return the index under every known version, the current one first.

        A search asks for all of them until the rows are re-indexed under the current key.
        """
        return [key.index(value, purpose) for key in self._keys.values()]


def key_version(blob: bytes | memoryview) -> int:
    """Return the version of the key that sealed `blob`. Raises UnableToUnseal if empty."""
    if len(blob) == 0:
        raise UnableToUnseal("the blob is empty")
    return bytes(blob[:1])[0]


def _derive(secret: bytes, label: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=label).derive(secret)
