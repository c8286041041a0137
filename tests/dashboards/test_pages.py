"""The overview: who sees what, and that each number opens what it counts."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.roles import Role
from tests.dashboards.scene import YEAR_BE, set_scene
from tests.factories import DISTRICT, PROVINCE, make_household, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(areas: None) -> None:
    set_scene()


def get(client: Client, user: User, **query: Any) -> Any:
    client.force_login(user)
    return client.get("/dashboards/", {"year": YEAR_BE, **query})


def text_of(response: Any) -> str:
    assert response.status_code == 200
    found: str = response.content.decode()
    return found


class Numbers(HTMLParser):
    """Reads the numbers of a page that open a list: (address, number)."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, int]] = []
        self._address = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "a" and said.get("class") == "number":
            self._address = said["href"] or ""

    def handle_data(self, data: str) -> None:
        if self._address:
            self.found.append((self._address, int(data.replace(",", ""))))
            self._address = ""


def linked_numbers(text: str) -> list[tuple[str, int]]:
    reader = Numbers()
    reader.feed(text)
    return reader.found


def rows_behind(client: Client, address: str) -> int:
    """Count the rows of a list, page by page."""
    path, rows = address.split("?")[0], 0
    while address:
        response = client.get(address)
        assert response.status_code == 200, address
        found = response.context["households" if path == "/households/" else "rows"]
        rows += len(found)
        following = response.context["next_url"]
        address = f"{path}{following}" if following else ""
    return rows


# ---- each number opens its list --------------------------------------------------------
@pytest.mark.parametrize("area", [PROVINCE, DISTRICT, "303201", "30320101"])
def test_each_number_opens_a_list_of_as_many_rows(
    area: str, client: Client, scene: None, province: User
) -> None:
    numbers = linked_numbers(text_of(get(client, province, area=area)))

    assert len({address for address, _ in numbers}) > 25
    shown = {address: number for address, number in numbers}
    assert {address: rows_behind(client, address) for address in shown} == shown


def test_the_list_says_the_same_number(client: Client, scene: None, province: User) -> None:
    numbers = dict(linked_numbers(text_of(get(client, province))))
    address = next(address for address in numbers if address.endswith("counted=target"))

    assert f"{numbers[address]} ครัวเรือน" in text_of(client.get(address))
