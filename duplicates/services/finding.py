"""Which pairs are worth comparing, asked of the database in a few statements.

All people are never compared with all: a pair is looked at when both share a block. The
blocks of names use pg_trgm, so that a slip of the pen does not part them.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from duplicates.services.scoring import Home, Person
from households.models import Member
from ppaos.lib import citizen_id
from ppaos.orm import keyring, unseal_cell

ALIKE = 0.4
"""Share of common trigrams from which two names in one block are compared."""
ALIKE_WITHOUT_BIRTH = 0.6
_AT_ONCE = 5_000

# Where a portion ends: at its last person in the order of changes, if more follow.
_END = """
SELECT updated_at, id FROM (
    SELECT updated_at, id FROM households_member
    WHERE (updated_at, id) > (%(at)s, %(id)s) ORDER BY updated_at, id LIMIT %(most)s
) next ORDER BY updated_at DESC, id DESC
"""

# Everybody of the provinces where something changed, with what the blocks need.
_PEOPLE = """
CREATE TEMP TABLE fresh_home AS
    SELECT h.id, h.district_code FROM households_household h
    WHERE h.merged_into_id IS NULL AND (
        h.updated_at BETWEEN %(at)s AND %(end_at)s OR h.id IN (
            SELECT m.household_id FROM households_member m
            WHERE (m.updated_at, m.id) > (%(at)s, %(id)s)
              AND (m.updated_at, m.id) <= (%(end_at)s, %(end_id)s)
        )
    );
CREATE TEMP TABLE person AS
    SELECT m.id, m.household_id, m.search_key AS key,
           coalesce(m.birth_year, extract(year FROM m.birth_date))::int AS birth_year,
           h.subdistrict_code AS tambon, h.district_code AS district, h.area_id AS area,
           m.citizen_id_index AS index, m.left_on IS NOT NULL AS has_left, m.left_reason,
           f.id IS NOT NULL AND (m.updated_at, m.id) > (%(at)s, %(id)s)
           AND (m.updated_at, m.id) <= (%(end_at)s, %(end_id)s) AS is_fresh
    FROM households_member m
    JOIN households_household h ON h.id = m.household_id AND h.merged_into_id IS NULL
    LEFT JOIN fresh_home f ON f.id = h.id
    WHERE m.merged_into_id IS NULL AND h.province_code IN (
        SELECT left(district_code, 2) FROM fresh_home
    );
ANALYZE person;
CREATE TEMP TABLE fresh AS SELECT * FROM person WHERE is_fresh;
ANALYZE fresh;
CREATE TEMP TABLE pair (one uuid, other uuid, is_near boolean);
"""

_DROP = """
DROP TABLE IF EXISTS pg_temp.pair, pg_temp.fresh, pg_temp.person, pg_temp.fresh_home
"""

# Of two fresh ones each finds the other; so a pair is kept once, the smaller key first.
_BLOCKS = (
    # One name, in one district; births that are known must not contradict by years.
    """
    SELECT least(f.id, p.id), greatest(f.id, p.id), false
    FROM fresh f JOIN person p ON p.district = f.district AND p.key = f.key AND p.id <> f.id
    WHERE NOT f.has_left AND NOT p.has_left
      AND (f.index IS NULL OR p.index IS NULL)
      AND (f.birth_year IS NULL OR p.birth_year IS NULL
           OR abs(f.birth_year - p.birth_year) <= 1)
    """,
    # A like name and one year of birth, in one subdistrict. Of two who both have an ID
    # neither is the other, unless the IDs are near: that is a block of its own.
    """
    SELECT least(f.id, p.id), greatest(f.id, p.id), false
    FROM fresh f JOIN person p
      ON p.tambon = f.tambon AND p.birth_year = f.birth_year AND p.id <> f.id
    WHERE NOT f.has_left AND NOT p.has_left
      AND (f.index IS NULL OR p.index IS NULL)
      AND similarity(p.key, f.key) >= %(alike)s
    """,
    # A like name where a birth is not known, in one subdistrict.
    """
    SELECT least(f.id, p.id), greatest(f.id, p.id), false
    FROM fresh f JOIN person p
      ON p.tambon = f.tambon AND left(p.key, 2) = left(f.key, 2) AND p.id <> f.id
    WHERE NOT f.has_left AND NOT p.has_left
      AND (f.index IS NULL OR p.index IS NULL)
      AND (f.birth_year IS NULL OR p.birth_year IS NULL)
      AND similarity(p.key, f.key) >= %(alike_without_birth)s
    """,
    # Inside one household.
    """
    SELECT least(f.id, p.id), greatest(f.id, p.id), false
    FROM fresh f JOIN person p ON p.household_id = f.household_id AND p.id <> f.id
    WHERE NOT f.has_left AND NOT p.has_left AND similarity(p.key, f.key) >= %(alike)s
    """,
    # One ID of somebody who left and of somebody else: not where the one became the other.
    """
    SELECT least(f.id, p.id), greatest(f.id, p.id), false
    FROM fresh f JOIN person p ON p.index = f.index AND p.id <> f.id
    WHERE (f.has_left OR p.has_left)
      AND (p.household_id = f.household_id
           OR 'moved' NOT IN (f.left_reason, p.left_reason))
      AND NOT EXISTS (
          SELECT FROM households_membermove v WHERE v.undone_at IS NULL
          AND (v.member_before_id, v.member_after_id) IN ((f.id, p.id), (p.id, f.id))
      )
    """,
)
_KEEP_PAIRS = "INSERT INTO pair (one, other, is_near) "

_SHOW = """
SELECT p.one, p.other, bool_or(p.is_near) FROM pair p GROUP BY p.one, p.other ORDER BY 1, 2
"""
_PERSONS = """
SELECT m.id, m.household_id, m.first_name || ' ' || m.last_name, m.search_key, m.birth_date,
       coalesce(m.birth_year, extract(year FROM m.birth_date))::int, m.sex,
       m.citizen_id_index, m.left_on IS NOT NULL, h.area_id, h.house_no
