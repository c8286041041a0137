"""Changing rows of any table so that each change can be taken back to the last byte.

Values go through PostgreSQL's own JSON of a row, so that what comes back is what was
there: sealed cells stay the same ciphertext, moments keep their microseconds.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, connection, models, transaction
from psycopg2 import sql

from duplicates.models import Merge, MergeChange
from duplicates.workflow import Act

Columns = Mapping[str, Any]


class Ledger:
    """Writes rows for one merge, and a line about each."""

    def __init__(self, merge: Merge) -> None:
        self.merge = merge
        self.lines: list[MergeChange] = []

    def change(
        self, model: type[models.Model], pk: object, values: Columns, *, act: Act = Act.CHANGED
    ) -> None:
        """Set columns, by their names in the database, where they hold anything else."""
        before = row_values(model, pk, list(values))
        _set(model, pk, values)
        after = row_values(model, pk, list(values))
        if before is None or after is None or before == after:
            return
        self._line(model, pk, act, columns=sorted(values), before=before, after=after)

    def move(self, model: type[models.Model], pk: object, values: Columns) -> bool:
        """Point a row elsewhere; False, and nothing is changed, if the tables do not allow it.

        Mostly because the like of it is there already; or because the row ties the two
        that become one, as a move from the one to the other does.
        """
        try:
            with transaction.atomic():
                self.change(model, pk, values, act=Act.MOVED)
        except IntegrityError:
            return False
        return True

    def added(self, instance: models.Model) -> None:
        self._line(type(instance), instance.pk, Act.ADDED)

    def kept(self, model: type[models.Model], pk: object) -> None:
        """Note a row that stays with what was merged, since the survivor has its like."""
        self._line(model, pk, Act.KEPT)

    def changed_by_others(
        self, model: type[models.Model], pk: object, columns: Sequence[str], *, before: str | None
    ) -> None:
        """Note what a service of another room wrote into a row."""
        after = row_values(model, pk, columns)
        if before != after:
            self._line(model, pk, Act.CHANGED, columns=columns, before=before, after=after)

    def knows(self, model: type[models.Model], pk: object) -> bool:
        return any(
            line.row == str(pk) and line.table == model._meta.db_table for line in self.lines
        )

    def has_kept(self, model: type[models.Model], pk: object) -> bool:
        return any(
            line.act == Act.KEPT and line.row == str(pk) and line.table == model._meta.db_table
            for line in self.lines
        )

    def write(self) -> None:
        MergeChange.objects.bulk_create(self.lines)

    def _line(
        self,
        model: type[models.Model],
        pk: object,
        act: Act,
        *,
        columns: Sequence[str] = (),
        before: str | None = None,
        after: str | None = None,
    ) -> None:
        self.lines.append(
            MergeChange(
                merge=self.merge,
                number=len(self.lines) + 1,
                table=model._meta.db_table,
                row=str(pk),
                act=act,
                columns=list(columns),
                before=before,
                after=after,
            )
        )


def row_values(model: type[models.Model], pk: object, columns: Sequence[str]) -> str | None:
    """Return these columns of a row as JSON text; None if there is no such row."""
    pairs = sql.SQL(", ").join(
        sql.SQL("{}, t.{}").format(sql.Literal(name), sql.Identifier(name))
        for name in sorted(columns)
    )
    statement = sql.SQL("SELECT jsonb_build_object({})::text FROM {} t WHERE {}").format(
        pairs, sql.Identifier(model._meta.db_table), _key(model)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [str(pk)])
        found = cursor.fetchone()
    return found[0] if found else None


def put_back(model: type[models.Model], pk: object, columns: Sequence[str], values: str) -> None:
    """Set columns of a row to what `row_values` said."""
    names = sql.SQL(", ").join(sql.Identifier(name) for name in columns)
    statement = sql.SQL(
        "UPDATE {table} t SET ({names}) ="
        " (SELECT {names} FROM jsonb_populate_record(NULL::{table}, %s::jsonb)) WHERE {key}"
    ).format(table=sql.Identifier(model._meta.db_table), names=names, key=_key(model))
    with connection.cursor() as cursor:
        cursor.execute(statement, [values, str(pk)])


def _set(model: type[models.Model], pk: object, values: Columns) -> None:
    assignments = sql.SQL(", ").join(
        sql.SQL("{} = %s").format(sql.Identifier(name)) for name in values
    )
    statement = sql.SQL("UPDATE {} t SET {} WHERE {}").format(
        sql.Identifier(model._meta.db_table), assignments, _key(model)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*(_plain(value) for value in values.values()), str(pk)])


def _plain(value: Any) -> Any:
    return str(value) if hasattr(value, "hex") and hasattr(value, "version") else value


def _key(model: type[models.Model]) -> sql.Composable:
    """Return the condition that finds a row by its key, which is passed as text."""
    kind = "uuid" if isinstance(model._meta.pk, models.UUIDField) else "bigint"
    return sql.SQL("t.{} = %s::{}").format(
        sql.Identifier(str(model._meta.pk.column)), sql.SQL(kind)
    )
