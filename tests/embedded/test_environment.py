from pathlib import Path

import pytest

from ppaos.embedded import environment, servers
from ppaos.embedded.environment import AlreadyOwned, Place
from ppaos.embedded.processes import UnableToStart

LONG = "a" * 100


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(data=tmp_path, servers=tmp_path, run=tmp_path / "run")


def test_a_place_has_one_owner(place: Place) -> None:
    with environment.owned(place, "up"), pytest.raises(AlreadyOwned):
        environment.owned(place, "up").__enter__()


def test_an_owner_that_is_gone_leaves_no_trace(place: Place) -> None:
    with environment.owned(place, "up") as ownership:
        ownership.announce(is_ready=True, address="http://127.0.0.1:8000")
        running = environment.owner(place)
        assert running is not None
        assert running.address == "http://127.0.0.1:8000"

    assert environment.owner(place) is None
    with environment.owned(place, "up"):
        pass


def test_servers_that_are_not_ready_are_not_used(place: Place) -> None:
    with environment.owned(place, "command") as ownership:
        with environment.used(place) as running:
            assert running is None

        ownership.announce(is_ready=True)
        with environment.used(place) as running:
            assert running is not None
            assert running.run == str(place.run)


def test_sockets_of_a_deep_folder_lie_in_a_short_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PPAOS_DATA_DIR", str(tmp_path / LONG))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)

    place = environment.open_place()

    assert len(str(place.run / ".s.PGSQL.5432")) <= environment.LONGEST_SOCKET_PATH
    assert environment.open_place().run == place.run
    assert place.run.stat().st_mode & 0o777 == 0o700
    place.run.rmdir()


def test_a_folder_that_somebody_else_put_there_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PPAOS_DATA_DIR", str(tmp_path / LONG))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr(environment, "short_run_folder", lambda data: tmp_path / "link")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(UnableToStart, match="somebody else"):
        environment.open_place()


def test_the_embedded_database_brings_the_demo_and_plain_http(place: Place) -> None:
    filled = servers.process_environment(place, {})

    assert filled["PPAOS_DEMO"] == "1"
    assert filled["PPAOS_HTTPS"] == "0"
    assert filled["REDIS_URL"] == f"redis+socket://{place.run}/redis.sock"
    assert filled["PATH"].split(":")[0].endswith("pginstall/bin")


def test_another_database_brings_neither(place: Place) -> None:
    given = {
        "DATABASE_URL": "postgres://db/ppaos",
        "PPAOS_BIND": "0.0.0.0",
        "PPAOS_SECRET_KEY": "given",
        "PPAOS_FIELD_KEYS": "1:given",
    }

    filled = servers.process_environment(place, given)

    assert filled["DATABASE_URL"] == "postgres://db/ppaos"
    assert filled["PPAOS_DEMO"] == "0"
    assert filled["PPAOS_HTTPS"] == "1"
