"""A household is added at the door, and changes: who may open it changes in the same moment."""

from pathlib import PurePosixPath
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from accounts.models import User
from households.models import Household
from tests.factories import NEXT_SUBDISTRICT, make_household, make_member
from tests.slf.cases import load_reference
from tests.windows import DESKTOP, PHONE, OpenWindow, Window

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _reference(areas: None) -> None:
    load_reference()


def test_adding_begins_with_a_search_and_warns_of_a_twin_while_one_types(
    window: OpenWindow, surveyor: User
) -> None:
    stands = make_household(house_no="8")
    make_member(stands, first_name="ประเสริฐ", last_name="ศรีสุวรรณ", is_head=True)
    phone = window(surveyor, PHONE)
    page = phone.page
    page.goto(f"/households/new/{uuid4()}/")
    assert page.url.endswith("/households/new/")
    expect(page.get_by_text("ค้นหาก่อนเพิ่มครัวเรือน")).to_be_visible()
    expect(page.get_by_role("link", name="เพิ่มครัวเรือนใหม่")).to_have_count(0)
    page.get_by_label("ค้นหาครัวเรือน").fill("ยายมี ไม่มีบัตร")
    phone.press("ค้นหา")
    phone.press("เพิ่มครัวเรือนใหม่")

    page.locator("[name=members-0-first_name]").fill("ประเสิด")
    page.locator("[name=members-0-last_name]").fill("ศรีสุวรรณ")
    page.locator("[name=members-0-last_name]").blur()
    warning = page.locator("#twins").get_by_role("link", name="ประเสริฐ")
    expect(warning).to_have_attribute("href", f"/households/{stands.pk}/")
    phone.look("add-twin")

    page.get_by_label("อ่านข้อความให้ฟังแล้ว และผู้ให้ข้อมูลยินยอม").check()
    page.get_by_label("บ้านเลขที่").fill("ข้างบ้านเลขที่ 8")
    page.locator("[name=members-0-no_id_reason]").fill("ยังไม่แจ้งเกิด")
    phone.press("บันทึกครัวเรือนใหม่")
    assert Household.objects.count() == 1, "a likely twin is kept only by who says that it is none"
    page.get_by_label("ตรวจแล้ว ไม่ใช่ครัวเรือนเดียวกัน", exact=False).check()
    phone.press("บันทึกครัวเรือนใหม่")
    expect(page.locator(".page-header")).to_contain_text("รหัสชั่วคราว TMP-")
    expect(page.locator("#members")).to_contain_text("ไม่มีเลขประจำตัว: ยังไม่แจ้งเกิด")
    phone.look("added")


def test_people_and_households_go_elsewhere_and_their_files_go_with_them_at_once(
    window: OpenWindow, surveyor: User, next_surveyor: User, district: User, province: User
) -> None:
    household, host = make_household(house_no="21"), make_household(house_no="22")
    make_member(household, first_name="แม่บ้าน", is_head=True)
    make_member(household, first_name="ลูกชาย")
    make_member(household, first_name="ลูกสาว")
    make_member(host, first_name="เจ้าของบ้าน", is_head=True)
    phone = window(surveyor, PHONE)

    _born_and_died(phone, household)
    _joins(phone, household, host)
    _splits_off(phone, household)

    beside, office = window(next_surveyor, PHONE), window(district, DESKTOP)
    file = f"/households/{household.pk}/"
    phone.page.goto(file)
    assert beside.status(file) == 404
    _moves_away(office, household)
    for part in ("", "story/", "plan/", "file.pdf"):
        assert phone.status(f"{file}{part}") == 404, part
    phone.follow(phone.page.get_by_role("link", name="ประวัติการย้าย"))
    expect(phone.page.get_by_role("heading", name="ไม่พบหน้านี้")).to_be_visible()
    beside.page.goto(file)
    expect(beside.page.locator(".page-header")).to_contain_text("ท่าช้าง")

    _is_protected(window(province, DESKTOP), household, for_=next_surveyor)
    assert office.status(file) == 404
    office.page.goto(f"/households/?area={NEXT_SUBDISTRICT}")
    expect(office.page.locator(f"a[href='{file}']")).to_have_count(0)
    assert beside.status(file) == 200


