from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.http import HttpRequest
from django.test import Client, RequestFactory

from accounts import limits, services
from accounts.models import User
from audit.models import Event
from tests.factories import PASSWORD

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
APP = "/account/second-factor/app/"
AGAIN = "/accounts/reauthenticate/"
CODE = "/accounts/code/"


@pytest.fixture(autouse=True)
def tick(db: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let half a minute of the code's clock pass when called; else it stands still."""
    cache.clear()
    counter = [1000]
    monkeypatch.setattr(totp, "yield_hotp_counters_from_time", lambda: iter(counter))

    def _tick() -> None:
        counter[0] += 1

    return _tick


def code_of(secret: str) -> str:
    counter = next(totp.yield_hotp_counters_from_time())
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


def sign_in(client: Client) -> str:
    answer = client.post("/accounts/login/", {"login": "surveyor", "password": PASSWORD})
    return answer["Location"]


@pytest.fixture
def secret(client: Client, surveyor: User, tick: Callable[[], None]) -> str:
    """Activate an app for the surveyor and return the secret it was given."""
    sign_in(client)
    assert client.get(APP)["Location"].startswith(AGAIN)
    client.post(AGAIN, {"password": PASSWORD})
    client.get(APP)
    secret = client.session[totp.SECRET_SESSION_KEY]
    assert isinstance(secret, str)
    assert client.post(APP, {"code": code_of(secret)}).status_code == 302
    tick()
    return secret


@pytest.fixture
def request_of_a_program(rf: RequestFactory) -> HttpRequest:
    return rf.post("/api/v1/token/")


def recovery_code(user: User) -> str:
    codes = Authenticator.objects.get(user=user, type="recovery_codes").wrap().generate_codes()
    return str(codes[0])


def test_the_code_is_asked_for_after_the_password(surveyor: User, secret: str) -> None:
    client = Client()
    assert sign_in(client) == CODE
    assert client.get("/account/").status_code == 302
    assert client.post(CODE, {"code": "000000"}).status_code == 200
    failure = Event.objects.get(event="user.sign-in-failed")
    assert (failure.subject_id, failure.detail) == (str(surveyor.pk), {"why": "code"})
    assert client.post(CODE, {"code": code_of(secret)}).status_code == 302
    assert client.get("/account/").status_code == 200


def test_a_code_is_good_once(surveyor: User, secret: str) -> None:
    code = code_of(secret)
    first, second = Client(), Client()
    sign_in(first)
    assert first.post(CODE, {"code": code}).status_code == 302
    sign_in(second)
    assert second.post(CODE, {"code": code}).status_code == 200
    assert second.get("/account/").status_code == 302


def test_a_recovery_code_takes_the_place_of_the_app_once(surveyor: User, secret: str) -> None:
    code = recovery_code(surveyor)
    first, second = Client(), Client()
    sign_in(first)
    assert first.post(CODE, {"code": code}).status_code == 302
    sign_in(second)
    assert second.post(CODE, {"code": code}).status_code == 200


def test_the_secret_is_sealed_in_the_database(surveyor: User, secret: str) -> None:
    stored = [str(row.data) for row in Authenticator.objects.filter(user=surveyor)]
    assert len(stored) == 2
    assert not any(secret in text for text in stored)


def test_the_sixth_wrong_code_is_refused_with_the_right_one_too(
    surveyor: User, secret: str
) -> None:
    client = Client()
    sign_in(client)
    for _ in range(5):
        client.post(CODE, {"code": "000000"})
    assert client.post(CODE, {"code": code_of(secret)}).status_code == 200
    assert client.get("/account/").status_code == 302


def test_changes_of_the_second_factor_are_recorded(
    client: Client, surveyor: User, secret: str
) -> None:
    assert client.post("/account/second-factor/app/remove/").status_code == 302
    assert Event.objects.filter(event="second-factor.deactivated", actor="surveyor").exists()
    assert sign_in(Client()) == "/"


def test_a_program_needs_the_code_as_well(
    surveyor: User, secret: str, request_of_a_program: HttpRequest
) -> None:
    def token(otp: str) -> services.IssuedToken:
        return services.sign_in_by_api(
            request=request_of_a_program, username="surveyor", password=PASSWORD, otp=otp, at=AT
        )

    for wrong in ("", "000000"):
        with pytest.raises(services.UnableToSignIn):
            token(wrong)
    assert services.user_of_token(token=token(code_of(secret)).token, at=AT) == surveyor


def test_wrong_codes_of_programs_and_pages_are_counted_together(
    surveyor: User, secret: str, request_of_a_program: HttpRequest
) -> None:
    client = Client()
    sign_in(client)
    for _ in range(5):
        client.post(CODE, {"code": "000000"})
    with pytest.raises(limits.TooManyTries):
        services.sign_in_by_api(
            request=request_of_a_program,
            username="surveyor",
            password=PASSWORD,
            otp=code_of(secret),
            at=AT,
        )
