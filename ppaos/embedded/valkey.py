"""The embedded Valkey (Redis protocol), the broker of the background work."""

import signal
import socket
from pathlib import Path

from ppaos.embedded import binaries
from ppaos.embedded.processes import Child, start, wait_until_ready


def url(run: Path) -> str:
    """Return the broker's address as Celery writes it; redis-py wants `unix://` instead."""
    return f"redis+socket://{run}/redis.sock"


def start_valkey(*, data: Path, run: Path, log: Path) -> Child:
    """Start the server. It appends every change to a file: a queued task survives kill -9."""
    data.mkdir(parents=True, exist_ok=True)
    path = run / "redis.sock"
    child = start(
        "valkey",
        [
            binaries.valkey_server(),
            *("--port", "0", "--unixsocket", path, "--unixsocketperm", "700"),
            *("--dir", data, "--appendonly", "yes", "--save", ""),
            *("--maxmemory-policy", "noeviction", "--daemonize", "no"),
        ],
        log=log,
        stop_signal=signal.SIGTERM,  # once only: a second signal makes it give up at once
        on_parent_death=signal.SIGTERM,
    )
    wait_until_ready(child, lambda: _answers(path), seconds=30)
    return child


def _answers(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False
