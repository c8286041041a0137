"""What `up` does to database and static files before anything is served.

Run as `python -m ppaos.embedded.prepare`, so that the supervisor itself stays small.
Each step is safe to repeat, and cheap when there is nothing to do.
"""

import hashlib
import json
import os
import sys

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands

from ppaos.embedded import demo


def main() -> None:
    """Prepare everything and leave `prepared.json` for the supervisor to read."""
    django.setup()
    prepare_database()
    collect_static_files()
    known = get_user_model()._default_manager.filter(username__in=demo.ACCOUNTS)
    accounts = list(known.values_list("username", flat=True)) if settings.PPAOS_DEMO else []
    text = json.dumps({"demo_accounts": [name for name in demo.ACCOUNTS if name in accounts]})
    (settings.PPAOS_DATA_DIR / "prepared.json").write_text(text)


def prepare_database() -> None:
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    _call_if_known("load_reference")
    # Cleared demo data must not come back, so the folder remembers that it was loaded.
    loaded = settings.PPAOS_DATA_DIR / "demo-loaded"
    if settings.PPAOS_DEMO and not loaded.exists() and not has_accounts():
        _tell("กำลังสร้างจังหวัดตัวอย่าง (making the demo province)")
        _call_if_known("load_demo")
        loaded.touch()


def has_accounts() -> bool:
    return bool(get_user_model()._default_manager.exists())


def collect_static_files() -> None:
    """Collect and compress, unless no source changed since the last time."""
    stamp = settings.STATIC_ROOT / ".sources.sha256"
    wanted = static_fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    _tell("กำลังเตรียมไฟล์หน้าเว็บ (collecting static files)")
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(wanted)


def static_fingerprint() -> str:
    """Return a digest of every source file's name, size and time of change."""
    digest = hashlib.sha256(str(settings.BASE_DIR).encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            status = os.stat(storage.path(name))
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _call_if_known(command: str) -> None:
    if command in get_commands():
        call_command(command, verbosity=0)


def _tell(message: str) -> None:
    sys.stdout.write(message + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
