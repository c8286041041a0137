"""Servers from elsewhere: their URLs replace the embedded ones."""

import base64
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ppaos.embedded import binaries
from ppaos.embedded.processes import leashed, ordinary_user
from tests.embedded.installation import Installation, free_port, wait_for

pytestmark = pytest.mark.faults
SECRETS = {
    "PPAOS_SECRET_KEY": "only-for-this-test-" * 4,
    "PPAOS_FIELD_KEYS": "1:" + base64.b64encode(b"k" * 32).decode(),
}


@dataclass(frozen=True)
class Elsewhere:
    database_url: str
    redis_url: str


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Elsewhere]:
    """A PostgreSQL and a Valkey on TCP ports of the loopback, both with passwords."""
    database_port, redis_port = free_port(), free_port()
    processes = [
        start_postgres(tmp_path, database_port),
        start_valkey(tmp_path, redis_port),
    ]
    yield Elsewhere(
        f"postgres://postgres:secret@127.0.0.1:{database_port}/postgres",
        f"redis://:secret@127.0.0.1:{redis_port}/0",
    )
    for process in processes:
        process.send_signal(signal.SIGINT)
        process.wait()


def test_the_addresses_replace_the_embedded_servers(
    elsewhere: Elsewhere, installation: Installation
) -> None:
    installation.given = {
        "DATABASE_URL": elsewhere.database_url,
        "REDIS_URL": elsewhere.redis_url,
        **SECRETS,
    }
    installation.up()

    commands = " ".join(installation.processes().values())
    assert "gunicorn" in commands
    assert "celery" in commands
    assert "/postgres" not in commands
    assert "valkey-server" not in commands
    assert not (installation.data / "pg18").exists()
    assert not (installation.data / "redis").exists()
    assert not (installation.data / "secrets.json").exists()


def test_with_another_database_the_secrets_must_be_given(installation: Installation) -> None:
    installation.given = {"DATABASE_URL": "postgres://ppaos@127.0.0.1:1/ppaos"}

    refused = installation.run("up")

    assert refused.returncode == 1
    assert "PPAOS_SECRET_KEY, PPAOS_FIELD_KEYS" in refused.stderr
    assert not (installation.data / "secrets.json").exists()


def test_plain_http_is_not_opened_to_the_network(installation: Installation) -> None:
    installation.given = {"PPAOS_BIND": "0.0.0.0", "PPAOS_HTTPS": "0"}

    refused = installation.run("up")

    assert refused.returncode == 1
    assert "PPAOS_HTTPS=0" in refused.stderr


def start_postgres(folder: Path, port: int) -> subprocess.Popen[bytes]:
    programs = binaries.postgres_folder()
    (folder / "password").write_text("secret")
    run_as_ordinary_user(
        *(programs / "initdb", "-D", folder / "elsewhere", "-U", "postgres", "--no-sync"),
        *("--auth=scram-sha-256", f"--pwfile={folder / 'password'}", "--encoding=UTF8"),
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--lc-ctype=C.UTF-8"),
    ).wait()
    server = run_as_ordinary_user(
        *(programs / "postgres", "-D", folder / "elsewhere", "-p", str(port), "-cfsync=off"),
        *("-clisten_addresses=127.0.0.1", "-cunix_socket_directories="),
    )
    ready: list[str | Path] = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    ready += ["-U", "postgres", "-d", "postgres"]  # a uid without an account has no default
    wait_for(lambda: subprocess.run(ready, check=False).returncode == 0)
    return server


def start_valkey(folder: Path, port: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            *(binaries.valkey_server(), "--port", str(port), "--bind", "127.0.0.1"),
            *("--requirepass", "secret", "--dir", folder, "--save", ""),
        ],
        stdout=subprocess.DEVNULL,
    )


def run_as_ordinary_user(*command: str | Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        leashed(command, on_parent_death=signal.SIGINT, user=ordinary_user()),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
