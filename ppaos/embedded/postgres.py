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
    Child,
    UnableToStart,
    User,
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
    can_create_databases: bool = False,
) -> Child:
    """Start the server, making cluster, role and database where they are missing.

    `can_create_databases` is for a test run only. Raises UnableToStart.
    """
    user = ordinary_user()
    programs = binaries.postgres_folder()
    log.parent.mkdir(parents=True, exist_ok=True)
    if not (data / "PG_VERSION").exists():
        _initialise(programs, data=data, user=user)
    options = [f"-c{setting}" for setting in ("listen_addresses=", *settings)]
    child = start(
        "postgres",
        [programs / "postgres", "-D", data, "-k", run, "-cunix_socket_permissions=0700", *options],
        log=log,
        stop_signal=signal.SIGINT,  # "fast": sessions are ended, the cluster is closed properly
        on_parent_death=signal.SIGINT,
        user=user,
    )
    wait_until_ready(child, lambda: _answers(programs, run), seconds=60)
    _make_role_and_database(programs, run=run, can_create_databases=can_create_databases)
    return child


def _initialise(programs: Path, *, data: Path, user: User) -> None:
    """Make the cluster beside its place and rename it: a broken first start leaves nothing."""
    unfinished = data.with_name(data.name + ".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    data.parent.mkdir(parents=True, exist_ok=True)
    if user == "nobody":
        unfinished.mkdir(mode=0o700)
        os.chown(unfinished, 65534, 65534)
    command: list[str | Path] = [
        programs / "initdb",
        "-D",
        unfinished,
        "-U",
        "postgres",
        "-A",
        "trust",
    ]
    result = subprocess.run(
        leashed(
            [*command, "--no-sync", "--no-instructions", *LOCALE],
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
    command: list[str | Path] = [
        programs / "pg_isready",
        "-q",
        "-h",
        run,
        "-d",
        "postgres",
        "-U",
        "postgres",
    ]
    return subprocess.run(command, check=False).returncode == 0


def _make_role_and_database(programs: Path, *, run: Path, can_create_databases: bool) -> None:
    createdb = "CREATEDB" if can_create_databases else "NOCREATEDB"
    role = f"ROLE ppaos LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS {createdb}"
    if _ask(programs, run, "SELECT 1 FROM pg_roles WHERE rolname = 'ppaos'") != "1":
        _ask(programs, run, f"CREATE {role}")
    if _ask(programs, run, "SELECT 1 FROM pg_database WHERE datname = 'ppaos'") != "1":
        _ask(programs, run, "CREATE DATABASE ppaos OWNER ppaos")


def _ask(programs: Path, run: Path, statement: str) -> str:
    command: list[str | Path] = [
        programs / "psql",
        "-XqAt",
        "-h",
        run,
        "-U",
        "postgres",
        "-d",
        "postgres",
    ]
    result = subprocess.run(
        [*command, "-v", "ON_ERROR_STOP=1", "-c", statement],
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        raise UnableToStart(f"postgres: {result.stderr}")
    return result.stdout.strip()
