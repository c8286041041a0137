"""Text columns that are encrypted before they leave the process."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from ppaos.orm.keyring import keyring


@dataclass(frozen=True, slots=True)
class SealedText:
    """Ciphertext as it came from the database; opened on first access."""

    blob: bytes


def sealing_context(table: str, column: str, pk: object) -> str:
    """Name the one cell a ciphertext belongs to, so that it opens nowhere else."""
    return f"{table}.{column}.{pk}"


def seal_cell(text: str | None, *, table: str, column: str, pk: object) -> bytes | None:
    """Encrypt a cell for a write that goes around the model (COPY, INSERT … SELECT)."""
    if text is None:
        return None
    return keyring().seal(text.encode(), context=sealing_context(table, column, pk))


def unseal_cell(
    blob: bytes | memoryview | None, *, table: str, column: str, pk: object
) -> str | None:
    """Decrypt a cell that was read around the model.

    Raises ppaos.lib.crypto.UnableToUnseal if the key or the place is another.
    """
    if blob is None:
        return None
    return keyring().unseal(bytes(blob), context=sealing_context(table, column, pk)).decode()


class _Opened:
    """Descriptor: the attribute reads as text and is decrypted only when read."""

    def __init__(self, field: "SealedTextField") -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type[models.Model]) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            instance.refresh_from_db(fields=[name])
        value = instance.__dict__[name]
        if isinstance(value, SealedText):
            value = unseal_cell(
                value.blob,
                table=instance._meta.db_table,
                column=str(self.field.column),
                pk=instance.pk,
            )
            instance.__dict__[name] = value
        return value

    def __set__(self, instance: models.Model, value: str | SealedText | None) -> None:
        instance.__dict__[self.field.attname] = value


if TYPE_CHECKING:
    _Field = models.Field[str | None, str | None]
else:
    _Field = models.Field


class SealedTextField(_Field):
    """Text stored as AES-256-GCM ciphertext bound to its table, column and row.

    It cannot be filtered on (equal texts have different ciphertexts; keep a
    keyed index beside it), nor set with `queryset.update`, which does not know
    the row.
    """

    description = "ข้อความที่เข้ารหัส"
    empty_strings_allowed = False

    def get_internal_type(self) -> str:
        return "BinaryField"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "bytea"

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = False
    ) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Opened(self))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> SealedText | None:
        return None if value is None else SealedText(bytes(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> SealedText | None:
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, SealedText):
            return value
        blob = seal_cell(
            str(value),
            table=model_instance._meta.db_table,
            column=str(self.column),
            pk=model_instance.pk,
        )
        assert blob is not None
        return SealedText(blob)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None:
            return None
        if not isinstance(value, SealedText):
            raise FieldError(f"{self.name} is sealed: save the instance, or use seal_cell().")
        return connection.Database.Binary(value.blob)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is sealed and cannot be searched by its value.")
        return super().get_lookup(lookup_name)
