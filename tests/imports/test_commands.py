"""Importing at the machine: the same services, no worker, and exit codes for scripts."""

import hashlib
import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import ApiToken, User
from households.models import Household, Member
from imports.management.samples.kinds import KINDS
from imports.models import ImportBatch
from imports.profiles import PROFILES
from imports.services.commanding import SERVICE_USER
from tests.imports.batches import AT, csv_of, line, people

pytestmark = pytest.mark.django_db
ID = "เลขประจำตัวประชาชน"


@pytest.fixture
def path(tmp_path: Path, areas: None) -> Path:
    file = tmp_path / "list.csv"
    file.write_bytes(csv_of(people(8)))
    return file


def run(path: Path, *options: Any) -> tuple[int, str]:
    """Run import_file; return its exit code and what it printed."""
    printed = StringIO()
    with pytest.raises((SystemExit, CommandError)) as ended:
        call_command("import_file", path, "--source=tpmap", "--year=2567", *options, stdout=printed)
    error = ended.value
    if isinstance(error, SystemExit):
        return int(error.code or 0), printed.getvalue()
    assert isinstance(error, CommandError)
    return error.returncode, printed.getvalue()


def test_it_stages_and_writes_nothing(path: Path) -> None:
    code, printed = run(path)

    assert code == 0
    assert "พร้อมนำเข้า 8" in printed
    assert not Household.objects.exists()
    assert ImportBatch.objects.get().uploaded_by.username == SERVICE_USER


def test_it_applies_and_prints_json_and_rows(path: Path, admin: User) -> None:
    code, printed = run(path, "--apply", "--json", "--rows", "--as=admin")

    assert code == 0
    summary, *rows = map(json.loads, printed.splitlines())
    assert (summary["state"], summary["members_created"]) == ("applied", 8)
    assert [row["row"] for row in rows] == list(range(2, 10))
    assert rows[0]["raw"][ID] == line(0)[ID]
    assert rows[0]["normalised"]["birth_date"] == "1947-04-01"
    assert rows[0]["member"] is not None
    assert Member.objects.count() == 8


def test_lines_that_are_not_taken_give_two(tmp_path: Path, areas: None) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(csv_of([line(0), line(1, {ID: "123"}), line(2), line(3)]))

    assert run(path, "--apply")[0] == 2
    assert Member.objects.count() == 3


def test_the_same_bytes_give_three_with_the_id(path: Path) -> None:
    run(path)

    code, printed = run(path, "--json")

    assert code == 3
    assert json.loads(printed) == {
        "code": "already_imported",
        "id": str(ImportBatch.objects.get().pk),
    }


def test_what_cannot_be_read_gives_one(tmp_path: Path, areas: None) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"%PDF-1.7")

    code, printed = run(path)

    assert code == 1
    assert "PDF" in printed


def test_a_user_without_the_right_gives_one(path: Path, officer: User) -> None:
    assert run(path, "--as=officer")[0] == 1
    assert run(path, "--as=nobody")[0] == 1


def test_a_mapping_can_be_given(tmp_path: Path, areas: None) -> None:
    path, mapping = tmp_path / "list.csv", tmp_path / "mapping.json"
    renamed = [{key.replace(ID, "หมายเลข"): value for key, value in p.items()} for p in people(4)]
    path.write_bytes(csv_of(renamed))
    assert run(path)[0] == 2

    columns = ImportBatch.objects.get().layout["parts"][0]["guess"]["columns"]
    headers = list(renamed[0])
    named = {name: headers[index] for name, index in columns.items()} | {"citizen_id": "หมายเลข"}
    mapping.write_text(json.dumps(named))
    assert run(path, f"--mapping={mapping}", "--reason=จับคู่เอง")[0] == 0


def test_undo_takes_it_back(path: Path) -> None:
    run(path, "--apply")
    printed = StringIO()

    call_command("undo_import", ImportBatch.objects.get().pk, stdout=printed)

    assert "คงไว้ 0 รายการ" in printed.getvalue()
    assert not Household.objects.exists()
    with pytest.raises(CommandError, match="ย้อนกลับแล้ว"):
        call_command("undo_import", ImportBatch.objects.get().pk)


