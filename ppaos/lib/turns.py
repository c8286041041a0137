"""How soon a thread that waited for something outside gets to go on beside one that computes."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_SECONDS = 0.0005
"""A tenth of Python's own. A thread that only hands work to a database waits it each time."""


class _Askers:
    """How many ask for short turns at this moment, and what was usual before the first."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.count = 0
        self.usual = sys.getswitchinterval()

    def come(self) -> None:
        with self.lock:
            if self.count == 0:
                self.usual = sys.getswitchinterval()
                sys.setswitchinterval(min(self.usual, _SECONDS))
            self.count += 1

    def go(self) -> None:
        with self.lock:
            self.count -= 1
            if self.count == 0:
                sys.setswitchinterval(self.usual)


_askers = _Askers()


@contextmanager
def short_turns() -> Iterator[None]:
    """Let the threads of this process take turns more often, as long as anybody asks for it."""
    _askers.come()
    try:
        yield
    finally:
        _askers.go()
