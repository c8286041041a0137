"""The whole project, as its tools see it. Run these alone with `make check`."""

import os
import subprocess
import sys

import pytest

from ppaos.embedded.bootstrap import ROOT

pytestmark = pytest.mark.checks
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def _ordinary() -> dict[str, str]:
    """The environment without what browser tests set for the time that they run."""
    return {name: os.environ[name] for name in os.environ if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}


def complaints(*arguments: str, **environment: str) -> str:
    """Run Python in the project's folder; return what it said if it failed, else ''."""
    result = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**_ordinary(), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if result.returncode == 0 else result.stdout + result.stderr


def manage(*command: str, **environment: str) -> str:
    environment["DJANGO_SETTINGS_MODULE"] = "ppaos.settings"
    return complaints("-m", "django", *command, **environment)


def test_ruff_finds_no_fault() -> None:
    found = complaints("-m", "ruff", "check", ".")
    assert not found, found


def test_the_code_is_formatted() -> None:
    found = complaints("-m", "ruff", "format", "--check", ".")
    assert not found, found


def test_the_types_agree() -> None:
    found = complaints("-m", "mypy", ".")
    assert not found, found


def test_imports_point_one_way() -> None:
    found = complaints("-c", LINT_IMPORTS)
    assert not found, found


def test_no_migration_is_missing() -> None:
    found = manage("makemigrations", "--check", "--dry-run")
    assert not found, found


def test_the_settings_are_fit_to_be_deployed() -> None:
    found = manage("check", "--deploy", "--fail-level", "WARNING", PPAOS_HTTPS="1")
    assert not found, found
