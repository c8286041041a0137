"""Upload a file as a view does, and be killed before the broker hears of it:
`python -m tests.faults.upload PATH`; the import's id is in the database."""

import os
import signal
import sys
from pathlib import Path
from unittest.mock import patch

import django

django.setup()

from django.utils.timezone import now  # noqa: E402

from accounts.models import User  # noqa: E402
from imports.services import upload  # noqa: E402


def _die(*_: object) -> bool:
    os.kill(os.getpid(), signal.SIGKILL)
    return False


def main(path: Path) -> None:
    with path.open("rb") as stream, patch("jobs.services.sending._send", _die):
        upload(
            stream=stream,
            name=path.name,
            source="tpmap",
            year_be=2567,
            by=User.objects.get(username="admin"),
            at=now(),
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
