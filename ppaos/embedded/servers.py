"""The pair of embedded servers, and what every process of ours is told about them."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from ppaos.embedded import binaries, postgres, secrets, valkey
from ppaos.embedded.environment import Place, bind_host, is_loopback
from ppaos.embedded.processes import Child, UnableToStart, stop

SECONDS_TO_STOP = 30


def start_valkey(place: Place) -> Child:
    return valkey.start_valkey(data=place.valkey, run=place.run, log=place.log / "valkey.log")


def start_postgres(place: Place) -> Child:
    return postgres.start_postgres(
        data=place.postgres,
        run=place.run,
        log=place.log / "postgres.log",
    )


@contextmanager
def started(place: Place, environment: Mapping[str, str]) -> Iterator[None]:
    """Run the servers that `environment` does not name, for the length of the block."""
    children: list[Child] = []
    try:
        if not environment.get("REDIS_URL"):
            children.append(start_valkey(place))
        if not environment.get("DATABASE_URL"):
            children.append(start_postgres(place))
        yield
    finally:
        while children:
            stop(children.pop(), seconds=SECONDS_TO_STOP)


def process_environment(place: Place, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a process of ours: the given one, with the gaps filled.

    Call it before the database is made. Raises UnableToStart without secrets, or if
    plain HTTP would be open to the network.
    """
    is_embedded = not environment.get("DATABASE_URL")
    is_local = is_loopback(bind_host(environment))
    if environment.get("PPAOS_HTTPS") == "0" and not is_local:
        raise UnableToStart(
            "PPAOS_HTTPS=0 ใช้ได้เมื่อเปิดเฉพาะในเครื่องนี้เท่านั้น (PPAOS_BIND=127.0.0.1)\n"
            "(plain HTTP is for loopback only; put a proxy with TLS in front)"
        )
    defaults = {
        "DJANGO_SETTINGS_MODULE": "ppaos.settings",
        "DATABASE_URL": postgres.url(place.run),
        "REDIS_URL": valkey.url(place.run),
        "PPAOS_HTTPS": "0" if is_local else "1",
        "PPAOS_DEMO": "1" if is_embedded else "0",
        "PATH": os.defpath,
    }
    filled = defaults | {name: value for name, value in environment.items() if value}
    filled["PPAOS_DATA_DIR"] = str(place.data)
    if is_embedded:
        # The server's own pg_dump and psql come first: those of another version refuse it.
        filled["PATH"] = f"{binaries.postgres_folder()}{os.pathsep}{filled['PATH']}"
    return filled | secrets.settle(
        environment,
        data=place.data,
        database_is_embedded=is_embedded,
        has_data=(place.postgres / "PG_VERSION").exists(),
    )
