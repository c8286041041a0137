"""The part that runs before anything is installed: which pip, which set, which words."""

import ast
import sys
from pathlib import Path

import pytest

from ppaos.embedded import bootstrap

FIRST_PYTHON = ["manage.py", "ppaos/__init__.py", "ppaos/embedded/__init__.py"]


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Instead of running programs, write them down; all succeed."""
    commands: list[list[str]] = []

    def run(command: list[str], *, quiet: bool = False) -> bool:
        commands.append(command)
        return True

    monkeypatch.setattr(bootstrap, "_run", run)
    return commands


def test_requirements_are_installed_once_and_again_when_they_change(
    tmp_path: Path, commands: list[list[str]]
) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("one")
    bootstrap.install(tmp_path / "venv", requirements)
    installed = len(commands)
    assert "--require-hashes" in commands[-1]

    bootstrap.install(tmp_path / "venv", requirements)
    assert len(commands) == installed

    requirements.write_text("two")
    bootstrap.install(tmp_path / "venv", requirements)
    assert len(commands) > installed


def test_a_failed_installation_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("one")
    monkeypatch.setattr(
        bootstrap, "_run", lambda command, *, quiet=False: "--require-hashes" not in command
    )

    for _ in range(2):
        with pytest.raises(bootstrap.UnableToInstall, match="pip failed"):
            bootstrap.install(tmp_path / "venv", requirements)


def test_without_venv_the_exact_command_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "_run", lambda command, *, quiet=False: False)

    with pytest.raises(bootstrap.UnableToInstall) as refused:
        bootstrap.install(tmp_path / "venv", Path(__file__))

    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    assert f"sudo apt-get install -y {package}" in str(refused.value)


def test_a_pip_that_is_not_the_known_one_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "strange.whl").write_bytes(b"strange")
    monkeypatch.setattr(bootstrap, "PIP_WHEEL", (tmp_path / "strange.whl").as_uri())

    with pytest.raises(bootstrap.UnableToInstall, match="pip is missing"):
        bootstrap._fetch_pip(tmp_path)


def test_the_development_set_stays_where_it_was_installed(tmp_path: Path) -> None:
    up = ["manage.py", "up"]
    assert bootstrap.requirements_for(tmp_path, up).name == "requirements.txt"

    (tmp_path / ".requirements-dev.sha256").touch()
    assert bootstrap.requirements_for(tmp_path, up).name == "requirements-dev.txt"


def test_the_development_set_holds_the_runtime_set() -> None:
    runtime = (bootstrap.ROOT / "requirements.txt").read_text()
    development = (bootstrap.ROOT / "requirements-dev.txt").read_text()
    pinned = {
        line.split(" ")[0] for line in runtime.splitlines() if "==" in line and line[0] != "#"
    }

    assert {pin for pin in pinned if f"\n{pin} " not in f"\n{development}"} == set()


def pins(requirements: str) -> set[str]:
    return {line.split(" ")[0] for line in requirements.splitlines() if line[:1].isalnum()}


@pytest.mark.parametrize("path", [*FIRST_PYTHON, "ppaos/embedded/bootstrap.py"])
def test_what_runs_first_imports_the_standard_library_only(path: str) -> None:
    tree = ast.parse((bootstrap.ROOT / path).read_text())
    imported = {
        name
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
        )
    }

    outside = {name for name in imported if name.split(".")[0] not in sys.stdlib_module_names}
    assert outside <= {"ppaos.embedded"}
