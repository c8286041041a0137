"""From a number of the board to the field that mends it, and the boards on phone and desk."""

import pytest
from playwright.sync_api import Browser, ViewportSize
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from quality import services
from tests.axe import faults
from tests.dashboards.test_in_browser import SIZES, listen, sign_in, too_wide
from tests.factories import DISTRICT, make_member
from tests.quality.breaking import AT
from tests.reconciliation.scene import set_scene

pytestmark = pytest.mark.browser
BOARDS = ("/quality/", f"/reconciliation/?area={DISTRICT}&year=2566", "/quality/rules/")


def test_a_number_leads_to_the_field_and_the_mended_row_is_gone(
    chromium: Browser, live_server: LiveServer, province: User
) -> None:
    set_scene()
    make_member(citizen_id=None, is_head=True)
    services.count_all(at=AT)
    page = chromium.new_context(locale="th-TH").new_page()
    sign_in(page, live_server, province)
    heard = listen(page)
    wrong = {}
    for size in SIZES.values():
        page.set_viewport_size(ViewportSize(width=size["width"], height=size["height"]))
        for address in BOARDS:
            page.goto(f"{live_server.url}{address}")
            wrong[address, size["width"]] = [*faults(page), *too_wide(page)]
    page.goto(f"{live_server.url}/quality/")
    page.locator('a.number[href*="rule=no-id&"]').click()
    page.get_by_role("link", name="แก้ไขข้อมูลบุคคล").click()
    assert page.evaluate("document.activeElement.name") == "citizen_id"
    page.fill("[name=no_id_reason]", "ไม่มีบัตร")
    page.locator("main form button[type=submit]").click()
    page.goto(f"{live_server.url}/quality/rows/?rule=no-id")
    assert page.get_by_text("ไม่มีรายการที่ผิดกติกานี้").is_visible()
    assert {place: found for place, found in wrong.items() if found} == {}
    assert heard == []