FROM households_member m JOIN households_household h ON h.id = m.household_id
WHERE m.id = ANY(%s::uuid[])
"""
_HOMES = """
SELECT h.id, h.area_id, h.house_no, coalesce(h.house_code, ''),
       coalesce(array_agg(m.search_key ORDER BY m.search_key)
                FILTER (WHERE m.left_on IS NULL), '{}')
FROM households_household h LEFT JOIN households_member m ON m.household_id = h.id
WHERE h.id = ANY(%s::uuid[]) GROUP BY h.id
"""


Place = tuple[datetime, uuid.UUID]
"""Where in the order of changes: the moment of a person's last change, and the person."""
LAST = uuid.UUID(int=2**128 - 1)

_TOUCHED = """
SELECT c.id, c.one, c.other FROM duplicates_candidate c
WHERE c.state = 'open' AND (
    c.one IN (SELECT id FROM fresh UNION ALL SELECT id FROM fresh_home)
    OR c.other IN (SELECT id FROM fresh UNION ALL SELECT id FROM fresh_home)
)
"""
_IN_HOMES = """
SELECT c.one, c.other FROM duplicates_candidate c
JOIN person a ON a.id = c.one JOIN person b ON b.id = c.other
WHERE c.state = 'open' AND c.kind = 'person' AND NOT a.is_fresh AND NOT b.is_fresh
  AND (a.household_id IN (SELECT id FROM fresh_home)
       OR b.household_id IN (SELECT id FROM fresh_home))
"""


@dataclass(frozen=True, slots=True)
class Portion:
    """So many people who changed, up to a place; without one, all that there are."""

    people: int
    end: Place | None


