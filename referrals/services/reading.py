"""Reading that leaves a trace: a referral shows personal data of the people it is about."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import Event
from audit.services import record
from referrals.models import Referral

READ_AGAIN_AFTER = timedelta(minutes=15)
"""One person who opens one referral again within this time makes no second event."""


def note_read(*, referral: Referral, by: User, at: datetime) -> None:
    """Record that `by` opened the referral; the event is of its household.

    Raises PermissionDenied if `by` may not read it; pages answer 404 before that.
    """
    if not Referral.objects.visible_to(by).filter(pk=referral.pk).exists():
        raise PermissionDenied("ท่านไม่มีสิทธิดูเรื่องนี้")
    seen = Event.objects.filter(
        subject_id=str(referral.household_id),
        actor_id=by.pk,
        event="referral.read",
        at__gt=at - READ_AGAIN_AFTER,
        detail__referral=str(referral.pk),
    )
    if not seen.exists():
        record(
            event="referral.read",
            subject=referral.household,
            by=by,
            at=at,
            area=referral.household.area_id,
            detail={"referral": str(referral.pk), "agency": str(referral.agency_id or "")},
        )
