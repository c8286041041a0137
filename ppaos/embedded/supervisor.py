"""`manage.py up`: start everything in order, keep it running, stop it in reverse.

Children live in sessions of their own, so the terminal's Ctrl-C reaches this process
only, and the order of stopping is ours: the worker finishes its task while database
and broker are still there. Should this process be killed, the kernel tells them, and
a watchdog kills what is deaf.
"""

import http.client
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from ppaos.embedded import demo, frontend
from ppaos.embedded.environment import (
    AlreadyOwned,
    Ownership,
    Place,
    bind_host,
    is_owned,
    open_place,
    owned,
    owner,
)
from ppaos.embedded.processes import Child, UnableToStart, stop
from ppaos.embedded.servers import process_environment, start_postgres, start_valkey
from ppaos.embedded.stack import Stack, tell

SECONDS_TO_BE_READY = 120
SECONDS_FOR_THE_DEAD = 15


class Interrupted(Exception):
    """The operator pressed Ctrl-C, or the machine is going down."""


class Interruption:
    """Turns the first signal into Interrupted, wherever we are, and counts the rest."""

    def __init__(self) -> None:
        self.count = 0
        signal.signal(signal.SIGINT, self.note)
        signal.signal(signal.SIGTERM, self.note)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as under nohup
            signal.signal(signal.SIGHUP, self.note)

    def note(self, number: int, frame: FrameType | None) -> None:
        self.count += 1
        if self.count == 1:
            raise Interrupted

    @property
    def is_urgent(self) -> bool:
        return self.count > 1


def up(arguments: list[str]) -> int:
    """Run until Ctrl-C. Raises UnableToStart."""
    if arguments:
        raise UnableToStart(
            "up ไม่รับตัวเลือก ตั้งค่าด้วยตัวแปรสภาพแวดล้อม เช่น PORT=8080 python3 manage.py up\n"
            "(set environment variables instead; .env.example lists them)"
        )
    began = time.monotonic()
    interruption = Interruption()
    try:
        place = open_place()
        _wait_for_the_dead(place)
        with owned(place, "up") as ownership:
            _run(place, ownership, interruption, began)
    except AlreadyOwned:
        raise UnableToStart(_already_running(place)) from None
    except Interrupted:
        tell("หยุดเรียบร้อย (stopped)")
    return 0


def _run(place: Place, ownership: Ownership, interruption: Interruption, began: float) -> None:
    environment = process_environment(place, os.environ)
    if environment["PPAOS_DEMO"] == "1":
        environment["PPAOS_DEMO_PASSWORD"] = demo.password(environment, data=place.data)
    host, port = bind_host(environment), _port(environment)
    check_port_is_free(host, port)
    with Stack(place, environment, ownership.file) as stack, _orderly_end(stack, interruption):
        _start_servers(stack)
        _prepare(stack)
        _start_programs(stack, host, port)
        _wait_until_ready(stack, host, port)
        address = f"http://{host}:{port}"
        ownership.announce(is_ready=True, address=address)
        try:
            _welcome(stack, address, time.monotonic() - began)
            while True:
                stack.raise_the_fallen()
                time.sleep(0.5)
        finally:
            ownership.announce(is_ready=False, address=address)


@contextmanager
def _orderly_end(stack: Stack, interruption: Interruption) -> Iterator[None]:
    """Say that it stops; from then on a signal only hurries it."""
    stack.is_in_a_hurry = lambda: interruption.is_urgent
    try:
        yield
    finally:
        interruption.count = max(interruption.count, 1)
        tell("กำลังหยุด งานที่ทำอยู่จะทำจนเสร็จ กด Ctrl-C อีกครั้งเพื่อหยุดทันที (stopping)")


def _start_servers(stack: Stack) -> None:
    if not os.environ.get("REDIS_URL"):
        stack.add(lambda: start_valkey(stack.place))
    if not os.environ.get("DATABASE_URL"):
        stack.add(lambda: start_postgres(stack.place))


def _prepare(stack: Stack) -> None:
    """Bring packages, database and static files up to date; Ctrl-C ends it cleanly."""
    log = stack.place.log
    frontend.install_packages(log=log / "npm.log")
    (log / "prepare.log").unlink(missing_ok=True)
    child = stack.program("prepare", "ppaos.embedded.prepare", on_parent_death=signal.SIGTERM)
    told = 0
    try:
        while child.is_running:
            time.sleep(0.05)
            told = _repeat(child, told)
    finally:
        stop(child, seconds=10)
        _repeat(child, told)
    if child.process.returncode != 0:
        raise UnableToStart("เตรียมระบบไม่สำเร็จ ดูข้อความด้านบน (preparing failed, see above)")


