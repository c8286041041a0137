"""Make .venv from the pinned requirements, then go on inside it. Standard library only.

This module runs under whatever `python3` the machine has, before anything is installed.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MINIMUM = (3, 11)


class UnableToInstall(Exception):
    """The message tells the operator what to do."""


def enter_virtual_environment(argv: list[str]) -> None:
    """Replace this process by the same command inside .venv, made and filled as needed.

    Returns if already inside a virtual environment, or if PPAOS_NO_VENV=1 says that
    the packages are here (a container image).
    """
    if sys.version_info < MINIMUM:
        raise UnableToInstall(
            f"ต้องใช้ Python 3.11 ขึ้นไป (Python 3.11 or later is needed; this is {sys.version})"
        )
    requirements = ROOT / ("requirements-dev.txt" if argv[1:2] == ["test"] else "requirements.txt")
    if os.environ.get("PPAOS_NO_VENV") == "1":
        return
    venv = Path(os.environ.get("PPAOS_VENV", ROOT / ".venv"))
    if Path(sys.prefix).resolve() != venv.resolve():
        install(venv, requirements)
        python = str(venv / "bin/python")
        os.execv(python, [python, *argv])  # noqa: S606 - no shell is the point
    install(venv, requirements)


def install(venv: Path, requirements: Path) -> None:
    """Install exactly `requirements` (with hashes) unless its stamp says that it was done."""
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    stamp = venv / f".{requirements.stem}.sha256"
    if _read(stamp) == wanted:
        return
    venv.mkdir(parents=True, exist_ok=True)
    with (venv / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _read(stamp) == wanted:
            return
        if not (venv / "bin/python").exists() or not _has_pip(venv):
            _make(venv)
        say(f"กำลังติดตั้งส่วนประกอบจาก {requirements.name} ครั้งแรกใช้เวลา 1-2 นาที (installing)")
        _pip_install(venv, requirements)
        stamp.write_text(wanted)


def _make(venv: Path) -> None:
    """Make the environment; a bare Debian has `venv` without the pip to put into it."""
    say(f"กำลังสร้าง {venv} (making the virtual environment)")
    if _run([sys.executable, "-m", "venv", str(venv)], quiet=True):
        return
    if not _run([sys.executable, "-m", "venv", "--without-pip", "--clear", str(venv)], quiet=True):
        raise UnableToInstall(
            "Python เครื่องนี้สร้าง virtual environment ไม่ได้ ติดตั้งด้วยคำสั่ง (venv is missing):\n"
            f"    sudo apt-get install -y {_debian_package()}"
        )
    if not _has_pip(venv) and not _system_pip():
        raise UnableToInstall(
            "ไม่พบ pip ในเครื่องนี้ ติดตั้งด้วยคำสั่ง (pip is missing):\n"
            f"    sudo apt-get install -y {_debian_package()}"
        )


def _pip_install(venv: Path, requirements: Path) -> None:
    pip = [str(venv / "bin/python"), "-m", "pip"] if _has_pip(venv) else _system_pip()
    if pip == _system_pip():
        pip = [*pip, "--python", str(venv / "bin/python")]
    options = ["install", "--quiet", "--disable-pip-version-check", "--no-input"]
    options += ["--require-hashes", "--only-binary", ":all:", "--requirement", str(requirements)]
    if not _run([*pip, *options]):
        raise UnableToInstall(
            "ติดตั้งส่วนประกอบไม่สำเร็จ ข้อความของ pip อยู่ด้านบน ตรวจสอบอินเทอร์เน็ตแล้วสั่งใหม่ได้ทันที\n"
            "(pip failed, see above; run the same command again)"
        )


def _has_pip(venv: Path) -> bool:
    return any(venv.glob("lib/python3*/site-packages/pip/__main__.py"))


def _system_pip() -> list[str]:
    """Return the machine's own pip (22.3 or later can install into another Python), or []."""
    if _run([sys.executable, "-m", "pip", "--version"], quiet=True):
        return [sys.executable, "-m", "pip"]
    found = shutil.which("pip3") or shutil.which("pip")
    return [found] if found else []


def _debian_package() -> str:
    return f"python{sys.version_info.major}.{sys.version_info.minor}-venv"


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def _run(command: list[str], *, quiet: bool = False) -> bool:
    output = subprocess.DEVNULL if quiet else None
    return subprocess.run(command, stdout=output, stderr=output, check=False).returncode == 0


def say(message: str) -> None:
    sys.stderr.write(message + "\n")
    sys.stderr.flush()
