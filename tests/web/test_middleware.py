from http import HTTPStatus

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import RequestFactory

from accounts.models import User
from ppaos.web.middleware import keep_private, sign_in_again


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
