"""Ending what a person has open: sessions of a browser and keys of programs."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction

from accounts.models import ApiToken, User
from accounts.permissions import home_area
from audit.services import record


def end_everything(*, user: User, at: datetime) -> None:
    """End every session and key of `user`, in the caller's transaction."""
    for session in UserSession.objects.filter(user=user):
        session.end()
    ApiToken.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=at)


@transaction.atomic
def end_sessions(*, user: User, keep: str | None, by: User, at: datetime) -> int:
    """End one's own sessions but the one with the key `keep`; return how many."""
    assert by.pk == user.pk
    others = UserSession.objects.filter(user=user).exclude(session_key=keep)
    count = len([session.end() for session in others])
    record(
        event="user.sessions-ended",
        subject=user,
        area=home_area(user),
        detail={"count": count},
        by=by,
        at=at,
    )
    return count
