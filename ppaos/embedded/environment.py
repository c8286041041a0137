"""Where an installation keeps its things, who uses them now, and what its processes are told.

Two locks of the kernel, which vanish with their holder: `lock` has one owner, who
started the embedded servers (`up` or a single command); `users` is shared by the other
commands, and a command that owns the servers waits for it before it stops them.
"""

import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from ppaos.embedded.bootstrap import ROOT, say
from ppaos.embedded.processes import NOBODY, UnableToStart, all_may_enter, ordinary_user

LONGEST_SOCKET_PATH = 107


@dataclass(frozen=True)
class Place:
    """The folders of one installation. `servers` differs from `data` only where it must."""

    data: Path
    servers: Path
    run: Path

    @property
    def log(self) -> Path:
        return self.data / "log"

    @property
    def postgres(self) -> Path:
        return self.servers / "pg18"

    @property
    def valkey(self) -> Path:
        return self.data / "redis"


@dataclass(frozen=True)
class Running:
    """What the owner of the servers tells the others, in the lock file."""

    pid: int
    command: str
    run: str
    address: str = ""
    is_ready: bool = False


def is_loopback(host: str) -> bool:
    return host in ("localhost", "::1", "[::1]") or host.startswith("127.")


def open_place() -> Place:
    """Make the folders of this installation (PPAOS_DATA_DIR, else .var) and return them."""
    data = Path(os.environ.get("PPAOS_DATA_DIR") or ROOT / ".var").absolute()
    give_to_nobody = ordinary_user() == "nobody"
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    servers = _place_for_nobody(data) if give_to_nobody else data
    run = servers / "run"
    if len(os.fsencode(run / ".s.PGSQL.5432")) > LONGEST_SOCKET_PATH:
        run = short_run_folder(data)
    _own_folder(run, mode=0o700)
    if give_to_nobody:
        os.chown(run, NOBODY, NOBODY)
    return Place(data=data, servers=servers, run=run)


def _place_for_nobody(data: Path) -> Path:
    """Return a folder that PostgreSQL reaches without any rights: `data` if that may be.

    Raises UnableToStart if the cluster is in `data` already and cannot be reached there.
    """
    if all_may_enter(data.parent):
        data.chmod(0o711)
        return data
    if (data / "pg18").exists():
        raise UnableToStart(
            f"PostgreSQL ไม่ทำงานด้วยบัญชี root และบัญชีอื่นเข้า {data.parent} ไม่ได้ "
            "ย้ายโฟลเดอร์นี้ไปที่อื่น หรือเริ่มด้วยบัญชีผู้ใช้ธรรมดา\n"
            "(PostgreSQL refuses to be root, and others cannot enter that folder)"
        )
    return _own_folder(Path("/var/lib") / f"ppaos-{_mark(data)}", mode=0o711)


def short_run_folder(data: Path) -> Path:
    """Return a folder whose path fits into a socket's address, always the same for `data`."""
    base = os.environ.get("XDG_RUNTIME_DIR", "")
    if not base or len(base) > 60 or not os.access(base, os.W_OK):
        base = tempfile.gettempdir() if len(tempfile.gettempdir()) <= 60 else "/tmp"  # noqa: S108
    return Path(base) / f"ppaos-{os.geteuid()}-{_mark(data)}"


def _own_folder(folder: Path, *, mode: int) -> Path:
    """Make `folder`, or refuse one that somebody else put there (as is easy in /tmp)."""
    folder.mkdir(parents=True, exist_ok=True, mode=mode)
    owner = folder.lstat().st_uid
    if folder.is_symlink() or owner not in (os.geteuid(), NOBODY if os.geteuid() == 0 else -1):
        raise UnableToStart(f"{folder} เป็นของผู้ใช้อื่น (belongs to somebody else)")
    folder.chmod(mode)
    return folder


def _mark(folder: Path) -> str:
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]


class AlreadyOwned(Exception):
    """Another process holds the installation."""


@dataclass(frozen=True)
class Ownership:
    """The right to start the servers of a place."""

    place: Place
    command: str
    file: IO[str]

    def announce(self, *, is_ready: bool, address: str = "") -> None:
        running = Running(os.getpid(), self.command, str(self.place.run), address, is_ready)
        self.file.seek(0)
        self.file.truncate()
        self.file.write(json.dumps(asdict(running)))
        self.file.flush()


@contextmanager
def owned(place: Place, command: str) -> Iterator[Ownership]:
    """Hold the installation. Raises AlreadyOwned if another process does."""
    with (place.data / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyOwned from None
        ownership = Ownership(place, command, file)
        ownership.announce(is_ready=False)
        try:
            yield ownership
        finally:
            file.truncate(0)


def is_owned(place: Place) -> bool:
    """Tell whether somebody holds the installation, without a word in the lock file."""
    with (place.data / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def owner(place: Place) -> Running | None:
    """Return what the owner last announced, or None if there is none."""
    try:
        return Running(**json.loads((place.data / "lock").read_text()))
    except (FileNotFoundError, ValueError):
        return None


@contextmanager
def shared(ownership: Ownership) -> Iterator[None]:
    """Let other commands use the servers, and at the end wait until they are done."""
    ownership.announce(is_ready=True)
    try:
        yield
    finally:
        ownership.announce(is_ready=False)
        with (ownership.place.data / "users").open("a") as users:
            _wait_alone(users)


def _wait_alone(users: IO[str]) -> None:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("รอคำสั่งอื่นที่ใช้ฐานข้อมูลร่วมกันอยู่ (waiting for other commands)")
        fcntl.flock(users, fcntl.LOCK_EX)


@contextmanager
def used(place: Place) -> Iterator[Running | None]:
    """Keep a command that owns the servers from stopping them; None if they are not ready."""
    with (place.data / "users").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        running = owner(place)
        yield running if running and running.is_ready else None


def bind_host(environment: Mapping[str, str]) -> str:
    return environment.get("PPAOS_BIND") or "127.0.0.1"
