"""Killed workers, doubled messages, races of people, a full disk: each import ends whole.

The servers, the worker and the beat are real, and so is what strikes them.
"""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from jobs.services import DISK_FULL
from ppaos.embedded.bootstrap import ROOT
from tests.canary.client import Answer, Client
from tests.faults.crew import (
    LEASE_SECONDS,
    SWEEP_SECONDS,
    Busy,
    check,
    file_of,
    job_of,
    order,
    publish,
    send_list,
    states,
    wait_for_progress,
    wait_for_states,
    without_ordinary_worker,
)
from tests.faults.small_disk import SmallDisk
from tests.imports.batches import csv_of, line, questions_of_state
from tests.journeys.product import Product, wait_for
from tests.proof import times

pytestmark = pytest.mark.faults

# F02: so long may an import lie still once there is a worker again.
SECONDS_TO_RESUME = 60
PEOPLE = times(200, full=1_000)
RACERS = 20
RACES = times(1, full=10)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("waiting")


@pytest.fixture(scope="module")
def crew(product: Product, folder: Path) -> Iterator[Product]:
    with without_ordinary_worker(product):
        product.environment = product.environment | {"PPAOS_TEST_FOLDER": str(folder)}
        yield product


@pytest.fixture
def running(crew: Product) -> Product:
    for name, start in (("worker", crew.start_worker), ("beat", crew.start_beat)):
        if name not in crew.children:
            start()
    return crew


@pytest.fixture
def admin(running: Product) -> Client:
    return Client(running.url).sign_in("admin")


def state_of_register(product: Product) -> dict[str, str]:
    questions = questions_of_state(with_keys=True)
    return {table: product.ask(question)[0][0] for table, question in questions.items()}


def key_of_job(product: Product, batch: str) -> str:
    ((key,),) = product.ask("SELECT id::text FROM jobs_job WHERE subject_id = %s", batch)
    return str(key)


def sweeps(product: Product) -> int:
    return product.log("worker").count("Task jobs.sweep") // 2


def events(product: Product, batch: str) -> Counter[str]:
    told = product.ask("SELECT event FROM audit_event WHERE subject_id = %s", batch)
    return Counter(event for (event,) in told)


def test_f02_an_import_goes_on_soon_after_worker_and_beat_were_killed(
    running: Product, admin: Client
) -> None:
    batch = send_list(admin, file_of(*range(20_000, 20_000 + PEOPLE)))
    for step in ("", "apply"):
        if step:
            order(admin, step, batch)
        wait_for_progress(running, batch)
        running.kill("worker")
        running.kill("beat")
        assert job_of(running, batch)[0] == "running", "it was not in the midst"
        running.start_worker()
        running.start_beat()
        back = time.monotonic()
        wait_for(lambda: job_of(running, batch)[2] == 1 or job_of(running, batch)[0] == "done")
        assert time.monotonic() - back <= SECONDS_TO_RESUME
        wait_for_states(running, "applied" if step else "staged", batch)
        assert job_of(running, batch)[2] == 1
    assert "ทำต่อ" in admin.get(f"/imports/{batch}/progress/").text
    check(running, batch, lines=PEOPLE)


