"""A database with all tables, made once for a run of the tests while these are collected.

The test databases are copies of it, and so are those of the running product: making the
tables from nothing takes as long as many tests. What is made on an empty folder is proved
by `up` (tests/embedded). Run as `python -m ppaos.embedded.migrated MARK`.
"""

import subprocess
import sys
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection

from ppaos.embedded import binaries

NAME = "ppaos_migrated"


def main(mark: Path) -> None:
    """Make the database beside the one of DATABASE_URL, then the file `mark`.

    Before that, what is in it is written beside the mark as statements, since nobody may be
    connected to a database that is being copied.
    """
    django.setup()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {NAME}")
    connection.close()
    connection.settings_dict["NAME"] = NAME
    call_command("migrate", interactive=False, verbosity=0)
    connection.close()
    pg_dump = binaries.postgres_folder() / "pg_dump"
    # The socket of the run's own server stands beside the mark.
    whom = ("-h", mark.parent, "-U", "ppaos", "-d", NAME)
    subprocess.run([pg_dump, *whom, "-f", statements(mark)], check=True)
    mark.touch()


def statements(mark: Path) -> Path:
    return mark.with_suffix(".sql")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
