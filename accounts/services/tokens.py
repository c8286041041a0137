"""Keys for programs: shown once, kept as a hash, good for half a day."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import ApiToken, User
from accounts.permissions import home_area
from audit.services import record

LIFETIME = timedelta(hours=12)
MOST_AT_ONCE = 20


class UnableToIssue(Exception):
    """No key can be made. The message is shown to the user."""


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new key; `token` is the only copy of its text."""

    row: ApiToken
    token: str


@transaction.atomic
def issue_token(*, user: User, by: User, at: datetime) -> IssuedToken:
    """Make a key for oneself, good for 12 hours.

    Raises PermissionDenied for somebody else's, and UnableToIssue while the
    password must be changed or too many keys are live.
    """
    if by.pk != user.pk:
        raise PermissionDenied("ออกกุญแจ API ได้เฉพาะของตนเอง")
    if user.must_change_password:
        raise UnableToIssue("เปลี่ยนรหัสผ่านก่อนจึงออกกุญแจ API ได้")
    # The lock makes two requests at once count each other's key.
    User.objects.select_for_update().get(pk=user.pk)
    if ApiToken.objects.live(at).filter(user=user).count() >= MOST_AT_ONCE:
        raise UnableToIssue(f"มีกุญแจที่ยังใช้ได้ครบ {MOST_AT_ONCE} ดอกแล้ว เพิกถอนดอกเก่าก่อน")

    token = secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        user=user, digest=_digest(token), created_at=at, expires_at=at + LIFETIME
    )
    record(event="token.issued", subject=row, area=home_area(user), by=by, at=at)
    return IssuedToken(row=row, token=token)


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User, at: datetime) -> None:
    """End one's own key at once; ending it twice changes nothing."""
    if token.user_id != by.pk:
        raise PermissionDenied("เพิกถอนกุญแจ API ได้เฉพาะของตนเอง")
    changed = ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=at)
    if changed:
        record(event="token.revoked", subject=token, area=home_area(by), by=by, at=at)


def user_of_token(*, token: str, at: datetime) -> User | None:
    """Return whose live key this is, or None. One query."""
    found = ApiToken.objects.live(at).filter(digest=_digest(token)).select_related("user").first()
    return found.user if found is not None else None


def _digest(token: str) -> str:
    # A key is 256 random bits, so a plain hash is enough: nothing to guess.
    return hashlib.sha256(token.encode()).hexdigest()
