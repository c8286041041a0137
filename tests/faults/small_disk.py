"""A disk of a few megabytes for one table of the product, and a way to fill it.

The server runs in a mount namespace of its own, in which a small file system in memory lies
over the folder of a tablespace. So it is the real server that runs out of real space, while
its log and the other tables have theirs. It takes no rights but that to make a namespace.
"""

import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Self
from unittest.mock import patch

import psycopg2

from ppaos.embedded import processes
from ppaos.embedded.processes import stop
from tests.journeys.product import Product

_LEASH = Path(__file__).with_name("small_disk_leash.py")
_SPACE = "tight"
_MEGABYTES = 64


class SmallDisk:
    """While it lasts the table lies on the small disk; afterwards where it was."""

    def __init__(self, product: Product, *, table: str) -> None:
        self._product = product
        self._table = table
        self._folder = product.folder / _SPACE

    def __enter__(self) -> Self:
        self._folder.mkdir(mode=0o711)
        self._restart(is_small=True)
        self._ask(f"CREATE TABLESPACE {_SPACE} OWNER ppaos LOCATION '{self._folder}'")
        self._ask(f"ALTER TABLE {self._table} SET TABLESPACE {_SPACE}")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.free()
        self._ask(f"ALTER TABLE {self._table} SET TABLESPACE pg_default")
        # Deleted files of the table are there until a checkpoint.
        self._ask("CHECKPOINT")
        self._ask(f"DROP TABLESPACE {_SPACE}")
        self._restart(is_small=False)
        shutil.rmtree(self._folder, ignore_errors=True)

    def fill(self) -> None:
        """Leave no room at all."""
        size = _MEGABYTES << 20
        self._run(f"head -c {size} /dev/zero > {self._folder}/ballast 2> /dev/null || true")

    def free(self) -> None:
        self._run(f"rm -f {self._folder}/ballast")

    def _run(self, command: str) -> None:
        """Run a command where the server runs: elsewhere the small disk cannot be seen."""
        self._ask(f"COPY (SELECT 1) TO PROGRAM 'cat > /dev/null; {command}'")

    def _ask(self, statement: str) -> None:
        connection = psycopg2.connect(
            host=str(self._product.folder), user="postgres", dbname="ppaos"
        )
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
        finally:
            connection.close()

    def _restart(self, *, is_small: bool) -> None:
        stop(self._product.children.pop("postgres"), seconds=10)
        if not is_small:
            self._product.start_database()
            return
        place = {"PPAOS_TEST_DISK": str(self._folder), "PPAOS_TEST_MEGABYTES": str(_MEGABYTES)}
        with patch.object(processes, "LEASH", _LEASH), patch.dict(os.environ, place):
            self._product.start_database()
