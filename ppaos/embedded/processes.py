"""Start and stop the processes that live under one `up`, `test` or command."""

import math
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

LEASH = Path(__file__).with_name("leash.py")
NOBODY = 65534
BYTES_OF_A_LOG = 20_000_000
User = Literal["same", "namespace", "nobody"]


class UnableToStart(Exception):
    """A part of the system did not start. The message is shown to the operator."""


@dataclass
class Child:
    name: str
    process: subprocess.Popen[bytes]
    stop_signal: signal.Signals
    log: Path

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def last_words(self) -> str:
        return self.log.read_text(errors="replace")[-2000:]


def leashed(
    command: Sequence[str | Path], *, on_parent_death: signal.Signals, user: User = "same"
) -> list[str]:
    """Return the command line that runs `command` as `user` and ends it with this process.

    Start it from the main thread: the kernel takes the end of the starting thread
    for the end of the parent.
    """
    return [
        sys.executable,
        "-I",
        "-S",
        str(LEASH),
        str(os.getpid()),
        str(int(on_parent_death)),
        user,
        *map(str, command),
    ]


def start(
    name: str,
    command: Sequence[str | Path],
    *,
    log: Path,
    stop_signal: signal.Signals,
    on_parent_death: signal.Signals,
    user: User = "same",
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Child:
    """Start a child in a session of its own, so that the terminal's Ctrl-C passes it by."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > BYTES_OF_A_LOG:
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as output:
        process = subprocess.Popen(
            leashed(command, on_parent_death=on_parent_death, user=user),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=None if environment is None else dict(environment),
            cwd=folder,
        )
    return Child(name, process, stop_signal, log)


def wait_until_ready(child: Child, is_ready: Callable[[], bool], *, seconds: float) -> None:
    """Poll until `is_ready`; else stop the child. Raises UnableToStart with the end of its log."""
    deadline = time.monotonic() + seconds
    try:
        while not is_ready():
            if not child.is_running or time.monotonic() > deadline:
                raise UnableToStart(
                    f"{child.name}: เริ่มไม่สำเร็จ (did not start)\n{child.last_words()}"
                )
            time.sleep(0.02)
    except BaseException:
        stop(child, seconds=5)
        raise


def stop(child: Child, *, seconds: float) -> None:
    """Ask once, wait up to `seconds`, then kill the whole process group."""
    if child.is_running:
        child.process.send_signal(child.stop_signal)
    wait(child, seconds=seconds)
    if child.is_running:
        os.killpg(child.process.pid, signal.SIGKILL)
    child.process.wait()


def wait(
    child: Child, *, seconds: float = math.inf, until: Callable[[], bool] = lambda: False
) -> None:
    """Wait for the child's end, but not longer than `seconds`, nor after `until` is true."""
    deadline = time.monotonic() + seconds
    while child.is_running and time.monotonic() < deadline and not until():
        time.sleep(0.02)


@cache
def ordinary_user() -> User:
    """Return how to run a server that refuses to be root (PostgreSQL), or to be nameless."""
    if os.geteuid() != 0 and _has_name(os.geteuid()):
        return "same"
    trial = leashed(["true"], on_parent_death=signal.SIGTERM, user="namespace")
    allowed = subprocess.run(trial, stderr=subprocess.DEVNULL, check=False).returncode == 0
    if allowed:
        return "namespace"
    return "nobody" if os.geteuid() == 0 else "same"


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def all_may_enter(folder: Path) -> bool:
    """Tell whether an account without any rights reaches `folder`."""
    return all(each.stat().st_mode & 0o001 for each in (folder, *folder.parents))
