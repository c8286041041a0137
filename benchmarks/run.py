"""Measure everything once and print the table; started by `python3 -m benchmarks`.

PPAOS_BENCH_PERSONS (10,000) sizes the list, PPAOS_BENCH_RUNS (3) is how often each
time is taken. Arguments name the parts to measure: imports, peer, memory, pages, search,
beside, million. PPAOS_BENCH_BESIDE_ROWS is how many lines are imported while pages are asked for;
PPAOS_BENCH_MILLION=1 takes the parts `million` and `search` too, which
PPAOS_BENCH_MILLION_ROWS and PPAOS_BENCH_SEARCH_PERSONS shorten.
"""

import os
import platform
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import django

django.setup()

# Models, and what uses them, can be imported only after setup().
from benchmarks import duplicates, finding, parts  # noqa: E402
from benchmarks.report import Figure, load, table  # noqa: E402

PARTS: dict[str, Callable[[parts.Bench], list[Figure]]] = {
    "imports": parts.imports,
    "peer": parts.peer_ratio,
    "memory": parts.memory_peak,
    "pages": parts.pages,
    "search": lambda bench: finding.measure(bench.folder, bench.notes),
    "duplicates": lambda bench: duplicates.measure(bench.notes),
    "beside": parts.beside_import,
    "million": parts.million_lines,
}
# They take long: only when they are named, or asked for.
_MILLIONS = frozenset({"million", "search"})
_LONG = frozenset() if os.environ.get("PPAOS_BENCH_MILLION") == "1" else _MILLIONS


def main(chosen: list[str]) -> int:
    unknown = [name for name in chosen if name not in PARTS]
    if unknown:
        sys.stderr.write(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}\n")
        return 2
    with tempfile.TemporaryDirectory(dir=os.environ["PPAOS_DATA_DIR"]) as folder:
        bench = parts.Bench(
            folder=Path(folder),
            persons=int(os.environ.get("PPAOS_BENCH_PERSONS") or 10_000),
            runs=int(os.environ.get("PPAOS_BENCH_RUNS") or 3),
        )
        _tell(f"{bench.persons:,} persons, medians of {bench.runs}; {_machine()}")
        figures: list[Figure] = []
        for name, measure in PARTS.items():
            if name in chosen or (not chosen and name not in _LONG):
                _tell(f"\n{name}: load before {load()}")
                found = measure(bench)
                figures += found
                _tell(f"{name}: load after {load()}\n{table(found)}")
                for note in bench.notes:
                    _tell(note)
                bench.notes.clear()
        _tell("\n" + table(figures))
    return 0


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"


def _tell(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
