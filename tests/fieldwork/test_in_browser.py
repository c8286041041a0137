"""A visit is given, made with a phone, and made again by somebody who does not know."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils.timezone import localdate
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.roles import Role
from households.models import SourceListing
from households.workflow import Source
from ppaos.lib.buddhist_era import format_date
from tests.factories import SUBDISTRICT, VILLAGE, make_member, make_user
from tests.fieldwork.cases import waiting

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
PLACE: Any = {"latitude": 14.98765, "longitude": 102.12345, "accuracy": 12}


class Window:
    """A person's browser, which complains of what it shows."""

    def __init__(self, browser: Browser, server: LiveServer, user: User, size: Any) -> None:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        self.context = browser.new_context(
            viewport=size,
            base_url=server.url,
            locale="th-TH",
            permissions=["geolocation"],
            geolocation=PLACE,
            service_workers="block",
        )
        self.context.set_default_timeout(60_000)
        cookie = client.cookies[name].value
        self.context.add_cookies([{"name": name, "value": cookie, "url": server.url}])
        self.page: Page = self.context.new_page()
        self.size = "phone" if size is PHONE else "desk"

    def look(self, name: str) -> None:
        """Assert that nothing is at fault and nothing is wider than the window."""
        self.page.wait_for_load_state("load")
        found = [
            f"{rule['id']}: {[node['target'] for node in rule['nodes'][:3]]}"
            for rule in Axe().run(self.page)["violations"]
            if rule["impact"] in ("serious", "critical")
        ]
        assert found == [], (self.page.url, found)
        wider = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0, (self.page.url, wider)
        if folder := os.environ.get("PPAOS_SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            path = Path(folder) / f"{name}-{self.size}.png"
            self.page.screenshot(path=path, full_page=True)

    def press(self, name: str) -> None:
        with self.page.expect_navigation(wait_until="load"):
            self.page.get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def people(district: User, surveyor: User) -> dict[str, User]:
    return {
        "district": district,
        "surveyor": surveyor,
        "checker": make_user(Role.SURVEYOR, SUBDISTRICT, name="ตรวจซ้ำ ทดสอบ"),
    }


def test_a_visit_is_given_made_and_made_again(
    chromium: Browser, live_server: LiveServer, people: dict[str, User], tmp_path: Path
) -> None:
    for household in waiting(4):
        make_member(household, is_head=True)
        SourceListing.objects.create(household=household, source=Source.TPMAP, year_be=2567)
    office = Window(chromium, live_server, people["district"], DESK)
    surveyor = Window(chromium, live_server, people["surveyor"], PHONE)
    checker = Window(chromium, live_server, people["checker"], PHONE)
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
    for window in (office, surveyor, checker):
        window.context.close()


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
