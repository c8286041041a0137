"""Take an import back: give changed columns their old values, delete what only it added.

Two rules keep later work whole:

- a changed column gets its old value back only if it still holds what the import
  wrote; otherwise the newer value stays and the row is listed as a conflict;
- what the import added for a household is deleted only if nobody has worked on any
  of it since: no edit, no verification, assessment, problem work or later import.
  Otherwise all that it added for that household stays, with the reason.
"""

import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from psycopg2 import sql

from areas.models import Area, AreaChange
from areas.services import mark_changed
from imports.apply.chunks import Beat
from imports.apply.copying import copy_rows
from imports.apply.regrouping import regroup_assessed
from imports.apply.tables import BY_NAME, HOUSEHOLDS, PROBLEMS, TABLES, Table
from imports.apply.writing import open_image
from imports.models import ImportBatch, ImportChange
from imports.workflow import Kind, Phase

_LINES_A_HOUSEHOLD = 4
"""About as many people live together; so a chunk is about as large as in the other phases."""

EDITED = "มีผู้แก้ไขข้อมูลนี้หลังการนำเข้า"
AREA_IN_USE = "พื้นที่นี้มีข้อมูลอื่นใช้อยู่แล้ว"
_AREAS = Area._meta.db_table

Changes = defaultdict[str, list[ImportChange]]
"""By table."""
Reasons = dict[uuid.UUID, str]
"""Household → why what was added for it must stay."""


def undo_batch(*, batch: ImportBatch, by_id: uuid.UUID, beat: Beat, at: datetime) -> None:
    """Take back every change that is left, in chunks of whole households, then the areas."""
    total = _pending(batch).count()
    while True:
        with transaction.atomic():
            done = total - _pending(batch).count()
            beat(Phase.UNDO.label, done, total)
            keys = _next_households(batch)
            if not keys:
                break
            changes = list(_pending(batch).filter(household_key__in=keys).order_by("pk"))
            _undo_chunk(batch, changes, at=at)
            with_problems = {c.household_key for c in changes if c.table == PROBLEMS.name}
            regroup_assessed((key for key in with_problems if key), by_id=by_id, at=at)
    with transaction.atomic():
        beat(Phase.UNDO.label, total, total)
        _undo_areas(batch)
        _release_rows(batch)


def _pending(batch: ImportBatch) -> "models.QuerySet[ImportChange]":
    return batch.changes.filter(is_undone=False, conflict="")


def _next_households(batch: ImportBatch) -> list[uuid.UUID]:
    keys = _pending(batch).filter(household_key__isnull=False).values_list("household_key")
    size = max(1, settings.IMPORT_CHUNK_LINES // _LINES_A_HOUSEHOLD)
    return [key for (key,) in keys.order_by("household_key").distinct()[:size] if key]


def _undo_chunk(batch: ImportBatch, changes: Sequence[ImportChange], *, at: datetime) -> None:
    updates: Changes = defaultdict(list)
    inserts: Changes = defaultdict(list)
    for change in changes:
        (updates if change.kind == Kind.UPDATE else inserts)[change.table].append(change)
    households = {c.household_key for c in changes if c.household_key is not None}
    _lock(households)
    areas = _areas_of(households)

    conflicts: dict[int, str] = {}
    for table in TABLES:
        conflicts |= _restore(table, updates[table.name], at=at)
    reasons: Reasons = {}
    for table in TABLES:
        _find_work(table, inserts, batch, reasons)
    for table in reversed(TABLES):
        gone = [c.pk_value for c in inserts[table.name] if c.household_key not in reasons]
        table.delete(uuid.UUID(pk) for pk in gone)

    for change in changes:
        if change.kind == Kind.INSERT and change.household_key in reasons:
            conflicts[change.pk] = reasons[change.household_key]
    _note(changes, conflicts)
    mark_changed(area_codes=areas, year_be=batch.year_be)


def _lock(households: Iterable[uuid.UUID]) -> None:
    """Hold the households in the order of their keys, as every import does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM households_household WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
            [sorted(households, key=str)],
        )


def _areas_of(households: Iterable[uuid.UUID]) -> list[str]:
    rows = HOUSEHOLDS.model._default_manager.filter(pk__in=list(households))
    return sorted(set(rows.values_list("area_id", flat=True)))


# ---- changed columns ----------------------------------------------------------------
def _restore(table: Table, changes: Sequence[ImportChange], *, at: datetime) -> dict[int, str]:
    """Give columns their old values where the written one still stands; return the conflicts."""
    if not changes:
        return {}
    images = {change: open_image(change) for change in changes}
    columns = sorted({column for image in images.values() for column in image})
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TABLE IF EXISTS pg_temp.incoming_image;"
            "CREATE TEMP TABLE incoming_image"
            " (id uuid PRIMARY KEY, change_id bigint, old jsonb, new jsonb) ON COMMIT DROP"
        )
        copy_rows(
            "incoming_image",
            ["id", "change_id", "old", "new"],
            (
                (
                    change.pk_value,
                    change.pk,
                    _json({column: pair[0] for column, pair in image.items()}),
                    _json({column: pair[1] for column, pair in image.items()}),
                )
                for change, image in images.items()
            ),
        )
        cursor.execute(_conflicts_sql(table, columns))
        conflicts = {pk: f"{EDITED}: {columns_text}" for pk, columns_text in cursor.fetchall()}
        cursor.execute(_restore_sql(table, columns), {"at": at})
    return conflicts


def _json(values: Mapping[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False)


_PAIRS = sql.SQL("""
    incoming_image n
    CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, n.old) o
    CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, n.new) w
