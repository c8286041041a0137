"""Reading that leaves a trace: a case file that was opened, an ID that was shown."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import Event
from audit.services import record
from households import permissions
from households.models import Household, Member

READ_AGAIN_AFTER = timedelta(minutes=15)
"""One person who opens one file again within this time makes no second event."""


class UnableToReveal(Exception):
    """The ID cannot be shown. The message is for the user."""


def note_read(*, household: Household, by: User, at: datetime) -> None:
    """Record that `by` opened the case file.

    Raises PermissionDenied if `by` may not read it; pages answer 404 before that.
    """
    if not Household.objects.visible_to(by).filter(pk=household.pk).exists():
        raise PermissionDenied("ท่านไม่มีสิทธิดูครัวเรือนนี้")
    seen = Event.objects.filter(
        subject_id=str(household.pk),
        actor_id=by.pk,
        event="household.read",
        at__gt=at - READ_AGAIN_AFTER,
    )
    if not seen.exists():
        record(event="household.read", subject=household, by=by, at=at, area=household.area_id)


def reveal_citizen_id(*, member: Member, reason: str, by: User, at: datetime) -> str:
    """Return the full citizen ID, and record who asked and why.

    Raises PermissionDenied, and UnableToReveal without a reason or without an ID.
    """
    permissions.check_can_reveal(by, member.household)
    if not reason.strip():
        raise UnableToReveal("ระบุเหตุผลที่ต้องดูเลขเต็ม")
    if not member.citizen_id:
        raise UnableToReveal("สมาชิกคนนี้ไม่มีเลขประจำตัวประชาชนในระบบ")
    record(
        event="citizen_id.revealed",
        subject=member.household,
        by=by,
        at=at,
        area=member.household.area_id,
        reason=reason.strip(),
        detail={"member": str(member.pk)},
    )
    return member.citizen_id
