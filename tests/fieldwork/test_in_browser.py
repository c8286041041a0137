"""A visit is given, made with a phone, and made again by somebody who does not know."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils.timezone import localdate
from PIL import Image
from playwright.sync_api import expect

from accounts.models import User
from accounts.roles import Role
from households.models import SourceListing
from households.workflow import Source
from ppaos.lib.buddhist_era import format_date
from tests.factories import SUBDISTRICT, VILLAGE, make_member, make_user
from tests.fieldwork.cases import waiting
from tests.windows import DESKTOP, PHONE, OpenWindow, Window

pytestmark = pytest.mark.browser


@pytest.fixture
def people(district: User, surveyor: User) -> dict[str, User]:
    return {
        "district": district,
        "surveyor": surveyor,
        "checker": make_user(Role.SURVEYOR, SUBDISTRICT, name="ตรวจซ้ำ ทดสอบ"),
    }


def test_a_visit_is_given_made_and_made_again(
    window: OpenWindow, people: dict[str, User], tmp_path: Path
) -> None:
    for household in waiting(4):
        make_member(household, is_head=True)
        SourceListing.objects.create(household=household, source=Source.TPMAP, year_be=2567)
    office = window(people["district"], DESKTOP)
    surveyor = window(people["surveyor"], PHONE)
    checker = window(people["checker"], PHONE)
    today = localdate()

    _share_out(office, due=format_date(today + timedelta(days=14)))
    _visit(surveyor, _photo(tmp_path))
    _draw(office)
    _visit_again(checker)

    office.page.goto("/fieldwork/back-checks/")
    expect(office.page.locator("table")).to_contain_text("100.00")
    office.page.goto("/fieldwork/coverage/")
    expect(office.page.get_by_role("heading", level=1)).to_contain_text("25.00")
    office.look("coverage")


def _photo(folder: Path) -> Path:
    path = folder / "house.jpg"
    Image.new("RGB", (640, 480), "#a06030").save(path)
    return path


def _share_out(office: Window, *, due: str) -> None:
    page = office.page
    page.goto("/fieldwork/")
    page.locator(f"input[name=village][value='{VILLAGE}']").check()
    page.get_by_label("มอบให้ผู้สำรวจ").select_option(label="สำรวจ ทดสอบ")
    page.get_by_label("ให้เสร็จภายในวันที่").fill(due)
    office.look("team")
    office.press("มอบหมาย")
    expect(page.get_by_text("มอบหมาย 4 ครัวเรือนให้ สำรวจ ทดสอบ แล้ว")).to_be_visible()
    office.look("team-given")


def _visit(surveyor: Window, photo: Path) -> None:
    page = surveyor.page
    page.goto("/")
    expect(page.get_by_role("heading", name="งานที่ได้รับมอบหมาย")).to_be_visible()
    surveyor.look("today")
    page.locator("a.line[href$='/verify/']").first.click()
    page.get_by_role("radio", name="จนจริง").first.check()
    page.locator("input[name=photos]").set_input_files(photo)
    page.get_by_role("button", name="บันทึกตำแหน่งที่ยืนอยู่").click()
    expect(page.get_by_text("คลาดเคลื่อนไม่เกิน 12 เมตร")).to_be_visible()
    surveyor.look("verify")
    surveyor.press("บันทึกผลสอบทาน")
    page.goto("/fieldwork/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("ค้าง 3 ครัวเรือน")
    surveyor.look("own-work")
    page.goto(f"/fieldwork/villages/{VILLAGE}/print/?forms=1")
    surveyor.look("print")


def _draw(office: Window) -> None:
    page = office.page
    page.goto("/fieldwork/back-checks/")
    office.press("สุ่ม")
    page.get_by_label("ผู้ตรวจซ้ำ").select_option(label="ตรวจซ้ำ ทดสอบ")
    office.look("back-checks")
    office.press("มอบหมายตรวจซ้ำ")


def _visit_again(checker: Window) -> None:
    page = checker.page
    page.goto("/fieldwork/")
    page.locator("a[href^='/fieldwork/back-checks/']").first.click()
    page.get_by_role("radio", name="จนจริง").first.check()
    expect(page.get_by_text("สำรวจ ทดสอบ", exact=True)).to_have_count(0)
    checker.look("second-visit")
    checker.press("บันทึกผลตรวจซ้ำ")
    expect(page.get_by_text("บันทึกผลตรวจซ้ำแล้ว")).to_be_visible()
