"""The settings and the account page in a real browser, as wide as a phone and as a desk."""

import os

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.roles import Role
from accounts.services import issue_token
from tests.axe import faults
from tests.factories import make_scope
from tests.things import AT

pytestmark = pytest.mark.browser

SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}


def test_the_pages_have_no_serious_fault(
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
    context = chromium.new_context(locale="th-TH")
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
        for name, size in SIZES.items():
            page.set_viewport_size(size)  # type: ignore[arg-type]
            if folder := os.environ.get("PPAOS_PICTURES"):
                page.screenshot(path=f"{folder}/{what}-{name}.png", full_page=True)
            wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            too_wide = [f"{wide} px too wide"] if wide > 0 else []
            found[what, name] = [*faults(page), *heard, *too_wide]
        heard.clear()
    context.close()
    assert {what: wrong for what, wrong in found.items() if wrong} == {}
