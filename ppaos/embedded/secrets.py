"""The secrets of an installation.

With the embedded database they are made once and kept beside it, readable by its
owner only. With a database from elsewhere they must come from the environment:
made up here, they would differ from machine to machine and be lost with one.
"""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from ppaos.embedded.processes import UnableToStart

NAMES = ("PPAOS_SECRET_KEY", "PPAOS_FIELD_KEYS")


def new_secret_key() -> str:
    return secrets.token_urlsafe(48)


def new_field_keys() -> str:
    """Return a first key ring in the form of PPAOS_FIELD_KEYS."""
    return "1:" + base64.b64encode(secrets.token_bytes(32)).decode()


def settle(
    environment: Mapping[str, str], *, data: Path, database_is_embedded: bool, has_data: bool
) -> dict[str, str]:
    """Return the secrets: given ones, else those of the data folder, else new ones.

    Raises UnableToStart where new ones would be wrong: a database from elsewhere, or
    an embedded one that already holds data under keys that are gone.
    """
    given = {name: environment[name] for name in NAMES if environment.get(name)}
    if len(given) == len(NAMES):
        return given
    path = data / "secrets.json"
    if not database_is_embedded:
        missing = ", ".join(name for name in NAMES if name not in given)
        raise UnableToStart(
            f"ต้องตั้งค่า {missing} เมื่อใช้ฐานข้อมูลภายนอก ดูวิธีสร้างใน .env.example\n"
            f"(with DATABASE_URL, set {missing}; .env.example tells how to make them)"
        )
    if not path.exists():
        if has_data:
            raise UnableToStart(
                f"ไม่พบ {path} แต่มีฐานข้อมูลอยู่แล้ว นำไฟล์นี้กลับมาจากข้อมูลสำรองก่อน\n"
                "(the database is there but its keys are not; restore that file first)"
            )
        write_once(path, json.dumps(dict(zip(NAMES, _new(), strict=True)), indent=1))
    kept: dict[str, str] = json.loads(path.read_text())
    return {name: kept[name] for name in NAMES} | given


def write_once(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    unfinished = path.with_name(path.name + ".new")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)


def _new() -> tuple[str, str]:
    return new_secret_key(), new_field_keys()
