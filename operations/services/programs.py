"""Run PostgreSQL's own programs, and talk to databases that Django does not know."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from django.db import connection

_ADDRESS = {
    "PGHOST": "host",
    "PGPORT": "port",
    "PGUSER": "user",
    "PGPASSWORD": "password",
    "PGDATABASE": "dbname",
    "PGSSLMODE": "sslmode",
    "PGSSLROOTCERT": "sslrootcert",
}
Address = Mapping[str, Any]


class Cursor(Protocol):
    """What Django's cursors and psycopg2's have in common."""

    def execute(self, sql: Any, params: Any = None, /) -> Any: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> Any: ...


class ProgramFailed(Exception):
    """The program is missing or ended with an error; its last lines are the message."""


def own_address() -> dict[str, Any]:
    """Return how libpq reaches the database of the settings."""
    known = connection.get_connection_params()
    return {name: known[name] for name in _ADDRESS.values() if known.get(name)}


def run(program: str, arguments: Sequence[str], *, address: Address) -> str:
    """Run `program` with the address in its environment; return what it printed.

    Nothing secret stands on the command line. The embedded server's own programs
    come first on PATH; elsewhere they must be at least as new as the server.
    """
    environment = dict(os.environ)
    for variable, name in _ADDRESS.items():
        if address.get(name):
            environment[variable] = str(address[name])
    try:
        done = subprocess.run(  # noqa: S603 - the programs are PostgreSQL's, the arguments ours
            [program, *arguments], env=environment, capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise ProgramFailed(
            f"ไม่พบโปรแกรม {program} ติดตั้ง postgresql-client รุ่นเดียวกับเซิร์ฟเวอร์ก่อน"
        ) from error
    if done.returncode != 0:
        raise ProgramFailed(f"{program}: {done.stderr.strip()[-800:]}")
    return done.stdout
