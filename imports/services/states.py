"""Moving a batch from state to state: the one place that writes `state`."""

from typing import Any

from django.db import transaction
from django.utils.timezone import now

from audit.services import record
from imports.models import ImportBatch
from imports.workflow import TRANSITIONS, State

# Moves that a worker makes by itself, and how the audit trail calls them. What a person
# orders is recorded where it is ordered.
_BY_A_WORKER = {
    (State.UPLOADED, State.STAGING): "import.staging-begun",
    (State.STAGING, State.NEEDS_MAPPING): "import.mapping-asked",
    (State.STAGING, State.STAGED): "import.staged",
}
_COUNTS = ("rows_read", "accepted", "held", "rejected", "skipped")


class UnableToMove(Exception):
    """The batch is not where this can be done; somebody else was first. Shown to the user."""


@transaction.atomic
def move(batch: ImportBatch, *, to: State, **columns: Any) -> None:
    """Set the state, with columns that go with it, if it is still the one that `batch` has.

    Raises UnableToMove if the table of transitions does not allow it, or another
    request or worker moved it first.
    """
    current = State(batch.state)
    if to not in TRANSITIONS[current]:
        raise UnableToMove(f"ทำไม่ได้ขณะที่การนำเข้าอยู่ในสถานะ “{current.label}”")
    moved = ImportBatch.objects.filter(pk=batch.pk, state=current).update(state=to, **columns)
    if moved != 1:
        raise UnableToMove("มีผู้ดำเนินการนี้ไปแล้ว โปรดดูสถานะล่าสุด")
    batch.refresh_from_db()
    event = _BY_A_WORKER.get((current, to))
    if event:
        detail = {name: getattr(batch, name) for name in _COUNTS} if to == State.STAGED else {}
        record(event=event, subject=batch, area=batch.area_code, by=None, at=now(), detail=detail)
