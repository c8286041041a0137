import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.models import User
from audit.models import Event
from casework.models import StoredQuery
from casework.services import find, store_query
from households.models import Household
from households.services import By, UnableToSearch, interpret, searching
from ppaos.lib import citizen_id
from tests.factories import make_household, make_member

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def houses(text: str, by: User) -> list[str]:
    query = store_query(text=text, by=by, at=AT)
    return [household.house_no for household in find(query, by=by).households]


@pytest.mark.parametrize(
    ("text", "by", "value"),
    [
        ("1-9999-00000-01-" + citizen_id.generate(1)[-1], By.CITIZEN_ID, citizen_id.generate(1)),
        ("๓๐๓๒-๙๐๐๐๐๐-๑", By.HOUSE_CODE, "30329000001"),
        ("tmp-303201-K4T9QF", By.TEMPORARY_CODE, "TMP-303201-K4T9QF"),
        ("๓๕/๑", By.HOUSE_NUMBER, "35/1"),
        ("35/1 หมู่ 3", By.HOUSE_NUMBER, "35/1 หมู่ 3"),
        ("นาง สมใจ ทดสอบ", By.NAME, "สมใจทดสอบ"),
    ],
)
def test_the_box_recognises_what_is_typed(text: str, by: By, value: str) -> None:
    assert (interpret(text).by, interpret(text).value) == (by, value)


@pytest.mark.parametrize("text", ["", " ", "ก", "1999900000011", "--"])
def test_what_cannot_be_looked_for_is_refused(text: str) -> None:
    with pytest.raises(UnableToSearch):
        interpret(text)


def test_a_title_joined_to_a_name_is_passed_over_unless_it_belongs_to_the_name(
    surveyor: User,
) -> None:
    make_member(make_household(house_no="41"), first_name="สมศรี", last_name="นามยาวมากพอสมควร")
    make_member(make_household(house_no="42"), first_name="นางลักษณ์", last_name="นามยาวมากพอสมควร")
    make_member(make_household(house_no="43"), first_name="ลักษณ์", last_name="นามยาวมากพอสมควร")

    assert houses("นางสมศรี", by=surveyor) == ["41"]
    assert houses("นางลักษณ์", by=surveyor) == ["42"]


def test_a_household_is_found_by_each_of_its_marks(surveyor: User) -> None:
    household = make_household(house_no="35/1")
    member = make_member(household, first_name="สมใจ", last_name="ทดสอบระบบ")
    make_member(make_household(house_no="36"), first_name="บุญมี", last_name="อื่นไกล")

    assert household.house_code is not None
    assert member.citizen_id is not None
    for text in (
        "สมใจ",
        "นางสมใจ  ทดสอบ",
        "ทดสอบระบบ",
        "มใจ ทด",
        household.house_code,
        citizen_id.display(member.citizen_id),
        "35/1",
        "35/1 หมู่ 1",
    ):
        assert houses(text, surveyor) == ["35/1"], text
    assert houses("35/1 หมู่ 2", surveyor) == []


def test_damaged_thai_and_small_misspellings_are_forgiven(surveyor: User) -> None:
    make_member(make_household(house_no="1"), first_name="น้ำผึ้ง", last_name="แก้วกาญจนา")
    assert houses("น้ําผึ้ง เเก้ว", surveyor) == ["1"]
    assert houses("น้ำผึ้ง แก้วกานจนา", surveyor) == ["1"]


def test_a_name_that_fits_exactly_comes_first(surveyor: User) -> None:
    make_member(make_household(house_no="inside"), first_name="ยอดสมใจ", last_name="")
    make_member(make_household(house_no="begins"), first_name="สมใจดี", last_name="")
    make_member(make_household(house_no="exact"), first_name="สมใจ", last_name="")
    assert houses("สมใจ", surveyor) == ["exact", "begins", "inside"]


def test_nothing_outside_the_scope_is_found(next_surveyor: User) -> None:
    member = make_member(make_household(house_no="1"), first_name="สมใจ")
    assert member.citizen_id is not None
    for text in ("สมใจ", member.citizen_id, member.household.house_code or ""):
        assert houses(text, next_surveyor) == []


