"""The product as it runs in a province: its own servers, a web server, a worker, no test database.

What a browser, a broker or `kill -9` can tell is only true of real processes.
"""

import http.client
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from ppaos.embedded import binaries, postgres, valkey
from ppaos.embedded.bootstrap import ROOT
from ppaos.embedded.processes import Child, start, stop, wait_until_ready
from ppaos.embedded.secrets import new_field_keys, new_secret_key
from tests.embedded.installation import free_port
from tests.migrated import copy_to
from tests.proof import times

SECONDS = 120
OURS = ("DATABASE_URL", "REDIS_URL", "PPAOS_", "DJANGO_", "PYTEST_")
CELERY = ("celery", "-A", "ppaos.celery")
# The cluster is thrown away, but what it acknowledged must outlive its own crash: that takes
# a commit that is written, though not one that has reached the disk. A proof at full size
# is long enough for plans to need what autovacuum knows, as they have it in a province.
_REMEMBERED = {"synchronous_commit=off", *(["autovacuum=off"] * times(0, full=1))}
POSTGRES = tuple(each for each in postgres.FORGETFUL if each not in _REMEMBERED)


@dataclass
class Product:
    """Servers on a folder of their own. `given` is added to the environment of every process."""

    given: dict[str, str] = field(default_factory=dict)
    folder: Path = field(init=False)
    port: int = field(init=False)
    environment: dict[str, str] = field(init=False)
    children: dict[str, Child] = field(init=False, default_factory=dict)
    seen: set[tuple[str, bool, str]] = field(init=False, default_factory=set)
    """Pages that were looked at closely: device, with scripts, name (see visit.py)."""

    def __post_init__(self) -> None:
        # Not in TMPDIR, which may be too long for the path of a socket (107 bytes).
        self.folder = Path(tempfile.mkdtemp(prefix="ppaos-run-", dir="/tmp"))
        self.port = free_port()
        outside = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        path = f"{binaries.postgres_folder()}{os.pathsep}{outside.get('PATH') or os.defpath}"
        self.environment = (
            outside
            | {
                "PATH": path,
                "DATABASE_URL": postgres.url(self.folder),
                "REDIS_URL": valkey.url(self.folder),
                "PPAOS_SECRET_KEY": new_secret_key(),
                "PPAOS_FIELD_KEYS": new_field_keys(),
                "PPAOS_DATA_DIR": str(self.folder / "var"),
                "PPAOS_HTTPS": "0",
                "PPAOS_DEMO": "0",
                "PPAOS_WORKER_PROCESSES": "1",
                # Both processes of a whole run would go before a worker that gives way to pages.
                "PPAOS_WORKER_NICENESS": "0",
                "PPAOS_DASHBOARD_AGGREGATE_SECONDS": "1",
                # One person sends the files of many stories.
                "PPAOS_IMPORT_WAITING": "100",
                "DJANGO_SETTINGS_MODULE": "tests.journeys.settings",
                "PYTHONDONTWRITEBYTECODE": "1",
                "TMPDIR": str(self.folder / "tmp"),
            }
            | self.given
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def log(self, name: str) -> str:
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    # ---- starting -------------------------------------------------------------------
    def start_servers(self) -> None:
        (self.folder / "var/static").mkdir(parents=True)
        (self.folder / "tmp").mkdir()
        self.start_broker()
        self.start_database()

    def start_database(self) -> None:
        self.children["postgres"] = postgres.start_postgres(
            data=self.folder / "pg",
            run=self.folder,
            log=self.folder / "postgres.log",
            settings=POSTGRES,
        )

    def start_broker(self) -> None:
        self.children["valkey"] = valkey.start_valkey(
            data=self.folder / "redis", run=self.folder, log=self.folder / "valkey.log"
        )

    def prepare(self) -> None:
        """Make the tables, the reference data, and the standing people of the story."""
        copy_to(self.folder)
        self.run("-m", "tests.journeys.prepare")

    def start_worker(self, name: str = "worker") -> Child:
        """Start a worker, and return once it takes tasks."""
        child = self._program(name, *CELERY, "worker", "--without-gossip", "--without-mingle",
                              "--loglevel=INFO", "-n", f"{name}@%h")  # fmt: skip
        before = self.log(name).count(" ready.")
        wait_until_ready(child, lambda: self.log(name).count(" ready.") > before, seconds=SECONDS)
        return child

    def start_beat(self) -> Child:
        return self._program("beat", *CELERY, "beat", "--pidfile=", "--loglevel=INFO")

    def start_web(self) -> Child:
        child = self._program(
            "web",
            *("gunicorn", "ppaos.wsgi", "--bind", f"127.0.0.1:{self.port}", "--workers", "1"),
            *("--threads", "4", "--no-control-socket", "--timeout", "60"),
        )
        wait_until_ready(child, self._answers, seconds=SECONDS)
        return child

    def _program(self, name: str, *arguments: str) -> Child:
        assert name not in self.children, f"a second {name} would never be ended"
        child = start(
            name,
            [sys.executable, "-m", *arguments],
            log=self.folder / f"{name}.log",
            stop_signal=signal.SIGTERM,
            on_parent_death=signal.SIGQUIT,
            environment=self.environment,
            folder=ROOT,
        )
        self.children[name] = child
        return child

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    # ---- using ----------------------------------------------------------------------
    def run(self, *arguments: str) -> str:
        """Run Python in the product's environment to its end; return what it wrote."""
        result = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )
        assert result.returncode == 0, result.stderr[-3000:]
        return result.stdout

    def manage(self, *arguments: str) -> str:
        return self.run("-m", "django", *arguments)

    def ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask the database as its superuser; rows if the statement gives any."""
        connection = psycopg2.connect(host=str(self.folder), user="postgres", dbname="ppaos")
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement, values or None)
                return list(cursor.fetchall()) if cursor.description else []
        finally:
            connection.close()

    # ---- ending ---------------------------------------------------------------------
    def kill(self, name: str) -> None:
        """End a program and its children at once, as a power cut would."""
        child = self.children.pop(name)
        if child.is_running:
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()

    def crash_database(self) -> None:
        """Let the server drop everything where it stands, as `pg_ctl stop -m immediate` does."""
        child = self.children.pop("postgres")
        child.process.send_signal(signal.SIGQUIT)
        child.process.wait()

    def end(self) -> None:
        for name in ("web", "beat", *[n for n in self.children if n.startswith("worker")]):
            if name in self.children:
                self.kill(name)
        for name in ("postgres", "valkey"):
            if name in self.children:
                stop(self.children.pop(name), seconds=10)
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """The running product, one for the whole run: each test brings people of its own."""
    running = Product()
    try:
        running.start_servers()
        running.prepare()
        running.start_worker()
        running.start_web()
        yield running
    finally:
        running.end()


def wait_for(happened: Callable[[], bool], *, seconds: float = SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
