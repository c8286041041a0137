"""What other commands meet while `up` is running."""

import http.client
import json
import os
import signal

import pytest

from tests.embedded.installation import Installation, wait_for

pytestmark = pytest.mark.faults
WHO = "from django.db import connection as c; u = c.cursor(); "


def test_a_second_up_says_that_one_is_running(running: Installation) -> None:
    second = running.run("up")

    assert second.returncode == 1
    assert f"http://127.0.0.1:{running.port}" in second.stderr
    assert "already running" in second.stderr
    assert running.started[0].poll() is None


def test_every_part_is_ready(running: Installation) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=10)
    connection.request("GET", "/readyz")
    response = connection.getresponse()

    assert response.status == 200
    assert json.loads(response.read()) == {
        "ok": True,
        "database": True,
        "migrations": True,
        "broker": True,
        "worker": True,
    }
    connection.close()


def test_another_command_uses_the_same_servers_as_no_superuser(running: Installation) -> None:
    servers_before = server_processes(running)

    asked = running.run(
        "shell",
        "-v0",
        "-c",
        WHO + "u.execute('select user, rolsuper, rolbypassrls from pg_roles"
        " where rolname = user'); print(u.fetchone())",
    )

    assert asked.stdout.strip() == "('ppaos', False, False)"
    assert server_processes(running) == servers_before


def test_a_program_that_dies_is_started_again(running: Installation) -> None:
    (beat,) = (pid for pid, command in running.processes().items() if " beat " in command)

    os.kill(beat, signal.SIGKILL)

    wait_for(lambda: "beat หยุดเอง" in running.output)
    wait_for(lambda: any(" beat " in command for command in running.processes().values()))


def test_secrets_are_readable_by_their_owner_only(running: Installation) -> None:
    assert (running.data / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert running.data.stat().st_mode & 0o077 == 0
    assert (running.data / "run").stat().st_mode & 0o777 == 0o700


def server_processes(installation: Installation) -> set[int]:
    servers = ("/postgres -D", "valkey-server")
    return {
        pid
        for pid, command in installation.processes().items()
        if any(server in command for server in servers)
    }
