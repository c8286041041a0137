"""Make .venv from the pinned requirements, then go on inside it. Standard library only.

This module runs under whatever `python3` the machine has, before anything is installed.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MINIMUM = (3, 11)
# For a machine with Python only. As on https://pypi.org/project/pip/26.3/#files.
PIP_WHEEL = (
    "https://files.pythonhosted.org/packages/07/25/ee8c38ae72d66b844ce8eb9711ba905dba21ca1a8a0c9"
    "60057c41cd23337/pip-26.3-py3-none-any.whl"
)
PIP_WHEEL_SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"


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
    if os.environ.get("PPAOS_NO_VENV") == "1":
        return
    venv = Path(os.environ.get("PPAOS_VENV") or ROOT / ".venv")
    install(venv, requirements_for(venv, argv))
    if Path(sys.prefix).resolve() != venv.resolve():
        python = str(venv / "bin/python")
        os.execv(python, [python, *argv])  # noqa: S606 - no shell is the point


def requirements_for(venv: Path, argv: list[str]) -> Path:
    """Return the development set for `test`, and wherever it was once installed: it is both."""
    is_for_development = argv[1:2] == ["test"] or (venv / ".requirements-dev.sha256").exists()
    return ROOT / ("requirements-dev.txt" if is_for_development else "requirements.txt")


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
        if not (venv / "bin/python").exists():
            _make(venv)
        say(f"กำลังติดตั้งส่วนประกอบจาก {requirements.name} ครั้งแรกใช้เวลา 1-2 นาที (installing)")
        _pip_install(venv, requirements)
        stamp.write_text(wanted)


def _make(venv: Path) -> None:
    """Make the environment; a bare Debian has `venv` without the pip to put into it."""
    say(f"กำลังสร้าง {venv} (making the virtual environment)")
    make = [sys.executable, "-m", "venv", str(venv)]
    if _run(make, quiet=True) or _run([*make, "--without-pip", "--clear"], quiet=True):
        return
    raise UnableToInstall(
        "Python เครื่องนี้สร้าง virtual environment ไม่ได้ ติดตั้งด้วยคำสั่ง (venv is missing):\n"
        f"    sudo apt-get install -y {_debian_package()}"
    )


def _pip_install(venv: Path, requirements: Path) -> None:
    options = ["install", "--quiet", "--disable-pip-version-check", "--no-input"]
    options += ["--require-hashes", "--only-binary", ":all:", "--requirement", str(requirements)]
    if not _run([*_pip(venv), *options]):
        raise UnableToInstall(
            "ติดตั้งส่วนประกอบไม่สำเร็จ ข้อความของ pip อยู่ด้านบน ตรวจสอบอินเทอร์เน็ตแล้วสั่งใหม่ได้ทันที\n"
            "(pip failed, see above; run the same command again, or first remove .venv)"
        )


def _pip(venv: Path) -> list[str]:
    """Return a pip that installs into `venv`: its own, the machine's, or one fetched."""
    python = str(venv / "bin/python")
    if _has_pip(venv):
        return [python, "-m", "pip"]
    if _run([sys.executable, "-m", "pip", "--version"], quiet=True):
        return [sys.executable, "-m", "pip", "--python", python]
    return [python, str(_fetch_pip(venv) / "pip")]


def _fetch_pip(venv: Path) -> Path:
    """Download the one known wheel of pip, which runs without being installed."""
    wheel = venv / PIP_WHEEL.rpartition("/")[2]
    try:
        with urllib.request.urlopen(PIP_WHEEL, timeout=60) as response:
            content = response.read()
    except OSError as error:
        content = str(error).encode()
    if hashlib.sha256(content).hexdigest() != PIP_WHEEL_SHA256:
        raise UnableToInstall(
            "เครื่องนี้ไม่มี pip และดาวน์โหลดไม่สำเร็จ ติดตั้งด้วยคำสั่ง (pip is missing):\n"
            f"    sudo apt-get install -y {_debian_package()}"
        )
    wheel.write_bytes(content)
    return wheel


def _has_pip(venv: Path) -> bool:
    return any(venv.glob("lib/python3*/site-packages/pip/__main__.py"))


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
