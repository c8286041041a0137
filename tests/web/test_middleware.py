from http import HTTPStatus
from uuid import uuid4

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import RequestFactory

from accounts.models import User
from ppaos.web.middleware import keep_private, refuse_large_bodies, sign_in_again


def request_of(user: User | AnonymousUser, **headers: str) -> HttpRequest:
    request = RequestFactory().get("/imports/", headers=headers)
    request.user = user
    return request


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def test_a_page_of_a_person_is_kept_by_nobody() -> None:
    response = keep_private(plain)(request_of(User(username="officer")))

    assert response.headers["Cache-Control"] == "no-store, private"


def test_a_view_may_decide_otherwise() -> None:
    def cached(request: HttpRequest) -> HttpResponse:
        return HttpResponse("ok", headers={"Cache-Control": "private, max-age=60"})

    response = keep_private(cached)(request_of(User(username="officer")))

    assert response.headers["Cache-Control"] == "private, max-age=60"


def test_a_public_page_may_be_kept() -> None:
    response = keep_private(plain)(request_of(AnonymousUser()))

    assert "Cache-Control" not in response.headers
    assert "camera=()" in response.headers["Permissions-Policy"]


def to_sign_in(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect("/accounts/login/?next=/imports/")


def test_a_fragment_sends_its_reader_to_the_whole_sign_in_page() -> None:
    response = sign_in_again(to_sign_in)(request_of(AnonymousUser(), hx_request="true"))

    assert response.status_code == HTTPStatus.NO_CONTENT
    assert response.headers["HX-Redirect"] == "/accounts/login/"


def test_a_page_is_redirected_as_ever() -> None:
    response = sign_in_again(to_sign_in)(request_of(AnonymousUser()))

    assert response.status_code == HTTPStatus.FOUND


def test_a_fragment_may_be_redirected_elsewhere() -> None:
    def elsewhere(request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect("/households/")

    response = sign_in_again(elsewhere)(request_of(AnonymousUser(), hx_request="true"))

    assert response.status_code == HTTPStatus.FOUND


def bringing(path: str, length: str) -> HttpResponse:
    request = RequestFactory().post(path, CONTENT_LENGTH=length)
    return refuse_large_bodies(plain)(request)


def test_a_body_larger_than_any_call_needs_is_refused_unread() -> None:
    assert bringing("/api/v1/token/", str(5 << 20)).status_code == 413
    assert bringing("/accounts/login/", "9" * 40).status_code == 413
    assert bringing("/imports/", str(500 << 20)).status_code == 413
    for photos in (f"/referrals/{uuid4()}/assistance/", f"/households/{uuid4()}/verify/"):
        assert bringing(photos, str(60 << 20)).status_code == 413
        assert bringing(photos, str(50 << 20)).status_code == 200


def test_a_form_and_a_list_are_let_through() -> None:
    for path, length in [("/accounts/login/", "300"), ("/imports/", str(400 << 20)), ("/", "x")]:
        assert bringing(path, length).status_code == 200
