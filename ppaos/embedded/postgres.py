"""The embedded PostgreSQL: one cluster in the data folder, reached by a Unix socket only.

The cluster's superuser is `postgres`; the application is `ppaos`, which owns its
database and nothing else. Whoever can enter the socket's folder (mode 0700) is trusted.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from ppaos.embedded import binaries
from ppaos.embedded.processes import (
    NOBODY,
    Child,
    UnableToStart,
    User,
    all_may_enter,
    leashed,
    ordinary_user,
    start,
    wait_until_ready,
)

# pg_trgm finds no trigram in Thai text unless lc_ctype is UTF-8; the collation is
# built in, so that the order of rows does not depend on the operating system.
LOCALE = (
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--lc-collate=C",
    "--lc-ctype=C.UTF-8",
)
# Its log must not quote rows or statements: they are full of people.
DISCREET = ("log_error_verbosity=terse", "log_min_error_statement=panic")
# For a cluster that is thrown away: nothing of it needs to survive a power cut.
FORGETFUL = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "max_wal_size=1GB",
)


def url(run: Path) -> str:
    return f"postgres://ppaos@/ppaos?host={quote(str(run), safe='')}"


def start_postgres(
    *,
    data: Path,
    run: Path,
    log: Path,
    settings: Sequence[str] = (),
) -> Child:
    """Start the server, making cluster, role and database where they are missing.

    Raises UnableToStart.
    """
    user = ordinary_user()
    programs = binaries.postgres_folder()
    if user == "nobody" and not all_may_enter(programs):
        programs = binaries.copy_for_nobody(programs, to=data.parent / "programs")
    log.parent.mkdir(parents=True, exist_ok=True)
    if not (data / "PG_VERSION").exists():
        _initialise(programs, data=data, user=user)
    options = [f"-c{setting}" for setting in ("listen_addresses=", *DISCREET, *settings)]
    child = start(
        "postgres",
        [programs / "postgres", "-D", data, "-k", run, "-cunix_socket_permissions=0700", *options],
        log=log,
        stop_signal=signal.SIGINT,  # "fast": sessions are ended, the cluster is closed properly
        on_parent_death=signal.SIGINT,
        user=user,
    )
    wait_until_ready(child, lambda: _answers(programs, run), seconds=60)
    _make_role_and_database(programs, run=run)
    return child


def _initialise(programs: Path, *, data: Path, user: User) -> None:
    """Make the cluster beside its place and rename it: a broken first start leaves nothing."""
    unfinished = data.with_name(data.name + ".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    data.parent.mkdir(parents=True, exist_ok=True)
    if user == "nobody":
        unfinished.mkdir(mode=0o700)
        os.chown(unfinished, NOBODY, NOBODY)
    result = subprocess.run(
        leashed(
            [
                *(programs / "initdb", "-D", unfinished, "-U", "postgres", "-A", "trust"),
                *("--no-sync", "--no-instructions", *LOCALE),
            ],
            on_parent_death=signal.SIGTERM,
            user=user,
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        raise UnableToStart(f"initdb: สร้างฐานข้อมูลไม่สำเร็จ\n{result.stdout}{result.stderr}")
    unfinished.rename(data)


def _answers(programs: Path, run: Path) -> bool:
    whom = ("-h", run, "-U", "postgres", "-d", "postgres")
    return subprocess.run([programs / "pg_isready", "-q", *whom], check=False).returncode == 0


def _make_role_and_database(programs: Path, *, run: Path) -> None:
    # CREATEDB: `restore --verify` and the test run make databases of their own.
    role = "ROLE ppaos LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS CREATEDB"
    if _ask(programs, run, "SELECT 1 FROM pg_roles WHERE rolname = 'ppaos'") != "1":
        _ask(programs, run, f"CREATE {role}")
    if _ask(programs, run, "SELECT 1 FROM pg_database WHERE datname = 'ppaos'") != "1":
        _ask(programs, run, "CREATE DATABASE ppaos OWNER ppaos")


def _ask(programs: Path, run: Path, statement: str) -> str:
    whom = ("-h", run, "-U", "postgres", "-d", "postgres")
    result = subprocess.run(
        [programs / "psql", "-XqAt", *whom, "-v", "ON_ERROR_STOP=1", "-c", statement],
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        raise UnableToStart(f"postgres: {result.stderr}")
    return result.stdout.strip()
