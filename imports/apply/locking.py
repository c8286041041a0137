"""Who writes where: imports into one province take turns, chunk by chunk."""

from collections.abc import Iterable

from django.db import connection

# First key of the advisory lock under which imports write into a province, so that two of
# them never interleave there; the second key is the province's code.
_WRITES_PROVINCE = 1992


def hold_provinces(area_codes: Iterable[str]) -> None:
    """Wait until nobody else imports into, or takes back from, these provinces; until commit."""
    with connection.cursor() as cursor:
        for province in sorted({code[:2] for code in area_codes if code}):
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, %s)", [_WRITES_PROVINCE, int(province)]
            )
