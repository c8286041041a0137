"""The overview: who sees what, and that each number opens what it counts."""

import io
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from pytest_django import DjangoDbBlocker

from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from referrals.models import Referral
from referrals.workflow import Status
from tests.dashboards.scene import YEAR_BE, count, listed, set_scene
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    PROVINCE,
    make_household,
    make_scope,
    make_user,
)
from tests.referrals.cases import TODAY

pytestmark = pytest.mark.django_db

QUERIES = 17


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Set the scene once for the module: it takes longer than most tests that look at it."""
    with django_db_blocker.unblock(), transaction.atomic():
        set_scene()
        yield
        transaction.set_rollback(True)


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
def test_each_number_opens_a_list_of_as_many_rows(
    client: Client, scene: None, province: User
) -> None:
    shown = dict(linked_numbers(text_of(get(client, province, area=DISTRICT))))

    assert len(shown) > 40
    assert any("turn=agency" in address for address in shown)
    assert {address: rows_behind(client, address) for address in shown} == shown


def test_the_list_says_the_same_number(client: Client, scene: None, province: User) -> None:
    numbers = dict(linked_numbers(text_of(get(client, province))))
    address = next(address for address in numbers if address.endswith("counted=target"))

    assert f"{numbers[address]} ครัวเรือน" in text_of(client.get(address))


# ---- who sees what ---------------------------------------------------------------------
def test_it_needs_login(client: Client) -> None:
    assert client.get("/dashboards/").status_code == 302


@pytest.mark.parametrize("name", ["surveyor", "agency_officer", "admin", "stranger"])
@pytest.mark.parametrize("address", ["/dashboards/", "/dashboards/breakdown.xlsx"])
def test_who_may_not_read_figures_is_refused(
    name: str, address: str, client: Client, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(name))
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("query", ["area=31", "area=3032010199", "area=x", "year=12", "year=abc"])
def test_what_is_no_place_or_year_of_ones_own_is_not_found(
    query: str, client: Client, province: User
) -> None:
    client.force_login(province)
    assert client.get(f"/dashboards/?{query}").status_code == 404


def test_a_district_begins_with_itself_and_does_not_look_up(client: Client, officer: User) -> None:
    text = text_of(get(client, officer))
    assert "อำเภอเฉลิมพระเกียรติ · ปี 2569" in text
    assert "area=30&" not in text
    assert get(client, officer, area=PROVINCE).status_code == 404


def test_two_districts_have_a_way_between_them(client: Client, areas: None) -> None:
    user = make_user(Role.ANALYST, DISTRICT)
    make_scope(user, Role.ANALYST, OTHER_DISTRICT)
    text = text_of(get(client, user))
    assert "อำเภอเมืองนครราชสีมา · ปี 2569" in text
    assert f"area={DISTRICT}&amp;year=2569" in text


def test_a_reader_without_files_sees_no_list_and_no_small_number(
    client: Client, scene: None, viewer: User
) -> None:
    response = get(client, viewer, area="30320101")
    text = text_of(response)

    assert linked_numbers(text) == []
    assert "/households/" not in text
    assert "/referrals/" not in text
    assert "ซ่อนตัวเลขน้อยเพื่อไม่ให้ระบุตัวบุคคลได้" in text
    stages = {bar.label: bar.figure for bar in response.context["stages"]}
    assert all(figure.is_hidden and figure.value is None for figure in stages.values())


def test_who_reads_files_sees_the_same_numbers_whole(
    client: Client, scene: None, province: User
) -> None:
    response = get(client, province, area="30320101")

    assert not any(bar.figure.is_hidden for bar in response.context["stages"])
    assert "ซ่อนตัวเลขน้อย" not in text_of(response)


def test_what_is_late_is_with_an_agency_or_said_to_be_elsewhere(
    client: Client, scene: None, province: User
) -> None:
    assert "ไม่ได้อยู่กับหน่วยงาน" not in text_of(get(client, province))
    checks = Referral.objects.filter(status=Status.HELPED)
    checks.update(due_on=TODAY - timedelta(days=400))

    text = text_of(get(client, province))

    assert f"เกินกำหนดอีก {checks.count()} เรื่องไม่ได้อยู่กับหน่วยงาน" in text


# ---- going down ------------------------------------------------------------------------
def test_the_way_leads_from_the_province_to_the_village(
    client: Client, scene: None, province: User
) -> None:
    for area, inside, unit in (
        (PROVINCE, DISTRICT, "อำเภอ"),
        (DISTRICT, "303201", "ตำบล"),
        ("303201", "30320101", "หมู่บ้าน"),
    ):
        text = text_of(get(client, province, area=area))
        assert f"แยกตาม{unit}" in text
        assert f"?area={inside}&amp;year=2569" in text

    village = text_of(get(client, province, area="30320101"))
    assert "แยกตาม" not in village
    for above in (PROVINCE, DISTRICT, "303201"):
        assert f'href="?area={above}&amp;year=2569"' in village


def test_the_areas_inside_are_sorted_by_any_column(
    client: Client, scene: None, province: User
) -> None:
    def order(**query: str) -> list[str]:
        response = get(client, province, area=DISTRICT, **query)
        return [row.label for row in response.context["breakdown"].rows]

    by_targets = order()
    assert by_targets[0] == "ช้างทอง"
    assert order(sort="targets")[:1] != by_targets[:1]
    assert order(sort="area")[:2] == ["ช้างทอง", "ท่าช้าง"]
    assert order(sort="nonsense") == by_targets


def test_households_without_a_village_are_a_line_that_leads_nowhere(
    client: Client, scene: None, province: User
) -> None:
    rows = get(client, province, area="303201").context["breakdown"].rows
    own = [row for row in rows if not row.url]

    assert [row.label for row in own] == ["ไม่ทราบหมู่บ้าน"]
    assert not any(figure.url for _, figure in own[0].cells)


# ---- nothing yet, not known, another year ------------------------------------------------
def test_an_empty_place_says_what_will_come_and_who_can_bring_it(
    client: Client, admin: User, viewer: User
) -> None:
    make_scope(admin, Role.ANALYST, PROVINCE)
    for user, can_import in ((admin, True), (viewer, False)):
        text = text_of(get(client, user, area=OTHER_DISTRICT))
        assert "ยังไม่มีตัวเลขของพื้นที่และปีนี้" in text
        assert ("นำเข้าบัญชี TPMAP</a>" in text) == can_import
        assert 'class="number"' not in text


def test_what_is_not_known_is_a_dash_and_never_a_zero(
    client: Client, areas: None, province: User
) -> None:
    listed(make_household(area_id="30010101"))
    count("30010101")
    response = get(client, province, area=OTHER_DISTRICT)

    capitals = response.context["capitals"]
    assert [line.mean.value for line in capitals] == [None] * 5
    assert response.context["kpis"][1].figure.value is None
    assert 'title="ยังไม่มีข้อมูล"' in text_of(response)


def test_another_year_can_be_chosen(client: Client, scene: None, province: User) -> None:
    text = text_of(get(client, province, year=2568))
    assert "จังหวัดนครราชสีมา · ปี 2568" in text
    assert "พ้นความยากจนในปี 2568" in text
    assert '<option value="2568" selected>' in text
    assert '<option value="2569">' in text


def test_a_year_gone_by_opens_lists_of_as_many_rows(
    client: Client, scene: None, province: User
) -> None:
    shown = dict(linked_numbers(text_of(get(client, province, year=2568))))
    assert {address: rows_behind(client, address) for address in shown} == shown


# ---- the sheet -------------------------------------------------------------------------
def sheet(client: Client, user: User, **query: Any) -> dict[str, list[list[Any]]]:
    client.force_login(user)
    response: Any = client.get("/dashboards/breakdown.xlsx", {"year": YEAR_BE, **query})
    assert response.status_code == 200
    workbook = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return {
        page.title: [[cell.value for cell in row] for row in page.iter_rows()] for page in workbook
    }


def test_the_sheet_holds_the_numbers_of_the_page_and_says_whose_it_is(
    client: Client, scene: None, province: User
) -> None:
    pages = sheet(client, province, area=DISTRICT)
    shown = get(client, province, area=DISTRICT).context["breakdown"].rows

    header, *rows = pages["ตัวเลข"]
    at = header.index("ครัวเรือนเป้าหมาย")
    targets = {row[1]: row[at] for row in rows if row[at]}
    assert targets == {row.label: dict(row.cells)["เป้าหมาย"].value for row in shown}
    assert ["ดาวน์โหลดโดย", "province"] in pages["ที่มา"]


def test_the_sheet_hides_what_the_page_hides_and_leaves_a_trace(
    client: Client, scene: None, viewer: User
) -> None:
    rows = sheet(client, viewer, area="303201")["ตัวเลข"][1:]
    shown = get(client, viewer, area="303201").context["breakdown"].rows

    assert any(dict(row.cells)["พ้นความยากจน"].is_hidden for row in shown)
    assert {row[-1] for row in rows} <= {"ซ่อน", 0}
    assert "ซ่อน" in {row[-1] for row in rows}
    event = Event.objects.get(event="export.made")
    assert (event.actor, event.area) == ("viewer", "303201")
    assert event.detail["rows"] == len(rows)


# ---- speed -----------------------------------------------------------------------------
def test_it_takes_a_fixed_number_of_queries(client: Client, scene: None, province: User) -> None:
    def queries(area: str) -> int:
        client.force_login(province)
        with CaptureQueriesContext(connection) as asked:
            text_of(client.get(f"/dashboards/?area={area}&year={YEAR_BE}"))
        return len(asked)

    queries(PROVINCE)
    assert {area: queries(area) for area in (PROVINCE, DISTRICT, "303201")} == dict.fromkeys(
        (PROVINCE, DISTRICT, "303201"), QUERIES
    )
