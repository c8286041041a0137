from http import HTTPStatus

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.views.defaults import server_error
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from ppaos.urls import urlpatterns as real_urls


def refuse(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("บัญชีของท่านไม่มีสิทธิ “นำเข้าข้อมูล” <ในพื้นที่นี้>")


def garble(request: HttpRequest) -> HttpResponse:
    raise BadRequest


urlpatterns = [path("refuse/", refuse), path("garble/", garble), *real_urls]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def test_a_refusal_shows_its_reason(client: Client, officer: User) -> None:
    client.force_login(officer)

    response = client.get("/refuse/")

    assert response.status_code == HTTPStatus.FORBIDDEN
    assert "“นำเข้าข้อมูล” &lt;ในพื้นที่นี้&gt;" in response.content.decode()
    assert "เพิ่มสิทธิ" in response.content.decode()


def test_a_lost_address_leads_back_to_work(client: Client) -> None:
    response = client.get("/nowhere/")

    assert response.status_code == HTTPStatus.NOT_FOUND
    assert "ไม่พบหน้านี้" in response.content.decode()


def test_a_garbled_request_is_told_that_nothing_was_saved(client: Client) -> None:
    response = client.get("/garble/")

    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert "ยังไม่มีอะไรถูกบันทึก" in response.content.decode()


def test_a_form_that_lay_open_too_long_says_how_to_send_it_again() -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "officer"})

    assert response.status_code == HTTPStatus.FORBIDDEN
    assert "เปิดไว้นานเกินไป" in response.content.decode()


def test_a_breakdown_page_asks_nothing_of_the_database(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(0):
        response = server_error(RequestFactory().get("/"))

    assert response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "ระบบขัดข้อง" in response.content.decode()


def test_without_a_signal_there_is_a_page(client: Client) -> None:
    response = client.get("/offline/")

    assert response.status_code == HTTPStatus.OK
    assert "ไม่มีสัญญาณอินเทอร์เน็ต" in response.content.decode()
