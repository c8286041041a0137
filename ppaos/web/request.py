"""The request of a person who is signed in."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.auth.models import _User
    from django_htmx.middleware import HtmxDetails


class AuthenticatedHttpRequest(HttpRequest):
    """What a view behind `@login_required` receives: `user` is never anonymous."""

    user: "_User"
    htmx: "HtmxDetails"
