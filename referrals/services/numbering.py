"""Numbers of referrals: counted up in each province and year of พ.ศ."""

from datetime import date

from django.db import connection

from ppaos.lib.buddhist_era import OFFSET
from referrals.models import ReferralSeries

_NEXT = """
INSERT INTO {table} (year_be, province_code, last) VALUES (%s, %s, 1)
ON CONFLICT (year_be, province_code) DO UPDATE SET last = {table}.last + 1
RETURNING last
"""


def next_number(*, province_code: str, on: date) -> str:
    """Return the next number, as RF-2569-30-000001.

    The row stays locked until the transaction ends, so that no two get the same number
    and one that was not used after all is given again.
    """
    year_be = on.year + OFFSET
    with connection.cursor() as cursor:
        cursor.execute(_NEXT.format(table=ReferralSeries._meta.db_table), [year_be, province_code])
        (last,) = cursor.fetchone()
    return f"RF-{year_be}-{province_code}-{last:06d}"
