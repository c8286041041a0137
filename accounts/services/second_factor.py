"""The second factor itself is django-allauth's; that it changed is ours to remember."""

import base64
from datetime import datetime

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.models import User
from accounts.permissions import home_area
from audit.services import record
from ppaos.lib.crypto import key_version
from ppaos.orm import keyring

# The parts of a factor that django-allauth has sealed by our adapter.
_SEALED = ("secret", "seed")

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


@transaction.atomic
def reseal_second_factors() -> int:
    """Bring the secrets of second factors under the current key; return how many changed."""
    adapter = get_adapter()
    resealed = 0
    for factor in Authenticator.objects.select_for_update().order_by("pk"):
        stale = [name for name in _SEALED if _is_stale(factor.data.get(name))]
        for name in stale:
            factor.data[name] = adapter.encrypt(adapter.decrypt(factor.data[name]))
        if stale:
            factor.save(update_fields=["data"])
            resealed += 1
    return resealed


def _is_stale(sealed: str | None) -> bool:
    return bool(sealed) and key_version(base64.b64decode(str(sealed))) != keyring().current_version
