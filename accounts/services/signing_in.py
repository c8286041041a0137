"""Signing in by password and second factor, within the limits; the same for pages and API.

The request is needed only for where it comes from (accounts.limits).
"""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpRequest

from accounts import limits
from accounts.models import User
from accounts.permissions import home_area
from accounts.services.tokens import IssuedToken, issue_token
from audit.services import record


class UnableToSignIn(Exception):
    """Name, password or code is wrong. The message does not say which."""

    def __init__(self) -> None:
        super().__init__("ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง")


def check_password(
    *, request: HttpRequest, username: str, password: str, at: datetime
) -> User | None:
    """Return the person whose user name and password these are, or None.

    A wrong try is counted and recorded; what was typed is not, for people type
    passwords into the wrong field. Raises limits.TooManyTries.
    """
    username = username.strip().lower()
    try:
        attempt = limits.count_try(request, username=username)
    except limits.TooManyTries:
        _record_failure(username, why="limit", at=at)
        raise
    user = authenticate(request, username=username, password=password)
    if not isinstance(user, User):
        _record_failure(username, why="password", at=at)
        return None
    attempt.take_back()
    return user


def check_code(*, request: HttpRequest, user: User, code: str, at: datetime) -> bool:
    """Say whether `code` is one of the person's second factor; True if they have none.

    Raises limits.TooManyTries; the counter is that of the page for codes.
    """
    factors = list(Authenticator.objects.filter(user=user))
    if not factors:
        return True
    attempt = limits.count_code(request, user_id=str(user.pk))
    if code and any(factor.wrap().validate_code(code) for factor in factors):
        attempt.take_back()
        return True
    record_wrong_code(user=user, at=at)
    return False


def sign_in_by_api(
    *, request: HttpRequest, username: str, password: str, otp: str, at: datetime
) -> IssuedToken:
    """Make a key for whoever these credentials belong to.

    Raises UnableToSignIn, limits.TooManyTries, and UnableToIssue (accounts.services.tokens).
    """
    user = check_password(request=request, username=username, password=password, at=at)
    if user is None or not check_code(request=request, user=user, code=otp, at=at):
        raise UnableToSignIn
    return issue_token(user=user, by=user, at=at)


def record_wrong_code(*, user: User, at: datetime) -> None:
    """Record a code of the second factor that was not right, typed after the right password."""
    _record_failure(user.username, why="code", at=at)


@transaction.atomic
def record_sign_in(*, user: User, at: datetime) -> None:
    record(event="user.signed-in", subject=user, area=home_area(user), by=user, at=at)


@transaction.atomic
def record_sign_out(*, user: User, at: datetime) -> None:
    record(event="user.signed-out", subject=user, area=home_area(user), by=user, at=at)


def _record_failure(username: str, *, why: str, at: datetime) -> None:
    user = User.objects.filter(username=username).first()
    record(
        event="user.sign-in-failed",
        subject=user,
        area=home_area(user) if user is not None else "",
        detail={"why": why},
        by=None,
        at=at,
    )
