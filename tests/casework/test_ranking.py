"""What a search finds comes in order, with the part that fits marked."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from areas.models import Area
from casework.services import find, store_query
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
