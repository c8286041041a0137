"""The board as a page, a sheet and an answer to programs; every link opens what it says."""

import io
import re
from collections.abc import Callable
from html import unescape

import openpyxl
import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from households.models import Household
from tests.api.conftest import client_of
from tests.factories import DISTRICT, PROVINCE
from tests.reconciliation.scene import YEAR, set_scene

__all__ = ["client_of"]
pytestmark = pytest.mark.django_db
BOARD = f"/reconciliation/?area={DISTRICT}&year={YEAR}&a=tpmap&b=thaiqm"
NUMBER = re.compile(r'<a class="number" href="([^"]+)">([0-9,]+)</a>')


@pytest.fixture
def homes(areas: None) -> dict[int, Household]:
    return set_scene()


@pytest.fixture
def client(district: User) -> Client:
    client = Client()
    client.force_login(district)
    return client


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return str(answer.content.decode())


def test_every_number_opens_exactly_so_many_households(
    client: Client, homes: dict[int, Household]
) -> None:
    links = set(NUMBER.findall(read(client, BOARD)))
    assert len(links) > 25
    for address, number in links:
        text = read(client, unescape(address))
        assert f"<strong>{number} ครัวเรือน</strong>" in text, address
        assert len(set(re.findall(r'href="/households/([0-9a-f-]{36})/"', text))) == int(number)


def test_a_protected_household_is_counted_and_not_listed(
    client: Client, homes: dict[int, Household]
) -> None:
    Household.objects.filter(pk=homes[5].pk).update(is_protected=True)
    address = f"/reconciliation/households/{BOARD.removeprefix('/reconciliation/')}&show=only-a"
    text = read(client, address)
    assert "<strong>3 ครัวเรือน</strong> · อีก 1 ครัวเรือนนับรวมแต่ไม่แสดงชื่อ" in text
    assert str(homes[5].pk) not in text
    assert str(homes[6].pk) in text


def test_the_board_begins_with_the_newest_year_and_its_lists(
    client: Client, homes: dict[int, Household]
) -> None:
    text = read(client, "/reconciliation/")
    assert "TPMAP เทียบกับ ThaiQM ปี 2566" in text
    assert "ยังไม่มีบัญชีของพื้นที่และปีนี้" in read(client, "/reconciliation/?year=2540&area=303205")


@pytest.mark.parametrize("wrong", ["area=31", "area=x", "year=25", "year=abcd", "a=nothing"])
def test_what_is_not_there_is_not_found(
    client: Client, homes: dict[int, Household], wrong: str
) -> None:
    assert client.get(f"/reconciliation/?{wrong}").status_code == 404


def test_the_board_takes_a_fixed_number_of_queries(
    client: Client, homes: dict[int, Household], django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(18):  # type: ignore[operator]
        client.get(BOARD)


def test_the_sheet_holds_the_numbers_of_the_board(
    client: Client, homes: dict[int, Household]
) -> None:
    answer = client.get(BOARD.replace("/?", "/board.xlsx?"))
    book = openpyxl.load_workbook(io.BytesIO(answer.getvalue()))
    pairs = {row[:2]: row[2:] for row in book["คู่บัญชี"].iter_rows(min_row=2, values_only=True)}
    assert pairs["TPMAP", "ThaiQM"] == (4, 8, 3, 3, 3, 6, 3, 3)
    years = {row[0]: row[1:] for row in book["เทียบปี"].iter_rows(min_row=2, values_only=True)}
    assert years["TPMAP"] == (3, 7, 2, 4, 1, 1)


def test_programs_read_the_same_numbers(
    homes: dict[int, Household], district: User, client_of: Callable[[User], APIClient]
) -> None:
    answer = client_of(district).get(f"/api/v1/reconciliation/?area={DISTRICT}&year_be={YEAR}")
    found = answer.json()
    pair = next(one for one in found["pairs"] if (one["a"], one["b"]) == ("tpmap", "thaiqm"))
    assert pair["both"] == {"households": 4, "people": 8}
    assert pair["conflicting"] == {"households": 3, "people": 3}
    assert found["field_only"] == {"households": 1, "people": 4}


def test_who_reads_figures_only_is_refused(homes: dict[int, Household], viewer: User) -> None:
    client = Client()
    client.force_login(viewer)
    assert client.get(f"/reconciliation/?area={PROVINCE}").status_code == 403
