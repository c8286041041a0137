"""manage.py's commands: two are ours, the others are Django's with servers to talk to."""

import os
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from ppaos.embedded import supervisor, testing
from ppaos.embedded.environment import AlreadyOwned, Place, open_place, owned, shared, used
from ppaos.embedded.processes import UnableToStart
from ppaos.embedded.servers import process_environment, started

SECONDS_FOR_SERVERS = 60
COMPLETE = ("DATABASE_URL", "REDIS_URL", "PPAOS_SECRET_KEY", "PPAOS_FIELD_KEYS")


def run(argv: list[str]) -> None:
    """Run `argv` (with the program's name first). Exits with the command's own code."""
    try:
        match argv[1:]:
            case ["test", *arguments]:
                testing.run(arguments)
            case ["up", *arguments]:
                sys.exit(supervisor.up(arguments))
            case _:
                _run_django(argv)
    except UnableToStart as error:
        sys.exit(str(error))


def _run_django(argv: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ppaos.settings")
    with ExitStack() as stack:
        if not all(os.environ.get(name) for name in COMPLETE):
            _enter_servers(stack, open_place())
        from django.core.management import execute_from_command_line

        execute_from_command_line(argv)


def _enter_servers(stack: ExitStack, place: Place) -> None:
    """Use the servers of a running `up` or command, else run them for this command."""
    deadline = time.monotonic() + SECONDS_FOR_SERVERS
    while not (_start_own(stack, place) or _use_running(stack, place)):
        if time.monotonic() > deadline:
            raise UnableToStart(
                "ฐานข้อมูลไม่พร้อมใน 1 นาที (the servers of another command did not start)"
            )
        time.sleep(0.1)


def _start_own(stack: ExitStack, place: Place) -> bool:
    with ExitStack() as attempt:
        try:
            ownership = attempt.enter_context(owned(place, "command"))
        except AlreadyOwned:
            return False
        settled = process_environment(place, os.environ)
        attempt.enter_context(started(place, os.environ))
        attempt.enter_context(shared(ownership))
        os.environ.update(settled)
        stack.push(attempt.pop_all())
    return True


def _use_running(stack: ExitStack, place: Place) -> bool:
    with ExitStack() as attempt:
        running = attempt.enter_context(used(place))
        if running is None:
            return False
        os.environ.update(process_environment(replace(place, run=Path(running.run)), os.environ))
        stack.push(attempt.pop_all())
    return True
