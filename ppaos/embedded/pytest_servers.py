"""A pytest plugin: a private PostgreSQL and Valkey for the run, unless their URLs are given.

It must be named with `-p` (pyproject.toml does): pytest-django reads the settings
before any conftest.py. Workers of xdist inherit the addresses by the environment.
"""

import atexit
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ppaos.embedded import postgres, valkey
from ppaos.embedded.bootstrap import ROOT
from ppaos.embedded.processes import Child, start, stop
from ppaos.embedded.secrets import new_field_keys, new_secret_key

MIGRATED = "PPAOS_TEST_MIGRATED"
"""Names the file that says that the database to copy is whole. Unset if the servers are given."""
children: list[Child] = []
folders: list[Path] = []


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _start_servers()
    return (yield)


def _stop_servers() -> None:
    while children:
        stop(children.pop(), seconds=10)
    while folders:
        shutil.rmtree(folders.pop(), ignore_errors=True)


def _start_servers() -> None:
    # Not pytest_unconfigure, which is left out when loading the first conftest fails.
    atexit.register(_stop_servers)
    # Not in TMPDIR, which may be too long for the path of a socket (107 bytes).
    folder = Path(tempfile.mkdtemp(prefix="ppaos-test-", dir="/tmp"))
    folders.append(folder)
    if "REDIS_URL" not in os.environ:
        children.append(
            valkey.start_valkey(data=folder / "redis", run=folder, log=folder / "valkey.log")
        )
        os.environ["REDIS_URL"] = valkey.url(folder)
    is_own = "DATABASE_URL" not in os.environ
    if is_own:
        children.append(
            postgres.start_postgres(
                data=folder / "pg",
                run=folder,
                log=folder / "postgres.log",
                settings=postgres.FORGETFUL,
            )
        )
        os.environ["DATABASE_URL"] = postgres.url(folder)
    os.environ["PPAOS_SECRET_KEY"] = new_secret_key()
    os.environ["PPAOS_FIELD_KEYS"] = new_field_keys()
    os.environ["PPAOS_DATA_DIR"] = str(folder / "var")
    os.environ["PPAOS_HTTPS"] = "0"
    os.environ["PPAOS_DEMO"] = "0"
    # Tests take all of the machine: a worker that gives way to them would hardly get a turn.
    os.environ["PPAOS_WORKER_NICENESS"] = "0"
    if is_own:
        children.append(_migrate(folder))


def _migrate(folder: Path) -> Child:
    """Begin to make the database that others are copied from (see migrated.py)."""
    mark = folder / "migrated"
    os.environ[MIGRATED] = str(mark)
    return start(
        "migrated",
        [sys.executable, "-m", "ppaos.embedded.migrated", mark],
        log=folder / "migrated.log",
        stop_signal=signal.SIGTERM,
        on_parent_death=signal.SIGTERM,
        environment={**os.environ, "DJANGO_SETTINGS_MODULE": "ppaos.settings"},
        folder=ROOT,
    )
