"""Two questions a machine asks: is the process alive, and can the whole do its work."""

import time
from collections.abc import Callable
from functools import cache, lru_cache

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from ppaos.celery import app

SECONDS_TO_ANSWER = 2.0
# A worker that answered is not asked again for so long, whoever calls and however often.
SECONDS_AN_ANSWER_HOLDS = 5.0


class NotReady(Exception):
    """Raised rather than returned, so that only good answers are remembered."""


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"ok": True})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 if database, migrations, broker and a worker are there, else 503.

    The answer names the parts, not the reasons: it is open to everybody.
    """
    parts = {
        "database": _holds(check_database),
        "migrations": _holds(check_migrations),
        "broker": _holds(check_broker),
        "worker": _holds(check_worker),
    }
    is_ready = all(parts.values())
    return JsonResponse({"ok": is_ready, **parts}, status=200 if is_ready else 503)


def _holds(check: Callable[[], None]) -> bool:
    try:
        check()
    except (NotReady, DatabaseError, InterfaceError, KombuError, RedisError, OSError):
        return False
    return True


def check_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@cache
def check_migrations() -> None:
    """Raise NotReady if the code knows a migration that the database has not had."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotReady


def check_broker() -> None:
    with app.connection_for_write() as broker:
        broker.connect()


def check_worker() -> None:
    """Raise NotReady if no worker answers.

    A worker answers between its tasks and during them, so that a long import does not
    look like a dead worker, as a heartbeat sent through the queue would make it.
    """
    _ask_worker(int(time.monotonic() // SECONDS_AN_ANSWER_HOLDS))


@lru_cache(maxsize=1)
def _ask_worker(period: int) -> None:
    if not app.control.ping(timeout=SECONDS_TO_ANSWER, limit=1):
        raise NotReady
