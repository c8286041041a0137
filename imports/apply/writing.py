"""Write a plan into the register, with the before-image of everything it changes."""

import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from psycopg2 import sql

from areas.services import mark_changed
from households.services import sealed_citizen_id
from imports.apply.copying import array_of, copy_rows
from imports.apply.looking import looking_up
from imports.apply.plan import Context, Plan
from imports.apply.tables import HELP, HOUSEHOLDS, MEMBERS, PROBLEMS, TABLES, Row, Table
from imports.models import ImportBatch, ImportChange
from imports.workflow import Kind
from ppaos.orm import keyring, seal_cell

_CHANGES = ImportChange._meta.db_table


def write(plan: Plan, *, batch: ImportBatch, context: Context, chunk: int) -> None:
    """Add and change rows, table by table in a fixed order, and note what was done."""
    make_ready(plan)
    for table in TABLES:
        updates = plan.updates[table.name]
        table.insert(plan.lines[table.name])
        _seal(table, [], updates)
        table.update(updates, at=context.at)
        _note_changes(table, plan, batch, chunk)
    _note_added(plan, batch, chunk)
    mark_changed(area_codes=plan.areas, year_be=context.year_be)


def make_ready(plan: Plan) -> None:
    """Seal and encode the rows to be added, unless that is done: it asks no database."""
    for table in TABLES:
        if table.name not in plan.lines:
            rows = plan.inserts[table.name]
            _seal(table, rows, {})
            plan.lines[table.name] = table.encode(rows)


_SEALED_TEXT = {HOUSEHOLDS.name: "phone", PROBLEMS.name: "need_text", HELP.name: "description"}


def _seal(table: Table, inserts: list[Row], updates: Mapping[uuid.UUID, Row]) -> None:
    """Encrypt the personal cells, each bound to its row."""
    if column := _SEALED_TEXT.get(table.name):
        changed = ((pk, row) for pk, row in updates.items() if column in row)
        for pk, row in [*((row["id"], row) for row in inserts), *changed]:
            row[column] = seal_cell(row[column], table=table.name, column=column, pk=pk)
    if table is MEMBERS:
        filled = ((pk, row) for pk, row in updates.items() if "citizen_id" in row)
        for pk, row in [*((row["id"], row) for row in inserts), *filled]:
            row["citizen_id"] = sealed_citizen_id(member_id=pk, citizen_id=row["citizen_id"])


def _note_added(plan: Plan, batch: ImportBatch, chunk: int) -> None:
    """Write one ImportAdded for each household, the digests taken from the rows as they stand."""
    parts: list[sql.Composable] = []
    for table in TABLES:
        if rows := plan.inserts[table.name]:
            parts.append(
                _ADDED_ROWS.format(
                    pks=sql.Literal(array_of(row["id"] for row in rows)),
                    households=sql.Literal(array_of(plan.added_for[table.name])),
                    number=sql.Literal(table.number),
                    table=sql.Identifier(table.name),
                    digest=table.digest("t"),
                )
            )
    if parts:
        statement = _ADDED.format(rows=sql.SQL(" UNION ALL ").join(parts))
        with looking_up() as cursor:
            cursor.execute(statement, [batch.pk, chunk])


_ADDED_ROWS = sql.SQL("""
    SELECT k.household_key, {number}::smallint AS number, t.id, {digest} AS digest
    FROM unnest({pks}::uuid[], {households}::uuid[]) k (id, household_key)
    JOIN {table} t ON t.id = k.id
""")
_ADDED = sql.SQL("""
    INSERT INTO imports_importadded
        (batch_id, chunk, household_key, tables, pks, digests, is_undone, conflict)
    SELECT %s, %s, n.household_key, array_agg(n.number), array_agg(n.id), array_agg(n.digest),
           false, ''
    FROM ({rows}) n GROUP BY n.household_key ORDER BY n.household_key
""")


def _note_changes(table: Table, plan: Plan, batch: ImportBatch, chunk: int) -> None:
    """Write one ImportChange for each changed row, its digest taken from the row as it stands.

    Of a row that this import changed before, the oldest value before stays beside the
    newest after, so that undo goes back to where the import began.
    """
    before, after = plan.before[table.name], plan.updates[table.name]
    if not after:
        return
    earlier = _earlier_images(batch, table, after)
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TABLE IF EXISTS pg_temp.incoming_note;"
            "CREATE TEMP TABLE incoming_note"
            " (id uuid PRIMARY KEY, household_key uuid, image bytea) ON COMMIT DROP"
        )
        copy_rows(
            "incoming_note",
            ["id", "household_key", "image"],
            (
                (
                    pk,
                    plan.households[table.name, pk] or pk,
                    seal_image(
                        batch.pk,
                        table.name,
                        pk,
                        merged(earlier.get(str(pk), {}), image_of(before[pk], after[pk])),
                    ),
                )
                for pk in after
            ),
        )
    with looking_up() as cursor:
        cursor.execute(
            _NOTE.format(table=sql.Identifier(table.name), digest=table.digest("t")),
            {"batch": batch.pk, "chunk": chunk, "table": table.name, "kind": Kind.UPDATE.value},
        )


def _earlier_images(
    batch: ImportBatch, table: Table, keys: Iterable[uuid.UUID]
) -> "dict[str, Image]":
    noted = batch.changes.filter(table=table.name, pk_value__in=[str(key) for key in keys])
    return {change.pk_value: open_image(change) for change in noted}


_NOTE = sql.SQL("""
    INSERT INTO imports_importchange
        (batch_id, chunk, "table", pk_value, household_key, kind, digest, image,
         is_undone, conflict, conflict_columns)
    SELECT %(batch)s, %(chunk)s, %(table)s, t.id::text, n.household_key, %(kind)s,
           {digest}, n.image, false, '', '{{}}'
    FROM incoming_note n JOIN {table} t ON t.id = n.id
    ORDER BY t.id
    ON CONFLICT (batch_id, "table", pk_value) DO UPDATE
    SET digest = excluded.digest, image = excluded.image
""")


# ---- before-images ------------------------------------------------------------------
Image = dict[str, list[Any]]
"""Column → [before, after], as PostgreSQL's to_jsonb would write the values."""


def image_of(before: Row, after: Row) -> Image:
    return {column: [_plain(before[column]), _plain(after[column])] for column in after}


def merged(earlier: Image, later: Image) -> Image:
    """Put two changes of one row into one: the oldest before, the newest after."""
    both = {**earlier, **later}
    for column in earlier.keys() & later.keys():
        both[column] = [earlier[column][0], later[column][1]]
    return both


def seal_image(batch_id: uuid.UUID, table: str, pk: object, image: Image) -> bytes:
    """Encrypt a before-image, bound to the import, the table and the row."""
    text = json.dumps(image, ensure_ascii=False, separators=(",", ":"))
    return keyring().seal(text.encode(), context=image_context(batch_id, table, pk))


def open_image(change: ImportChange) -> Image:
    assert change.image is not None
    context = image_context(change.batch_id, change.table, change.pk_value)
    image: Image = json.loads(keyring().unseal(change.image, context=context))
    return image


def image_context(batch_id: uuid.UUID, table: str, pk: object) -> str:
    """Name the one before-image that a ciphertext belongs to."""
    return f"{_CHANGES}.image.{batch_id}.{table}.{pk}"


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return "\\x" + bytes(value).hex()
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, uuid.UUID | Decimal):
        return str(value)
    return value
