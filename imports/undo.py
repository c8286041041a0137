"""Take an import back: give changed columns their old values, delete what only it added.

Three rules keep later work whole:

- a changed column gets its old value back only if it still holds what the import
  wrote; otherwise the newer value stays and the row is listed as a conflict;
- what the import added for a household is deleted only if nobody has worked on any
  of it since: no edit, no verification, assessment, problem work or later import.
  Otherwise all that it added for that household stays, with the reason;
- what stays because a later import stands on it goes with that later import, so two
  imports can be taken back in either order. A later import stands also on what it
  only said once more.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Func, IntegerField, Sum
from psycopg2 import sql

from areas.models import Area, AreaChange
from areas.services import mark_changed
from imports.apply.chunks import Beat, commit_without_waiting
from imports.apply.copying import array_of
from imports.apply.leaning import find_reasons, leaning_on
from imports.apply.locking import hold_provinces
from imports.apply.regrouping import regroup_assessed
from imports.apply.restoring import EDITED, LATER_IMPORT, restore
from imports.apply.standing import confirmed_by_others, left_for
from imports.apply.tables import PROBLEMS, TABLES
from imports.models import ImportBatch, ImportChange
from imports.workflow import Phase, State

_LINES_A_HOUSEHOLD = 4
"""About as many people live together; so a chunk is about as large as in the other phases."""
_LINES_AT_ONCE = 20_000

AREA_IN_USE = "พื้นที่นี้มีข้อมูลอื่นใช้อยู่แล้ว"
_AREAS = Area._meta.db_table


def undo_batch(*, batch: ImportBatch, by_id: uuid.UUID, beat: Beat, at: datetime) -> None:
    """Take back every change that is left, in chunks of whole households, then the areas.

    Ending the undo, the caller makes the chunks durable by committing as always.
    """
    settled, total = _how_far(batch)
    confirmed = confirmed_by_others(batch)
    after = uuid.UUID(int=0)
    while True:
        with transaction.atomic():
            beat(Phase.UNDO.label, settled, total)
            keys = _next_households(batch, after)
            if not keys:
                break
            commit_without_waiting()
            _undo_households(batch, set(keys), confirmed, by_id=by_id, at=at)
        after = keys[-1]
        settled += len(keys)
    left = left_for(batch, reason=LATER_IMPORT)
    for start in range(0, len(left), _households_at_once()):
        with transaction.atomic():
            beat(Phase.UNDO.label, total, total)
            commit_without_waiting()
            keys = left[start : start + _households_at_once()]
            _undo_households(batch, set(keys), confirmed, by_id=by_id, at=at)
    with transaction.atomic():
        beat(Phase.UNDO.label, total, total)
        _undo_areas(batch)
    _release_rows(batch, beat, total)


def rows_taken_back(batch: ImportBatch) -> tuple[int, int]:
    """Return how many rows of the register went back to what they were, and how many stayed."""
    added, changes = batch.added, batch.changes
    gone = added.filter(is_undone=True).aggregate(size=Sum(_LENGTH))["size"] or 0
    kept = added.exclude(conflict="").aggregate(size=Sum(_LENGTH))["size"] or 0
    return (
        gone + changes.filter(is_undone=True).count(),
        kept + changes.exclude(conflict="").count(),
    )


_LENGTH = Func(F("pks"), function="cardinality", output_field=IntegerField())


# ---- which households ---------------------------------------------------------------
_PENDING = """
    SELECT household_key FROM imports_importadded
    WHERE batch_id = %(batch)s AND household_key > %(after)s AND NOT is_undone AND conflict = ''
    UNION
    SELECT household_key FROM imports_importchange
    WHERE batch_id = %(batch)s AND household_key > %(after)s AND NOT is_undone AND conflict = ''
"""
_ALL = """
    SELECT household_key FROM imports_importadded WHERE batch_id = %(batch)s
    UNION
    SELECT household_key FROM imports_importchange
    WHERE batch_id = %(batch)s AND household_key IS NOT NULL
