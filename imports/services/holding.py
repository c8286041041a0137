"""A file that people may still decide about: one decision at a time, and none unseen."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from accounts.models import User
from audit.services import record
from imports import permissions
from imports.models import ImportBatch, ImportRow
from imports.services.states import UnableToMove, move
from imports.workflow import DECIDABLE, Decision, State, Verdict


class UnableToDecide(Exception):
    """The decision cannot stand. The message is for the user; `fields` names what is wrong."""

    def __init__(self, message: str, *, fields: Mapping[str, list[str]] | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})


def hold(batch: ImportBatch, *, by: User, at: datetime) -> None:
    """Lock the batch while people decide about its lines.

    Whoever was asked to approve saw other lines: the request is withdrawn.
    Raises PermissionDenied, UnableToMove once the batch is on its way, and
    UnableToDecide once the values of its lines are gone.
    """
    permissions.check_can_manage(by, batch)
    current = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    batch.state, batch.layout, batch.options = current.state, current.layout, current.options
    if current.state not in DECIDABLE:
        raise UnableToMove("ตัดสินใจได้ก่อนนำเข้า หรือหลังนำเข้าเสร็จแล้ว รอให้งานที่ทำอยู่เสร็จก่อน")
    if batch.layout.get("is_purged"):
        raise UnableToDecide("ค่าในแถวถูกลบตามกำหนดเก็บรักษาแล้ว แก้ในไฟล์เดิมแล้วส่งเป็นไฟล์ใหม่")
    if batch.state == State.AWAITING_APPROVAL:
        move(batch, to=State.STAGED)
        record(event="import.approval-withdrawn", subject=batch, area=batch.area_code, by=by, at=at)


def stamp_of(line: ImportRow) -> str:
    """Return what names a line as it stands: whatever anybody does with it gives another."""
    stands = f"{line.verdict}{line.decision}{line.decided_at}".encode()
    return hashlib.sha256(bytes(line.payload) + stands).hexdigest()[:16]


def reopen_undecided(batch: ImportBatch, keys: Iterable[str]) -> None:
    """Let lines wait again that were let through, and then held for another reason."""
    batch.rows.filter(
        house_key__in=sorted(set(keys)),
        verdict__in=[Verdict.HELD, Verdict.REJECTED],
        decision__in=[Decision.ACCEPT, Decision.CORRECT],
    ).update(decision="", decided_by=None, decided_at=None)
