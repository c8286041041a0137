"""A million lines: time for each, and the memory of all processes, as `import_file` does it."""

import os
import sys
from pathlib import Path

from benchmarks import floors, importing, memory
from benchmarks.large import write_large
from benchmarks.lists import YEAR_BE, write_list
from benchmarks.report import Figure
from ppaos.embedded.bootstrap import ROOT

# With the header, a million lines.
_ROWS = 1_000_000
_SHORT = 100_000
_SOURCE_PERSONS = 10_000
_REACH_MINUTES, _THEN_MINUTES = 15, 5
_REACH_MEGABYTES = 1_000


def rows() -> tuple[int, int]:
    """Return the lengths of the long list, and of the short one that it is held against."""
    long = int(os.environ.get("PPAOS_BENCH_MILLION_ROWS") or _ROWS)
    return long, min(_SHORT, max(1, long // 10))


def large_list(folder: Path, name: str, *, length: int) -> Path:
    """Return a long list, written when it is first asked for."""
    path, source = folder / name, folder / "source.csv"
    if not source.exists():
        write_list(source, persons=_SOURCE_PERSONS)
    if not path.exists():
        write_large(path, source=source, rows=length)
    return path


def measure(folder: Path, notes: list[str]) -> list[Figure]:
    """Import the short and the long CSV and the long workbook, each once, into empty tables."""
    long, short = rows()
    taken = {}
    for length in (short, long):
        floors.empty_tables()
        path = large_list(folder, f"large-{length}.csv", length=length)
        timed = importing.import_list(path)
        taken[length] = timed.stage.clock + timed.apply.clock
        notes.append(
            f"  CSV, {length:,} lines: staged {timed.stage.clock:.0f} s, applied"
            f" {timed.apply.clock:.0f} s; {timed.batch.effect}"
        )
        path.unlink()
    return [_each_line(taken, long, short), *_workbook(folder, long, notes)]


def _each_line(taken: dict[int, float], long: int, short: int) -> Figure:
    each = {length: seconds / length * 1_000_000 for length, seconds in taken.items()}
    return Figure(
        f"CSV of {long:,} lines, per line ÷ per line at {short:,}",
        each[long] / each[short],
        "×",
        f"{each[long]:.0f} µs ÷ {each[short]:.0f} µs",
        reach=1.3,
        then=1.1,
    )


def _workbook(folder: Path, length: int, notes: list[str]) -> list[Figure]:
    floors.empty_tables()
    path = large_list(folder, f"large-{length}.xlsx", length=length)
    notes.append(f"  XLSX, {length:,} lines: {path.stat().st_size / (1 << 20):.0f} MB")
    command = (sys.executable, "-m", "django", "import_file", str(path))
    options = ("--source", "tpmap", "--year", str(YEAR_BE), "--apply")
    peak = memory.peak_of([*command, *options], folder=ROOT)
    # 2: applied, with lines that wait or were refused, as planted.
    assert peak.exit_code in (0, 2), peak
    floors.empty_tables()
    path.unlink()
    return [
        Figure(
            f"XLSX of {length:,} lines, upload → applied",
            peak.seconds / 60,
            "min",
            f"{peak.seconds / length * 1_000_000:.0f} µs a line",
            reach=_REACH_MINUTES,
            then=_THEN_MINUTES,
        ),
        Figure(
            f"peak memory of the import processes, XLSX of {length:,} lines",
            peak.megabytes,
            "MB",
            f"{peak.processes} processes, sum of RSS",
            reach=_REACH_MEGABYTES,
        ),
    ]
