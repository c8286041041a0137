"""The overview in a real browser, as wide as a phone and as a desk, and on paper."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.axe import faults
from tests.dashboards.scene import YEAR_BE, set_scene

pytestmark = pytest.mark.browser

SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1440, "height": 900}}
SMALLEST = {"width": 320, "height": 800}
ADDRESS = f"/dashboards/?area=3032&year={YEAR_BE}"


def sign_in(page: Page, live_server: LiveServer, user: User) -> None:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )


def listen(page: Page) -> list[str]:
    """Return what the browser will have to say: blocked content, missing files, broken scripts."""
    heard: list[str] = []
    page.on("console", lambda said: heard.append(said.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def too_wide(page: Page) -> list[str]:
    width: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [f"{width} px too wide"] if width > 0 else []


def test_the_overview_has_no_serious_fault_for_anybody(
    chromium: Browser, live_server: LiveServer, province: User, viewer: User
) -> None:
    set_scene()
    wrong: dict[tuple[str, str], list[str]] = {}
    for user in (province, viewer):
        page = chromium.new_context(locale="th-TH").new_page()
        sign_in(page, live_server, user)
        heard = listen(page)
        for name, size in SIZES.items():
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.goto(live_server.url + ADDRESS)
            wrong[user.username, name] = [*faults(page), *heard, *too_wide(page)]
        page.set_viewport_size(SMALLEST)  # type: ignore[arg-type]
        wrong[user.username, "smallest"] = too_wide(page)
        page.context.close()

    assert {who: found for who, found in wrong.items() if found} == {}


def test_a_number_leads_to_its_list_and_back(
    chromium: Browser, live_server: LiveServer, province: User
) -> None:
    set_scene()
    page = chromium.new_context(viewport=SIZES["desk"], locale="th-TH").new_page()  # type: ignore[arg-type]
    sign_in(page, live_server, province)
    page.goto(live_server.url + ADDRESS)
    number = page.locator(".kpi .number").first
    shown = number.inner_text()

    number.click()
    assert page.locator("h1").inner_text().startswith(f"{shown} ครัวเรือน")
    page.get_by_role("link", name="กลับไปภาพรวม").click()
    assert page.locator(".kpi .number").first.inner_text() == shown
    page.context.close()


def test_on_paper_there_are_figures_and_no_buttons(
    chromium: Browser, live_server: LiveServer, province: User
) -> None:
    page = chromium.new_context(viewport=SIZES["desk"], locale="th-TH").new_page()  # type: ignore[arg-type]
    sign_in(page, live_server, province)
    set_scene()
    page.goto(live_server.url + ADDRESS)
    assert page.get_by_role("button", name="พิมพ์").is_visible()

    page.emulate_media(media="print")

    assert page.locator(".kpi").first.is_visible()
    assert not page.get_by_role("button", name="พิมพ์").is_visible()
    assert not page.locator(".tools").is_visible()
    assert page.get_by_text("ข้อมูล ณ").is_visible()
    page.context.close()
