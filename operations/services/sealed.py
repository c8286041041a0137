"""Every sealed cell of the database, whatever app it belongs to."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models

from operations.services.programs import Cursor
from ppaos.orm import SealedTextField


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column whose cells are sealed text."""

    model: type[models.Model]
    field: SealedTextField

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def column(self) -> str:
        return str(self.field.column)


def sealed_columns() -> Iterator[SealedColumn]:
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, SealedTextField):
                yield SealedColumn(model=model, field=field)


def key_versions_in_use(cursor: Cursor) -> list[int]:
    """Return the versions of the keys that sealed the cells of this database."""
    versions: set[int] = set()
    for column in sealed_columns():
        # The first byte of a sealed cell is the version of its key.
        cursor.execute(
            f'SELECT DISTINCT get_byte("{column.column}", 0) FROM "{column.table}" '  # noqa: S608
            f'WHERE "{column.column}" IS NOT NULL'
        )
        versions.update(row[0] for row in cursor.fetchall())
    return sorted(versions)
