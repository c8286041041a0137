"""The safety stop: what is more likely a wrong file than a right one needs a second person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils.timezone import localdate

from accounts.models import Scope, User
from accounts.roles import Permission
from imports import permissions
from imports.models import ImportBatch
from imports.services.duplicates import POSSIBLE_DUP
from imports.workflow import State

ASKED, APPROVED = "approval_asked", "approved"
_CHANGES = ("households_updated", "members_updated")
_SHOWN_APPROVERS = 5


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit, as it stands and as it is told."""

    label: str
    value: str


def limits() -> list[Limit]:
    """Return the limits in force. Source: settings, proposals of this project."""
    return [
        Limit(
            "แถวที่นำเข้าไม่ได้หรือรอตัดสินใจ",
            f"ไม่เกินร้อยละ {settings.IMPORT_STOP_TROUBLE_PERCENT:,} ของแถวทั้งหมด",
        ),
        Limit(
            "ครัวเรือนเดิมที่จะเปลี่ยนที่อยู่",
            f"ไม่เกิน {settings.IMPORT_STOP_HOUSEHOLDS_CHANGED:,} ครัวเรือน",
        ),
        Limit("บุคคลเดิมที่จะเปลี่ยนข้อมูล", f"ไม่เกิน {settings.IMPORT_STOP_PEOPLE_CHANGED:,} คน"),
        Limit("แถวที่อาจซ้ำกับทะเบียน", f"ไม่เกิน {settings.IMPORT_STOP_DUPLICATES:,} แถว"),
    ]


def safety_reasons(batch: ImportBatch) -> list[str]:
    """Return why a second person must approve this import; [] if nobody need. One query."""
    reasons = []
    lines = (batch.rows_read or 0) - batch.skipped
    trouble = batch.held + batch.rejected
    if lines and trouble * 100 > settings.IMPORT_STOP_TROUBLE_PERCENT * lines:
        reasons.append(f"มีแถวที่นำเข้าไม่ได้หรือรอตัดสินใจ {trouble:,} จาก {lines:,} แถว")
    reasons += _too_many_changes(batch, {})
    # Most files have fewer held lines than that, and then nothing need be counted.
    most = settings.IMPORT_STOP_DUPLICATES
    alike = batch.rows.to_mend(code=POSSIBLE_DUP).count() if batch.held > most else 0
    if alike > most:
        reasons.append(f"มีแถวที่อาจซ้ำกับคนหรือบ้านในทะเบียน {alike:,} แถว")
    return reasons


def _too_many_changes(batch: ImportBatch, approved: Mapping[str, int]) -> list[str]:
    """Return which changes are too many, besides those that were `approved`."""
    reasons = []
    moved, changed = (batch.effect.get(name, 0) - approved.get(name, 0) for name in _CHANGES)
    if moved > settings.IMPORT_STOP_HOUSEHOLDS_CHANGED:
        reasons.append(f"จะเปลี่ยนที่อยู่ของครัวเรือนเดิม {moved:,} ครัวเรือน")
    if changed > settings.IMPORT_STOP_PEOPLE_CHANGED:
        reasons.append(f"จะเปลี่ยนข้อมูลของบุคคลเดิม {changed:,} คน")
    return reasons


def late_reasons(batch: ImportBatch) -> list[str]:
    """Return why lines that follow an applied import need a second person; [] if nobody need.

    Whoever approved saw what it would change then, and nothing of what was mended since.
    """
    if batch.approved_by_id is None:
        return safety_reasons(batch)
    return _too_many_changes(batch, batch.options.get(APPROVED, {}))


def approved_now(batch: ImportBatch) -> dict[str, int]:
    """Return what is noted of an approval: how much the import would change as it stood."""
    return {name: batch.effect.get(name, 0) for name in _CHANGES}


def pending(batch: ImportBatch) -> int:
    """Return how many lines may follow into the register: accepted, and not in it."""
    return max(0, batch.accepted - int(batch.effect.get("applied", 0)))


# ---- the second person ------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Approvers:
    """Who may approve an import: the first few names, and how many there are besides."""

    names: tuple[str, ...]
    more: int


def approvers(batch: ImportBatch, *, on: date) -> Approvers:
    """Return who may approve: for all of the area, and not the uploader. One query."""
    scopes = (
        Scope.objects.in_force(on)
        .allowing(Permission.IMPORT_APPROVE)
        .exclude(user=batch.uploaded_by_id)
        .select_related("user")
        .order_by("user__name", "user_id", "pk")
    )
    held: dict[User, list[str]] = {}
    for scope in scopes:
        held.setdefault(scope.user, []).append(scope.area_id)
    names = [
        user.name
        for user, prefixes in held.items()
        if all(code.startswith(tuple(prefixes)) for code in batch.scope_codes)
    ]
    return Approvers(tuple(names[:_SHOWN_APPROVERS]), max(0, len(names) - _SHOWN_APPROVERS))


def waiting_for(user: User) -> list[ImportBatch]:
    """Return the imports that wait for this person's approval, the oldest first. One query."""
    asked = ImportBatch.objects.visible_to(user).filter(state=State.AWAITING_APPROVAL)
    found = asked.exclude(uploaded_by=user).select_related("file", "uploaded_by")
    return [batch for batch in found.order_by("pk")[:20] if permissions.can_approve(user, batch)]


def stamp(by: User, at: datetime) -> dict[str, str]:
    """Return what is noted of a request: an approval names the request that it answers."""
    return {"by": by.name, "at": at.isoformat(), "on": localdate(at).isoformat()}


def request_stamp(batch: ImportBatch) -> str:
    """Return what names the standing request for approval; "" if nobody asked."""
    return str(batch.options.get(ASKED, {}).get("at", ""))
