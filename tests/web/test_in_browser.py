"""The gallery and the sign-in page in a real browser: every component at once."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.axe import faults

pytestmark = pytest.mark.browser

GALLERY = "/settings/components/"
SIGN_IN = "/accounts/login/"


@pytest.fixture
def complaints(phone: Page) -> list[str]:
    """Whatever the browser complains of: blocked content, missing files, broken scripts."""
    heard: list[str] = []
    phone.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
    phone.on("pageerror", lambda error: heard.append(str(error)))
    return heard


@pytest.fixture
def signed_in(phone: Page, live_server: LiveServer, admin: User, client: Client) -> Page:
    admin.is_staff = True
    admin.save(update_fields=["is_staff"])
    client.force_login(admin)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    phone.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}]
    )
    return phone


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than the window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return width


def test_the_gallery_has_no_serious_fault(
    signed_in: Page, live_server: LiveServer, complaints: list[str]
) -> None:
    signed_in.goto(live_server.url + GALLERY)

    assert faults(signed_in) == []
    assert complaints == []


def test_the_sign_in_page_has_no_serious_fault(
    phone: Page, live_server: LiveServer, complaints: list[str]
) -> None:
    phone.goto(live_server.url + SIGN_IN)

    assert faults(phone) == []
    assert complaints == []


# 320 px is a phone of 1280 px at 400 % zoom (WCAG 2.2, 1.4.10).
def test_nothing_runs_out_of_the_window(signed_in: Page, live_server: LiveServer) -> None:
    signed_in.goto(live_server.url + GALLERY)

    too_wide = {}
    for width in (320, 390, 799, 800, 1440):
        signed_in.set_viewport_size({"width": width, "height": 800})
        too_wide[width] = max(0, overflow(signed_in))

    assert set(too_wide.values()) == {0}, too_wide


def test_every_target_is_large_enough_for_a_thumb(signed_in: Page, live_server: LiveServer) -> None:
    signed_in.goto(live_server.url + GALLERY)

    small = signed_in.evaluate(
        """() => [...document.querySelectorAll(".btn, .form-control, .form-select, .bottom-nav a,"
             + " .choices label, .tabs a")]
             .filter((element) => element.offsetParent && element.offsetHeight < 44)
             .map((element) => element.className + " " + element.offsetHeight)"""
    )

    assert small == []


def test_the_main_action_is_in_reach_without_scrolling(
    signed_in: Page, live_server: LiveServer
) -> None:
    signed_in.goto(live_server.url + GALLERY)

    box = signed_in.get_by_role("link", name="งานหลักของหน้านี้").bounding_box()

    assert box is not None
    assert 600 < box["y"] < 844 - box["height"]


def test_the_first_tab_leads_past_the_bars(signed_in: Page, live_server: LiveServer) -> None:
    signed_in.goto(live_server.url + "/nowhere/")

    signed_in.keyboard.press("Tab")
    signed_in.keyboard.press("Enter")

    assert signed_in.evaluate("document.activeElement.id") == "content"


def test_a_password_can_be_looked_at_while_it_is_typed(
    phone: Page, live_server: LiveServer
) -> None:
    phone.goto(live_server.url + SIGN_IN)
    password = phone.locator("#id_password")
    password.fill("ถ้อยคำยาว ๆ ที่จำได้")

    phone.get_by_role("button", name="แสดงรหัสผ่าน").click()

    assert password.get_attribute("type") == "text"


def test_signing_in_with_a_wrong_password_says_so(phone: Page, live_server: LiveServer) -> None:
    phone.goto(live_server.url + SIGN_IN)
    phone.fill("#id_login", "nobody")
    phone.fill("#id_password", "wrong")

    phone.get_by_role("button", name="เข้าสู่ระบบ").click()

    assert "ยังเข้าสู่ระบบไม่ได้" in phone.get_by_role("alert").inner_text()


def test_the_font_is_our_own(phone: Page, live_server: LiveServer) -> None:
    phone.goto(live_server.url + SIGN_IN)
    phone.evaluate("document.fonts.ready")

    loaded = phone.evaluate(
        """() => [...document.fonts].filter((face) => face.status === "loaded")
             .map((face) => face.family.replaceAll('"', ""))"""
    )

    assert set(loaded) == {"Sarabun"}
