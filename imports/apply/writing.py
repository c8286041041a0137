"""Write a plan into the register, with the before-image of everything it changes."""

import json
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from psycopg2 import sql

from areas.services import mark_changed
from households.services import sealed_citizen_id
from imports.apply.copying import copy_rows
from imports.apply.plan import Context, Plan
from imports.apply.tables import HOUSEHOLDS, MEMBERS, TABLES, Row, Table
from imports.models import ImportBatch, ImportChange
from imports.workflow import Kind
from ppaos.orm import keyring, seal_cell

_CHANGES = ImportChange._meta.db_table


def write(plan: Plan, *, batch: ImportBatch, context: Context, chunk: int) -> None:
    """Add and change rows, table by table in a fixed order, and note what was done."""
    for table in TABLES:
        inserts, updates = plan.inserts[table.name], plan.updates[table.name]
        _seal(table, inserts, updates)
        table.insert(inserts)
        table.update(updates, at=context.at)
        _note_changes(table, plan, batch, chunk)
    mark_changed(area_codes=plan.areas, year_be=context.year_be)


def _seal(table: Table, inserts: list[Row], updates: Mapping[uuid.UUID, Row]) -> None:
    """Encrypt the personal cells, each bound to its row."""
    if table is HOUSEHOLDS:
        for row in inserts:
            row["phone"] = seal_cell(row["phone"], table=table.name, column="phone", pk=row["id"])
    if table is MEMBERS:
        filled = ((pk, row) for pk, row in updates.items() if "citizen_id" in row)
        for pk, row in [*((row["id"], row) for row in inserts), *filled]:
            row["citizen_id"] = sealed_citizen_id(member_id=pk, citizen_id=row["citizen_id"])


def _note_changes(table: Table, plan: Plan, batch: ImportBatch, chunk: int) -> None:
    """Write one ImportChange for each row, its digest taken from the row as it now stands."""
    before, after = plan.before[table.name], plan.updates[table.name]
    written = [row["id"] for row in plan.inserts[table.name]] + list(after)
    if not written:
        return
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
                    plan.households[table.name, pk],
                    seal_image(batch.pk, table, pk, before[pk], after[pk]) if pk in after else None,
                )
                for pk in written
            ),
        )
        cursor.execute(
            _NOTE.format(
                changes=sql.Identifier(_CHANGES),
                table=sql.Identifier(table.name),
                digest=table.digest("t"),
            ),
            {
                "batch": batch.pk,
                "chunk": chunk,
                "table": table.name,
                "insert": Kind.INSERT.value,
                "update": Kind.UPDATE.value,
            },
        )


_NOTE = sql.SQL("""
    INSERT INTO {changes}
        (batch_id, chunk, "table", pk_value, household_key, kind, digest, image,
         is_undone, conflict)
    SELECT %(batch)s, %(chunk)s, %(table)s, t.id::text, n.household_key,
           CASE WHEN n.image IS NULL THEN %(insert)s ELSE %(update)s END,
           {digest}, n.image, false, ''
    FROM incoming_note n JOIN {table} t ON t.id = n.id
    ORDER BY t.id
""")


# ---- before-images ------------------------------------------------------------------
def seal_image(batch_id: uuid.UUID, table: Table, pk: uuid.UUID, before: Row, after: Row) -> bytes:
    """Encrypt `{column: [before, after]}`, bound to the import, the table and the row."""
    image = {column: [_plain(before[column]), _plain(after[column])] for column in after}
    text = json.dumps(image, ensure_ascii=False, separators=(",", ":"))
    return keyring().seal(text.encode(), context=image_context(batch_id, table.name, pk))


def open_image(change: ImportChange) -> dict[str, list[Any]]:
    """Return column → [before, after], as PostgreSQL's to_jsonb would write the values."""
    assert change.image is not None
    context = image_context(change.batch_id, change.table, change.pk_value)
    image: dict[str, list[Any]] = json.loads(keyring().unseal(change.image, context=context))
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
