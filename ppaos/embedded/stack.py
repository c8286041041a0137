"""The programs that one `up` runs: started in order, started again, stopped in reverse."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from ppaos.embedded.bootstrap import ROOT
from ppaos.embedded.environment import Place
from ppaos.embedded.processes import Child, UnableToStart, start, stop, wait

FALLS_ALLOWED = 5
SECONDS_TO_REMEMBER_A_FALL = 60
SECONDS_TO_OUTLIVE = 5
STOP_ORDER = ("web", "beat", "worker", "postgres", "valkey")


@dataclass
class Part:
    """One program that should always be running."""

    start: Callable[[], Child]
    child: Child
    falls: list[float] = field(default_factory=list)


class Stack:
    """`lock` is held by the watchdog too, so that nobody starts beside what still ends."""

    def __init__(self, place: Place, environment: dict[str, str], lock: IO[str]) -> None:
        self.place = place
        self.environment = environment
        self.lock = lock
        self.parts: list[Part] = []
        self.is_in_a_hurry: Callable[[], bool] = lambda: False

    def __enter__(self) -> Self:
        script = Path(__file__).with_name("watchdog.py")
        self.watchdog = subprocess.Popen(
            [sys.executable, "-I", "-S", str(script), str(SECONDS_TO_OUTLIVE)],
            stdin=subprocess.PIPE,
            pass_fds=[self.lock.fileno()],
            start_new_session=True,
            text=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for part in sorted(self.parts, key=lambda part: STOP_ORDER.index(part.child.name)):
            self._stop_politely(part.child)
        self._watchdog_input.close()
        self.watchdog.wait()

    def add(self, begin: Callable[[], Child]) -> None:
        part = Part(begin, begin())
        self.parts.append(part)
        self._tell_watchdog(f"+{part.child.process.pid}")

    def raise_the_fallen(self) -> None:
        """Start again what ended by itself. Raises UnableToStart if it falls all the time."""
        moment = time.monotonic()
        for part in self.parts:
            if part.child.is_running:
                continue
            recent = [fall for fall in part.falls if fall > moment - SECONDS_TO_REMEMBER_A_FALL]
            part.falls = [*recent, moment]
            name = part.child.name
            if len(part.falls) > FALLS_ALLOWED:
                last_words = part.child.last_words()
                raise UnableToStart(f"{name} หยุดซ้ำหลายครั้ง (keeps ending)\n{last_words}")
            tell(f"{name} หยุดเอง กำลังเริ่มใหม่ (ended by itself; starting it again)")
            self._tell_watchdog(f"-{part.child.process.pid}")
            part.child = part.start()
            self._tell_watchdog(f"+{part.child.process.pid}")

    def check_running(self) -> None:
        """Raise UnableToStart if a program has ended."""
        for part in self.parts:
            if not part.child.is_running:
                raise UnableToStart(
                    f"{part.child.name}: เริ่มไม่สำเร็จ (did not start)\n{part.child.last_words()}"
                )

    def program(self, name: str, *arguments: str, on_parent_death: signal.Signals) -> Child:
        """Start one of our own programs in the virtual environment."""
        return start(
            name,
            [sys.executable, "-m", *arguments],
            log=self.place.log / f"{name}.log",
            stop_signal=signal.SIGTERM,
            on_parent_death=on_parent_death,
            environment=self.environment,
            folder=ROOT,
        )

    def _stop_politely(self, child: Child) -> None:
        if child.name == "worker" and child.is_running:
            child.process.send_signal(signal.SIGTERM)  # warm: takes no new task, finishes its own
            wait(child, until=self.is_in_a_hurry)
            child.stop_signal = signal.SIGQUIT  # cold: the task goes back to the queue
            stop(child, seconds=5)
        else:
            stop(child, seconds=30)

    @property
    def _watchdog_input(self) -> IO[str]:
        assert self.watchdog.stdin is not None
        return self.watchdog.stdin

    def _tell_watchdog(self, line: str) -> None:
        self._watchdog_input.write(line + "\n")
        self._watchdog_input.flush()


def tell(message: str) -> None:
    sys.stdout.write(message + "\n")
    sys.stdout.flush()
