"""How soon a thread that waited for something outside gets to go on beside one that computes."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_SECONDS = 0.0005
"""A tenth of Python's own. A thread that only hands work to a database waits it each time."""


@contextmanager
def short_turns() -> Iterator[None]:
    """Let the threads of this process take turns more often, as long as this lasts."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(min(usual, _SECONDS))
    try:
        yield
    finally:
        sys.setswitchinterval(usual)
