"""What an undo left as it was: field by field, with the three values and who wrote the last."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg2 import sql

from accounts.models import User
from areas.models import Area
from audit.models import Event
from audit.services import record
from imports.apply.others import name_of
from imports.apply.tables import BY_NAME, Table
from imports.apply.writing import open_image
from imports.models import ImportBatch, ImportChange
from imports.services.closing import closed_homes
from imports.services.masking import masked
from imports.workflow import Kind, State

_HIDDEN = "(ไม่แสดง)"
_YES_NO = {True: "ใช่", False: "ไม่ใช่"}
# Acts of imports are told from their notes; reading changes nothing.
_NO_CHANGE = r"^import\.|[.-]read$"


@dataclass(frozen=True, slots=True)
class KeptField:
    """One field that undo did not touch, since it no longer held what the import wrote."""

    household_id: str
    house: str
    label: str
    before: str
    """What stood there before the import."""
    imported: str
    """What the import wrote."""
    now: str
    by: str
    """Who changed it since, as far as that is known: a later import, or the last person."""


def kept_fields(
    batch: ImportBatch, *, by: User, at: datetime, after: int = 0, limit: int = 50
) -> list[KeptField]:
    """Return the fields an undo kept, past the change `after`. One audit event if there are any.

    Those of households that the reader may not open are counted elsewhere and not shown.
    """
    kept = batch.changes.filter(kind=Kind.UPDATE, pk__gt=after).exclude(conflict_columns=[])
    changes = list(kept.order_by("pk")[:limit])
    if not changes:
        return []
    record(
        event="import.changes-read",
        subject=batch,
        area=batch.area_code,
        by=by,
        at=at,
        detail={"kept": len(changes)},
    )
    rows = _rows_now(changes)
    writers = _writers(batch, changes)
    houses = _houses(changes)
    shown = []
    closed, _ = closed_homes(by, (change.household_key for change in changes))
    for change in changes:
        if change.household_key in closed:
            continue
        table, image = BY_NAME[change.table], open_image(change)
        row = rows.get((change.table, change.pk_value), {})
        for column in change.conflict_columns:
            before, imported = image[column]
            shown.append(
                KeptField(
                    household_id=str(change.household_key or ""),
                    house=houses.get(str(change.household_key), ""),
                    label=table.label_of(column),
                    before=_text(table, column, before),
                    imported=_text(table, column, imported),
                    now=_text(table, column, row.get(column)) if row else "ลบแล้ว",
                    by=writers.get((change.pk, column)) or writers.get((change.pk, ""), ""),
                )
            )
    return shown


def _rows_now(changes: Sequence[ImportChange]) -> dict[tuple[str, str], dict[str, Any]]:
    """Return (table, key) → the row as it stands, in the words of the before-images."""
    keys: defaultdict[str, list[str]] = defaultdict(list)
    for change in changes:
        keys[change.table].append(change.pk_value)
    found = {}
    with connection.cursor() as cursor:
        for table, pks in keys.items():
            cursor.execute(
                sql.SQL(
                    "SELECT t.id::text, to_jsonb(t)::text FROM {} t WHERE id = ANY(%s::uuid[])"
                ).format(sql.Identifier(table)),
                [pks],
            )
            for pk, row in cursor.fetchall():
                found[table, pk] = json.loads(row)
    return found


def _text(table: Table, column: str, value: Any) -> str:
    """Return a value as people read it; what is sealed, or only a key, stays out of sight."""
    if value is None or value == "":
        return ""
    if column in table.sealed or (column.endswith("_id") and column != "area_id"):
        return _HIDDEN
    if column == "area_id":
        return str(Area.objects.filter(pk=value).first() or value)
    if isinstance(value, bool):
        return _YES_NO[value]
    return masked(str(table.choices_of(column).get(value, value)), column)


def _houses(changes: Sequence[ImportChange]) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id::text, coalesce(house_code, temporary_code, '') FROM households_household"
            " WHERE id = ANY(%s::uuid[])",
            [[str(change.household_key) for change in changes if change.household_key]],
        )
        return dict(cursor.fetchall())


# ---- who --------------------------------------------------------------------------------
def _writers(batch: ImportBatch, changes: Sequence[ImportChange]) -> dict[tuple[int, str], str]:
    """Return (change, column) → the later import that wrote it; (change, "") → the last person."""
    found: dict[tuple[int, str], str] = {}
    people = _last_people(batch, changes)
    for change in changes:
        if person := people.get(str(change.household_key)) or people.get(change.pk_value):
            found[change.pk, ""] = person
    others = ImportChange.objects.filter(
        pk_value__in=[change.pk_value for change in changes], kind=Kind.UPDATE, is_undone=False
    ).exclude(batch=batch)
    of_row: defaultdict[tuple[str, str], list[ImportChange]] = defaultdict(list)
    for other in (
        others.exclude(batch__state=State.UNDONE)
        .order_by("pk")
        .select_related("batch__file", "batch__uploaded_by")
    ):
        of_row[other.table, other.pk_value].append(other)
    for change in changes:
        for other in of_row[change.table, change.pk_value]:
            for column in open_image(other).keys() & set(change.conflict_columns):
                found[change.pk, column] = f"การนำเข้า {name_of(other.batch)}"
    return found


def _last_people(batch: ImportBatch, changes: Iterable[ImportChange]) -> Mapping[str, str]:
    subjects = {str(change.household_key) for change in changes} | {c.pk_value for c in changes}
    events = Event.objects.filter(
        subject_id__in=subjects, at__gte=batch.applied_at or batch.uploaded_at
    )
    acts = events.exclude(event__regex=_NO_CHANGE)
    return dict(acts.order_by("at", "pk").values_list("subject_id", "actor"))
