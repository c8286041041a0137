"""The database that the run's own are copied from: see ppaos.embedded.migrated."""

import fcntl
import os
import subprocess
import time
from pathlib import Path

from ppaos.embedded import binaries
from ppaos.embedded.migrated import NAME
from ppaos.embedded.pytest_servers import MIGRATED

SECONDS = 240


def wait_for_migrated() -> Path | None:
    """Return the folder of the run once the database is whole; None with servers from elsewhere."""
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
    return mark.parent


def copy_to(run: Path) -> None:
    """Fill the empty database of the cluster whose socket is in `run`, if there is one to copy."""
    folder = wait_for_migrated()
    if folder is not None:
        whom = ("-h", run, "-U", "ppaos", "-d", "ppaos")
        how = ("-Xqo", "/dev/null", "-1", "-v", "ON_ERROR_STOP=1")
        _run("psql", *whom, *how, "-f", _dump(folder))


def _dump(folder: Path) -> Path:
    """Return the database as statements, written once for all processes of the run."""
    path = folder / "migrated.sql"
    with (folder / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            unfinished = path.with_suffix(".new")
            _run("pg_dump", "-h", folder, "-U", "ppaos", "-d", NAME, "-f", unfinished)
            unfinished.rename(path)
    return path


def _run(program: str, *arguments: str | Path) -> None:
    command = [binaries.postgres_folder() / program, *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr[-3000:]
