from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.utils import ProgrammingError

from audit.models import Event
from audit.services import record

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def event(db: None) -> Event:
    return record(event="household.read", by=None, at=AT, reason="ทดสอบ")


def test_an_event_is_added_with_its_actor_and_time(event: Event) -> None:
    kept = Event.objects.get()
    assert (kept.event, kept.actor, kept.at, kept.reason) == ("household.read", "ระบบ", AT, "ทดสอบ")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET event = 'x'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
    ],
)
def test_the_database_refuses_to_change_the_trail(event: Event, statement: str) -> None:
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="append-only"):
        cursor.execute(statement)