"""


def _how_far(batch: ImportBatch) -> tuple[int, int]:
    """Return how many households are settled already, and how many there are."""
    arguments = {"batch": batch.pk, "after": uuid.UUID(int=0)}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT (SELECT count(*) FROM ({_ALL}) a), (SELECT count(*) FROM ({_PENDING}) p)",  # noqa: S608 - our own words
            arguments,
        )
        total, pending = cursor.fetchone()
    return total - pending, total


def _households_at_once() -> int:
    return max(1, settings.IMPORT_CHUNK_LINES // _LINES_A_HOUSEHOLD)


def _next_households(batch: ImportBatch, after: uuid.UUID) -> list[uuid.UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_PENDING} ORDER BY household_key LIMIT %(size)s",
            {"batch": batch.pk, "after": after, "size": _households_at_once()},
        )
        return [key for (key,) in cursor.fetchall()]


def _undo_households(
    batch: ImportBatch,
    keys: set[uuid.UUID],
    confirmed: AbstractSet[uuid.UUID],
    *,
    by_id: uuid.UUID,
    at: datetime,
) -> None:
    areas = _areas_of(keys)
    hold_provinces(areas)
    _lock(keys)
    changes = list(
        batch.changes.filter(household_key__in=keys, is_undone=False, conflict="").order_by("pk")
    )
    _put_back(batch, changes, at=at)
    with_problems = _gather(batch, keys)
    reasons = find_reasons(batch, keys & confirmed, edited=EDITED, later=LATER_IMPORT)
    _delete(reasons)
    _note_added(reasons)
    with_problems |= {c.household_key for c in changes if c.table == PROBLEMS.name}
    regroup_assessed((key for key in with_problems if key), by_id=by_id, at=at)
    mark_changed(area_codes={*areas, *_areas_of(keys)}, year_be=batch.year_be)


def _lock(households: Iterable[uuid.UUID]) -> None:
    """Hold the households in the order of their keys, as every import does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM households_household WHERE id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE",
            [array_of(households)],
        )


def _areas_of(households: Iterable[uuid.UUID]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT area_id FROM households_household WHERE id = ANY(%s::uuid[])",
            [array_of(households)],
        )
        return sorted(area for (area,) in cursor.fetchall())


# ---- changed columns ----------------------------------------------------------------
def _put_back(batch: ImportBatch, changes: Sequence[ImportChange], *, at: datetime) -> None:
    by_table: defaultdict[str, list[ImportChange]] = defaultdict(list)
    for change in changes:
        by_table[change.table].append(change)
    for table in TABLES:
        if found := by_table[table.name]:
            restore(batch, table, found, at=at)
    _note_changes(changes)


def _note_changes(changes: Sequence[ImportChange]) -> None:
    for change in changes:
        change.is_undone = not change.conflict
    with connection.cursor() as cursor:
        # One array: thousands of parameters would take longer to write than the rows.
        cursor.execute(
            "UPDATE imports_importchange SET is_undone = true WHERE id = ANY(%s)",
            [[change.pk for change in changes if change.is_undone]],
        )
    kept = [change for change in changes if change.conflict]
    ImportChange.objects.bulk_update(kept, ["conflict", "conflict_columns"], batch_size=500)


# ---- added rows ---------------------------------------------------------------------
_GATHER = """
    DROP TABLE IF EXISTS pg_temp.leaving;
    CREATE TEMP TABLE leaving ON COMMIT DROP AS
    SELECT a.id AS added_id, a.batch_id, a.household_key, u.number, u.pk, u.digest
    FROM imports_importadded a
    CROSS JOIN LATERAL unnest(a.tables, a.pks, a.digests) u (number, pk, digest)
    WHERE a.household_key = ANY(%(keys)s::uuid[]) AND NOT a.is_undone
      AND (a.batch_id = %(batch)s AND a.conflict = ''
           OR a.conflict = %(later)s AND EXISTS (
               SELECT 1 FROM imports_importbatch b WHERE b.id = a.batch_id AND b.state = %(undone)s
           ));
    CREATE INDEX ON leaving (pk);
    ANALYZE leaving;
"""


