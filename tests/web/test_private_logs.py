import logging

import pytest
from django.db import IntegrityError, connection, transaction

from ppaos.lib import citizen_id
from ppaos.web.private_logs import PrivateFormatter

ID = citizen_id.generate(4_400_001)


def line(message: str, **more: object) -> str:
    record = logging.LogRecord("web", logging.ERROR, "x.py", 1, message, (), None)
    record.__dict__.update(more)
    return PrivateFormatter("%(message)s").format(record)


@pytest.mark.parametrize(
    "number", [ID, citizen_id.display(ID), "0819997701", "081-999-7701", "+66819997701"]
)
def test_a_number_of_somebody_is_left_out(number: str) -> None:
    assert line(f"Not Found: /households/{number}/") == "Not Found: /households/[number]/"


@pytest.mark.parametrize(
    "text",
    [
        "job 12345678-1234-4234-9234-123456789012 failed",
        "2026-11-21 02:31:47,078 took 123456 ms",
        "area 30320101",
    ],
)
def test_ids_times_and_areas_stay(text: str) -> None:
    assert line(text) == text


@pytest.mark.django_db
def test_a_database_error_does_not_quote_the_row() -> None:
    """As Django raises it, with the driver's error behind it."""
    name = "นก" + "ขมิ้น"  # the traceback quotes this file as well
    with pytest.raises(IntegrityError) as caught:
        insert_what_is_refused(name)

    text = line("failed", exc_info=(caught.type, caught.value, caught.tb))

    assert name in str(caught.value)
    assert "IntegrityError" in text
    assert "named" in text
    assert name not in text


def insert_what_is_refused(name: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE t (n text CONSTRAINT named CHECK (n = 'x'))")
        cursor.execute("INSERT INTO t VALUES (%s)", [name])
