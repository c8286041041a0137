"""Primary keys made in Python, before the insert."""

import os
import threading
import time
import uuid

_POOL_BYTES = 4096

_lock = threading.Lock()
_last_ms = 0
_counter = 0
# Random bytes, many asked for at once: asking costs more than the bytes.
_pool = bytearray()
# A forked process must not hand out the bytes of its parent.
os.register_at_fork(after_in_child=_pool.clear)


def _random(size: int) -> int:
    """Return a number of so many random bytes, which nobody gets a second time."""
    if len(_pool) < size:
        _pool.extend(os.urandom(_POOL_BYTES))
    taken = int.from_bytes(_pool[-size:])
    del _pool[-size:]
    return taken


def uuid7() -> uuid.UUID:
    """Return a UUID version 7 (RFC 9562), increasing within this process.

    48 bits of Unix milliseconds, then a 12-bit counter that starts at a random
    value below half its range each millisecond, then 62 random bits. Made here
    rather than in the database so that a row's children and its encrypted
    columns, which are bound to the key, can be written in the same statement.
    """
    global _last_ms, _counter
    with _lock:
        now_ms = time.time_ns() // 1_000_000
        if now_ms > _last_ms:
            _last_ms = now_ms
            _counter = _random(2) & 0x7FF
        else:
            _counter += 1
            if _counter > 0xFFF:
                _last_ms += 1
                _counter = 0
        stamp, counter, tail = _last_ms, _counter, _random(8) & ((1 << 62) - 1)
    return uuid.UUID(int=(stamp << 80) | (0x7 << 76) | (counter << 64) | (0b10 << 62) | tail)
