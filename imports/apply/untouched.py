"""Whether the register still holds for a household exactly what one import added."""

from collections.abc import Collection, Iterable

from django.db import connection
from psycopg2 import sql

from imports.apply.looking import looking_up
from imports.apply.tables import (
    CAPITALS,
    HOUSEHOLDS,
    LISTINGS,
    MEMBERS,
    NAMED,
    PROBLEMS,
    RESULTS,
    Table,
)

Pair = tuple[str, str]
"""An import and a household that it is to have added, both as PostgreSQL writes them."""


def still_same(pairs: Iterable[Pair]) -> set[Pair]:
    """Return those (import, household) of which every row is the one that the import added.

    First those of which nothing was noted since: no other import, nobody's work. Of the
    others every row is looked at: not one more or less, each with the digest with which
    it was added, and none that counts its versions was written again, not even to the
    same values.
    """
    asked = set(pairs)
    if not asked:
        return set()
    with looking_up() as cursor:
        cursor.execute(_UNTOUCHED, _arrays(asked))
        same: set[Pair] = set(cursor.fetchall())
    if same == asked:
        return same
    with connection.cursor() as cursor:
        cursor.execute(_SAME, _arrays(asked - same))
        return same | set(cursor.fetchall())


def _arrays(pairs: Collection[Pair]) -> dict[str, str]:
    """Write the pairs as two arrays: a list of thousands would take longer to write."""
    batches, homes = zip(*pairs, strict=True)
    return {"batches": f"{{{','.join(batches)}}}", "homes": f"{{{','.join(homes)}}}"}


# The import created the household, so nothing was there before; what came since was noted.
_UNTOUCHED = """
    SELECT a.batch_id::text, a.home::text
    FROM unnest(%(batches)s::uuid[], %(homes)s::uuid[]) a (batch_id, home)
    JOIN imports_importadded i ON i.household_key = a.home
    WHERE NOT EXISTS (SELECT FROM imports_householdtouch t WHERE t.household_key = a.home)
    GROUP BY a.batch_id, a.home
    HAVING bool_and(i.batch_id = a.batch_id AND NOT i.is_undone AND i.conflict = '')
       AND bool_or(a.home = ANY(i.pks))
"""
_BY_HOME = "t.household_id = a.home"
_PRESENT: tuple[tuple[Table, str], ...] = (
    (HOUSEHOLDS, "t.id = a.home"),
    (MEMBERS, _BY_HOME),
    (LISTINGS, _BY_HOME),
    (RESULTS, _BY_HOME),
    (
        RESULTS,
        "t.household_id IS NULL AND t.member_id IN"
        " (SELECT m.id FROM households_member m WHERE m.household_id = a.home)",
    ),
    (PROBLEMS, _BY_HOME),
    (
        NAMED,
        "t.problem_id IN (SELECT p.id FROM problems_problem p WHERE p.household_id = a.home)",
    ),
    (CAPITALS, _BY_HOME),
)
_NOW = sql.SQL(" UNION ALL ").join(
    sql.SQL(
        "SELECT a.batch_id, a.home, {number}::smallint AS number, t.id,"
        " CASE WHEN {untouched} THEN {digest} END AS digest"
        " FROM asked a JOIN {table} t ON {condition}"
    ).format(
        untouched=sql.SQL("t.version = 1" if "version" in table.columns else "true"),
        number=sql.Literal(table.number),
        digest=table.digest("t"),
        table=sql.Identifier(table.name),
        condition=sql.SQL(condition),
    )
    for table, condition in _PRESENT
)
_SAME = sql.SQL("""
    WITH asked AS (
        SELECT * FROM unnest(%(batches)s::uuid[], %(homes)s::uuid[]) a (batch_id, home)
    ), present AS ({now}), added AS (
        SELECT a.batch_id, a.home, n.number, n.id, n.digest
        FROM asked a
        JOIN imports_importadded i ON i.household_key = a.home AND i.batch_id = a.batch_id
             AND NOT i.is_undone AND i.conflict = '',
             unnest(i.tables, i.pks, i.digests) n (number, id, digest)
    )
    SELECT batch_id::text, home::text
    FROM present FULL JOIN added USING (batch_id, home, number, id)
    GROUP BY batch_id, home
    HAVING bool_and(coalesce(present.digest = added.digest, false))
""").format(now=_NOW)
