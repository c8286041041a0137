"""Starts the parsing child, listens to it, and turns its death into a sentence."""

import fcntl
import json
import logging
import os
import selectors
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from imports.reading.cells import Kind, from_wire
from imports.reading.errors import UnableToRead
from imports.reading.limits import Limits

logger = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parents[2]
_HEADER = struct.Struct(">L")
_LARGEST_ANSWER = 256 * 1024 * 1024
# A chunk fits, so that the child goes on with the next one while we work on this one.
_PIPE_BYTES = 1024 * 1024


class Child:
    """One run of the child over one file. Leaving the block ends the process, whatever it does."""

    def __init__(self, path: Path, kind: Kind, limits: Limits, request: dict[str, Any]) -> None:
        self._limits = limits
        asked = json.dumps({**request, "kind": kind, "limits": asdict(limits)})
        with path.open("rb") as stream:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-P", "-m", "imports.reading.child", asked],
                stdin=stream,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=_ROOT,
                # Nothing of our environment: it holds the keys and the database's address.
                env={"PYTHONPATH": str(_ROOT), "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
                close_fds=True,
                start_new_session=True,
            )
        assert self._process.stdout is not None
        self._pipe = self._process.stdout.fileno()
        with suppress(OSError):
            # An ordinary user may have used up what the system lets him have of these.
            fcntl.fcntl(self._pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._pipe, selectors.EVENT_READ)

    @property
    def pid(self) -> int:
        return self._process.pid

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_: object) -> None:
        self._selector.close()
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def answers(self) -> Iterator[dict[str, Any]]:
        """Yield what the child says. Raises UnableToRead if it refuses, crashes or falls silent."""
        while True:
            (length,) = _HEADER.unpack(self._take(_HEADER.size))
            if length > _LARGEST_ANSWER:
                raise self._died()
            answer = self._answer(length)
            if "error" in answer:
                raise UnableToRead(answer["code"], answer["error"])
            if "crash" in answer:
                logger.error("reader crashed: %s at %s", answer["crash"], answer["at"])
                raise _too_complex()
            if "end" in answer:
                return
            yield answer

    def _answer(self, length: int) -> dict[str, Any]:
        try:
            said, *rows = bytes(self._take(length)).split(b"\n")
            answer: dict[str, Any] = from_wire(said)
        except ValueError as error:
            raise self._died() from error
        if "numbers" in answer:
            answer["rows"] = rows
        return answer

    def _take(self, count: int) -> bytearray:
        taken = bytearray()
        while len(taken) < count:
            if not self._selector.select(self._limits.silence_seconds):
                logger.error("reader fell silent")
                raise UnableToRead(
                    "timed_out",
                    "อ่านไฟล์นานเกินกำหนด แบ่งเป็นหลายไฟล์ หรือบันทึกเป็น .csv แล้วนำเข้าใหม่",
                )
            piece = os.read(self._pipe, min(count - len(taken), 1024 * 1024))
            if not piece:
                raise self._died()
            taken += piece
        return taken

    def _died(self) -> UnableToRead:
        self._process.kill()
        logger.error("reader died: status %s", self._process.wait())
        return _too_complex()


def _too_complex() -> UnableToRead:
    return UnableToRead(
        "reader_died",
        "ไฟล์ซับซ้อนหรือใหญ่เกินกว่าจะอ่านได้ คัดลอกเฉพาะตารางไปไว้ในไฟล์ใหม่ หรือบันทึกเป็น .csv",
    )
