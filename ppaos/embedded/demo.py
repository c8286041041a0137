"""The accounts of the demo province, and their one password."""

import secrets
from collections.abc import Mapping
from pathlib import Path

from ppaos.embedded.secrets import write_once

ACCOUNTS = {
    "admin": "นำเข้าข้อมูลและดูแลระบบ",
    "province": "เจ้าหน้าที่จังหวัด",
    "district": "เจ้าหน้าที่อำเภอ",
    "surveyor": "ผู้สำรวจ (ตำบลเดียว)",
    "agency": "หน่วยงานรับส่งต่อ พมจ.",
    "agency2": "หน่วยงานรับส่งต่อ พอช.",
    "viewer": "ผู้ดูภาพรวม",
}
# Letters and digits that are not mistaken for one another when read aloud.
PLAIN_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def password(environment: Mapping[str, str], *, data: Path) -> str:
    """Return the password that the accounts were made with, else the one to make them with."""
    path = data / "demo-password"
    if not path.exists():
        write_once(path, environment.get("PPAOS_DEMO_PASSWORD") or new_password())
    return path.read_text()


def new_password() -> str:
    """Return three groups of five, 74 bits."""
    return "-".join("".join(secrets.choice(PLAIN_LETTERS) for _ in range(5)) for _ in range(3))