def test_f10_a_message_that_comes_five_times_is_one_import_however_long_it_takes(
    running: Product, admin: Client, folder: Path
) -> None:
    # The other process stays free: the messages come to it, and the sweeper runs there.
    busy = Busy(running, admin, folder, range(21_000, 21_001))
    for batch in busy.batches:
        publish(running, "imports.stage", *[key_of_job(running, batch)] * 5)
    # Longer than a lease, under the eyes of the sweeper.
    seen = sweeps(running)
    wait_for(lambda: sweeps(running) >= seen + LEASE_SECONDS // SWEEP_SECONDS + 2)
    assert [job_of(running, batch)[1:3] for batch in busy.batches] == [(1, 0)]
    busy.read_on()
    wait_for_states(running, "staged", *busy.batches)

    applied = busy.batches[0]
    order(admin, "apply", applied)
    (key,) = [
        key
        for (key,) in running.ask(
            "SELECT id::text FROM jobs_job WHERE subject_id = %s AND kind = 'imports.apply'",
            applied,
        )
    ]
    publish(running, "imports.apply", *[key] * 5)
    wait_for_states(running, "applied", applied)
    for batch in busy.batches:
        check(running, batch, lines=1)


def test_f14_who_dies_between_commit_and_message_loses_no_file(
    running: Product, tmp_path: Path
) -> None:
    content = file_of(22_000, 22_001)
    path = tmp_path / "ส่งแล้วดับ.csv"
    path.write_bytes(content)
    ended = subprocess.run(
        [sys.executable, "-m", "tests.faults.upload", str(path)],
        cwd=ROOT,
        env=running.environment,
        check=False,
    )
    assert ended.returncode == -9

    ((batch,),) = running.ask(
        "SELECT b.id::text FROM imports_importbatch b JOIN files_storedfile f ON f.id = b.file_id"
        " WHERE f.name = %s",
        path.name,
    )
    wait_for_states(running, "staged", batch)
    check(running, batch, lines=2)


def test_f17_an_import_waits_while_the_disk_is_full_and_goes_on_when_there_is_room(
    running: Product, admin: Client
) -> None:
    lines = PEOPLE * 4
    with SmallDisk(running, table="imports_importrow") as disk:
        disk.fill()
        batch = send_list(admin, file_of(*range(23_000, 23_000 + lines)))
        wait_for_words(running, admin, batch, DISK_FULL)
        assert [admin.get(page).status for page in ("/", "/imports/", "/healthz")] == [200] * 3
        ((waits, done),) = running.ask(
            "SELECT (SELECT sum(lines) FROM imports_importchunk"
            "        WHERE batch_id = %s AND phase = 'stage'),"
            " (SELECT count(*) FROM imports_importrow WHERE batch_id = %s)",
            *(batch, batch),
        )
        assert (waits or 0) == done < lines, "a chunk is there whole or not at all"
        assert job_of(running, batch)[1] <= 1, "a full disk is no fault of the file's"

        disk.free()
        wait_for_states(running, "staged", batch)
        check(running, batch, lines=lines)
        order(admin, "cancel", batch)


def test_f19_the_same_rows_in_other_bytes_change_nothing(running: Product, admin: Client) -> None:
    numbers = range(24_000, 24_020)
    first = send_list(admin, file_of(*numbers))
    wait_for_states(running, "staged", first)
    order(admin, "apply", first)
    wait_for_states(running, "applied", first)
    before = state_of_register(running)

    form = {"source": "tpmap", "year_be": "2567"}
    again = admin.upload("/imports/", form, "ชื่ออื่น.csv", file_of(*numbers))
    assert "ไฟล์นี้นำเข้าเป็นบัญชีและปีนี้แล้ว" in again.text
    assert f"/imports/{first}/" in again.text

    saved_anew = csv_of([dict(reversed(line(number).items())) for number in numbers])
    other = send_list(admin, saved_anew)
    wait_for_states(running, "staged", other)
    ((effect,),) = running.ask("SELECT effect FROM imports_importbatch WHERE id = %s", other)
    names = ("households_created", "households_updated", "members_created", "members_updated")
    assert [effect[name] for name in names] == [0] * 4
    assert effect["unchanged"] == len(numbers)
    order(admin, "apply", other)
    wait_for_states(running, "applied", other)
    assert {**state_of_register(running)} == before
    for batch in (first, other):
        check(running, batch, lines=len(numbers))


@pytest.mark.parametrize("number", range(RACES))
def test_f21_of_twenty_at_once_one_wins_and_the_others_are_told(
    running: Product, admin: Client, number: int
) -> None:
    batch = send_list(admin, file_of(*range(25_000 + 40 * number, 25_040 + 40 * number)))
    wait_for_states(running, "staged", batch)

    applied = race(running, batch, "apply")
    assert Counter(answer.status for answer in applied) == {202: 1, 409: RACERS - 1}
    assert {answer.json()["code"] for answer in applied if answer.status == 409} == {
        "invalid_state"
    }
    wait_for_states(running, "applied", batch)
    check(running, batch, lines=40)

    mixed = race(running, batch, "undo", "cancel", "apply")
    won = [answer.url.rstrip("/").rsplit("/", 1)[-1] for answer in mixed if answer.status == 202]
    assert won == ["undo"]
    wait_for_states(running, "undone", batch)
    check(running, batch, lines=40)


def race(product: Product, batch: str, *steps: str) -> list[Answer]:
    """Let twenty people order these steps in the same moment, each by a key of their own."""
    client = Client(product.url).sign_in_to_api("admin")

    def one(number: int) -> Answer:
        racer = Client(product.url, token=client.token)
        return racer.send(f"/api/v1/imports/{batch}/{steps[number % len(steps)]}/", {})

    with ThreadPoolExecutor(RACERS) as pool:
        return list(pool.map(one, range(RACERS)))


def test_f21_a_stop_during_an_apply_wins_once_and_takes_all_back(
    running: Product, admin: Client
) -> None:
    before = state_of_register(running)
    batch = send_list(admin, file_of(*range(26_000, 26_000 + PEOPLE)))
    wait_for_states(running, "staged", batch)
    mixed = race(running, batch, "apply", "cancel")

    won = Counter(a.url.rstrip("/").rsplit("/", 1)[-1] for a in mixed if a.status == 202)
    assert {answer.status for answer in mixed} == {202, 409}
    assert won["cancel"] == 1
    assert won["apply"] <= 1
    if won["apply"]:
        wait_for_states(running, "undone", batch)
        check(running, batch, lines=PEOPLE)
    else:
        assert states(running, batch) == ["cancelled"]
    assert events(running, batch)["import.apply-ordered"] == won["apply"]
    assert state_of_register(running) == before


def test_f22_what_is_stopped_in_the_midst_is_taken_back_but_for_what_was_edited_since(
    running: Product, admin: Client
) -> None:
    people = PEOPLE * 2
    first = 27_000
    before = state_of_register(running)
    batch = send_list(admin, file_of(*range(first, first + people)))
    wait_for_states(running, "staged", batch)
    order(admin, "apply", batch)
    wait_for_chunks(running, batch)
    assert "หยุดและย้อนกลับ" in admin.get(f"/imports/{batch}/cancel/").text
    ((edited,),) = running.ask(
        "UPDATE households_household SET house_no = '999/9', version = version + 1"
        " WHERE id = (SELECT household_id FROM imports_importrow WHERE batch_id = %s"
        '             AND is_applied ORDER BY "row" LIMIT 1) RETURNING id::text',
        batch,
    )
    order(admin, "cancel", batch)
    wait_for_states(running, "undone", batch)

    check(running, batch, lines=people)
    assert events(running, batch)["import.stopped"] == 1
    kept = running.ask(
        "SELECT id::text FROM households_household WHERE house_no = '999/9' AND id = %s", edited
    )
    assert kept == [(edited,)]
    assert "มีผู้แก้ไขข้อมูลนี้หลังการนำเข้า" in admin.get(f"/imports/{batch}/").text
    ((others,),) = running.ask(
        "SELECT count(*) FROM imports_importrow WHERE batch_id = %s AND is_applied"
        " AND household_id <> %s",
        *(batch, edited),
    )
    assert others == 0
    after = state_of_register(running)
    assert after["households_household"].split(":")[0] == str(
        int(before["households_household"].split(":")[0]) + 1
    )


def wait_for_chunks(product: Product, batch: str) -> None:
    """Wait until something is in the register, and the apply is not over."""

    def begun() -> bool:
        ((count,),) = product.ask(
            "SELECT count(*) FROM imports_importchunk WHERE batch_id = %s AND phase = 'apply'",
            batch,
        )
        return bool(count)

    wait_for(begun)
    assert states(product, batch) == ["applying"], "it was not in the midst"


def wait_for_words(product: Product, person: Client, batch: str, words: str) -> None:
    """Wait until the import's page says this; what the worker said is told otherwise."""
    try:
        wait_for(lambda: words in person.get(f"/imports/{batch}/").text, seconds=30)
    except AssertionError as error:
        said = [each for each in product.log("worker").splitlines() if " INFO " not in each]
        told = f"{job_of(product, batch)}\n" + "\n".join(said[-60:])
        raise AssertionError(told) from error


def test_a_small_file_does_not_wait_for_a_huge_one_of_somebody_else(running: Product) -> None:
    """With one slot, and turns of no length: the huge one gives way at each chunk's edge."""
    running.run("-c", SECOND_IMPORTER)
    before = running.environment
    running.environment = before | {"PPAOS_IMPORT_SLOTS": "1", "PPAOS_IMPORT_TURN_SECONDS": "0"}
    lines = PEOPLE * 6
    try:
        restart(running)
        huge = send_list(
            Client(running.url).sign_in("admin"), file_of(*range(28_000, 28_000 + lines))
        )
        wait_for_progress(running, huge)
        small = send_list(Client(running.url).sign_in("second"), file_of(40_000))
        wait_for_states(running, "staged", small)
        assert states(running, huge) == ["staging"], "it had waited for the end of the huge one"
        wait_for_states(running, "staged", huge)
        assert job_of(running, huge)[2] == 0, "to give way is no takeover"
        check(running, huge, lines=lines)
        check(running, small, lines=1)
    finally:
        running.environment = before
        restart(running)


SECOND_IMPORTER = """
import django; django.setup()
from accounts.roles import Role
from tests.factories import make_user
make_user(Role.IMPORT_ADMIN, "30", username="second", name="คนที่สอง ทดสอบ")
"""


def restart(product: Product) -> None:
    for name, start in (("worker", product.start_worker), ("beat", product.start_beat)):
        product.kill(name)
        start()