# ---- every list --------------------------------------------------------------------
MOST_LISTS = [key for key in KINDS if key != "assistance"]


def sample(path: Path, key: str, **options: Any) -> list[dict[str, Any]]:
    """Make a list of a few households; return the truth about its lines."""
    truth = path.with_suffix(".truth")
    settings = {"households": 6, "year": 2567, "seed": 5, "verbosity": 0, "stdout": StringIO()}
    call_command("make_sample", path, kind=key, truth=truth, **{**settings, **options})
    return [json.loads(each) for each in truth.read_text().splitlines()]


def run_list(path: Path, key: str, *options: str) -> tuple[int, dict[str, Any], list[Any]]:
    """Run import_file on a list; return its exit code, the summary and the lines."""
    source = f"--source={PROFILES[key].source}"
    printed = StringIO()
    with pytest.raises((SystemExit, CommandError)) as ended:
        call_command(
            "import_file",
            *(path, source, "--year=2567", "--json", "--rows", *options),
            stdout=printed,
        )
    assert isinstance(ended.value, SystemExit), ended.value
    summary, *rows = map(json.loads, printed.getvalue().splitlines())
    return int(ended.value.code or 0), summary, rows


@pytest.mark.parametrize("key", MOST_LISTS)
def test_every_list_is_taken_in_without_a_question(tmp_path: Path, areas: None, key: str) -> None:
    path = tmp_path / "list.xlsx"
    told = sample(path, key)

    code, summary, rows = run_list(path, key, "--apply")

    assert (code, summary["state"]) == (0, "applied")
    assert [row["row"] for row in rows] == [each["row"] for each in told]
    for row, each in zip(rows, told, strict=True):
        assert row["verdict"] == "accepted"
        assert {name: row["normalised"][name] for name in each["normalised"]} == each["normalised"]


def test_helps_wait_until_their_households_are_known(tmp_path: Path, areas: None) -> None:
    people, helps = tmp_path / "people.xlsx", tmp_path / "helps.xlsx"
    sample(people, "tpmap")
    told = sample(helps, "assistance")

    code, _, rows = run_list(helps, "assistance")
    assert code == 2
    assert all("H_HOUSE_UNKNOWN" in row["codes"] for row in rows)

    assert run_list(people, "tpmap", "--apply")[0] == 0
    again = tmp_path / "again.csv"
    assert sample(again, "assistance") == told
    _, _, rows = run_list(again, "assistance")
    assert not any("H_HOUSE_UNKNOWN" in row["codes"] for row in rows)
    for row, each in zip(rows, told, strict=True):
        assert {name: row["normalised"][name] for name in each["normalised"]} == each["normalised"]


def test_a_list_sent_as_another_one_is_asked_about(tmp_path: Path, areas: None) -> None:
    path = tmp_path / "list.csv"
    sample(path, "tpmap")

    code, summary, rows = run_list(path, "missed")

    assert (code, summary["state"], rows) == (2, "needs_mapping", [])
    [part] = ImportBatch.objects.get().layout["parts"]
    assert PROFILES["tpmap"].label in " ".join(part["questions"])


@pytest.mark.parametrize("key", ["tpmap", "pppconnext", "thaiqm.long", "area_figures"])
def test_the_lines_are_those_of_the_api(
    tmp_path: Path, areas: None, admin: User, client: Client, key: str
) -> None:
    path = tmp_path / "list.xlsx"
    sample(path, key, households=40, dirty=0.2)
    _, summary, rows = run_list(path, key, "--as=admin")
    token = "token-of-the-test"
    ApiToken.objects.create(
        user=admin,
        digest=hashlib.sha256(token.encode()).hexdigest(),
        created_at=AT,
        expires_at=AT + timedelta(days=36_500),
    )

    response = client.get(
        f"/api/v1/imports/{summary['id']}/rows/?page_size=5000",
        headers={"authorization": f"Bearer {token}"},
    )

    assert response.json()["results"] == rows
    assert {row["verdict"] for row in rows} >= {"accepted", "rejected", "skipped"}