def test_who_has_no_right_cannot_search(viewer: User, agency_officer: User) -> None:
    for person in (viewer, agency_officer):
        with pytest.raises(PermissionDenied):
            store_query(text="สมใจ", by=person, at=AT)
    assert not StoredQuery.objects.exists()


def test_words_are_posted_sealed_and_never_in_an_address(client: Client, surveyor: User) -> None:
    make_member(make_household(), first_name="สมใจ", last_name="ทดสอบระบบ")
    client.force_login(surveyor)
    response = client.post("/households/search/", {"q": "สมใจ", "for": "list"})

    query = StoredQuery.objects.get()
    assert response["Location"] == f"/households/?query={query.pk}"
    assert "<mark>สมใจ</mark> ทดสอบระบบ" in client.get(response["Location"]).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM casework_storedquery")
        assert "สมใจ".encode() not in bytes(cursor.fetchone()[0])
    event = Event.objects.get(event="household.searched")
    assert event.detail == {"by": "name", "search": str(query.pk)}
    assert "สมใจ" not in json.dumps(event.detail, ensure_ascii=False)


def test_a_stored_query_is_its_owners_for_a_day(
    client: Client, surveyor: User, officer: User
) -> None:
    query = store_query(text="สมใจ", by=surveyor, at=AT)
    assert StoredQuery.objects.of(surveyor, at=AT + timedelta(hours=23)).exists()
    assert not StoredQuery.objects.of(surveyor, at=AT + timedelta(hours=24)).exists()
    assert not StoredQuery.objects.of(officer, at=AT).exists()
    client.force_login(officer)
    assert client.get("/households/", {"query": str(query.pk)}).status_code == 404
    assert client.get("/households/", {"query": "nonsense"}).status_code == 404


def test_expired_queries_are_deleted_by_the_next_search(surveyor: User) -> None:
    store_query(text="สมใจ", by=surveyor, at=AT)
    newer = store_query(text="สมใจ", by=surveyor, at=AT + timedelta(hours=24))
    assert StoredQuery.objects.get() == newer


def test_the_database_refuses_a_query_that_has_expired_when_made(surveyor: User) -> None:
    with pytest.raises(IntegrityError, match="expires_after"), transaction.atomic():
        StoredQuery.objects.create(owner=surveyor, text="x", created_at=AT, expires_at=AT)


def test_adding_begins_with_a_search(client: Client, surveyor: User) -> None:
    make_member(make_household(), first_name="สมใจ", last_name="ทดสอบระบบ", is_head=True)
    client.force_login(surveyor)
    assert "ค้นหาก่อน" in client.get("/households/new/").content.decode()

    response = client.post("/households/search/", {"q": "สมใจ", "for": "new"}, follow=True)

    query = StoredQuery.objects.get()
    assert response.request["PATH_INFO"] == "/households/new/"
    assert "พบครัวเรือนที่อาจเป็นหลังเดียวกัน" in response.content.decode()
    assert f"/households/new/{query.pk}/" in response.content.decode()


def test_a_search_that_says_nothing_is_answered_kindly(client: Client, surveyor: User) -> None:
    client.force_login(surveyor)
    response: Any = client.post("/households/search/", {"q": "ก"}, follow=True)
    assert "อย่างน้อย 2 ตัวอักษร" in response.content.decode()
    assert Household.objects.count() == 0


def test_ids_are_looked_for_so_often_an_hour_and_names_go_on(
    client: Client, surveyor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_SEARCHED", 2)
    client.force_login(surveyor)
    number = citizen_id.generate(900_778)
    for told in ("ไม่พบ", "ไม่พบ", "หนึ่งชั่วโมง"):
        page = client.post("/households/search/", {"q": number}, follow=True)
        assert told in page.content.decode()
    assert Event.objects.filter(event="household.searched").count() == 2
    page = client.post("/households/search/", {"q": "สมชาย"}, follow=True)
    assert "หนึ่งชั่วโมง" not in page.content.decode()
