from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts.models import User
from audit.models import Event
from tests.factories import PASSWORD, make_user

LOGIN = "/accounts/login/"
Attempt = Callable[..., Any]


@pytest.fixture(autouse=True)
def _nothing_counted(db: None) -> None:
    cache.clear()


@pytest.fixture
def attempt(client: Client) -> Attempt:
    def _attempt(username: str, password: str = "wrong", **headers: Any) -> Any:
        client.logout()
        return client.post(LOGIN, {"login": username, "password": password}, **headers)

    return _attempt


def test_a_person_signs_in_and_it_is_recorded(officer: User, attempt: Attempt) -> None:
    answer = attempt("officer", PASSWORD)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    event = Event.objects.get(event="user.signed-in")
    assert (event.actor_id, event.area, event.ip_address) == (officer.pk, "3032", "127.0.0.1")


def test_a_phone_may_capitalise_the_user_name(officer: User, attempt: Attempt) -> None:
    assert attempt(" Officer ", PASSWORD).status_code == 302


def test_signing_out_is_recorded(officer: User, client: Client) -> None:
    client.force_login(officer)
    assert client.post("/accounts/logout/").status_code == 302
    assert Event.objects.filter(event="user.signed-out", actor_id=officer.pk).count() == 1
    assert "_auth_user_id" not in client.session


def test_a_wrong_password_and_an_unknown_name_look_the_same(
    officer: User, attempt: Attempt
) -> None:
    wrong, unknown = attempt("officer"), attempt("nobody1")
    assert wrong.status_code == unknown.status_code == 200
    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert "ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง" in wrong.content.decode()


def test_a_failed_try_is_recorded_without_what_was_typed(officer: User, attempt: Attempt) -> None:
    attempt("officer")
    attempt("my-password-by-mistake")
    known, unknown = Event.objects.filter(event="user.sign-in-failed").order_by("at")
    assert (known.subject_id, known.area) == (str(officer.pk), "3032")
    assert (unknown.subject_id, unknown.actor) == ("", "ระบบ")
    assert "my-password" not in str(unknown.__dict__)


def test_a_closed_account_cannot_sign_in(officer: User, attempt: Attempt) -> None:
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert attempt("officer", PASSWORD).status_code == 200


def test_the_sixth_try_is_refused_with_the_right_password_too(
    officer: User, attempt: Attempt
) -> None:
    assert [attempt("officer").status_code for _ in range(5)] == [200] * 5
    refused = attempt("officer", PASSWORD)
    assert refused.status_code == 429
    assert refused["Retry-After"] == "900"
    assert not Event.objects.filter(event="user.signed-in").exists()


def test_another_person_at_the_same_place_is_not_refused(
    officer: User, surveyor: User, attempt: Attempt
) -> None:
    for _ in range(6):
        attempt("officer")
    assert attempt("surveyor", PASSWORD).status_code == 302


def test_the_same_person_at_another_place_is_not_refused(officer: User, attempt: Attempt) -> None:
    for _ in range(6):
        attempt("officer")
    assert attempt("officer", PASSWORD, REMOTE_ADDR="10.1.2.3").status_code == 302


def test_a_made_up_forwarded_address_changes_nothing(officer: User, attempt: Attempt) -> None:
    for number in range(5):
        attempt("officer", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
    assert attempt("officer", PASSWORD, HTTP_X_FORWARDED_FOR="203.0.113.9").status_code == 429
    assert set(Event.objects.values_list("ip_address", flat=True)) == {"127.0.0.1"}


def test_behind_ones_own_proxy_only_its_own_word_counts(
    officer: User, attempt: Attempt, settings: Any
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(5):
        attempt("officer", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}, 198.51.100.7")
    refused = attempt("officer", PASSWORD, HTTP_X_FORWARDED_FOR="203.0.113.9, 198.51.100.7")
    assert refused.status_code == 429
    assert set(Event.objects.values_list("ip_address", flat=True)) == {"198.51.100.7"}
    elsewhere = attempt("officer", PASSWORD, HTTP_X_FORWARDED_FOR="198.51.100.8")
    assert elsewhere.status_code == 302


def test_another_host_name_changes_nothing(officer: User, attempt: Attempt) -> None:
    for _ in range(5):
        attempt("officer", HTTP_HOST="localhost")
    assert attempt("officer", PASSWORD, HTTP_HOST="127.0.0.1").status_code == 429


def test_right_passwords_do_not_use_up_the_tries(officer: User, attempt: Attempt) -> None:
    assert [attempt("officer", PASSWORD).status_code for _ in range(7)] == [302] * 7


def test_trying_many_people_from_one_place_is_refused_at_the_eleventh(
    db: None, attempt: Attempt
) -> None:
    people = [make_user(username=f"victim{number}") for number in range(11)]
    answers = [attempt(person.username).status_code for person in people]
    assert answers == [200] * 10 + [429]


def test_the_counters_are_rows_of_the_database(officer: User, attempt: Attempt) -> None:
    attempt("officer")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM django_cache WHERE cache_key LIKE %s", ["%login_failed%"]
        )
        assert cursor.fetchone() == (2,)


def test_nobody_signs_up_or_resets_by_mail(client: Client, db: None) -> None:
    for path in ("/accounts/signup/", "/accounts/password/reset/", "/accounts/email/"):
        assert client.get(path).status_code == 404


def test_a_page_leads_to_the_sign_in_and_back(officer: User, client: Client) -> None:
    assert client.get("/account/")["Location"] == f"{LOGIN}?next=/account/"
    answer = client.post(
        f"{LOGIN}?next=/account/", {"login": "officer", "password": PASSWORD, "next": "/account/"}
    )
    assert answer["Location"] == "/account/"


def test_the_way_back_leads_to_no_other_site(officer: User, client: Client) -> None:
    answer = client.post(
        LOGIN, {"login": "officer", "password": PASSWORD, "next": "https://evil.example/"}
    )
    assert answer["Location"] == "/"
