"""A real `manage.py up` on a data folder of its own, as an operator would start it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ppaos.embedded.bootstrap import ROOT

SECONDS = 180
OURS = ("DATABASE_URL", "REDIS_URL", "PPAOS_", "DJANGO_", "PYTEST_")


@dataclass
class Installation:
    data: Path
    port: int
    given: dict[str, str] = field(default_factory=dict)
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """The test run's environment without what the test run added to it."""
        outside = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        return (
            outside
            | {
                "PPAOS_DATA_DIR": str(self.data),
                "PPAOS_DEMO": "0",
                "PPAOS_VENV": sys.prefix,
                "PPAOS_WORKER_PROCESSES": "1",
                "DJANGO_SETTINGS_MODULE": "tests.embedded.up_settings",
                "PORT": str(self.port),
            }
            | self.given
        )

    def up(self) -> subprocess.Popen[str]:
        """Start `up` and return once it says that it is ready."""
        with (self.data.parent / "up.out").open("w") as output:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
            )
        self.started.append(process)
        wait_for(lambda: process.poll() is not None or "พร้อมใช้งานที่" in self.output)
        assert process.poll() is None, self.output
        return process

    @property
    def output(self) -> str:
        return (self.data.parent / "up.out").read_text()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run another manage.py command of this installation to its end."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )

    def processes(self) -> dict[int, str]:
        """Return pid and command line of every living process that was told this data folder."""
        found = {}
        mark = f"PPAOS_DATA_DIR={self.data}".encode()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    found[int(folder.name)] = command
            except OSError:  # it ended meanwhile, or is somebody else's
                continue
        return found

    def end(self) -> None:
        """End whatever a failed test has left."""
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        for process in self.started:
            process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