@contextmanager
def gathered(*, after: Place, most: int) -> Iterator[Portion]:
    """Gather the next people who changed, and with whom to compare them, in temporary tables.

    No transaction is held open over it, so that the job's heartbeat is seen by others.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DROP)
        end = _end(cursor, after, most)
        end_at, end_id = end or ("infinity", LAST)
        cursor.execute(
            _PEOPLE,
            {"at": after[0], "id": str(after[1]), "end_at": end_at, "end_id": str(end_id)},
        )
        cursor.execute("SELECT count(*) FROM fresh")
        (count,) = cursor.fetchone()
    try:
        yield Portion(count, end)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(_DROP)


def _end(cursor: Any, after: Place, most: int) -> Place | None:
    cursor.execute(_END, {"at": after[0], "id": str(after[1]), "most": most + 1})
    rows = cursor.fetchall()
    return (rows[1][0], rows[1][1]) if len(rows) > most else None


def block(number: int) -> None:
    """Keep the pairs of one block of people."""
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP_PAIRS + _BLOCKS[number],
            {"alike": ALIKE, "alike_without_birth": ALIKE_WITHOUT_BIRTH},
        )


BLOCKS = range(len(_BLOCKS))


def near_ids(beat: Callable[[], None]) -> int:
    """Keep the pairs whose IDs are one slip apart; return how many IDs were opened.

    Only the IDs of fresh people are opened, in this process; what they may have been
    mistyped from is looked up in the keyed index that is there anyway.
    """
    holders = _by_index()
    keys = keyring()
    opened = 0
    pairs: list[tuple[uuid.UUID, uuid.UUID]] = []
    for rows in _in_parts(
        "SELECT m.id, m.citizen_id FROM fresh f JOIN households_member m ON m.id = f.id"
        " WHERE m.citizen_id IS NOT NULL AND NOT f.has_left"
    ):
        beat()
        for pk, blob in rows:
            digits = unseal_cell(blob, table=Member._meta.db_table, column="citizen_id", pk=pk)
            assert digits is not None
            opened += 1
            if not digits.isdigit() or len(digits) != 13:
                continue
            for near in citizen_id.neighbours(digits):
                for index in keys.indexes(near, purpose="citizen_id"):
                    other = holders.get(index)
                    if other is not None and other != pk:
                        pairs.append((min(pk, other), max(pk, other)))
    _keep(pairs)
    return opened


def _by_index() -> dict[bytes, uuid.UUID]:
    found: dict[bytes, uuid.UUID] = {}
    for rows in _in_parts("SELECT index, id FROM person WHERE index IS NOT NULL AND NOT has_left"):
        found.update((bytes(index), pk) for index, pk in rows)
    return found


def _keep(pairs: list[tuple[uuid.UUID, uuid.UUID]]) -> None:
    """Add near pairs who share more than that: numbers of strangers stand side by side too."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO pair (one, other, is_near)
            SELECT a.id, b.id, true
            FROM (SELECT DISTINCT one, other FROM unnest(%s::uuid[], %s::uuid[]) u (one, other)) u
            JOIN person a ON a.id = u.one JOIN person b ON b.id = u.other
            WHERE similarity(a.key, b.key) >= %s
            """,
            [[str(one) for one, _ in pairs], [str(other) for _, other in pairs], ALIKE],
        )


def pairs() -> Iterator[list[tuple[uuid.UUID, uuid.UUID, bool]]]:
    """Yield the kept pairs, each once, in parts."""
    yield from _in_parts(_SHOW)


def persons(keys: set[uuid.UUID]) -> dict[uuid.UUID, Person]:
    """Return what is compared of these people."""
    return {
        pk: Person(
            id=pk,
            household=home,
            name=name,
            key=key,
            birth_date=birth_date,
            birth_year=birth_year,
            sex=sex,
            index=bytes(index) if index is not None else None,
            has_left=has_left,
            area=area,
            house_no=house_no,
        )
        for (
            pk,
            home,
            name,
            key,
            birth_date,
            birth_year,
            sex,
            index,
            has_left,
            area,
            house_no,
        ) in _rows(_PERSONS, keys)
    }


def homes(keys: set[uuid.UUID]) -> dict[uuid.UUID, Home]:
    """Return what is compared of these households."""
    return {
        pk: Home(id=pk, area=area, house_no=house_no, code=code, people=tuple(people))
        for pk, area, house_no, code, people in _rows(_HOMES, keys)
    }


def open_pairs_of_changed() -> list[tuple[uuid.UUID, uuid.UUID, uuid.UUID]]:
    """Return the open pairs, by key and ends, of whom or whose household changed."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED)
        found: list[tuple[uuid.UUID, uuid.UUID, uuid.UUID]] = cursor.fetchall()
        return found


def open_pairs_in_changed_homes() -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Return the ends of open pairs of people of whom neither changed, but somebody's house did.

    With what this portion finds of those who changed they tell how much two houses share.
    """
    with connection.cursor() as cursor:
        cursor.execute(_IN_HOMES)
        found: list[tuple[uuid.UUID, uuid.UUID]] = cursor.fetchall()
        return found


def _rows(statement: str, keys: set[uuid.UUID]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [[str(key) for key in keys]])
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _in_parts(statement: str) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a statement, some thousands at a time."""
    name = f"duplicates_{uuid.uuid4().hex}"
    with connection.cursor() as cursor:
        cursor.execute(f"DECLARE {name} NO SCROLL CURSOR WITH HOLD FOR {statement}")
        while True:
            cursor.execute(f"FETCH {_AT_ONCE} FROM {name}")
            rows = cursor.fetchall()
            if not rows:
                break
            yield rows
        cursor.execute(f"CLOSE {name}")
