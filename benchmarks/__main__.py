"""Start private servers as in production (fsync on), measure in a process of its own, print.

Run by `make bench`, under whatever python3 the machine has. Standard library only.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ppaos.embedded import bootstrap, frontend
from ppaos.embedded.environment import open_place
from ppaos.embedded.servers import process_environment, started


def main() -> int:
    _enter_virtual_environment()
    # Not in TMPDIR, which may be too long for the path of a socket (107 bytes).
    folder = Path(tempfile.mkdtemp(prefix="ppaos-bench-", dir="/tmp"))
    try:
        return _run_in(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run_in(folder: Path) -> int:
    given = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    wanted = {name: text for name, text in os.environ.items() if name.startswith("PPAOS_BENCH_")}
    os.environ["PPAOS_DATA_DIR"] = str(folder)
    place = open_place()
    environment = process_environment(place, {**given, **wanted, "PPAOS_DEMO": "0"})
    frontend.install_packages(log=folder / "npm.log")
    with started(place, {}):
        subprocess.run(
            [sys.executable, "-m", "ppaos.embedded.prepare"],
            cwd=bootstrap.ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            check=True,
        )
        measured = subprocess.run(
            [sys.executable, "-m", "benchmarks.run", *sys.argv[1:]],
            cwd=bootstrap.ROOT,
            env=environment,
            check=False,
        )
    return measured.returncode


def _enter_virtual_environment() -> None:
    """As manage.py does, with the development requirements: they hold the peer to compare with."""
    venv = Path(os.environ.get("PPAOS_VENV") or bootstrap.ROOT / ".venv")
    bootstrap.install(venv, bootstrap.ROOT / "requirements-dev.txt")
    if Path(sys.prefix).resolve() != venv.resolve():
        python = str(venv / "bin/python")
        os.execv(python, [python, "-m", "benchmarks", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
