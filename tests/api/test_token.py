from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from accounts.models import ApiToken, User
from audit.models import Event
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], APIClient]


def test_a_password_buys_a_token_that_says_who_one_is(surveyor: User) -> None:
    response = APIClient().post(
        "/api/v1/token/", {"username": "surveyor", "password": PASSWORD}, format="json"
    )
    assert response.status_code == 201
    body = response.json()
    assert set(body) == {"id", "token", "expires_at"}

    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {body['token']}")
    me = client.get("/api/v1/me/").json()
    assert me["username"] == "surveyor"
    assert [(s["role"], s["area"], s["agency"]) for s in me["scopes"]] == [
        ("SURVEYOR", "303201", None)
    ]
    assert Event.objects.filter(event="token.issued", actor_id=surveyor.pk).count() == 1


def test_the_token_itself_is_not_stored(surveyor: User) -> None:
    token = (
        APIClient()
        .post("/api/v1/token/", {"username": "surveyor", "password": PASSWORD}, format="json")
        .json()["token"]
    )
    assert not ApiToken.objects.filter(digest=token).exists()


@pytest.mark.parametrize(("username", "password"), [("surveyor", "wrong"), ("nobody", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_sound_alike(
    surveyor: User, username: str, password: str
) -> None:
    response = APIClient().post(
        "/api/v1/token/", {"username": username, "password": password}, format="json"
    )
    assert response.status_code == 401
    assert response.json() == {
        "code": "not_authenticated",
        "message": "ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง",
        "fields": {},
    }


def test_guessing_is_slowed_down(surveyor: User) -> None:
    client = APIClient()
    wrong = {"username": "surveyor", "password": "wrong"}
    answers = [client.post("/api/v1/token/", wrong, format="json").status_code for _ in range(6)]
    assert answers == [401] * 5 + [429]
    right = client.post(
        "/api/v1/token/", {"username": "surveyor", "password": PASSWORD}, format="json"
    )
    assert right.status_code == 429
    assert int(right["Retry-After"]) > 0


def test_tokens_are_listed_and_ended_by_their_owner_only(
    client_of: ClientOf, surveyor: User, province: User
) -> None:
    client, other = client_of(surveyor), client_of(province)
    [row] = client.get("/api/v1/tokens/").json()["results"]

    assert other.delete(f"/api/v1/tokens/{row['id']}/").status_code == 404
    assert client.delete(f"/api/v1/tokens/{row['id']}/").status_code == 204
    assert client.get("/api/v1/me/").status_code == 401