""")
_RESTORE = sql.SQL("UPDATE {table} t SET {sets} FROM {pairs} WHERE t.id = n.id")
_RESTORE_COLUMN = sql.SQL("""
    {c} = CASE WHEN jsonb_exists(n.new, {name}) AND t.{c} IS NOT DISTINCT FROM w.{c}
               THEN o.{c} ELSE t.{c} END
""")
_CONFLICTS = sql.SQL("""
    SELECT n.change_id, concat_ws(', ', {differing})
    FROM {table} t, {pairs}
    WHERE t.id = n.id AND concat_ws(', ', {differing}) <> ''
""")
_DIFFERING = sql.SQL("""
    CASE WHEN jsonb_exists(n.new, {name}) AND t.{c} IS DISTINCT FROM w.{c} THEN {label} END
""")


def _restore_sql(table: Table, columns: Sequence[str]) -> sql.Composable:
    name = sql.Identifier(table.name)
    sets: list[sql.Composable] = [
        _RESTORE_COLUMN.format(c=sql.Identifier(c), name=sql.Literal(c)) for c in columns
    ]
    if "version" in table.columns:
        sets.append(sql.SQL("version = t.version + 1"))
    if "updated_at" in table.columns:
        sets.append(sql.SQL("updated_at = %(at)s"))
    return _RESTORE.format(
        table=name, sets=sql.SQL(", ").join(sets), pairs=_PAIRS.format(table=name)
    )


def _conflicts_sql(table: Table, columns: Sequence[str]) -> sql.Composable:
    name = sql.Identifier(table.name)
    differing = sql.SQL(", ").join(
        _DIFFERING.format(
            c=sql.Identifier(c), name=sql.Literal(c), label=sql.Literal(table.label_of(c))
        )
        for c in columns
    )
    return _CONFLICTS.format(table=name, differing=differing, pairs=_PAIRS.format(table=name))


# ---- added rows ---------------------------------------------------------------------
_TOUCHED = sql.SQL("""
    SELECT DISTINCT c.household_key
    FROM imports_importchange c JOIN {table} t ON t.id = c.pk_value::uuid
    WHERE c.id = ANY(%s) AND c.digest <> {digest}
""")
_LEANING = sql.SQL("""
    SELECT DISTINCT r.{column} FROM {table} r
    WHERE r.{column} = ANY(%(ids)s) {not_here} AND NOT EXISTS (
        SELECT 1 FROM imports_importchange c
        WHERE c.batch_id = %(batch)s AND c."table" = %(table)s
          AND c.pk_value = r.{pk}::text AND c.kind = %(insert)s
    )
