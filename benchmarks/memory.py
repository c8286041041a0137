"""How much memory a process and all that it starts hold together, seen from outside."""

import os
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

_PAGE = os.sysconf("SC_PAGE_SIZE")
_EVERY_SECONDS = 0.05
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Peak:
    """The largest sum of resident memory, in MB; pages that processes share count in each."""

    megabytes: float
    processes: int
    exit_code: int
    seconds: float


def peak_of(command: Sequence[str], *, folder: Path) -> Peak:
    """Run the command and sample the resident memory of its process tree until it ends."""
    best = (0, 0)
    over = threading.Event()
    began = perf_counter()
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while process.poll() is None:
            best = max(best, resident_of_tree(process.pid))
            over.wait(_EVERY_SECONDS)
    return Peak(best[0] / _MEGABYTE, best[1], process.returncode, perf_counter() - began)


def resident_of_tree(root: int) -> tuple[int, int]:
    """Return the resident bytes of `root` and all below it, and how many processes they are."""
    tree = tree_of(root)
    return sum(map(_resident, tree)), len(tree)


def tree_of(root: int) -> set[int]:
    """Return the numbers of `root` and of all processes below it."""
    parents = _parents()
    tree = {root}
    # A child has a later place in the table or a higher number, but need not: until none is new.
    while more := {pid for pid, parent in parents.items() if parent in tree} - tree:
        tree |= more
    return tree


def _parents() -> dict[int, int]:
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                status = (entry / "stat").read_text(errors="replace")
            except (FileNotFoundError, ProcessLookupError):
                continue
            # The name in brackets may hold anything; the parent is the second word behind it.
            found[int(entry.name)] = int(status.rpartition(")")[2].split()[1])
    return found


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return 0
