"""Who writes where: imports into one province take turns, chunk by chunk."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection

# First key of the advisory lock under which imports write into a province, so that two of
# them never interleave there; the second key is the province's code.
_WRITES_PROVINCE = 1992
# The same for payloads that lines of other imports refer to.
_KEPT_LINES = 1993


def hold_provinces(area_codes: Iterable[str]) -> None:
    """Wait until nobody else imports into, or takes back from, these provinces; until commit.

    What is added and deleted in this turn the import notes itself: the triggers that note
    other people's work (imports.models.HouseholdTouch) are told so.
    """
    with connection.cursor() as cursor:
        for province in sorted({code[:2] for code in area_codes if code}):
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, %s)", [_WRITES_PROVINCE, int(province)]
            )
        cursor.execute("SET LOCAL ppaos.importing = 'on'")


def share_kept_lines() -> None:
    """Let nobody empty the lines of an import, until commit: others come to refer to them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, 0)", [_KEPT_LINES])


def hold_kept_lines() -> None:
    """Wait until no line comes to refer to another; until commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [_KEPT_LINES])


@contextmanager
def turns() -> Iterator[None]:
    """Let the last turn end with the work, also if the caller's transaction goes on."""
    try:
        yield
    finally:
        if connection.in_atomic_block and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL ppaos.importing = 'off'")
