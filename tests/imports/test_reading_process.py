"""The parsing child: it may die in any way, and the one who asked only gets a sentence."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from imports.reading import Limits, UnableToRead, inspect, read
from imports.reading.cells import Kind
from imports.reading.process import Child
from tests.imports.files.workbooks import number_cell, row, text_cell, write_sheet

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return write_sheet(tmp_path / "list.xlsx", row(1, number_cell("A1", "1")))


@pytest.fixture
def large(tmp_path: Path) -> Path:
    rows = "".join(
        row(n, *(text_cell(f"{c}{n}", f"ข้อความ {n}") for c in "ABCDEFGH")) for n in range(1, 20_001)
    )
    return write_sheet(tmp_path / "large.xlsx", rows)


def replaced_by(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Let another program stand in for the child."""
    start = subprocess.Popen

    def popen(command: list[str], **options: Any) -> "subprocess.Popen[bytes]":
        return start([sys.executable, "-c", program], **options)

    monkeypatch.setattr("imports.reading.process.subprocess.Popen", popen)


@pytest.mark.parametrize(
    "end",
    [
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "import os; os.abort()",
        "import sys; sys.exit(3)",
        "import sys; sys.stdout.buffer.write(b'\\0\\0')",
        "import sys; sys.stdout.buffer.write(b'\\0\\0\\1\\0half')",
        "import sys; sys.stdout.buffer.write(b'\\xff\\xff\\xff\\xffx')",
    ],
)
def test_any_death_becomes_a_sentence(
    small: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    replaced_by(monkeypatch, end)
    with pytest.raises(UnableToRead) as caught:
        inspect(small)
    assert caught.value.code == "reader_died"
    assert "ไฟล์ใหม่" in str(caught.value)


def test_silence_becomes_a_sentence(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replaced_by(monkeypatch, "import signal; signal.pause()")
    with pytest.raises(UnableToRead) as caught:
        inspect(small, Limits(silence_seconds=0.3))
    assert caught.value.code == "timed_out"


def test_a_kill_in_the_midst_becomes_a_sentence(large: Path) -> None:
    request = {"command": "read", "sheet": None, "skip_to": 0}
    with Child(large, Kind.XLSX, Limits(chunk_lines=100), request) as child:
        answers = child.answers()
        first = next(answers)
        os.kill(child.pid, signal.SIGKILL)
        with pytest.raises(UnableToRead) as caught:
            list(answers)
    assert len(first["numbers"]) == 100
    assert caught.value.code == "reader_died"


def test_what_was_read_before_the_kill_can_be_gone_on_from(large: Path) -> None:
    seen: list[int] = []
    for chunk in read(large, limits=Limits(chunk_lines=700)):
        seen += [line for line, _ in chunk.lines]
        if len(seen) > 3000:
            break
    for chunk in read(large, skip_to=seen[-1]):
        seen += [line for line, _ in chunk.lines]
    assert seen == list(range(1, 20_001))


def test_leaving_early_ends_the_child(large: Path) -> None:
    request = {"command": "read", "sheet": None, "skip_to": 0}
    with Child(large, Kind.XLSX, Limits(), request) as child:
        next(child.answers())
        pid = child.pid
        os.kill(pid, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_memory_is_limited(tmp_path: Path) -> None:
    many = "".join(f'<c r="A{n}"><v>{n * 7919}</v></c>' for n in range(1, 400_000))
    path = write_sheet(tmp_path / "fat.xlsx", row(1, many))
    with pytest.raises(UnableToRead) as caught:
        list(read(path, limits=Limits(memory_bytes=64 * 1024 * 1024)))
    assert caught.value.code == "reader_died"
    # The same process goes on with the next file.
    path = write_sheet(tmp_path / "list.xlsx", row(1, number_cell("A1", "1")))
    assert len(list(read(path))) == 1


def test_time_is_limited(large: Path) -> None:
    with pytest.raises(UnableToRead) as caught:
        list(read(large, limits=Limits(cpu_seconds=0)))
    assert caught.value.code == "reader_died"


def test_the_child_gets_nothing_of_our_environment(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PPAOS_FIELD_KEYS", "1:secret")
    replaced_by(
        monkeypatch,
        "import json, os, struct, sys\n"
        "seen = sorted(os.environ)\n"
        'payload = json.dumps({"error": " ".join(seen), "code": "seen"}).encode()\n'
        'sys.stdout.buffer.write(struct.pack(">L", len(payload)) + payload)',
    )
    with pytest.raises(UnableToRead) as caught:
        inspect(small)
    assert set(str(caught.value).split()) == {"LC_ALL", "PYTHONDONTWRITEBYTECODE", "PYTHONPATH"}


def test_the_child_loads_no_framework_and_starts_fast() -> None:
    program = "import imports.reading.child, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-P", "-c", program],
        capture_output=True,
        check=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        text=True,
    )
    loaded = set(done.stdout.split())
    assert "imports.reading.workbook" in loaded
    assert not {"django", "psycopg2", "celery", "pandas", "openpyxl", "socket"} & loaded


def test_the_child_may_write_no_file(tmp_path: Path) -> None:
    target = tmp_path / "written"
    program = (
        "from imports.reading import child, limits\n"
        "child._confine(limits.Limits())\n"
        f"open({str(target)!r}, 'wb', buffering=0).write(b'x')\n"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program],
        capture_output=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode != 0
    assert target.read_bytes() == b""


def test_two_files_are_read_at_once(small: Path, large: Path) -> None:
    found: dict[str, int] = {}

    def work(name: str, path: Path) -> None:
        found[name] = sum(len(chunk.lines) for chunk in read(path))

    threads = [
        threading.Thread(target=work, args=(name, path))
        for name, path in (("a", large), ("b", small), ("c", large))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {"a": 20_000, "b": 1, "c": 20_000}


def test_a_crash_tells_where_and_nothing_of_the_file(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = write_sheet(tmp_path / "list.xlsx", row(1, text_cell("A1", "ความลับ")))
    request = {"command": "read", "sheet": None}
    with Child(path, Kind.XLSX, Limits(), request) as child, pytest.raises(UnableToRead):
        list(child.answers())
    assert "KeyError at child.py:" in caplog.text
    assert "ความลับ" not in caplog.text
