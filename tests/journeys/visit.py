"""One person at one device, and everything their browser complains of."""

import os
import re
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page, ViewportSize, expect

from tests.axe import faults
from tests.factories import PASSWORD
from tests.journeys.product import Product

DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
HEAR_CSP = """document.addEventListener("securitypolicyviolation", (event) =>
    console.error("CSP " + event.violatedDirective + " " + event.blockedURI));"""
# A citizen ID, a house code or a phone, with hyphens or without; a name, which is Thai.
PERSONAL = re.compile(
    r"(?<![\w-])[0-9](?:-?[0-9]){8,12}(?![\w-])|%E0%B8|[\u0e00-\u0e7f]", re.IGNORECASE
)

# What htmx says of a question that a newer one took the place of, or that a page was left with.
# A question that failed says htmx:sendError or htmx:responseError as well.
GIVEN_UP = ("htmx:afterRequest,", "htmx:sendAbort,")
# A page that asks again every two seconds does so here as well, only more often.
IMPATIENT = """{
    const wait = window.setTimeout;
    window.setTimeout = (does, ms, ...rest) => wait(does, ms > 1000 ? 200 : ms, ...rest);
}"""

expect.set_options(timeout=60_000)


class Visit:
    """A browser window of its own. `look` is called on every page that is visited."""

    def __init__(
        self, browser: Browser, product: Product, *, phone: bool = False, scripts: bool = True
    ) -> None:
        self.product = product
        self.scripts = scripts
        self.device = "phone" if phone else "desktop"
        self.context = browser.new_context(
            base_url=product.url,
            viewport=PHONE if phone else DESKTOP,
            has_touch=phone,
            is_mobile=phone,
            locale="th-TH",
            timezone_id="Asia/Bangkok",
            java_script_enabled=scripts,
            service_workers="block",
        )
        self.context.set_default_timeout(60_000)
        self.context.add_init_script(f"{HEAR_CSP}\n{IMPATIENT}")
        self.addresses: list[str] = []
        self.complaints: list[str] = []
        self.context.on("request", lambda request: self.addresses.append(request.url))
        self.context.on("console", self._hear)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.page: Page = self.context.new_page()

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type == "error" and not said.text.startswith(GIVEN_UP):
            self.complaints.append(f"{said.location.get('url', '')}: {said.text}")

    def sign_in(self, username: str, *, lands_on: str = "/") -> "Visit":
        self.page.goto("/accounts/login/")
        self.page.get_by_label("ชื่อผู้ใช้").fill(username)
        self.page.locator("#id_password").fill(PASSWORD)
        self.press("เข้าสู่ระบบ")
        expect(self.page).to_have_url(f"{self.product.url}{lands_on}")
        return self

    def button(self, name: str) -> Locator:
        """Return the button or link of this name."""
        button = self.page.get_by_role("button", name=name, exact=True)
        return button.or_(self.page.get_by_role("link", name=name, exact=True)).first

    def press(self, name: str) -> None:
        """Press what leads to another page, and wait for that page."""
        self.follow(self.button(name))

    def follow(self, target: Locator) -> None:
        with self.page.expect_navigation(wait_until="load"):
            target.click()

    def reload(self) -> None:
        """Open the page anew, unless it is about to do so by itself."""
        try:
            self.page.reload()
        except Error as error:
            if "ERR_ABORTED" not in error.message:
                raise
            self.page.wait_for_load_state("load")

    def look(self, name: str) -> None:
        """Assert that this page is in order: no fault, nothing blocked, nobody in its address.

        Pages of one name are made alike, so that the first one on a device, of all stories,
        stands for them in what is slow.
        """
        self.page.wait_for_load_state("load")
        if self.scripts:
            # What the browser has to complain of is told between two tasks.
            self.page.evaluate("new Promise((done) => setTimeout(done))")
        assert self.complaints == [], (self.page.url, self.complaints)
        personal = [address for address in self.addresses if PERSONAL.search(address)]
        assert personal == [], (self.page.url, personal)
        if (self.device, self.scripts, name) in self.product.seen:
            return
        self.product.seen.add((self.device, self.scripts, name))
        if self.scripts:
            found = faults(self.page)
            assert found == [], (self.page.url, found)
            wider = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wider <= 0, (self.page.url, wider)
        self._picture(name)

    def _picture(self, name: str) -> None:
        folder = os.environ.get("PPAOS_SCREENSHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            path = Path(folder) / f"{name}-{self.device}.png"
            # The bars of a phone would stand in the middle of a long picture.
            self.page.screenshot(path=path, full_page=self.device == "desktop")

    def status(self, address: str) -> int:
        """Return what an address answers this person, without opening it."""
        return self.context.request.get(address).status

    def close(self) -> None:
        self.context.close()
