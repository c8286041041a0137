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


# Sealed cells that are no text columns: raw bytes, and base64 inside JSON.
_BYTES = (
    ("files_filechunk", "sealed"),
    ("imports_importrow", "payload"),
    ("imports_importchange", "image"),
)
_BASE64 = (
    ("imports_importbatch", "layout->>'samples'"),
    ("mfa_authenticator", "data->>'secret'"),
    ("mfa_authenticator", "data->>'seed'"),
)


def key_versions_in_use(cursor: Cursor) -> list[int]:
    """Return the versions of the keys that sealed anything in this database."""
    cells = [
        *((column.table, f'"{column.column}"') for column in sealed_columns()),
        *_BYTES,
        *((table, f"decode(coalesce({text}, ''), 'base64')") for table, text in _BASE64),
    ]
    versions: set[int] = set()
    for table, sealed in cells:
        # The first byte is the version.
        cursor.execute(
            f'SELECT DISTINCT get_byte({sealed}, 0) FROM "{table}" '  # noqa: S608 - our own names
            f"WHERE length({sealed}) > 0"
        )
        versions.update(row[0] for row in cursor.fetchall())
    return sorted(versions)
