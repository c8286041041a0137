"""Where django-allauth asks us: nobody signs up, tries are counted, acts are recorded."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.utils.timezone import now

from accounts import limits
from accounts.models import User
from accounts.services import signing_in
from accounts.services.passwords import change_own_password
from accounts.services.second_factor import record_second_factor
from ppaos.orm import keyring

_CELL = "mfa_authenticator.data"


# django-allauth carries no types, so its classes are Any to the checker.
class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": str(signing_in.UnableToSignIn()),
        "too_many_login_attempts": str(limits.TooManyTries()),
        "enter_current_password": "รหัสผ่านปัจจุบันไม่ถูกต้อง",
        "incorrect_password": "รหัสผ่านไม่ถูกต้อง",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        try:
            return signing_in.check_password(
                request=request,
                username=credentials["username"],
                password=credentials["password"],
                at=now(),
            )
        except limits.TooManyTries as error:
            raise ImmediateHttpResponse(limits.too_many_requests(request)) from error

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        signing_in.record_sign_in(user=user, at=now())

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            signing_in.record_sign_out(user=request.user, at=now())
        super().logout(request)

    def set_password(self, user: User, password: str) -> None:
        change_own_password(user=user, password=password, by=user, at=now())

    def send_notification_mail(self, template_prefix: str, user: User, *_: Any, **__: Any) -> None:
        """Record a change of the second factor, where others would send an e-mail."""
        record_second_factor(user=user, what=template_prefix, at=now())


# As above: the class is Any to the checker.
class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "รหัสไม่ถูกต้อง",
    }

    def encrypt(self, text: str) -> str:
        """Seal the secret of a second factor before it is stored."""
        return base64.b64encode(keyring().seal(text.encode(), context=_CELL)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return keyring().unseal(base64.b64decode(encrypted_text), context=_CELL).decode()
