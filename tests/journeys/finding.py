"""What an officer does to find one household, and what stands in its case file."""

import re

from playwright.sync_api import expect

from ppaos.lib import citizen_id
from tests.journeys.visit import Visit


def search(visit: Visit, text: str) -> list[str]:
    """Search the register; return the addresses of the case files that were found, best first."""
    visit.page.goto("/households/")
    visit.page.get_by_label("ค้นหาครัวเรือน").fill(text)
    visit.press("ค้นหา")
    assert "/households/?query=" in visit.page.url
    visit.look("found")
    links = visit.page.locator("tbody th a").all()
    return [link.get_attribute("href") or "" for link in links]


def see_case_file(visit: Visit) -> None:
    """Members, listings by year, verification, problems, assessment, timeline."""
    page = visit.page
    for title in ("ทุนดำรงชีพ 5 ด้าน", "ผลสอบทาน", "อยู่ในบัญชี", "เรื่องราวของแฟ้มนี้"):
        expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="ปัญหา").first).to_be_visible()
    expect(page.locator("#members .members > li").first).to_be_visible()
    expect(page.locator("#verifications li").first).to_be_visible()
    expect(page.locator(".history strong", has_text="TPMAP 2567")).to_be_visible()
    expect(page.locator(".radar, svg.radar").first).to_be_visible()
    expect(page.locator(".timeline li").first).to_be_visible()
    visit.look("case-file-whole")


def reveal(visit: Visit, reason: str) -> str:
    """Open the citizen ID of the first member; return its 13 digits, which fit what was masked."""
    first = visit.page.locator("#members .masked-id").first
    masked = first.locator(".digits").inner_text()
    first.locator("summary").click()
    first.get_by_label("เหตุผลที่ต้องดู").fill(reason)
    first.get_by_role("button", name="แสดงเลขเต็ม").click()
    visit.page.get_by_text("บันทึกการเปิดดูแล้ว").wait_for()
    shown = visit.page.locator(".masked-id .digits.num").first.inner_text()
    visit.look("case-file-revealed")
    digits = re.sub(r"[^0-9]", "", shown)
    assert citizen_id.mask(digits) == masked
    return digits
