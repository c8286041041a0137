"""The settings and the account page in a real browser, as wide as a phone and as a desk."""

import os
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.roles import Role
from accounts.services import issue_token
from tests.factories import make_scope
from tests.things import AT

pytestmark = pytest.mark.browser

SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}


def faults(page: Page) -> list[str]:
    """Return the serious and critical findings of axe, each with its first place."""
    found: list[dict[str, Any]] = Axe().run(page)["violations"]
    return [
        f"{rule['id']}: {rule['nodes'][0]['target']}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("size", SIZES)
def test_the_pages_have_no_serious_fault(
    size: str,
    chromium: Browser,
    live_server: LiveServer,
    admin: User,
    surveyor: User,
    agency_officer: User,
    client: Client,
) -> None:
    make_scope(admin, Role.AUDITOR, "30")
    issue_token(user=admin, by=admin, at=AT)
    agency = agency_officer.scopes.get().agency
    assert agency is not None
    addresses = {
        "account": "/account/",
        "settings": "/settings/",
        "users": "/settings/users/",
        "user-new": "/settings/users/new/",
        "user": f"/settings/users/{surveyor.pk}/",
        "user-edit": f"/settings/users/{surveyor.pk}/edit/",
        "user-deactivate": f"/settings/users/{surveyor.pk}/deactivate/",
        "agencies": "/settings/agencies/",
        "agency": f"/settings/agencies/{agency.pk}/",
        "roles": "/settings/roles/",
        "audit": "/settings/audit/",
        "password": "/account/password/",
        "sessions": "/account/sessions/",
        "second-factor": "/account/second-factor/",
    }
    client.force_login(admin)
    context = chromium.new_context(viewport=SIZES[size], locale="th-TH")  # type: ignore[arg-type]
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )
    page = context.new_page()
    heard: list[str] = []
    page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))

    found = {}
    for what, address in addresses.items():
        page.goto(live_server.url + address)
        if folder := os.environ.get("PPAOS_PICTURES"):
            page.screenshot(path=f"{folder}/{what}-{size}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        found[what] = [*faults(page), *heard, *([f"{wide} px too wide"] if wide > 0 else [])]
        heard.clear()
    context.close()
    assert {what: wrong for what, wrong in found.items() if wrong} == {}
