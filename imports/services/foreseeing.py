"""What taking an import back would do: done for once, looked at, and rolled back."""

from dataclasses import dataclass
from datetime import datetime

from django.db import OperationalError, connection, transaction

from accounts.models import User
from audit.services import record
from imports.models import ImportBatch
from imports.services.kept import KeptField, kept_fields
from imports.services.showing import Conflict, conflicts
from imports.undo import rows_taken_back, undo_batch

_MOST_LINES = 3_000
"""More would hold the register for too long: then only the rules are told."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """How many rows of the register go back, and what stays, with its reason."""

    taken_back: int
    stays: int
    conflicts: tuple[Conflict, ...]
    fields: tuple[KeptField, ...]


def foresee_undo(batch: ImportBatch, *, by: User, at: datetime) -> Foreseen | None:
    """Return what an undo would do now; None if the import is too large to try it out.

    Nothing of it stays. None also if another import holds the register just now.
    """
    if batch.accepted > _MOST_LINES:
        return None
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")
            undo_batch(batch=batch, by_id=by.pk, beat=_no_beat, at=at)
            taken_back, stays = rows_taken_back(batch)
            found = Foreseen(
                taken_back,
                stays,
                tuple(conflicts(batch)),
                tuple(kept_fields(batch, by=by, at=at)),
            )
            transaction.set_rollback(True)
    except OperationalError:
        return None
    if found.fields:
        # What was read was noted in what has just been rolled back.
        record(
            event="import.changes-read",
            subject=batch,
            area=batch.area_code,
            by=by,
            at=at,
            detail={"kept": len(found.fields)},
        )
    return found


def _no_beat(stage: str, done: int, total: int | None) -> None:
    """Nobody waits for it: there is no lease to renew."""