""")
# Nearly always all that leans on a row was added with it, and is undone in the same chunk.
_NOT_HERE = sql.SQL("AND r.{pk} <> ALL(%(here)s::uuid[])")


def _find_work(table: Table, inserts: Changes, batch: ImportBatch, reasons: Reasons) -> None:
    """Note the households in which somebody worked on a row that this import added."""
    added = inserts[table.name]
    if not added:
        return
    owner = {uuid.UUID(change.pk_value): change.household_key for change in added}
    with connection.cursor() as cursor:
        cursor.execute(
            _TOUCHED.format(table=sql.Identifier(table.name), digest=table.digest("t")),
            [[change.pk for change in added]],
        )
        for (household,) in cursor.fetchall():
            reasons.setdefault(household, EDITED)
        for field in leaning_on(table.model):
            here = [change.pk_value for change in inserts[field.model._meta.db_table]]
            pk_column = sql.Identifier(field.model._meta.pk.attname)
            cursor.execute(
                _LEANING.format(
                    column=sql.Identifier(field.attname),
                    table=sql.Identifier(field.model._meta.db_table),
                    pk=pk_column,
                    not_here=_NOT_HERE.format(pk=pk_column) if here else sql.SQL(""),
                ),
                {
                    "here": here,
                    "ids": sorted(owner, key=str),
                    "batch": batch.pk,
                    "table": field.model._meta.db_table,
                    "insert": Kind.INSERT.value,
                },
            )
            for (pk,) in cursor.fetchall():
                household = owner[pk]
                assert household is not None
                reasons.setdefault(household, _reason(field))


def leaning_on(model: type[models.Model]) -> "list[models.ForeignKey[Any, Any]]":
    """Return every foreign key of the project that points at the model, except our own notes."""
    fields = model._meta.get_fields(include_hidden=True)
    keys = [f.field for f in fields if isinstance(f, models.ManyToOneRel)]
    return [
        key
        for key in keys
        if isinstance(key, models.ForeignKey)
        and key.model._meta.app_label != ImportBatch._meta.app_label
    ]


def _reason(field: "models.ForeignKey[Any, Any]") -> str:
    if field.model._meta.db_table in BY_NAME:
        return "มีการนำเข้าหรือการบันทึกครั้งหลังที่ใช้ข้อมูลนี้"
    return f"มี{field.model._meta.verbose_name}ของครัวเรือนนี้แล้ว"


def _note(changes: Sequence[ImportChange], conflicts: Mapping[int, str]) -> None:
    for change in changes:
        change.conflict = conflicts.get(change.pk, "")[:200]
        change.is_undone = not change.conflict
    with connection.cursor() as cursor:
        # One array: thousands of parameters would take longer to write than the rows.
        cursor.execute(
            "UPDATE imports_importchange SET is_undone = true WHERE id = ANY(%s)",
            [[change.pk for change in changes if change.is_undone]],
        )
    kept = [change for change in changes if change.conflict]
    ImportChange.objects.bulk_update(kept, ["conflict"], batch_size=500)


# ---- areas, and the lines -----------------------------------------------------------
def _undo_areas(batch: ImportBatch) -> None:
    """Delete the areas that this import taught, unless something else stands in them."""
    changes = list(_pending(batch).filter(table=_AREAS).order_by("pk_value"))
    conflicts: dict[int, str] = {}
    # Villages before their tambon.
    for change in sorted(changes, key=lambda each: -len(each.pk_value)):
        if _is_in_use(change.pk_value):
            conflicts[change.pk] = AREA_IN_USE
            continue
        AreaChange.objects.filter(area=change.pk_value).delete()
        Area.objects.filter(pk=change.pk_value).delete()
        # What was still to be counted there is to be counted as part of the area around it.
        mark_changed(area_codes=[change.pk_value[:-2]], year_be=batch.year_be)
    _note(changes, conflicts)


def _is_in_use(code: str) -> bool:
    return any(
        field.model._base_manager.filter(**{field.name: code}).exists()
        for field in leaning_on(Area)
        if field.model is not AreaChange
    )


def _release_rows(batch: ImportBatch) -> None:
    """Let each line say where it stands now: out of the register, or kept with its household."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE imports_importrow r
            SET is_applied = r.is_applied AND EXISTS (
                    SELECT 1 FROM imports_importchange c
                    WHERE c.batch_id = r.batch_id AND c.household_key = r.household_id
                      AND c.kind = %(insert)s AND c.conflict <> ''
                ),
                household_id = (
                    SELECT h.id FROM households_household h WHERE h.id = r.household_id
                ),
                member_id = (SELECT m.id FROM households_member m WHERE m.id = r.member_id)
            WHERE r.batch_id = %(batch)s AND r.household_id IS NOT NULL
            """,
            {"batch": batch.pk, "insert": Kind.INSERT.value},
        )
