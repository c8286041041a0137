"""What forbids taking back what an import added: work on it, and work that stands on it.

Everything here looks at `leaving`, a temporary table of the rows that are to go:
added_id, batch_id, household_key, number (of the table), pk, digest.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.db import connection, models
from psycopg2 import sql

from imports.apply.tables import BY_NAME, HELP, TABLES, Table
from imports.models import ImportBatch
from referrals.workflow import Status

HELP_REPORTED = "หน่วยงานแจ้งผลช่วยเหลือแล้ว หรือมีผู้สอบทานผลที่บ้านแล้ว"

Reasons = dict[uuid.UUID, str]
"""Household → why what was added for it must stay."""


def find_reasons(
    batch: ImportBatch, confirmed: Iterable[uuid.UUID], *, edited: str, later: str
) -> Reasons:
    """Return the households of `leaving` that stay, each with the first reason found.

    `confirmed` are those that other imports said once more.
    """
    reasons: Reasons = {}
    for key, is_by_import in _touched(batch):
        reasons.setdefault(key, later if is_by_import else edited)
    for key in _with_reported_help():
        reasons.setdefault(key, HELP_REPORTED)
    for key in confirmed:
        reasons.setdefault(key, later)
    tied: defaultdict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for number, leaning, key, other in _leaning():
        if leaning is None:
            assert other is not None
            tied[other].add(key)
        elif leaning:
            reasons.setdefault(key, later)
        else:
            reasons.setdefault(key, _reason(_fields()[number]))
    _spread(reasons, tied)
    return reasons


def _spread(reasons: Reasons, tied: Mapping[uuid.UUID, set[uuid.UUID]]) -> None:
    """Keep also the households on whose rows those of a kept household lean."""
    waiting = list(reasons)
    while waiting:
        key = waiting.pop()
        for other in tied.get(key, ()):
            if other not in reasons:
                reasons[other] = reasons[key]
                waiting.append(other)


_TOUCHED = sql.SQL("""
    SELECT l.household_key, EXISTS (
        SELECT 1 FROM imports_importchange c
        WHERE c.pk_value = t.id::text AND c."table" = {name} AND c.batch_id <> %(batch)s
          AND NOT c.is_undone AND c.digest = {digest}
    )
    FROM leaving l JOIN {table} t ON t.id = l.pk
    WHERE l.number = {number} AND l.digest <> {digest}
""")


def _touched(batch: ImportBatch) -> list[tuple[uuid.UUID, bool]]:
    """Return the households whose rows are not as they were added, and if an import was it."""
    statement = sql.SQL(" UNION ALL ").join(
        _TOUCHED.format(
            name=sql.Literal(table.name),
            table=sql.Identifier(table.name),
            number=sql.Literal(table.number),
            digest=table.digest("t"),
        )
        for table in TABLES
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {"batch": batch.pk})
        # What a person did weighs more than what a list did.
        return sorted(cursor.fetchall(), key=lambda each: each[1])


_REPORTED = """
    SELECT DISTINCT l.household_key
    FROM leaving l
    JOIN referrals_assistance a ON a.id = l.pk
    JOIN referrals_referral r ON r.id = a.referral_id
    WHERE l.number = %s AND (
        r.status = ANY(%s) OR EXISTS (
            SELECT 1 FROM referrals_outcomecheck c
            WHERE c.referral_id = r.id AND c.recorded_at >= a.recorded_at
        )
    )
"""
_RESTS_ON_HELP = [Status.HELPED.value, Status.CHECKED.value, Status.CLOSED.value]


def _with_reported_help() -> list[uuid.UUID]:
    """Return the households in which a report of help, or its check, may rest on such a help."""
    with connection.cursor() as cursor:
        cursor.execute(_REPORTED, [HELP.number, _RESTS_ON_HELP])
        return [key for (key,) in cursor.fetchall()]


# ---- what stands on the rows --------------------------------------------------------
# Rows of other tables: nobody but people makes them.
_PEOPLES_WORK = sql.SQL("""
    (SELECT DISTINCT {number}::int, false, l.household_key, NULL::uuid
    FROM leaving l JOIN {table} r ON r.{column} = l.pk
    WHERE l.number = {of})
""")
# Rows of the tables that imports write: of this one and leaving too (tied to another
# household, or not at all), of another import, or a person's.
_ROWS_OF_LISTS = sql.SQL("""
    (SELECT DISTINCT {number}::int,
        CASE WHEN x.pk IS NULL THEN EXISTS (
            SELECT 1 FROM imports_importadded a
            WHERE a.household_key = l.household_key AND r.{pk} = ANY(a.pks) AND NOT a.is_undone
        ) END,
        l.household_key, x.household_key
    FROM leaving l JOIN {table} r ON r.{column} = l.pk LEFT JOIN leaving x ON x.pk = r.{pk}
    WHERE l.number = {of} AND x.household_key IS DISTINCT FROM l.household_key)
""")


def _leaning() -> list[tuple[int, bool | None, uuid.UUID, uuid.UUID | None]]:
    """Return (field, whether an import made the row, household, other leaving household)."""
    with connection.cursor() as cursor:
        cursor.execute(_question())
        found: list[tuple[int, bool | None, uuid.UUID, uuid.UUID | None]] = cursor.fetchall()
    return found


@cache
def _question() -> sql.Composable:
    parts: list[sql.Composable] = []
    for number, (table, field) in enumerate(_pairs()):
        pattern = _ROWS_OF_LISTS if field.model._meta.db_table in BY_NAME else _PEOPLES_WORK
        parts.append(
            pattern.format(
                number=sql.Literal(number),
                table=sql.Identifier(field.model._meta.db_table),
                column=sql.Identifier(field.column),
                pk=sql.Identifier(field.model._meta.pk.attname),
                of=sql.Literal(table.number),
            )
        )
    return sql.SQL(" UNION ALL ").join(parts)


def _fields() -> "list[models.ForeignKey[Any, Any]]":
    return [field for _, field in _pairs()]


@cache
def _pairs() -> "list[tuple[Table, models.ForeignKey[Any, Any]]]":
    return [(table, field) for table in TABLES for field in leaning_on(table.model)]


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
        return "มีการบันทึกครั้งหลังที่ใช้ข้อมูลนี้"
    return f"มี{field.model._meta.verbose_name}ของครัวเรือนนี้แล้ว"
