"""The keyring of this installation, read from the settings once."""

from functools import lru_cache

from django.conf import settings

from ppaos.lib.crypto import Keyring


@lru_cache(maxsize=4)
def _parse(keys: str) -> Keyring:
    return Keyring.parse(keys)


def keyring() -> Keyring:
    """Return the keyring of `PPAOS_FIELD_KEYS`."""
    return _parse(settings.PPAOS_FIELD_KEYS)
