"""The second factor itself is django-allauth's; that it changed is ours to remember."""

from datetime import datetime

from accounts.models import User
from accounts.permissions import home_area
from audit.services import record

# What django-allauth calls the change → how the audit trail does.
_EVENTS = {
    "mfa/email/totp_activated": "second-factor.activated",
    "mfa/email/totp_deactivated": "second-factor.deactivated",
    "mfa/email/recovery_codes_generated": "second-factor.codes-generated",
}


def record_second_factor(*, user: User, what: str, at: datetime) -> None:
    """Record a change of the person's own second factor; other news is recorded elsewhere."""
    event = _EVENTS.get(what)
    if event is not None:
        record(event=event, subject=user, area=home_area(user), by=user, at=at)
