"""Programs sign in with a bearer token; browsers' cookies are not accepted here."""

from typing import Any

from django.http import HttpRequest
from django.utils.timezone import now
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import User
from accounts.services import user_of_token


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`, compared by SHA-256."""

    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        if len(parts) != 2:
            raise AuthenticationFailed
        user = user_of_token(token=parts[1].decode("latin-1"), at=now())
        if user is None:
            raise AuthenticationFailed
        return user, None

    def authenticate_header(self, request: Request) -> str:
        return self.keyword


def caller_of(request: HttpRequest) -> User | None:
    """Return whose live token a request carries, before any view of the API looks; else None."""
    try:
        found = BearerAuthentication().authenticate(Request(request))
    except AuthenticationFailed:
        return None
    return None if found is None else found[0]


# drf-spectacular registers subclasses in a function without types.
class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = BearerAuthentication
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
