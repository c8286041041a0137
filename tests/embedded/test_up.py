"""Real processes: what an operator sees who starts, stops, doubles and kills `up`."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery

from ppaos.embedded import valkey
from tests.embedded.installation import Installation, free_port, wait_for

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of one installation: only its first start has tables to make."""
    return tmp_path_factory.mktemp("up") / "var"


@pytest.fixture
def installation(data: Path) -> Iterator[Installation]:
    # What was logged, and what the broker keeps of a task that was cut short, is another story.
    for name in ("log", "redis"):
        shutil.rmtree(data / name, ignore_errors=True)
    installation = Installation(data=data, port=free_port())
    yield installation
    installation.end()


def send_patient_task(installation: Installation, folder: Path) -> None:
    """Send the task and return when a worker has begun it."""
    # Not the current one: whatever else asks for that would get a broker that is soon gone.
    app = Celery(broker=valkey.url(socket_folder(installation)), set_as_current=False)
    with app.connection_for_write() as connection:
        app.send_task("tests.patient", args=[str(folder)], connection=connection)
    wait_for((folder / "started").exists)


def socket_folder(installation: Installation) -> Path:
    result = installation.run("shell", "-v0", "-c", "import os; print(os.environ['REDIS_URL'])")
    assert result.returncode == 0, result.stderr
    return Path(result.stdout.strip().removeprefix("redis+socket://")).parent


def test_ctrl_c_lets_a_running_task_finish_and_leaves_nothing(
    installation: Installation, tmp_path: Path
) -> None:
    process = installation.up()
    send_patient_task(installation, tmp_path)

    process.send_signal(signal.SIGINT)
    wait_for(lambda: "กำลังหยุด" in installation.output)
    wait_for(lambda: "Warm shutdown" in (installation.data / "log/worker.log").read_text())
    assert process.poll() is None

    (tmp_path / "go on").touch()
    assert process.wait(timeout=60) == 0
    assert (tmp_path / "finished").exists()
    assert installation.processes() == {}
    assert (installation.data / "lock").read_text() == ""


def test_a_second_ctrl_c_does_not_wait_for_the_task(
    installation: Installation, tmp_path: Path
) -> None:
    process = installation.up()
    send_patient_task(installation, tmp_path)

    process.send_signal(signal.SIGINT)
    wait_for(lambda: "Warm shutdown" in (installation.data / "log/worker.log").read_text())
    process.send_signal(signal.SIGINT)

    assert process.wait(timeout=60) == 0
    assert not (tmp_path / "finished").exists()
    assert installation.processes() == {}


def test_killing_the_supervisor_leaves_no_process_and_the_next_start_works_at_once(
    installation: Installation, tmp_path: Path
) -> None:
    process = installation.up()
    send_patient_task(installation, tmp_path)
    first = set(installation.processes())

    process.kill()
    process.wait()
    process = installation.up()

    assert first & set(installation.processes()) == set()
    process.send_signal(signal.SIGINT)
    (tmp_path / "go on").touch()
    assert process.wait(timeout=60) == 0
    assert installation.processes() == {}
