"""From the list of pairs to one household, and back to two, in a real browser."""

import os

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from duplicates.models import Merge
from households.models import Household
from tests.axe import faults
from tests.duplicates.test_pages import candidate

pytestmark = pytest.mark.browser


def test_two_households_become_one_and_two_again_on_a_phone(
    chromium: Browser, live_server: LiveServer, client: Client, district: User
) -> None:
    pair, one, other = candidate()
    client.force_login(district)
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="th-TH")
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )
    page = context.new_page()
    folder = os.environ.get("PPAOS_PICTURES", "")

    def look(step: str) -> None:
        assert faults(page) == [], step
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, step
        if folder:
            page.screenshot(path=f"{folder}/duplicates-{step}.png", full_page=True)

    page.goto(f"{live_server.url}/duplicates/")
    look("list")
    page.click(f'a[href="/duplicates/{pair.pk}/"]')
    look("pair")
    page.fill("#id_reason", "พบว่าเป็นบ้านเดียวกันจากการเยี่ยม")
    page.click("text=รวมเป็นรายเดียว >> nth=-1")
    page.wait_for_url(f"{live_server.url}/households/{one.pk}/")
    merge = Merge.objects.get()
    page.goto(f"{live_server.url}/duplicates/merges/{merge.pk}/")
    look("merged")
    page.fill("#id_reason", "คนละครัวเรือนในบ้านเดียวกัน")
    page.click('button:has-text("แยกกลับเป็นสองราย")')
    page.wait_for_selector("text=แยกกลับแล้ว")
    assert Household.objects.visible_to(district).filter(pk=other.pk).exists()
    context.close()
