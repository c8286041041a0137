"""The register's list: what is lacking, order, columns, saved views and the sheet."""

import re
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from openpyxl import load_workbook

from accounts.models import User
from audit.models import Event
from casework.filters import Gap
from casework.models import ListColumns, SavedView
from casework.services import UnableToExport, exporting, register_file, save_view
from households.models import Household, SourceListing
from ppaos.lib import citizen_id
from tests.factories import make_household, make_member

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def get(client: Client, user: User, **query: Any) -> Any:
    client.force_login(user)
    return client.get("/households/", query)


def shown(response: Any) -> list[str]:
    return [household.house_no for household in response.context["households"]]


def complete_household(**overrides: Any) -> Household:
    household = make_household(**({"lat": 15, "lon": 102, "phone": "044123456"} | overrides))
    make_member(household, is_head=True, birth_year=1960)
    return household


def test_each_gap_is_found(client: Client, officer: User) -> None:
    complete_household(house_no="whole")
    make_member(complete_household(house_no="no-id"), citizen_id=None, birth_year=1990)
    complete_household(house_no="no-code", house_code=None, temporary_code="TMP-303201-K4T9QF")
    complete_household(house_no="no-position", lat=None, lon=None)
    complete_household(house_no="no-phone", phone=None)
    complete_household(house_no="no-village", area_id="303201")
    make_household(house_no="no-member", lat=15, lon=102, phone="044123456")
    headless = make_household(house_no="no-head", lat=15, lon=102, phone="044123456")
    make_member(headless, birth_year=1960)
    make_member(complete_household(house_no="no-birth"), birth_date=None, birth_year=None)

    for gap in Gap:
        found = set(shown(get(client, officer, gap=gap.value)))
        if gap is Gap.NO_ASSESSMENT:
            assert len(found) == Household.objects.count()
        elif gap is Gap.NO_HEAD:
            assert found == {"no-head", "no-member"}
        else:
            assert found == {gap.value}, gap