def _gather(batch: ImportBatch, keys: Iterable[uuid.UUID]) -> set[uuid.UUID | None]:
    """Put what may be deleted into `leaving`; return the households with problems among it.

    Also what an import that was undone earlier left there, because this one stood on it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _GATHER,
            {
                "keys": array_of(keys),
                "batch": batch.pk,
                "later": LATER_IMPORT,
                "undone": State.UNDONE.value,
            },
        )
        cursor.execute(
            "SELECT DISTINCT household_key FROM leaving WHERE number = %s", [PROBLEMS.number]
        )
        return {key for (key,) in cursor.fetchall()}


def _delete(reasons: Mapping[uuid.UUID, str]) -> None:
    """Delete what is leaving and has no reason to stay: what points first."""
    kept = array_of(reasons)
    with connection.cursor() as cursor:
        for table in reversed(TABLES):
            cursor.execute(
                sql.SQL(
                    "DELETE FROM {} t USING leaving l WHERE l.number = %s AND t.id = l.pk"
                    " AND l.household_key <> ALL(%s::uuid[])"
                ).format(sql.Identifier(table.name)),
                [table.number, kept],
            )


def _note_added(reasons: Mapping[uuid.UUID, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE imports_importadded a
            SET is_undone = n.reason IS NULL, conflict = coalesce(n.reason, '')
            FROM (
                SELECT DISTINCT l.added_id, r.reason
                FROM leaving l
                LEFT JOIN unnest(%s::uuid[], %s::text[]) r (household_key, reason)
                    ON r.household_key = l.household_key
            ) n
            WHERE a.id = n.added_id
            """,
            [array_of(reasons), [reason[:200] for reason in reasons.values()]],
        )


# ---- areas, and the lines -----------------------------------------------------------
def _undo_areas(batch: ImportBatch) -> None:
    """Delete the areas that this import taught, unless something else stands in them."""
    changes = list(batch.changes.filter(table=_AREAS, is_undone=False, conflict=""))
    # Villages before their tambon.
    for change in sorted(changes, key=lambda each: (-len(each.pk_value), each.pk_value)):
        if _is_in_use(change.pk_value):
            change.conflict = AREA_IN_USE
            continue
        AreaChange.objects.filter(area=change.pk_value).delete()
        Area.objects.filter(pk=change.pk_value).delete()
        # What was still to be counted there is to be counted as part of the area around it.
        mark_changed(area_codes=[change.pk_value[:-2]], year_be=batch.year_be)
    _note_changes(changes)


def _is_in_use(code: str) -> bool:
    return any(
        field.model._base_manager.filter(**{field.name: code}).exists()
        for field in leaning_on(Area)
        if field.model is not AreaChange
    )


def _release_rows(batch: ImportBatch, beat: Beat, total: int) -> None:
    """Let each line say where it stands now: out of the register, or kept with its household."""
    after = -1
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            beat(Phase.UNDO.label, total, total)
            cursor.execute(_EDGE, {"batch": batch.pk, "after": after, "size": _LINES_AT_ONCE})
            (last,) = cursor.fetchone()
            if last is None:
                break
            cursor.execute(_RELEASE, {"batch": batch.pk, "after": after, "last": last})
            cursor.execute(_RELEASE_FIGURES, {"batch": batch.pk, "after": after, "last": last})
        after = last


_EDGE = """
    SELECT max("row") FROM (
        SELECT "row" FROM imports_importrow
        WHERE batch_id = %(batch)s AND "row" > %(after)s ORDER BY "row" LIMIT %(size)s
    ) next_lines
"""
_RELEASE = """
    UPDATE imports_importrow r
    SET is_applied = n.is_kept AND r.is_applied, household_id = n.household_id,
        member_id = n.member_id
    FROM (
        SELECT r.id, h.id AS household_id, m.id AS member_id, EXISTS (
            SELECT 1 FROM imports_importadded a
            WHERE a.batch_id = r.batch_id AND a.household_key = r.household_id
              AND a.conflict <> ''
        ) AS is_kept
        FROM imports_importrow r
        LEFT JOIN households_household h ON h.id = r.household_id
        LEFT JOIN households_member m ON m.id = r.member_id
        WHERE r.batch_id = %(batch)s AND r."row" > %(after)s AND r."row" <= %(last)s
          AND r.household_id IS NOT NULL
    ) n
    WHERE r.id = n.id
"""
_RELEASE_FIGURES = """
    UPDATE imports_importrow r SET is_applied = false
    WHERE r.batch_id = %(batch)s AND r."row" > %(after)s AND r."row" <= %(last)s
      AND r.is_applied AND r.household_id IS NULL AND NOT EXISTS (
        SELECT 1 FROM imports_importadded a JOIN areas_areafigure f ON f.id = a.household_key
        WHERE a.batch_id = r.batch_id AND a.conflict <> '' AND f.area_id = r.area_code
      )
"""
