import json
from pathlib import Path

import pytest

from ppaos.embedded import demo, secrets
from ppaos.embedded.processes import UnableToStart
from ppaos.lib.crypto import Keyring

GIVEN = {"PPAOS_SECRET_KEY": "given", "PPAOS_FIELD_KEYS": "1:given"}


def test_new_secrets_are_kept_and_come_back(tmp_path: Path) -> None:
    first = secrets.settle({}, data=tmp_path, database_is_embedded=True, has_data=False)
    again = secrets.settle({}, data=tmp_path, database_is_embedded=True, has_data=True)

    assert again == first
    assert json.loads((tmp_path / "secrets.json").read_text()) == first
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_new_field_keys_make_a_key_ring() -> None:
    assert Keyring.parse(secrets.new_field_keys()).current_version == 1


def test_given_secrets_are_used_and_not_written_down(tmp_path: Path) -> None:
    settled = secrets.settle(GIVEN, data=tmp_path, database_is_embedded=True, has_data=False)

    assert settled == GIVEN
    assert list(tmp_path.iterdir()) == []


def test_one_given_secret_wins_over_the_kept_one(tmp_path: Path) -> None:
    kept = secrets.settle({}, data=tmp_path, database_is_embedded=True, has_data=False)
    given = {"PPAOS_SECRET_KEY": "given"}

    settled = secrets.settle(given, data=tmp_path, database_is_embedded=True, has_data=True)

    assert settled == {**kept, **given}


def test_data_without_its_keys_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnableToStart, match=r"secrets\.json"):
        secrets.settle({}, data=tmp_path, database_is_embedded=True, has_data=True)


def test_another_database_without_secrets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnableToStart, match="PPAOS_FIELD_KEYS"):
        secrets.settle(
            {"PPAOS_SECRET_KEY": "given"}, data=tmp_path, database_is_embedded=False, has_data=False
        )


def test_the_demo_password_stays_the_one_the_accounts_were_made_with(tmp_path: Path) -> None:
    first = demo.password({}, data=tmp_path)

    assert demo.password({"PPAOS_DEMO_PASSWORD": "another one"}, data=tmp_path) == first
    assert len(first) == 17


def test_a_given_demo_password_is_used(tmp_path: Path) -> None:
    assert demo.password({"PPAOS_DEMO_PASSWORD": "given-word"}, data=tmp_path) == "given-word"