def _start_programs(stack: Stack, host: str, port: int) -> None:
    scratch = ["--worker-tmp-dir", "/dev/shm"] if os.access("/dev/shm", os.W_OK) else []  # noqa: S108
    celery = ("celery", "-A", "ppaos.celery")
    stack.add(
        lambda: stack.program(
            "worker",
            *(*celery, "worker", "--without-gossip", "--without-mingle", "--loglevel=INFO"),
            on_parent_death=signal.SIGQUIT,
        )
    )
    stack.add(
        lambda: stack.program(
            "beat",
            *(*celery, "beat", "--pidfile=", "--loglevel=INFO"),
            on_parent_death=signal.SIGTERM,
        )
    )
    stack.add(
        lambda: stack.program(
            "web",
            *("gunicorn", "ppaos.wsgi", "--bind", f"{host}:{port}", "--workers", "2"),
            *("--threads", "4", "--preload", "--no-control-socket", "--timeout", "60"),
            *("--graceful-timeout", "10", *scratch),
            on_parent_death=signal.SIGQUIT,
        )
    )


def _wait_until_ready(stack: Stack, host: str, port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_BE_READY
    while (answer := _ask_ready(host, port)) != "ready":
        stack.check_running()
        if time.monotonic() > deadline:
            raise UnableToStart(f"ระบบไม่พร้อมในเวลาที่กำหนด (not ready in time): {answer}")
        time.sleep(0.05)


def _ask_ready(host: str, port: int) -> str:
    connection = http.client.HTTPConnection(host.strip("[]"), port, timeout=10)
    try:
        connection.request("GET", "/readyz", headers={"Host": "localhost"})
        response = connection.getresponse()
        return "ready" if response.status == 200 else response.read().decode(errors="replace")
    except OSError as error:
        return str(error)
    finally:
        connection.close()


def _port(environment: Mapping[str, str]) -> int:
    text = environment.get("PORT", "8000")
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise UnableToStart(f"PORT ต้องเป็นตัวเลข 1-65535 ไม่ใช่ {text!r} (not a port)")
    return int(text)


def check_port_is_free(host: str, port: int) -> None:
    """Raise UnableToStart if somebody listens there, or may not listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as error:
            raise UnableToStart(
                f"เปิด {host}:{port} ไม่ได้: {error.strerror} เลือกพอร์ตอื่นด้วย PORT=8080\n"
                f"(cannot listen on {host}:{port}; choose another PORT)"
            ) from None


def _wait_for_the_dead(place: Place) -> None:
    """Wait while the programs of an `up` that was killed are still ending."""
    for _ in range(10 * SECONDS_FOR_THE_DEAD):
        running = owner(place)
        if running is None or Path(f"/proc/{running.pid}").exists() or not is_owned(place):
            return
        time.sleep(0.1)


def _already_running(place: Place) -> str:
    running = owner(place)
    if running is None or running.command != "up":
        return (
            "มีคำสั่งอื่นกำลังใช้ฐานข้อมูลอยู่ รอให้เสร็จแล้วสั่ง up ใหม่\n"
            "(another manage.py command uses the database; wait for its end)"
        )
    where = running.address or "(กำลังเริ่ม)"
    return (
        f"PPAOS ทำงานอยู่แล้วที่ {where} (pid {running.pid}) หยุดด้วย Ctrl-C ที่หน้าต่างนั้น\n"
        f"(already running with the data in {place.data})"
    )


def _welcome(stack: Stack, address: str, seconds: float) -> None:
    tell(f"\nPPAOS พร้อมใช้งานที่  {address}   (ready in {seconds:.1f} s)\n")
    prepared = json.loads((stack.place.data / "prepared.json").read_text())
    if accounts := prepared["demo_accounts"]:
        tell("บัญชีสาธิต ใช้รหัสผ่านเดียวกันทุกบัญชี (demo accounts, one password):")
        tell(f"    {stack.environment['PPAOS_DEMO_PASSWORD']}")
        for name in accounts:
            tell(f"    {name:<10}{demo.ACCOUNTS[name]}")
    else:
        tell("สร้างผู้ดูแลคนแรกด้วย: python3 manage.py create_admin ชื่อผู้ใช้ --area รหัสพื้นที่")
    tell(f"\nบันทึกการทำงาน: {stack.place.log}   หยุดด้วย Ctrl-C\n")


def _repeat(child: Child, told: int) -> int:
    """Show what the child wrote since `told` bytes; return how many there are now."""
    written = child.log.read_bytes()
    sys.stdout.write(written[told:].decode(errors="replace"))
    sys.stdout.flush()
    return len(written)
