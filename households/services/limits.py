"""How often an hour somebody may ask about citizen IDs.

Enough for work at the houses and in an office, too little to try out whose numbers are in
the register. Counted from the audit trail, which nobody can empty. Project defaults.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from accounts.models import User
from audit.models import Event

HOUR = timedelta(hours=1)
MOST_SEARCHED = 100
"""Searches by citizen ID."""
MOST_REFUSED = 20
"""Persons not added, or not changed, because somebody of the register has the number."""


def is_often(
    event: str, *, most: int, by: User, at: datetime, detail: Mapping[str, str] | None = None
) -> bool:
    """Say whether this person did so `most` times within the last hour."""
    done = Event.objects.filter(actor_id=by.pk, event=event, at__gt=at - HOUR, at__lte=at)
    return done.filter(detail__contains=dict(detail or {})).count() >= most
