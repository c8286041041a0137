from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.test import RequestFactory
from django.utils.timezone import now
from rest_framework.exceptions import Throttled, ValidationError
from rest_framework.test import APIClient

from accounts.models import ApiToken, User
from accounts.services import issue_token
from api.idempotency import idempotent
from ppaos.web.api_errors import Refusal, flatten, handle
from ppaos.web.middleware import keep_private

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], APIClient]


def test_a_call_without_a_token_is_refused_in_the_shape_of_the_contract() -> None:
    response = APIClient().get("/api/v1/areas/")
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response.json() == {
        "code": "not_authenticated",
        "message": "ต้องเข้าสู่ระบบก่อน",
        "fields": {},
    }


@pytest.mark.parametrize(
    "change",
    [
        {"expires_at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"revoked_at": datetime(2020, 1, 1, tzinfo=UTC)},
    ],
)
def test_a_token_that_is_over_is_refused(client_of: ClientOf, stranger: User, change: Any) -> None:
    client = client_of(stranger)
    assert client.get("/api/v1/areas/").status_code == 200
    ApiToken.objects.update(**change)
    assert client.get("/api/v1/areas/").status_code == 401


def test_a_person_who_left_has_no_way_in(client_of: ClientOf, stranger: User) -> None:
    client = client_of(stranger)
    User.objects.update(is_active=False)
    assert client.get("/api/v1/areas/").status_code == 401


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Bearer wrong"])
def test_a_malformed_token_is_refused(header: str) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=header)
    assert client.get("/api/v1/areas/").json()["code"] == "not_authenticated"


def test_an_unknown_address_answers_in_json() -> None:
    response = APIClient().get("/api/v1/nothing/here/")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_areas_are_paged_by_key_and_filtered(
    client_of: ClientOf, stranger: User, areas: None
) -> None:
    client = client_of(stranger)
    first = client.get(
        "/api/v1/areas/", {"level": "SUBDISTRICT", "parent": "3032", "page_size": "3"}
    ).json()
    assert [area["code"] for area in first["results"]] == ["303201", "303202", "303203"]
    assert first["previous"] is None
    second = client.get(first["next"]).json()
    assert [area["code"] for area in second["results"]] == ["303204", "303205"]
    assert second["next"] is None
    assert client.get(second["previous"]).json()["results"] == first["results"]


@pytest.mark.parametrize(
    ("query", "field"),
    [({"page_size": "x"}, "page_size"), ({"level": "X"}, "level"), ({"parent": "a"}, "parent")],
)
def test_a_bad_query_names_its_field(
    client_of: ClientOf, stranger: User, query: Any, field: str
) -> None:
    response = client_of(stranger).get("/api/v1/areas/", query)
    assert response.status_code == 400
    assert response.json()["code"] == "invalid"
    assert list(response.json()["fields"]) == [field]


def test_a_cursor_from_elsewhere_is_a_bad_request(client_of: ClientOf, stranger: User) -> None:
    assert client_of(stranger).get("/api/v1/areas/", {"cursor": "zzz"}).status_code == 400


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Http404(), 404, "not_found"),
        (PermissionDenied("ไม่มีสิทธิ"), 403, "not_allowed"),
        (Refusal(code="stale", message="มีผู้แก้ไขก่อน"), 409, "stale"),
        (ValidationError({"name": ["ว่าง"]}), 400, "invalid"),
        (OperationalError("gone"), 503, "unavailable"),
        (Throttled(wait=7), 429, "too_many_requests"),
    ],
)
def test_each_refusal_has_its_code(error: Exception, status: int, code: str) -> None:
    response = handle(error, {})
    assert response is not None
    assert (response.status_code, response.data["code"]) == (status, code)
    assert set(response.data) == {"code", "message", "fields"}


def test_an_unexpected_error_is_not_swallowed() -> None:
    assert handle(RuntimeError(), {}) is None


def test_nested_errors_are_flat_paths() -> None:
    detail = {"members": [{}, {"citizen_id": ["ผิด"]}], "area": ["ว่าง"]}
    assert flatten(detail) == {"members.1.citizen_id": ["ผิด"], "area": ["ว่าง"]}


