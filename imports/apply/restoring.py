"""Changed columns back to what they were before an import, where nobody changed them since."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection
from psycopg2 import sql

from imports.apply.copying import copy_rows
from imports.apply.tables import Table
from imports.apply.writing import Image, open_image, seal_image
from imports.models import ImportBatch, ImportChange
from imports.workflow import Kind

EDITED = "มีผู้แก้ไขข้อมูลนี้หลังการนำเข้า"
LATER_IMPORT = "มีการนำเข้าครั้งหลังที่ใช้ข้อมูลนี้"


def restore(
    batch: ImportBatch, table: Table, changes: Sequence[ImportChange], *, at: datetime
) -> None:
    """Give columns their old values where the written one still stands; note the conflicts."""
    images = {change.pk: open_image(change) for change in changes}
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
                    _json({column: pair[0] for column, pair in images[change.pk].items()}),
                    _json({column: pair[1] for column, pair in images[change.pk].items()}),
                )
                for change in changes
            ),
        )
        cursor.execute(_conflicts_sql(table, columns))
        differing = dict(cursor.fetchall())
        cursor.execute(_restore_sql(table, columns), {"at": at})
    touched = [change for change in changes if change.pk in differing]
    for change in touched:
        change.conflict_columns = differing[change.pk]
        named = ", ".join(table.label_of(column) for column in change.conflict_columns)
        change.conflict = f"{EDITED}: {named}"[:200]
    _hand_down(batch, table, touched, images)


def _hand_down(
    batch: ImportBatch,
    table: Table,
    touched: Sequence[ImportChange],
    images: Mapping[int, Image],
) -> None:
    """Let a later import that wrote over ours go back, once undone, to what was before ours."""
    if not touched:
        return
    later: defaultdict[str, list[ImportChange]] = defaultdict(list)
    found = ImportChange.objects.filter(
        table=table.name,
        pk_value__in=[change.pk_value for change in touched],
        kind=Kind.UPDATE,
        is_undone=False,
    ).exclude(batch=batch)
    for other in found.order_by("pk"):
        later[other.pk_value].append(other)
    rewritten: dict[int, ImportChange] = {}
    for change in touched:
        for column in change.conflict_columns:
            before, after = images[change.pk][column]
            over = _writer_over(later[change.pk_value], column, after)
            if over is not None:
                image = open_image(over)
                image[column][0] = before
                over.image = seal_image(over.batch_id, over.table, over.pk_value, image)
                rewritten[over.pk] = over
                change.conflict = f"{LATER_IMPORT}: {change.conflict.partition(': ')[2]}"[:200]
    ImportChange.objects.bulk_update(rewritten.values(), ["image"])


def _writer_over(others: Iterable[ImportChange], column: str, value: object) -> ImportChange | None:
    """Return the first of the changes that found this value in this column."""
    for other in others:
        pair = open_image(other).get(column)
        if pair is not None and pair[0] == value:
            return other
    return None


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
    SELECT n.change_id, array_remove(ARRAY[{differing}]::text[], NULL)
    FROM {table} t, {pairs}
    WHERE t.id = n.id AND array_remove(ARRAY[{differing}]::text[], NULL) <> '{{}}'
""")
_DIFFERING = sql.SQL("""
    CASE WHEN jsonb_exists(n.new, {name}) AND t.{c} IS DISTINCT FROM w.{c} THEN {name} END
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
        _DIFFERING.format(c=sql.Identifier(c), name=sql.Literal(c)) for c in columns
    )
    return _CONFLICTS.format(table=name, differing=differing, pairs=_PAIRS.format(table=name))
