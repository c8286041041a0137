"""How many wrong passwords are borne, counted in the database cache.

The rates are in the settings (ACCOUNT_RATE_LIMITS). Three counters, because three
things are told apart: somebody guesses one person's password from one place, one
place guesses a lot, and one place tries many people once each.
"""

from http import HTTPStatus

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_APP = "allauth.account"
# What the shortest of the rates makes one wait, in seconds.
RETRY_AFTER = 15 * 60


class TooManyTries(Exception):
    """The counters are full. The message is shown to the user."""

    def __init__(self) -> None:
        super().__init__("ลองเข้าสู่ระบบผิดหลายครั้งเกินไป กรุณารอ 15 นาทีแล้วลองใหม่")


class Try:
    """One attempt that was counted; taken back when the password was right."""

    def __init__(self, usages: list[ratelimit.RateLimitUsage]) -> None:
        self._usages = usages

    def take_back(self) -> None:
        for usage in self._usages:
            usage.rollback()


def count_try(request: HttpRequest, *, username: str) -> Try:
    """Count an attempt to sign in before the password is looked at.

    Raises TooManyTries, however right the password is.
    """
    who = f"{client_ip(request)}:{username}"
    usages: list[ratelimit.RateLimitUsage] = []
    _consume(request, "login_failed", who, usages)
    # Only a name that this place has not tried within the hour counts as one more name.
    first = ratelimit.consume(request, app=_APP, action="login_name", key=who)
    if first:
        usages.append(first)
        _consume(request, "login_names", who, usages)
    return Try(usages)


def count_code(request: HttpRequest, *, user_id: str) -> Try:
    """Count an attempt at a code of the second factor, wherever it comes from.

    The key is the one that django-allauth counts its own page with.
    """
    usages: list[ratelimit.RateLimitUsage] = []
    _consume(request, "login_failed", f"mfa-auth-user-{user_id}", usages)
    return Try(usages)


def _consume(
    request: HttpRequest, action: str, key: str, usages: list[ratelimit.RateLimitUsage]
) -> None:
    usage = ratelimit.consume(request, app=_APP, action=action, key=key)
    if not usage:
        raise TooManyTries
    usages.append(usage)


def client_ip(request: HttpRequest) -> str:
    """Return the address of the client, past as many proxies as the settings trust."""
    ip: str = get_adapter(request).get_client_ip(request)
    return ip


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Answer 429; also what django-allauth shows for its own limits."""
    response = render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response
