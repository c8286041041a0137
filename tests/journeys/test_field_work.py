"""Work in the field: shared out, visited with a phone, made again by somebody who does not know."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from ppaos.lib.buddhist_era import format_date
from tests.journeys import helping, importing
from tests.journeys.lists import make_list_of_area
from tests.journeys.product import Product
from tests.journeys.visit import Visit

pytestmark = pytest.mark.browser

AREA = "303205"
PLACE = {"latitude": 14.98765, "longitude": 102.12345, "accuracy": 12}

OpenWindow = Callable[..., Visit]


def test_a_visit_is_given_made_and_made_again(
    visit: OpenWindow, product: Product, tmp_path: Path
) -> None:
    admin = visit().sign_in("admin")
    importing.send(admin, make_list_of_area(product, tmp_path, area=AREA, households=4))
    importing.wait_for_state(admin, "รอนำเข้า")
    importing.apply(admin, importing.counts(admin)[0])
    today = product.ask("SELECT current_date")[0][0]

    district = visit().sign_in("district")
    share_out(district, due=format_date(today + timedelta(days=14)))

    surveyor = visit(phone=True).sign_in("field")
    visit_the_first(surveyor, helping.take_photo(tmp_path))
    take_paper(surveyor)

    draw(district, since=format_date(today - timedelta(days=3)))
    checker = visit(phone=True).sign_in("checker")
    visit_again(checker)

    district.page.goto("/fieldwork/back-checks/")
    expect(district.page.locator("table")).to_contain_text("100.00")
    district.look("back-checks-agreed")
    district.page.goto(f"/fieldwork/coverage/?area={AREA}")
    expect(district.page.get_by_role("heading", level=1)).to_contain_text("25.00")
    district.look("coverage")


def share_out(district: Visit, *, due: str) -> None:
    page = district.page
    page.goto("/fieldwork/")
    for box in page.locator(f"input[name=village][value^='{AREA}']").all():
        box.check()
    page.get_by_label("มอบให้ผู้สำรวจ").select_option(label="ภาคสนาม ทดสอบ")
    page.get_by_label("ให้เสร็จภายในวันที่").fill(due)
    district.look("team")
    district.press("มอบหมาย")
    expect(page.get_by_text("มอบหมาย 4 ครัวเรือนให้ ภาคสนาม ทดสอบ แล้ว")).to_be_visible()
    district.look("team-given")


def visit_the_first(surveyor: Visit, photo: Path) -> None:
    page = surveyor.page
    surveyor.context.grant_permissions(["geolocation"])
    surveyor.context.set_geolocation(PLACE)
    expect(page.get_by_role("heading", name="งานที่ได้รับมอบหมาย")).to_be_visible()
    surveyor.look("today-given")
    surveyor.follow(page.locator("a.line[href$='/verify/']").first)
    page.get_by_role("radio", name="จนจริง").first.check()
    page.locator("input[name=photos]").set_input_files(photo)
    surveyor.button("บันทึกตำแหน่งที่ยืนอยู่").click()
    expect(page.get_by_text("คลาดเคลื่อนไม่เกิน 12 เมตร")).to_be_visible()
    surveyor.look("verify-with-photo")
    surveyor.press("บันทึกผลสอบทาน")
    expect(page.get_by_text("พิกัด 14.987650, 102.123450").first).to_be_attached()
    surveyor.look("case-file-with-photo")
    page.goto("/fieldwork/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("ค้าง 3 ครัวเรือน")
    surveyor.look("own-work")


def take_paper(surveyor: Visit) -> None:
    page = surveyor.page
    surveyor.follow(page.locator("a[href^='/fieldwork/villages/']").first)
    surveyor.look("village")
    surveyor.press("พิมพ์พร้อมแบบสอบทานเปล่า")
    expect(page.get_by_role("heading", name="แบบสอบทานครัวเรือน").first).to_be_visible()
    surveyor.look("village-print")


def draw(district: Visit, *, since: str) -> None:
    page = district.page
    page.goto("/fieldwork/back-checks/")
    page.get_by_label("เยี่ยมตั้งแต่วันที่").fill(since)
    district.press("สุ่ม")
    own = page.locator("li", has_text="เยี่ยมครั้งแรกโดย ภาคสนาม ทดสอบ")
    for box in page.locator("input[name=check]").all():
        box.uncheck()
    own.locator("input[name=check]").check()
    page.get_by_label("ผู้ตรวจซ้ำ").select_option(label="ตรวจซ้ำ ทดสอบ")
    district.look("back-checks")
    district.press("มอบหมายตรวจซ้ำ")


def visit_again(checker: Visit) -> None:
    page = checker.page
    page.goto("/fieldwork/")
    checker.follow(page.locator("a[href^='/fieldwork/back-checks/']").first)
    page.get_by_role("radio", name="จนจริง").first.check()
    expect(page.get_by_text("ภาคสนาม ทดสอบ")).to_have_count(0)
    checker.look("second-visit")
    checker.press("บันทึกผลตรวจซ้ำ")
    expect(page.get_by_text("บันทึกผลตรวจซ้ำแล้ว")).to_be_visible()
