"""Moving a batch from state to state: the one place that writes `state`."""

from typing import Any

from imports.models import ImportBatch
from imports.workflow import TRANSITIONS, State


class UnableToMove(Exception):
    """The batch is not where this can be done; somebody else was first. Shown to the user."""


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
