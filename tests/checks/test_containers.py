"""The compose file against the schema of the Compose specification, and what we promise of it.

No container is started here: that needs Docker, which a build machine may not have.
"""

import subprocess
import sys
from typing import Any

import pytest
import yaml

from ppaos.embedded.bootstrap import ROOT

pytestmark = pytest.mark.checks
COMPOSE_FILE = ROOT / "docker-compose.yml"


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    services: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE_FILE.read_text())["services"]
    return services


def test_the_compose_file_follows_the_compose_specification() -> None:
    command = ["check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE_FILE)]
    result = subprocess.run(
        [sys.executable, "-m", *command], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout


def test_database_broker_web_worker_and_beat_are_services_with_a_health_check(
    services: dict[str, dict[str, Any]],
) -> None:
    long_lived = {name for name in services if name != "migrations"}

    assert long_lived == {"postgres", "redis", "web", "worker", "beat"}
    assert all("healthcheck" in services[name] for name in long_lived)


@pytest.mark.parametrize("name", ["migrations", "web", "worker", "beat"])
def test_our_services_cannot_change_their_own_code(
    name: str, services: dict[str, dict[str, Any]]
) -> None:
    assert services[name]["read_only"] is True
    assert services[name]["cap_drop"] == ["ALL"]


def test_no_secret_is_written_in_the_compose_file(services: dict[str, dict[str, Any]]) -> None:
    for service in services.values():
        for name, value in service.get("environment", {}).items():
            if "KEY" in name or "PASSWORD" in name:
                assert value.startswith("${"), name


def test_the_image_does_not_run_as_root() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    users = [line for line in lines if line.startswith("USER")]

    assert users == ["USER ppaos"]
    assert lines.index("USER ppaos") < next(
        number for number, line in enumerate(lines) if line.startswith("CMD")
    )


def test_every_variable_of_the_compose_file_is_explained() -> None:
    explained = (ROOT / ".env.example").read_text()
    compose = COMPOSE_FILE.read_text()
    asked = {part.split("}")[0].split(":")[0] for part in compose.split("${")[1:]}

    assert {name for name in asked if f"# {name}=" not in explained} == set()
