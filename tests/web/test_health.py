import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from kombu import Connection

from ppaos.celery import app
from ppaos.web import health


@pytest.fixture(autouse=True)
def nothing_is_remembered() -> Iterator[None]:
    """Also of what other tests asked in this process."""
    forget()
    yield
    forget()


def forget() -> None:
    health.check_migrations.cache_clear()
    health._ask_worker.cache_clear()


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A worker that answers; returns the list of times it was asked."""
    return answer_ping(monkeypatch, lambda asked: [{"celery@here": {"ok": "pong"}}])


def answer_ping(
    monkeypatch: pytest.MonkeyPatch, answer: Callable[[int], list[dict[str, Any]]]
) -> list[int]:
    asked: list[int] = []

    def ping(**options: Any) -> list[dict[str, Any]]:
        asked.append(1)
        return answer(len(asked))

    monkeypatch.setattr(app.control, "ping", ping)
    return asked


def test_healthz_asks_nobody(client: Client) -> None:
    response = client.get("/healthz")

    assert response.json() == {"ok": True}


@pytest.mark.django_db
def test_readyz_is_200_when_every_part_answers(client: Client, worker: list[int]) -> None:
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {
        "ok": True,
        "database": True,
        "migrations": True,
        "broker": True,
        "worker": True,
    }


@pytest.mark.django_db
def test_readyz_is_503_and_names_the_part_when_no_worker_answers(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_ping(monkeypatch, lambda asked: [])

    response = client.get("/readyz")

    assert response.status_code == 503
    assert [part for part, holds in response.json().items() if not holds] == ["ok", "worker"]


@pytest.mark.django_db
def test_readyz_is_503_when_the_broker_is_gone(
    client: Client, worker: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = "redis+socket:///nowhere/redis.sock"
    # The pools remember the address that they are made with; they come back after the test.
    monkeypatch.setattr(app, "_pool", None)
    monkeypatch.setattr(app.amqp, "_producer_pool", None)
    monkeypatch.setattr(app, "connection_for_write", lambda: Connection(gone))

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["broker"] is False


@pytest.mark.django_db
def test_readyz_is_503_while_a_migration_is_missing(client: Client, worker: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'jobs'")

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["migrations"] is False


@pytest.mark.django_db
def test_an_answer_of_the_worker_holds_for_a_while(
    client: Client, worker: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 1000.0)
    client.get("/readyz")
    client.get("/readyz")
    assert len(worker) == 1

    monkeypatch.setattr(time, "monotonic", lambda: 1005.0)
    client.get("/readyz")
    assert len(worker) == 2


def test_health_is_not_redirected_to_https(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert client.get("/healthz").status_code == 200
