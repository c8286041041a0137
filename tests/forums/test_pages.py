from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate

from accounts.models import User
from forums import services
from forums.models import AgendaItem, Forum, Resolution
from forums.workflow import ItemOutcome
from tests.factories import DISTRICT, PROVINCE, make_agency
from tests.forums.cases import (
    AT,
    DAY,
    TODAY,
    make_case,
    make_forum,
    make_held,
    make_item,
    make_resolution,
)

pytestmark = pytest.mark.django_db
NEW = {
    "title": "เวทีแก้จนอำเภอ",
    "format": "working",
    "area": DISTRICT,
    "held_on": "20/11/2569",
    "starts_at": "09:30",
    "place": "ที่ว่าการอำเภอ",
    "organiser": "ศจพ.อ.",
}
COUNTS = {"count_state": "5", "count_people": "30"}


@pytest.fixture
def page(client: Client, district: User) -> Client:
    client.force_login(district)
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode())


def told(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


# ---- the list -------------------------------------------------------------------------
def test_an_empty_list_says_what_to_do_next(page: Client, surveyor: User) -> None:
    assert "นัดเวทีแล้วเลือกเรื่องส่งต่อที่เกินกำหนด" in text_of(page.get("/forums/"))


def test_the_list_says_what_is_next_late_and_held(page: Client, areas: None) -> None:
    held = make_held(title="เวทีเดือนก่อน", held_on=TODAY - 30 * DAY, at=AT - 30 * DAY)
    resolution = make_resolution(make_item(held), due_on=held.held_on + DAY)
    make_forum(title="เวทีเดือนหน้า", held_on=localdate() + 30 * DAY)
    shown = text_of(page.get("/forums/"))
    assert "เวทีเดือนก่อน" in shown
    assert "เวทีเดือนหน้า" in shown
    assert resolution.text is not None
    assert resolution.text in shown
    assert "มติเกินกำหนด 1 ข้อ" in shown


def test_forums_are_for_who_may_read_them(
    client: Client, surveyor: User, viewer: User, agency_officer: User
) -> None:
    for who in (surveyor, viewer, agency_officer):
        client.force_login(who)
        assert client.get("/forums/").status_code == 403
        assert client.get("/forums/resolutions/").status_code == 403


# ---- from plan to resolution, without scripts ---------------------------------------------
def test_a_sitting_from_plan_to_resolution(page: Client, district: User) -> None:
    case, agency = make_case(overdue=9), make_agency()
    assert page.get("/forums/new/").status_code == 200
    planned = page.post("/forums/new/", NEW)
    forum = Forum.objects.get()
    assert planned["Location"] == f"/forums/{forum.pk}/agenda/"
    assert (forum.level, str(forum.starts_at), forum.place) == (
        "district",
        "09:30:00",
        "ที่ว่าการอำเภอ",
    )

    offered = text_of(page.get(f"/forums/{forum.pk}/agenda/"))
    assert "สายหยุด" in offered
    assert case.number in offered
    page.post(f"/forums/{forum.pk}/agenda/", {"referral": [str(case.pk)]})
    page.post(f"/forums/{forum.pk}/agenda/add/", {"title": "น้ำแล้ง", "kind": "problem_area"})
    items = list(forum.items.for_agenda())
    assert [item.referral for item in items] == [case, None]
    detail = text_of(page.get(f"/forums/{forum.pk}/"))
    assert "วาระ 2 เรื่อง" in detail
    assert "สายหยุด" in detail

    page.post(f"/forums/{forum.pk}/agenda/{items[1].pk}/move/", {"to": "up"})
    assert [item.pk for item in forum.items.for_agenda()] == [items[1].pk, items[0].pk]
    page.post(f"/forums/{forum.pk}/agenda/{items[1].pk}/remove/")
    assert list(forum.items.all()) == [items[0]]

    assert page.get(f"/forums/{forum.pk}/hold/").status_code == 200
    page.post(f"/forums/{forum.pk}/hold/", COUNTS | {"agencies": [str(agency.pk)]})
    forum.refresh_from_db()
    assert (forum.state, forum.people) == ("held", 35)

    address = f"/forums/{forum.pk}/agenda/{items[0].pk}/resolve/"
    assert "สายหยุด" in text_of(page.get(address))
    page.post(address, {"text": "ซ่อมหลังคา", "owner_agency": str(agency.pk), "due_on": "30/11/2569"})
    resolution = Resolution.objects.get()
    assert (resolution.text, resolution.referral) == ("ซ่อมหลังคา", case)
    page.post(
        f"/forums/{forum.pk}/agenda/{items[0].pk}/discuss/",
        {"outcome": "resolved", "note": "ทุกฝ่ายเห็นพ้อง"},
    )
    detail = text_of(page.get(f"/forums/{forum.pk}/"))
    assert "ซ่อมหลังคา" in detail
    assert "ทุกฝ่ายเห็นพ้อง" in detail

    assert "ซ่อมหลังคา" in text_of(page.get(f"/forums/resolutions/{resolution.pk}/"))
    page.post(f"/forums/resolutions/{resolution.pk}/progress/", {"note": "ช่างเข้าแล้ว"})
    page.post(f"/forums/resolutions/{resolution.pk}/finish/", {"note": ""})
    resolution.refresh_from_db()
    assert resolution.status == "done"
    assert "ช่างเข้าแล้ว" in text_of(page.get(f"/forums/resolutions/{resolution.pk}/"))


def test_what_is_missing_is_told_beside_its_field(page: Client) -> None:
    response: Any = page.post("/forums/new/", NEW | {"organiser": "", "held_on": "32/13/2569"})
    assert "held_on" in response.context["form"].errors
    response = page.post("/forums/new/", NEW | {"organiser": ""})
    assert response.context["form"].errors["organiser"] == ["เลือกหน่วยงาน หรือพิมพ์ชื่อ อย่างใดอย่างหนึ่ง"]
    assert not Forum.objects.exists()


def test_an_area_that_was_never_offered_is_refused(page: Client) -> None:
    response: Any = page.post("/forums/new/", NEW | {"area": PROVINCE})
    assert "area" in response.context["form"].errors
    assert not Forum.objects.exists()


def test_nothing_ticked_and_nothing_known_is_told(page: Client, district: User) -> None:
    forum = make_forum(by=district)
    url = f"/forums/{forum.pk}/agenda/"
    assert told(page.post(url, {}, follow=True))[0].startswith("ยังไม่ได้เลือกเรื่องใด")
    assert page.post(url, {"referral": ["x"]}).status_code == 400
    assert not forum.items.exists()


def test_a_sitting_is_changed_and_called_off(page: Client, district: User) -> None:
    forum = make_forum(by=district)
    edit = f"/forums/{forum.pk}/edit/"
    assert "หอประชุมทดสอบ" in text_of(page.get(edit))
    page.post(edit, NEW | {"version": "1", "place": "ศาลา"})
    stale: Any = page.post(edit, NEW | {"version": "1", "place": "วัด"})
    assert stale.context["form"].non_field_errors()
    forum.refresh_from_db()
    assert forum.place == "ศาลา"
    cancel = f"/forums/{forum.pk}/cancel/"
    assert "มติที่ยังไม่เสร็จจะอยู่ในวาระ" in text_of(page.get(cancel))
    page.post(cancel, {"reason": "น้ำท่วม"})
    assert "น้ำท่วม" in text_of(page.get(f"/forums/{forum.pk}/"))
    for later in (edit, cancel, f"/forums/{forum.pk}/hold/"):
        assert page.get(later).status_code == 200
        assert '<form method="post"' not in text_of(page.get(later)).split("<main")[1]


def test_minutes_wait_for_the_day(page: Client, district: User) -> None:
    forum = make_forum(by=district, held_on=localdate() + DAY)
    url = f"/forums/{forum.pk}/hold/"
    assert "ยังไม่ถึงวันจัด" in text_of(page.get(url))
    response: Any = page.post(url, COUNTS)
    assert response.context["form"].non_field_errors()
    forum.refresh_from_db()
    assert forum.state == "planned"


def test_minutes_are_corrected(page: Client, district: User) -> None:
    forum = make_held(by=district)
    url = f"/forums/{forum.pk}/hold/"
    assert 'value="20"' in text_of(page.get(url))
    page.post(url, COUNTS | {"summary": "สรุปแล้ว"})
    forum.refresh_from_db()
    assert (forum.people, forum.summary) == (35, "สรุปแล้ว")
    response: Any = page.post(url, {"count_state": "หลายคน"})
    assert "count_state" in response.context["form"].errors


def test_a_resolution_that_must_stay_is_not_taken_off(page: Client, district: User) -> None:
    make_resolution()
    forum = make_forum(by=district, held_on=TODAY + DAY)
    item = forum.items.get()
    url = f"/forums/{forum.pk}/agenda/{item.pk}/remove/"
    assert told(page.post(url, follow=True)) == ["มติที่ยังไม่เสร็จต้องอยู่ในวาระ บันทึกว่าเสร็จแล้วหรือยุติมตินั้นก่อน"]
    assert AgendaItem.objects.filter(pk=item.pk).exists()


def test_why_a_resolution_is_given_up_is_asked_for(page: Client, district: User) -> None:
    resolution = make_resolution()
    response: Any = page.post(f"/forums/resolutions/{resolution.pk}/drop/", {"note": " "})
    assert "ระบุเหตุผลที่ยุติ" in text_of(response)
    page.post(f"/forums/resolutions/{resolution.pk}/drop/", {"note": "ไม่มีงบ", "version": "1"})
    again: Any = page.post(
        f"/forums/resolutions/{resolution.pk}/reopen/",
        {"note": "ได้งบ", "version": "1"},
        follow=True,
    )
    assert told(again)[-1].startswith("มีผู้บันทึกมตินี้ก่อนท่าน")
    resolution.refresh_from_db()
    assert resolution.status == "dropped"


# ---- lists of resolutions ------------------------------------------------------------------
def test_resolutions_are_shown_by_state_agency_and_area(page: Client, province: User) -> None:
    agency = make_agency()
    item = make_item(make_held(held_on=TODAY - 30 * DAY, at=AT - 30 * DAY))
    make_resolution(item, text="มติช้า", due_on=TODAY - DAY, owner_agency=agency)
    make_resolution(item, text="มติทัน", due_on=localdate() + 5 * DAY)
    done = make_resolution(item, text="มติเสร็จ")
    services.finish_resolution(resolution=done, by=province, at=AT)

    def shown(query: str) -> set[str]:
        body = text_of(page.get(f"/forums/resolutions/{query}"))
        return {text for text in ("มติช้า", "มติทัน", "มติเสร็จ") if text in body}

    assert shown("") == {"มติช้า", "มติทัน"}
    assert shown("?show=overdue") == {"มติช้า"}
    assert shown("?show=done") == {"มติเสร็จ"}
    assert shown("?show=dropped") == set()
    assert shown(f"?agency={agency.pk}") == {"มติช้า"}
    assert shown(f"?area={DISTRICT}") == {"มติช้า", "มติทัน"}
    assert shown("?area=303201") == set()
    assert shown("?area=x") == set()


# ---- who reads what ------------------------------------------------------------------------
@pytest.fixture
def of_the_province(province: User) -> Forum:
    """Return a held forum of the province about two cases: one of the district, one elsewhere."""
    here, there = make_case(), make_case(area="30010101")
    forum = make_held(by=province, area_code=PROVINCE)
    for case, words in ((here, "มติของที่นี่"), (there, "มติของที่อื่น")):
        item = services.take_up(forum=forum, referrals=[case], by=province, at=AT)[0]
        make_resolution(item, text=words)
        services.discuss_item(
            item=item, outcome=ItemOutcome.RESOLVED, note=f"หารือ{words}",
            by=province, at=AT,
        )  # fmt: skip
    return forum


@pytest.mark.parametrize("address", ["/forums/{0}/", "/forums/{0}/print/", "/forums/resolutions/"])
def test_a_case_is_read_only_by_who_may_read_the_household(
    address: str, client: Client, province: User, district: User, of_the_province: Forum
) -> None:
    there = AgendaItem.objects.get(referral__household__area_id="30010101")
    assert there.referral is not None
    marks = {
        there.referral.number,
        "มติของที่อื่น",
        there.referral.household.house_no + " หมู่",
        str(there.referral.pk),
    }
    url = address.format(of_the_province.pk)
    client.force_login(district)
    shown = text_of(client.get(url))
    assert {mark for mark in marks if mark in shown} == set()
    assert "มติของที่นี่" in shown
    client.force_login(province)
    assert "มติของที่อื่น" in text_of(client.get(url))


def test_a_resolution_about_a_case_of_elsewhere_shows_no_words(
    client: Client, district: User, of_the_province: Forum
) -> None:
    hidden = Resolution.objects.get(referral__household__area_id="30010101")
    client.force_login(district)
    shown = text_of(client.get(f"/forums/resolutions/{hidden.pk}/"))
    assert "มติของที่อื่น" not in shown
    assert "นอกพื้นที่ที่ท่านดูแล" in shown


def test_paper_has_house_codes_and_no_names(client: Client, province: User) -> None:
    case = make_case()
    forum = make_forum(by=province)
    services.take_up(forum=forum, referrals=[case], by=province, at=AT)
    client.force_login(province)
    shown = text_of(client.get(f"/forums/{forum.pk}/print/"))
    assert case.number in shown
    code = case.household.house_code
    assert code is not None
    assert code[-7:-1] in shown
    assert "สายหยุด" not in shown
    assert "สายหยุด" in text_of(client.get(f"/forums/{forum.pk}/"))


def test_pages_with_cases_are_not_kept_by_the_browser(page: Client, district: User) -> None:
    forum = make_held(by=district)
    resolution = make_resolution(make_item(forum))
    for url in (
        f"/forums/{forum.pk}/",
        f"/forums/{forum.pk}/print/",
        f"/forums/{forum.pk}/agenda/",
        f"/forums/resolutions/{resolution.pk}/",
    ):
        assert "no-store" in page.get(url)["Cache-Control"]


@pytest.mark.parametrize("cases", [1, 6])
def test_an_agenda_takes_a_fixed_number_of_queries(
    cases: int, client: Client, province: User, django_assert_num_queries: Any
) -> None:
    forum = make_held(by=province)
    for _ in range(cases):
        item = services.take_up(forum=forum, referrals=[make_case()], by=province, at=AT)[0]
        make_resolution(item)
        make_case()
    client.force_login(province)
    client.get("/forums/")
    with django_assert_num_queries(10):
        client.get(f"/forums/{forum.pk}/")
    with django_assert_num_queries(13):
        client.get(f"/forums/{forum.pk}/agenda/")


# ---- visibility --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("area", "seen"),
    [(PROVINCE, True), (DISTRICT, True), ("303201", True), ("3001", False), ("31", False)],
)
def test_a_forum_is_seen_from_inside_and_from_above(
    area: str, seen: bool, district: User, outsider: User
) -> None:
    forum = make_forum(area_code=area)
    assert Forum.objects.visible_to(district).filter(pk=forum.pk).exists() is seen
    resolution = make_resolution(make_item(make_held(area_code=area)))
    assert Resolution.objects.visible_to(district).filter(pk=resolution.pk).exists() is seen
    assert Forum.objects.visible_to(outsider).filter(pk=forum.pk).exists() is (area == "31")
