"""Primary keys made in Python, before the insert."""

import os
import threading
import time
import uuid

_lock = threading.Lock()
_last_ms = 0
_counter = 0


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
            _counter = int.from_bytes(os.urandom(2)) & 0x7FF
        else:
            _counter += 1
            if _counter > 0xFFF:
                _last_ms += 1
                _counter = 0
        stamp, counter = _last_ms, _counter
    tail = int.from_bytes(os.urandom(8)) & ((1 << 62) - 1)
    return uuid.UUID(int=(stamp << 80) | (0x7 << 76) | (counter << 64) | (0b10 << 62) | tail)
