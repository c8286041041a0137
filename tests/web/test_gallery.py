from http import HTTPStatus

import pytest
from django.template import engines
from django.template.backends.django import DjangoTemplates
from django.test import Client

from accounts.models import User

URL = "/settings/components/"


class Undefined(str):
    """Fails the page that writes a variable nobody gave."""

    def __mod__(self, name: object) -> str:
        raise AssertionError(f"undefined variable: {name}")

    def __contains__(self, part: object) -> bool:
        return part == "%s"


@pytest.fixture
def staff(admin: User) -> User:
    admin.is_staff = True
    admin.save(update_fields=["is_staff"])
    return admin


@pytest.fixture
def strict_templates(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = engines["django"]
    assert isinstance(backend, DjangoTemplates)
    monkeypatch.setattr(backend.engine, "string_if_invalid", Undefined("%s"))


def test_it_shows_every_component_and_no_undefined_variable(
    client: Client, staff: User, strict_templates: None
) -> None:
    client.force_login(staff)

    response = client.get(URL)

    assert response.status_code == HTTPStatus.OK
    assert "ชิ้นส่วนของหน้าจอ" in response.content.decode()


def test_the_check_for_undefined_variables_can_fail(strict_templates: None) -> None:
    with pytest.raises(AssertionError, match="undefined variable: nobody"):
        engines["django"].from_string("{{ nobody }}").render({})


def test_a_person_outside_the_administration_is_refused_with_the_reason(
    client: Client, surveyor: User
) -> None:
    client.force_login(surveyor)

    response = client.get(URL)

    assert response.status_code == HTTPStatus.FORBIDDEN
    assert "หน้านี้สำหรับผู้ดูแลระบบ" in response.content.decode()


@pytest.mark.django_db
def test_it_needs_sign_in(client: Client) -> None:
    response = client.get(URL)

    assert response.status_code == HTTPStatus.FOUND
    assert response.headers["Location"] == f"/accounts/login/?next={URL}"


def test_it_rejects_post(client: Client, staff: User) -> None:
    client.force_login(staff)

    assert client.post(URL).status_code == HTTPStatus.METHOD_NOT_ALLOWED
