"""Pages on the product's own server, asked by one client that keeps its connection."""

import http.client
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from django.test import Client

from accounts.models import User
from benchmarks.report import percentile
from ppaos.embedded.processes import Child, start, stop, wait_until_ready

_HOST = "127.0.0.1"


@contextmanager
def web_server(folder: Path, log: Path) -> Iterator[int]:
    """Run gunicorn as `up` does, on a free port; yield the port."""
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port = int(probe.getsockname()[1])
    child = start(
        "web",
        [
            *(sys.executable, "-m", "gunicorn", "ppaos.wsgi", "--bind", f"{_HOST}:{port}"),
            *("--workers", "2", "--threads", "4", "--preload", "--no-control-socket"),
        ],
        log=log,
        stop_signal=signal.SIGTERM,
        on_parent_death=signal.SIGTERM,
        folder=folder,
    )
    try:
        _wait(child, port)
        yield port
    finally:
        stop(child, seconds=10)


def _wait(child: Child, port: int) -> None:
    def answers() -> bool:
        try:
            with socket.create_connection((_HOST, port), timeout=1):
                return True
        except OSError:
            return False

    wait_until_ready(child, answers, seconds=60)


def sign_in(user: User) -> str:
    """Return the cookie of a fresh session."""
    client = Client()
    client.force_login(user)
    return f"sessionid={client.cookies['sessionid'].value}"


def times(port: int, path: str, *, cookie: str, count: int) -> list[float]:
    """Return the seconds of each of `count` requests, after a tenth as many to warm up.

    Raises AssertionError unless every answer is a page (200).
    """
    connection = http.client.HTTPConnection(_HOST, port, timeout=60)
    taken = []
    for number in range(-(count // 10), count):
        began = perf_counter()
        connection.request("GET", path, headers={"Cookie": cookie, "Host": "localhost"})
        response = connection.getresponse()
        response.read()
        assert response.status == 200, (path, response.status)
        if number >= 0:
            taken.append(perf_counter() - began)
    connection.close()
    return taken


def p95(port: int, path: str, *, cookie: str = "", count: int, runs: int) -> list[float]:
    """Return the 95th percentile of each of `runs` rounds, in seconds."""
    return [percentile(times(port, path, cookie=cookie, count=count), 0.95) for _ in range(runs)]


def together(port: int, path: str, *, cookies: Sequence[str], count: int) -> list[float]:
    """Return the seconds of `count` requests of each of several users who ask at once."""
    with ThreadPoolExecutor(len(cookies)) as users:
        asked = [users.submit(times, port, path, cookie=cookie, count=count) for cookie in cookies]
        return [taken for each in asked for taken in each.result()]