def _born_and_died(phone: Window, household: Household) -> None:
    page = phone.page
    page.goto(f"/households/{household.pk}/")
    phone.follow(page.get_by_role("link", name="แก้ไข นายแม่บ้าน", exact=False))
    phone.press("เพิ่มเด็กที่เกิดกับสมาชิกคนนี้")
    page.get_by_label("ชื่อ", exact=True).fill("น้องใหม่")
    page.get_by_label("ถ้าไม่มีเลข เพราะเหตุใด", exact=False).fill("ยังไม่แจ้งเกิด")
    page.get_by_label("วันเกิด", exact=False).fill("20 พ.ย. 2569")
    phone.look("birth")
    phone.press("เพิ่มเด็กเกิดใหม่")
    expect(page.locator("#members .members > li")).to_have_count(4)
    phone.follow(page.get_by_role("link", name="แก้ไข นายแม่บ้าน", exact=False))
    phone.press("สมาชิกคนนี้ย้ายออกหรือเสียชีวิต")
    page.get_by_role("radio", name="เสียชีวิต").check()
    page.get_by_label("หัวหน้าครัวเรือนคนใหม่", exact=False).select_option(index=1)
    phone.look("left")
    phone.press("บันทึกการออกจากครัวเรือน")
    expect(page.locator("#members details")).to_contain_text("เสียชีวิต")


def _joins(phone: Window, household: Household, host: Household) -> None:
    page = phone.page
    page.goto(f"/households/{household.pk}/part/")
    page.get_by_role("checkbox", name="ลูกสาว").check()
    page.get_by_label("รหัสของครัวเรือนที่ไปอยู่ด้วย", exact=False).fill(host.house_code or "")
    phone.look("part")
    phone.press("บันทึกการย้าย")
    assert PurePosixPath(page.url).name == str(host.pk)
    expect(page.locator("#members")).to_contain_text("ลูกสาว")


def _splits_off(phone: Window, household: Household) -> None:
    page = phone.page
    page.goto(f"/households/{household.pk}/part/")
    page.get_by_role("checkbox", name="น้องใหม่").check()
    head = page.get_by_label("หัวหน้าของครัวเรือนใหม่", exact=False)
    head.select_option(label=_option(head.inner_text(), "น้องใหม่"))
    page.get_by_label("ตำบลปลายทาง", exact=False).select_option(label="ต.ช้างทอง")
    page.get_by_label("บ้านเลขที่หรือจุดสังเกต", exact=False).fill("ในสวนหลังวัด")
    phone.press("บันทึกการย้าย")
    expect(page.locator(".page-header")).to_contain_text("รหัสชั่วคราว TMP-")
    expect(page.locator("#members .members > li")).to_have_count(1)
    page.goto(f"/households/{household.pk}/moves/")
    for told in ("แยกออกเป็นครัวเรือนใหม่", "ย้ายออกไปอยู่ครัวเรือนอื่น"):
        expect(page.get_by_text(told, exact=False)).to_be_visible()
    phone.look("moves")


def _option(shown: str, name: str) -> str:
    return next(line.strip() for line in shown.splitlines() if name in line)


def _moves_away(office: Window, household: Household) -> None:
    page = office.page
    page.goto(f"/households/{household.pk}/move/")
    page.get_by_role("radio", name="ย้ายที่อยู่จริง").check()
    page.get_by_label("ตำบลปลายทาง", exact=False).select_option(value=NEXT_SUBDISTRICT)
    page.get_by_label("บ้านเลขที่หรือจุดสังเกต", exact=False).fill("99/1")
    office.look("move")
    office.press("ย้ายครัวเรือน")
    expect(page.get_by_text("ย้ายครัวเรือนไป", exact=False).first).to_be_visible()


def _is_protected(office: Window, household: Household, *, for_: User) -> None:
    page = office.page
    page.goto(f"/households/{household.pk}/protection/")
    page.get_by_label("เหตุผล").fill("มีผู้ตามหา")
    office.press("คุ้มครองครัวเรือน")
    page.get_by_label("ชื่อผู้ใช้ของเจ้าหน้าที่").fill(for_.username)
    page.get_by_label("เหตุที่ต้องเปิดดู").fill("ดูแลประจำ")
    office.press("ให้เปิดดูได้")
    expect(page.get_by_role("heading", name="ผู้ที่มีชื่อ 2 คน")).to_be_visible()
    office.look("protection")
