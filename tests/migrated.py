"""The database that the run's own are copied from: see ppaos.embedded.migrated."""

import os
import subprocess
import time
from pathlib import Path

from ppaos.embedded import binaries
from ppaos.embedded.migrated import statements
from ppaos.embedded.pytest_servers import MIGRATED

SECONDS = 240


def wait_for_migrated() -> Path | None:
    """Return the mark of the database once it is whole; None with servers from elsewhere."""
    name = os.environ.get(MIGRATED)
    if name is None:
        return None
    mark = Path(name)
    deadline = time.monotonic() + SECONDS
    while not mark.exists():
        log = mark.with_suffix(".log").read_text(errors="replace")
        assert "Traceback" not in log, log
        assert time.monotonic() < deadline, "the tables were not made in time"
        time.sleep(0.05)
    return mark


def copy_to(run: Path) -> None:
    """Fill the empty database of the cluster whose socket is in `run`, if there is one to copy."""
    mark = wait_for_migrated()
    if mark is None:
        return
    command: list[str | Path] = [
        *(binaries.postgres_folder() / "psql", "-h", run, "-U", "ppaos", "-d", "ppaos"),
        *("-Xqo", "/dev/null", "-1", "-v", "ON_ERROR_STOP=1", "-f", statements(mark)),
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr[-3000:]
