import signal
import socket
from pathlib import Path

import pytest

from ppaos.embedded import supervisor
from ppaos.embedded.environment import Place
from ppaos.embedded.processes import UnableToStart
from ppaos.embedded.stack import FALLS_ALLOWED, Stack


def test_a_port_in_use_is_named_before_anything_is_started() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UnableToStart, match=f"127.0.0.1:{port}"):
            supervisor.check_port_is_free("127.0.0.1", port)

    supervisor.check_port_is_free("127.0.0.1", port)


def test_up_takes_no_options() -> None:
    with pytest.raises(UnableToStart, match="environment variables"):
        supervisor.up(["--port", "8080"])


def test_a_program_that_keeps_ending_ends_it_all_with_its_last_words(tmp_path: Path) -> None:
    place = Place(data=tmp_path, servers=tmp_path, run=tmp_path)
    with (tmp_path / "lock").open("w") as lock, Stack(place, {}, lock) as stack:
        # `python -m` of a module that does not exist ends at once, and says so.
        stack.add(lambda: stack.program("web", "nowhere", on_parent_death=signal.SIGTERM))
        for _ in range(FALLS_ALLOWED):
            stack.parts[0].child.process.wait()
            stack.raise_the_fallen()
        stack.parts[0].child.process.wait()

        with pytest.raises(UnableToStart, match="No module named nowhere"):
            stack.raise_the_fallen()
