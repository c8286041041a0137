"""A file that nobody could guess is mapped on the screen, checked, and read once more."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys import importing, mapping
from tests.journeys.lists import make_list
from tests.journeys.product import wait_for
from tests.journeys.visit import Visit

pytestmark = pytest.mark.browser


def test_a_file_with_headers_of_its_own_is_mapped_and_read(
    visit: Callable[..., Visit], tmp_path: Path
) -> None:
    sample = mapping.spoil(make_list(tmp_path, households=6, dirty=0, seed=71))
    people = len(sample.lines)
    admin = visit().sign_in("admin")
    importing.send(admin, sample)
    mapping.wait_for_screen(admin)
    admin.look("mapping")

    on_phone = visit(phone=True).sign_in("admin")
    on_phone.page.goto(admin.page.url)
    on_phone.look("mapping")

    mapping.choose_sheet(admin)
    mapping.choose_columns(admin)
    admin.look("mapping-chosen")
    admin.press("ใช้การจับคู่นี้และอ่านไฟล์")
    importing.wait_for_state(admin, "รอนำเข้า")
    assert importing.counts(admin) == (people, 0, 0, 0, people, people)

    admin.press("อ่านไฟล์ใหม่ด้วยวิธีอื่น")
    expect(admin.page.get_by_text("อ่านใหม่จะล้างผลตรวจเดิมทั้งหมด", exact=False)).to_be_visible()
    admin.page.get_by_text("ไม่รับแถวที่ซ่อน", exact=False).click()
    admin.look("mapping-again")
    admin.press("อ่านไฟล์ใหม่ตามนี้")
    importing.wait_for_state(admin, "รอนำเข้า")
    assert importing.counts(admin) == (people - 1, 0, 0, 1, people, people)


def test_the_screen_works_without_javascript(visit: Callable[..., Visit], tmp_path: Path) -> None:
    sample = mapping.spoil(make_list(tmp_path, households=5, dirty=0, seed=72), mark="เฉพาะไฟล์นี้")
    admin = visit(scripts=False).sign_in("admin")
    importing.send(admin, sample)

    def is_asked() -> bool:
        admin.reload()
        return bool(admin.page.get_by_role("heading", name="คอลัมน์ใดคืออะไร").count())

    wait_for(is_asked)
    admin.page.get_by_label("แผ่นงาน", exact=True).select_option(mapping.RIGHT_SHEET)
    admin.press("ดูตัวอย่าง")
    for header, column in (("หมายเลขสิบสามหลัก", "citizen_id"), ("ทะเบียนหลัง", "house_code")):
        admin.page.get_by_label(header, exact=True).select_option(column)
    admin.press("ดูตัวอย่าง")
    assert admin.page.locator("#mapping-preview").get_by_text("พร้อมนำเข้า").count() == 5
    admin.look("mapping-without-scripts")
    admin.press("ใช้การจับคู่นี้และอ่านไฟล์")
    expect(admin.page.get_by_text("ระบบกำลังอ่านไฟล์", exact=False)).to_be_visible()
