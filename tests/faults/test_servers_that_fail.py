"""What becomes of imports when a file, the broker or the database strikes the worker down.

Nothing is started anew but what was struck: web server, worker and beat find back by themselves.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils.timezone import localdate

from jobs.services import UNEXPECTED
from tests.canary.client import Client
from tests.faults import poison
from tests.faults.crew import (
    REFERRED_FROM,
    Busy,
    broker,
    check,
    file_of,
    job_of,
    order,
    send_list,
    states,
    wait_for_progress,
    wait_for_states,
    without_ordinary_worker,
)
from tests.faults.invariants import check_events, check_nothing_is_left
from tests.imports.batches import questions_of_state
from tests.journeys.product import Product, wait_for
from tests.proof import times

pytestmark = pytest.mark.faults

# Pages that need no queue.
PAGES = ("/", "/households/", "/imports/", "/healthz")
CRASHES = times(2, full=12)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("waiting")


@pytest.fixture(scope="module")
def crew(product: Product, folder: Path) -> Iterator[Product]:
    """The product with a worker and a beat that hold leases of seconds."""
    with without_ordinary_worker(product):
        product.environment = product.environment | {"PPAOS_TEST_FOLDER": str(folder)}
        product.start_worker()
        product.start_beat()
        yield product


@pytest.fixture
def running(crew: Product) -> Iterator[Product]:
    """The same with its servers up again, whatever the test did to them."""
    yield crew
    if "valkey" not in crew.children:
        crew.start_broker()
    if "postgres" not in crew.children:
        crew.start_database()


@pytest.fixture
def admin(running: Product) -> Client:
    return Client(running.url).sign_in("admin")


def test_a_file_that_kills_its_reader_is_tried_three_times_and_then_set_aside(
    running: Product, admin: Client
) -> None:
    killing = send_list(admin, file_of(10_000, remark=poison.KILLS))
    breaking = send_list(admin, file_of(10_004, remark=poison.BREAKS))
    sound = [send_list(admin, file_of(number)) for number in (10_008, 10_012)]

    wait_for_states(running, "staged", *sound)
    wait_for_states(running, "failed", killing, breaking)

    assert job_of(running, killing)[:2] == ("quarantined", 3)
    assert job_of(running, breaking)[:2] == ("quarantined", 3)
    for poisoned in (killing, breaking):
        assert UNEXPECTED in admin.get(f"/imports/{poisoned}/").text
        check_events(running.ask, poisoned, state="failed")
        check_nothing_is_left(running.ask, poisoned, temporary=running.folder / "tmp")
    assert [job_of(running, batch)[0] for batch in sound] == ["done", "done"]


def test_imports_queued_while_the_broker_dies_are_done_once(
    running: Product, admin: Client, folder: Path
) -> None:
    referral = running.run("-m", "tests.faults.refer")
    agency = Client(running.url).sign_in("agency")
    wait_for(lambda: counted(running, "referral.submitted") == 1)
    busy = Busy(running, admin, folder, range(11_000, 11_100, 4))
    queued = [send_list(admin, file_of(number)) for number in range(11_100, 11_136, 4)]

    running.kill("valkey")
    queued.append(send_list(admin, file_of(11_136)))
    assert [admin.get(page).status for page in (*PAGES, f"/imports/{queued[0]}/")] == [200] * 5
    assert set(states(running, *queued)) == {"uploaded"}
    expected = {"expected_date": (localdate() + timedelta(days=7)).isoformat()}
    assert agency.post(f"/referrals/{referral}/accept/", expected).status == 200
    assert counted(running, "referral.accepted") == 0
    running.start_broker()
    queued.append(send_list(admin, file_of(11_140)))
    busy.read_on()

    wait_for_states(running, "staged", *busy.batches, *queued)
    for batch in (*busy.batches, *queued):
        check(running, batch, lines=1)
    wait_for(lambda: counted(running, "referral.accepted") == 1)
    assert counted(running, "referral.submitted") == 0


def test_an_emptied_broker_loses_no_work_and_signs_nobody_out(
    running: Product, admin: Client, folder: Path
) -> None:
    staged = [send_list(admin, file_of(number)) for number in range(12_000, 12_040, 4)]
    wait_for_states(running, "staged", *staged)
    guesser = Client(running.url)
    assert [guess(guesser) for _ in range(6)] == [200] * 5 + [429]
    busy = Busy(running, admin, folder, range(12_100, 12_200, 4))
    queued = [send_list(admin, file_of(number)) for number in range(12_200, 12_240, 4)]
    for batch in staged:
        order(admin, "apply", batch)
    waiting = broker(running).lrange("celery", 0, -1)
    assert sum(b'"imports.stage"' in each for each in waiting) == len(queued)
    assert sum(b'"imports.apply"' in each for each in waiting) == len(staged)

    broker(running).flushall()
    assert [admin.get(page).status for page in PAGES] == [200] * len(PAGES)
    assert admin.get("/").url == f"{running.url}/"
    assert guess(guesser) == 429
    busy.read_on()

    wait_for_states(running, "applied", *staged)
    wait_for_states(running, "staged", *busy.batches, *queued)
    for batch in (*busy.batches, *queued, *staged):
        check(running, batch, lines=1)
    assert guess(guesser) == 429
    for batch in staged:
        order(admin, "undo", batch)
    wait_for_states(running, "undone", *staged)


def test_a_database_that_crashes_in_the_midst_equals_one_that_did_not(
    running: Product, admin: Client
) -> None:
    people = times(300, full=1_500)
    content = file_of(*range(13_000, 13_000 + people))
    before = state_of_register(running, with_keys=True)
    calm = send_list(admin, content)
    wait_for_states(running, "staged", calm)
    order(admin, "apply", calm)
    wait_for_states(running, "applied", calm)
    expected = state_of_register(running, with_keys=False)
    order(admin, "undo", calm)
    wait_for_states(running, "undone", calm)
    assert state_of_register(running, with_keys=True) == before

    struck = send_list(admin, content)
    crash_in_the_midst(running, struck, crashes=CRASHES // 2)
    wait_for_states(running, "staged", struck)
    assert admin.get(f"/imports/{struck}/").status == 200
    order(admin, "apply", struck)
    crash_in_the_midst(running, struck, crashes=CRASHES // 2)
    wait_for_states(running, "applied", struck)

    assert state_of_register(running, with_keys=False) == expected
    assert outcome(running, struck) == outcome(running, calm)
    check(running, struck, lines=people)
    order(admin, "undo", struck)
    wait_for_states(running, "undone", struck)
    assert state_of_register(running, with_keys=True) == before


def counted(product: Product, measure: str) -> int:
    """Return what the figures say of the place from which a problem was referred."""
    ((value,),) = product.ask(
        "SELECT COALESCE(max(value), 0) FROM dashboards_dashboardcell"
        " WHERE area_code = %s AND measure = %s",
        REFERRED_FROM,
        measure,
    )
    return int(value)


def guess(guesser: Client) -> int:
    """Try a wrong password for a name that nobody has; return the answer's status."""
    guesser.get("/accounts/login/")
    wrong = {"login": "nobody-of-that-name", "password": "ไม่ใช่รหัสผ่าน"}
    return guesser.post("/accounts/login/", wrong).status


def crash_in_the_midst(product: Product, batch: str, *, crashes: int) -> None:
    """Crash the database each time another chunk has been committed, and start it again."""
    for _ in range(crashes):
        wait_for_progress(product, batch)
        product.crash_database()
        product.start_database()
        # By now the sweeper may have taken the work from whoever held it.
        assert job_of(product, batch)[0] in ("running", "queued"), "it was not in the midst"


def state_of_register(product: Product, *, with_keys: bool) -> dict[str, str]:
    questions = questions_of_state(with_keys=with_keys)
    return {table: product.ask(question)[0][0] for table, question in questions.items()}


def outcome(product: Product, batch: str) -> list[tuple[object, ...]]:
    return product.ask(
        "SELECT row, verdict, codes, action FROM imports_importrow"
        " WHERE batch_id = %s ORDER BY row, id",
        batch,
    )