def test_brackets_without_end_are_refused(client_of: ClientOf, stranger: User) -> None:
    answer = client_of(stranger).post(
        "/api/v1/households/search/", "[" * 200_000, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_an_address_with_a_nul_names_nothing(client_of: ClientOf, stranger: User) -> None:
    assert client_of(stranger).get("/api/v1/questionnaires/%00/").status_code == 404


class TestIdempotency:
    """The same POST sent again gets the first answer."""

    @pytest.fixture(autouse=True)
    def tokens(self, stranger: User, client_of: ClientOf) -> None:
        client_of(stranger)
        client_of(User.objects.create_user("other", name="คนอื่น ทดสอบ"))

    def view(self, status: int = 201) -> tuple[Callable[..., Any], list[int]]:
        calls: list[int] = []

        def create(request: HttpRequest) -> HttpResponse:
            calls.append(1)
            return JsonResponse({"n": len(calls)}, status=status)

        return idempotent(create), calls

    def post(
        self, body: str = "{}", key: str | None = "k", token: str = "token-of-stranger"
    ) -> HttpRequest:
        headers = {"Authorization": f"Bearer {token}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        return RequestFactory().post("/x/", body, content_type="application/json", headers=headers)

    def test_a_repeat_gets_the_first_answer_and_does_nothing(self) -> None:
        view, calls = self.view()
        first, second = view(self.post()), view(self.post())
        assert (first.content, first.status_code) == (second.content, second.status_code)
        assert second["Idempotent-Replay"] == "true"
        assert len(calls) == 1

    def test_other_keys_callers_and_no_key_are_other_calls(self) -> None:
        view, calls = self.view()
        for request in [
            self.post(),
            self.post(key="other"),
            self.post(token="token-of-other"),
            self.post(key=None),
            self.post(key=None),
        ]:
            view(request)
        assert len(calls) == 5

    def test_another_token_of_the_same_person_is_the_same_caller(self, stranger: User) -> None:
        view, calls = self.view()
        view(self.post())
        again = issue_token(user=stranger, by=stranger, at=now())
        assert view(self.post(token=again.token))["Idempotent-Replay"] == "true"
        assert len(calls) == 1

    def test_a_token_that_is_over_gets_no_earlier_answer(self) -> None:
        view, calls = self.view()
        view(self.post())
        ApiToken.objects.update(revoked_at=datetime(2026, 11, 20, tzinfo=UTC))
        assert "Idempotent-Replay" not in view(self.post())
        assert len(calls) == 2

    def test_nothing_is_kept_for_who_has_no_token(self) -> None:
        view, calls = self.view(status=401)
        view(self.post(token="wrong"))
        view(self.post(token="wrong"))
        assert len(calls) == 2

    def test_an_earlier_answer_is_kept_by_no_browser(self, stranger: User) -> None:
        view = keep_private(self.view()[0])
        view(self.post())
        again = view(self.post())
        assert again["Idempotent-Replay"] == "true"
        assert "no-store" in again["Cache-Control"]

    def test_the_same_key_with_other_content_is_a_conflict(self) -> None:
        view, calls = self.view()
        view(self.post())
        assert view(self.post('{"a": 1}')).status_code == 409
        assert len(calls) == 1

    def test_a_failure_can_be_tried_again(self) -> None:
        view, calls = self.view(status=503)
        view(self.post())
        view(self.post())
        assert len(calls) == 2

    def test_a_call_that_is_still_being_worked_on_is_a_conflict(self) -> None:
        inner: list[int] = []

        def create(request: HttpRequest) -> HttpResponse:
            inner.append(guarded(self.post()).status_code)
            return JsonResponse({})

        guarded = idempotent(create)
        guarded(self.post())
        assert inner == [409]

    def test_the_kept_answer_is_sealed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def create(request: HttpRequest) -> HttpResponse:
            return JsonResponse({"name": "ชื่อที่ต้องปิด"})

        kept: dict[str, Any] = {}

        def keep(key: str, value: Any, timeout: int) -> None:
            kept[key] = value

        monkeypatch.setattr(cache, "set", keep)
        idempotent(create)(self.post())
        [blob] = kept.values()
        assert isinstance(blob, bytes)
        assert b"name" not in blob

    @pytest.mark.parametrize("key", ["", "x" * 201])
    def test_a_key_of_the_wrong_length_is_refused(self, key: str) -> None:
        assert self.view()[0](self.post(key=key)).status_code == 400
