"""What holds for every request of a person: where it came from, and a password that must go."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.limits import client_ip
from accounts.models import User
from audit.services import acting_from

Handler = Callable[[HttpRequest], HttpResponse]

# Where one may go with a password that must be changed first.
_ALWAYS_OPEN = ("account_change_password", "account_logout", "account_reauthenticate")


def remember_address(get_response: Handler) -> Handler:
    """Let every event recorded during the request carry the client's address."""

    def handle(request: HttpRequest) -> HttpResponse:
        with acting_from(_address_of(request)):
            return get_response(request)

    return handle


def _address_of(request: HttpRequest) -> str | None:
    """Return the client's address, or None behind a proxy that does not tell it."""
    try:
        return client_ip(request)
    except PermissionDenied:
        return None


def change_password_first(get_response: Handler) -> Handler:
    """Lead a person with a one-time password to the page where they choose their own."""
    open_paths: set[str] = set()

    def handle(request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User) and user.must_change_password:
            if not open_paths:
                open_paths.update(reverse(name) for name in _ALWAYS_OPEN)
            if request.path not in open_paths:
                return redirect("account_change_password")
        return get_response(request)

    return handle