def test_it_sorts_by_the_heads_name_in_thai_order_over_pages(
    client: Client, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casework.views.register.PAGE_SIZE", 2)
    for name in ("แก้ว", "ขวัญ", "เกษม", "กมล"):
        make_member(make_household(house_no=name), first_name=name, last_name="ก", is_head=True)
    make_household(house_no="ไม่มีคน")

    seen, url = [], "/households/?area=3032&sort=name"
    client.force_login(officer)
    while url:
        response: Any = client.get(url)
        seen += shown(response)
        following = response.context["next_url"]
        assert "แก้ว".encode() not in (following or "").encode()
        url = f"/households/{following}" if following else ""
        before = response.context["previous_url"]
    assert seen == ["กมล", "เกษม", "แก้ว", "ขวัญ", "ไม่มีคน"]
    assert shown(client.get(f"/households/{before}")) == ["แก้ว", "ขวัญ"]


def test_a_cursor_by_name_does_not_tell_the_name(client: Client, officer: User) -> None:
    for _ in range(51):
        make_member(make_household(), first_name="ความลับ", is_head=True)
    following = get(client, officer, area="3032", sort="name").context["next_url"]
    cursor = following.partition("cursor=")[2]
    assert len(cursor) < 70


def test_by_name_needs_a_district(client: Client, province: User) -> None:
    page = get(client, province, sort="name")
    assert page.context["order"].value == "place"
    assert "เลือกอำเภอก่อน" in page.content.decode()


def test_chosen_columns_are_remembered_for_the_person(
    client: Client, officer: User, surveyor: User
) -> None:
    household = complete_household()
    client.force_login(officer)
    client.post("/households/columns/", {"column": ["code", "stage", "unknown"], "filters": "a=b"})

    assert ListColumns.objects.get().columns == ["stage", "code"]
    text = client.get("/households/").content.decode()
    assert f"{household.house_code}"[:4] in text
    assert '<th scope="col">รหัสบ้าน</th>' in text
    assert '<th scope="col">อยู่ในบัญชี</th>' not in text
    assert '<th scope="col">อยู่ในบัญชี</th>' in get(client, surveyor).content.decode()


def test_a_view_is_saved_under_a_name_and_shared_with_the_area(
    client: Client, officer: User, surveyor: User, next_surveyor: User
) -> None:
    client.force_login(officer)
    filters = "stage=listed&gap=no-id&q=%E0%B8%AA%E0%B8%A1&sort=newest"
    answer = client.post(
        "/households/views/save/", {"name": " ต้องไปเยี่ยม ", "filters": filters, "is_shared": "on"}
    )
    view = SavedView.objects.get()

    assert (view.name, view.query) == ("ต้องไปเยี่ยม", "stage=listed&gap=no-id&sort=newest")
    assert "ต้องไปเยี่ยม" in client.get(answer["Location"]).content.decode()
    assert "ต้องไปเยี่ยม" in get(client, surveyor).content.decode()
    assert Event.objects.get(event="view.saved").detail == {"is_shared": True}

    save_view(name="ต้องไปเยี่ยม", chosen={"gap": "no-id"}, is_shared=False, by=officer, at=AT)
    assert SavedView.objects.get().query == "gap=no-id"
    assert "ต้องไปเยี่ยม" not in get(client, surveyor).content.decode()
    assert client.post(f"/households/views/{view.pk}/delete/").status_code == 404
    client.force_login(officer)
    client.post(f"/households/views/{view.pk}/delete/")
    assert not SavedView.objects.exists()


def test_the_fields_show_what_is_chosen_and_nothing_of_the_page_before(
    client: Client, officer: User
) -> None:
    def marked(**query: str) -> list[str]:
        text = get(client, officer, **query).content.decode()
        return re.findall(r'<option value="([^"]+)" selected', text)

    assert marked() == ["place"]
    assert marked(stage="listed", gap="no-id") == ["listed", "no-id", "place"]
    assert marked(stage="verified_poor", sort="newest") == ["verified_poor", "newest"]
    assert 'value="2566"' in get(client, officer, year="2566").content.decode()
    assert 'value="2566"' not in get(client, officer).content.decode()
    assert "field-error" in get(client, officer, year="9999").content.decode()
    assert "field-error" not in get(client, officer).content.decode()


def test_a_line_tells_the_head_the_people_and_the_newest_year_of_each_list(
    client: Client, officer: User
) -> None:
    household = complete_household(house_no="35")
    second = make_member(household, first_name="ลูก")
    make_member(household, first_name="ย้ายแล้ว", left_on=date(2026, 1, 1), left_reason="moved")
    for source, year, member in (
        ("tpmap", 2565, None),
        ("tpmap", 2566, second),
        ("tpmap", 2566, None),
        ("bmn", 2568, None),
    ):
        SourceListing.objects.create(
            household=household, source=source, year_be=year, member=member
        )
    make_household(house_no="36")

    full, empty = get(client, officer).context["lines"]
    assert (full.head, full.people) == (household.members.get(is_head=True).full_name, 2)
    assert full.lists == "จปฐ. 2568, TPMAP 2566"
    assert (empty.head, empty.people, empty.lists) == ("ไม่มีรายชื่อสมาชิก", 0, "")
    assert [str(line.household.area.parent) for line in (full, empty)] == ["ต.ช้างทอง"] * 2


@pytest.mark.parametrize(
    ("name", "filters"),
    [
        *(("", "stage=listed"), ("ว่าง", ""), ("ผิด", "stage=nonsense")),
        *(("คำค้น", "area=สมชาย"), ("ยาว", f"year=2567.{'0' * 600}")),
    ],
)
def test_a_view_without_name_or_filters_is_refused(
    name: str, filters: str, client: Client, officer: User
) -> None:
    client.force_login(officer)
    client.post("/households/views/save/", {"name": name, "filters": filters})
    assert not SavedView.objects.exists()


def test_what_is_no_area_makes_no_sheet_and_is_recorded_nowhere(
    client: Client, officer: User
) -> None:
    client.force_login(officer)
    for area in ("สมชาย ใจดี", "x" * 300):
        assert client.post("/households/export/", {"filters": f"area={area}"}).status_code == 302
        assert shown(get(client, officer, area=area)) == []
    assert not Event.objects.filter(event="export.made").exists()


def test_the_sheet_holds_the_narrowed_list_with_masked_ids(client: Client, officer: User) -> None:
    household = complete_household(house_no="=1+1")
    complete_household(stage="verified_poor")
    head = household.members.get()
    assert head.citizen_id is not None
    client.force_login(officer)
    answer: Any = client.post("/households/export/", {"filters": "stage=listed"})

    content = b"".join(answer.streaming_content)
    rows = list(load_workbook(BytesIO(content)).worksheets[0].values)
    assert [row[0] for row in rows[1:]] == [household.house_code]
    assert rows[1][2] == citizen_id.mask(head.citizen_id)
    assert head.citizen_id.encode() not in content
    assert str(rows[1][3]).startswith("'=1+1")
    event = Event.objects.get(event="export.made")
    assert (event.detail["rows"], event.detail["filters"]) == (1, {"stage": "listed"})


def test_a_sheet_is_bounded(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MOST_ROWS", 1)
    make_household()
    make_household()
    with pytest.raises(UnableToExport, match="แคบลง"):
        register_file(
            households=Household.objects.all(), columns=[], narrowed_by={}, by=officer, at=AT
        )
    assert not Event.objects.filter(event="export.made").exists()


def test_a_sheet_needs_the_right_and_stays_in_the_area(surveyor: User, officer: User) -> None:
    make_household(area_id="30320201")
    with pytest.raises(PermissionDenied):
        register_file(
            households=Household.objects.all(), columns=[], narrowed_by={}, by=surveyor, at=AT
        )
