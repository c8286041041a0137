"""A person's browser on the test server, which complains of what it shows."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, ViewportSize
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.axe import faults
from tests.journeys.visit import DESKTOP, GIVEN_UP, PERSONAL, PHONE

PLACE: Any = {"latitude": 14.98765, "longitude": 102.12345, "accuracy": 12}
"""Where every phone of these stories is."""


class Window:
    """A browser window in which somebody is signed in.

    Everything that it asks for and complains of is kept; `look` asserts that all is in order.
    """

    def __init__(
        self, browser: Browser, server: LiveServer, user: User, size: ViewportSize
    ) -> None:
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
        self.complaints: list[str] = []
        self.addresses: list[str] = []
        self.context.on("console", self._hear)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.context.on("request", lambda request: self.addresses.append(request.url))
        self.page: Page = self.context.new_page()
        self.size = "phone" if size is PHONE else "desk"

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type != "error" or said.text.startswith(GIVEN_UP):
            return
        # A page that this person may not see any more says so in the console too.
        if "status of 404" not in said.text:
            self.complaints.append(said.text)

    def look(self, name: str) -> None:
        """Assert that nothing is at fault, blocked or too wide, and nobody is in an address."""
        self.page.wait_for_load_state("load")
        found = faults(self.page)
        assert found == [], (self.page.url, found)
        wider = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0, (self.page.url, wider)
        assert self.complaints == [], (self.page.url, self.complaints)
        personal = [address for address in self.addresses if PERSONAL.search(address)]
        assert personal == [], (self.page.url, personal)
        if folder := os.environ.get("PPAOS_SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            path = Path(folder) / f"{name}-{self.size}.png"
            self.page.screenshot(path=path, full_page=True)

    def press(self, name: str) -> None:
        """Press the button or link of this name, which leads to another page."""
        button = self.page.get_by_role("button", name=name, exact=True)
        self.follow(button.or_(self.page.get_by_role("link", name=name, exact=True)).first)

    def follow(self, target: Locator) -> None:
        with self.page.expect_navigation(wait_until="load"):
            target.click()

    def status(self, address: str) -> int:
        """Return what an address answers this person, without opening it."""
        return self.context.request.get(address).status


OpenWindow = Callable[[User, ViewportSize], Window]


@pytest.fixture
def window(chromium: Browser, live_server: LiveServer) -> Iterator[OpenWindow]:
    """Open a window for somebody; all of them are closed at the end."""
    opened: list[Window] = []

    def open_window(user: User, size: ViewportSize) -> Window:
        opened.append(Window(chromium, live_server, user, size))
        return opened[-1]

    yield open_window
    for each in opened:
        each.context.close()


__all__ = ["DESKTOP", "PHONE", "OpenWindow", "Window", "window"]
