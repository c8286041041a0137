import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from households.models import Household, Member
from operations import services
from operations.services import BackupReport, UnableToRestore, manifest
from ppaos.embedded import binaries
from tests.factories import make_household, make_member

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
OTHER_KEY = "1:" + "B" * 43 + "="


@pytest.fixture(autouse=True)
def own_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs of the server that the tests run on; `manage.py` does the same."""
    monkeypatch.setenv("PATH", f"{binaries.postgres_folder()}:/usr/bin:/bin")


@pytest.fixture
def backup(tmp_path: Path) -> BackupReport:
    household = make_household(phone="0812345678")
    make_member(household, first_name="สมใจ")
    return services.back_up(folder=tmp_path / "backups", at=AT)


def test_a_backup_is_proved_on_a_scratch_database(backup: BackupReport) -> None:
    kept = services.verify(dump=backup.path)
    assert kept.rows["households_member"] == 1
    assert kept.key_versions == [1]
    assert Household.objects.count() == 1


def test_a_backup_is_for_its_owner_only_and_holds_no_plain_secret(backup: BackupReport) -> None:
    assert backup.path.stat().st_mode & 0o077 == 0
    assert backup.path.parent.stat().st_mode & 0o077 == 0
    member = Member.objects.get()
    assert member.citizen_id is not None
    content = backup.path.read_bytes() + manifest.path_of(backup.path).read_bytes()
    assert member.citizen_id.encode() not in content
    assert b"0812345678" not in content


def test_restoring_brings_back_what_was_lost(backup: BackupReport) -> None:
    Member.objects.all().delete()
    Household.objects.all().delete()

    services.restore(dump=backup.path)

    household = Household.objects.get()
    assert household.phone == "0812345678"
    assert household.members.get().first_name == "สมใจ"


@pytest.mark.parametrize(
    "damage", ["truncated", "one bit", "no manifest", "broken manifest", "gone"]
)
def test_a_damaged_backup_is_refused_and_nothing_is_touched(
    backup: BackupReport, damage: str
) -> None:
    content = backup.path.read_bytes()
    match damage:
        case "truncated":
            backup.path.write_bytes(content[:-100])
        case "one bit":
            middle = len(content) // 2
            backup.path.write_bytes(
                content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
            )
        case "no manifest":
            manifest.path_of(backup.path).unlink()
        case "broken manifest":
            manifest.path_of(backup.path).write_text("{}")
        case "gone":
            backup.path.unlink()
    Household.objects.update(house_no="เปลี่ยนแล้ว")

    with pytest.raises(UnableToRestore):
        services.restore(dump=backup.path)

    assert Household.objects.get().house_no == "เปลี่ยนแล้ว"


def test_rows_that_are_missing_are_noticed(backup: BackupReport) -> None:
    path = manifest.path_of(backup.path)
    claimed = json.loads(path.read_text())
    claimed["rows"]["households_member"] += 1
    path.write_text(json.dumps(claimed))
    with pytest.raises(UnableToRestore, match="households_member"):
        services.verify(dump=backup.path)


def test_the_wrong_keys_are_noticed(backup: BackupReport, settings: Settings) -> None:
    settings.PPAOS_FIELD_KEYS = OTHER_KEY
    with pytest.raises(UnableToRestore, match="กุญแจ"):
        services.verify(dump=backup.path)


def test_the_commands_say_where_and_how_much(backup: BackupReport, tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("backup", tmp_path / "second", stdout=out)
    dump = Path(out.getvalue().splitlines()[0])
    assert dump.is_file()
    call_command("restore", dump, "--verify", stdout=out)
    assert "ไฟล์สำรองใช้ได้" in out.getvalue()
    dump.write_bytes(b"")
    with pytest.raises(CommandError, match="SHA-256"):
        call_command("restore", dump, "--verify", stdout=out)
