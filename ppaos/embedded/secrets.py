"""The secrets of an installation with the embedded database, kept in its data folder."""

import base64
import secrets


def new_secret_key() -> str:
    return secrets.token_urlsafe(48)


def new_field_keys() -> str:
    """Return a first key ring in the form of PPAOS_FIELD_KEYS."""
    return "1:" + base64.b64encode(secrets.token_bytes(32)).decode()
