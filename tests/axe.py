"""What axe finds at fault on a page, asked for so that it is found quickly."""

from typing import Any

from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Page

SERIOUS = ("serious", "critical")
# What passed is not told: it would be a megabyte for each page. The pages have no frames, and no
# rule that is on by default needs the style sheets a second time.
OPTIONS = {"resultTypes": ["violations"], "preload": False, "iframes": False}
# What stands in <noscript> becomes elements, which nobody sees, when a part is put in later.
RUN = """async (options) => (await axe.run(
    {exclude: [["noscript"]]}, options)
).violations.map((rule) => ({
    id: rule.id,
    impact: rule.impact,
    places: rule.nodes.slice(0, 3).map((node) => node.target),
}))"""
_SCRIPT: str = Axe().axe_script


def faults(page: Page) -> list[str]:
    """Return the serious and critical findings of axe, each with its places."""
    page.evaluate(_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(RUN, OPTIONS)
    return [f"{rule['id']}: {rule['places']}" for rule in found if rule["impact"] in SERIOUS]
