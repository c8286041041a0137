"""What a search finds comes in order, with the part that fits marked."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from areas.models import Area
from casework.services import find, store_query
from households.models import Household, Member
from tests.factories import VILLAGE, make_household, make_member

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def found(text: str, by: User, *, is_near: bool = False) -> Any:
    return find(store_query(text=text, by=by, at=AT), by=by, is_near=is_near)


def names(text: str, by: User) -> list[str]:
    return [row.household.house_no for row in found(text, by).rows]


def page(client: Client, user: User, text: str) -> str:
    client.force_login(user)
    answer = client.post("/households/search/", {"q": text, "for": "list"})
    return client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("ศักดิ", "สม<mark>ศักดิ์</mark> แก้วกาญจนา"),
        ("สมสักดิ", "<mark>สมศักดิ์</mark> แก้วกาญจนา"),
        ("นายสมศักดิ์", "<mark>สมศักดิ์</mark> แก้วกาญจนา"),
        ("ศักดิ์แก้ว", "สม<mark>ศักดิ์ แก้ว</mark>กาญจนา"),
        ("เเก้ว", "สมศักดิ์ <mark>แก้ว</mark>กาญจนา"),
        ("กาญจณา", "สมศักดิ์ แก้ว<mark>กาญจนา</mark>"),
    ],
)
def test_the_part_that_fits_is_marked(
    typed: str, marked: str, client: Client, surveyor: User
) -> None:
    make_member(make_household(), title="นาย", first_name="สมศักดิ์", last_name="แก้วกาญจนา")
    assert f"นาย{marked}" in page(client, surveyor, typed)


def test_what_somebody_put_into_a_name_is_text_on_the_page(client: Client, surveyor: User) -> None:
    make_member(make_household(), title="", first_name="<b>สมใจ</b>", last_name="ทดสอบ")
    text = page(client, surveyor, "สมใจ")
    assert "&lt;b&gt;<mark>สมใจ</mark>&lt;/b&gt;" in text
    assert "<b>สมใจ" not in text


def test_of_more_people_than_are_looked_at_those_called_so_are_looked_at_first(
    surveyor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("households.services.ranking._CANDIDATES", 2)
    for number in range(4):
        make_member(make_household(house_no=f"inside{number}"), first_name="ยอดสมใจ", last_name="")
    make_member(make_household(house_no="so"), first_name="สมใจ", last_name="")
    assert names("สมใจ", surveyor)[0] == "so"


def test_a_name_spelled_so_comes_before_one_that_sounds_so(surveyor: User) -> None:
    make_member(make_household(house_no="sounds"), first_name="วันนา", last_name="ก")
    make_member(make_household(house_no="spelled"), first_name="วรรณา", last_name="ข")
    assert names("วรรณา", surveyor) == ["spelled", "sounds"]
    assert names("วันนา", surveyor) == ["sounds", "spelled"]


@pytest.mark.parametrize(
    "typed",
    ["สมชายแสงสุวรรณ", "สมชย แสงสุวรรณ", "สมชาย แสงสุวัน", "สมชาย เเสงสุวรณ", "ส่มชาย แสงสุวร"],
)
def test_a_small_slip_finds_the_name(typed: str, surveyor: User) -> None:
    make_member(make_household(house_no="1"), first_name="สมชาย", last_name="แสงสุวรรณ")
    make_member(make_household(house_no="2"), first_name="บุญมี", last_name="ดีเลิศ")
    assert names(typed, surveyor) == ["1"]


def test_names_that_are_nearly_so_are_shown_when_asked_for(client: Client, surveyor: User) -> None:
    make_member(make_household(house_no="so"), first_name="สมชาย", last_name="แสงสุวรรณ")
    make_member(make_household(house_no="nearly"), first_name="สมชย", last_name="แสงสุวรรณ")
    assert names("สมชาย แสงสุวรรณ", surveyor) == ["so"]
    near = found("สมชาย แสงสุวรรณ", surveyor, is_near=True)
    assert [row.household.house_no for row in near.rows] == ["so", "nearly"]
    assert near.is_alike
    assert "ค้นชื่อที่สะกดใกล้เคียงด้วย" in page(client, surveyor, "สมชาย แสงสุวรรณ")


def test_a_household_stands_there_once_by_its_best_name(surveyor: User) -> None:
    household = make_household()
    for first_name in ("ยอดสมใจ", "สมใจ", "สมใจดี"):
        make_member(household, first_name=first_name, last_name="")
    rows = found("สมใจ", surveyor).rows
    assert [row.name for row in rows] == [("", "สมใจ", "")]


def test_places_are_found_by_their_names_and_numbers(surveyor: User) -> None:
    make_household(house_no="35/1")
    make_household(house_no="35")
    make_household(house_no="351")
    tambon = Area.objects.get(pk=VILLAGE[:6]).name
    village = Area.objects.get(pk=VILLAGE).name
    make_household(house_no="far", area_id=f"{VILLAGE[:6]}02")

    assert names("35", surveyor) == ["35", "35/1"]
    assert names(f"35 หมู่ 1 ต.{tambon}", surveyor) == ["35", "35/1"]
    assert names(f"หมู่ 1 ต.{tambon}", surveyor) == ["35", "35/1", "351"]
    assert names(f"หมู่ที่ 2 ตำบล{tambon}", surveyor) == ["far"]
    assert names("หมู่ 1 ต.ไม่มี", surveyor) == []
    assert set(names(f"บ้าน{village.removeprefix('บ้าน')}", surveyor)) >= {"35", "35/1", "351"}


def test_a_village_called_so_is_offered_beside_people(surveyor: User) -> None:
    village = Area.objects.create(
        code=f"{VILLAGE[:6]}09", level="VILLAGE", parent_id=VILLAGE[:6], name="โนนสมบูรณ์"
    )
    other = Area.objects.get(pk="303202")
    Area.objects.create(code="30320209", level="VILLAGE", parent=other, name="โนนสมบูรณ์")
    assert found("โนนสมบูรณ์", surveyor).villages == [village]


# ---- what was merged into another ------------------------------------------------------
def merged_household(into: Household, **overrides: Any) -> Household:
    return make_household(stage="exited", merged_into=into, **overrides)


def merged_member(into: Member, **overrides: Any) -> Member:
    left = {"left_on": AT.date(), "left_reason": "merged", "merged_into": into}
    return make_member(into.household, **(left | overrides))


def test_the_code_of_what_was_merged_leads_to_what_took_it_in(
    client: Client, surveyor: User
) -> None:
    survivor = make_household(house_no="survivor")
    between = merged_household(survivor)
    first = merged_household(between)
    named = merged_household(between, house_code=None, temporary_code="TMP-303201-K4T9QF")

    for gone in (between, first, named):
        rows = found(gone.code, surveyor).rows
        assert [(row.household, row.is_survivor) for row in rows] == [(survivor, True)]
    assert [row.is_survivor for row in found(survivor.code, surveyor).rows] == [False]
    told = "รวมเข้ากับครัวเรือนนี้แล้ว"
    assert told in page(client, surveyor, first.code)
    assert told not in page(client, surveyor, survivor.code)


def test_who_bears_the_code_stands_before_who_took_another_in(surveyor: User) -> None:
    survivor = make_household(house_no="1")
    code = merged_household(survivor).house_code
    make_household(house_no="2", house_code=code, seq=2)
    rows = found(str(code), surveyor).rows
    assert [(row.household.house_no, row.is_survivor) for row in rows] == [
        ("2", False),
        ("1", True),
    ]


def test_the_id_of_a_merged_person_leads_to_the_household_of_the_one_they_are(
    surveyor: User,
) -> None:
    home = make_household(house_no="home")
    member = make_member(merged_household(home))
    person = make_member(home)
    first = merged_member(merged_member(person))
    for gone in (first, merged_member(member)):
        assert gone.citizen_id is not None
        rows = found(gone.citizen_id, surveyor).rows
        assert [(row.household, row.is_survivor) for row in rows] == [(home, True)]


def test_a_merge_opens_nothing_to_who_may_not_see_the_survivor(
    surveyor: User, next_surveyor: User
) -> None:
    hidden = make_household(is_protected=True)
    gone = merged_household(hidden)
    person = merged_member(make_member(hidden))
    assert person.citizen_id is not None
    for text in (gone.code, person.citizen_id):
        for who in (surveyor, next_surveyor):
            assert found(text, who).rows == []
    Household.objects.filter(pk=hidden.pk).update(is_protected=False)
    assert len(found(gone.code, surveyor).rows) == 1
    assert found(gone.code, next_surveyor).rows == []
