"""What an administrator does with a list. Each function begins and ends on a page of the import."""

import re
import signal

from playwright.sync_api import expect

from tests.journeys.lists import YEAR_BE, Sample
from tests.journeys.product import Product
from tests.journeys.visit import Visit


def send(visit: Visit, sample: Sample) -> None:
    visit.page.goto("/imports/")
    visit.page.get_by_label("ไฟล์รายชื่อ").set_input_files(sample.path)
    # The history below is narrowed by a field of the same name.
    visit.page.locator("#upload").get_by_label("บัญชี", exact=True).select_option("tpmap")
    visit.page.get_by_label("ปีของบัญชี (พ.ศ.)").fill(str(YEAR_BE))
    visit.look("imports")
    visit.press("ส่งไฟล์และตรวจ")


def send_and_watch(visit: Visit, product: Product, sample: Sample) -> None:
    """The place in the queue is told while no worker has time, and gives way to the preview."""
    worker = product.children["worker"].process
    worker.send_signal(signal.SIGSTOP)
    try:
        send(visit, sample)
        expect(visit.page.locator("#progress")).to_contain_text("รอคิว ลำดับที่ 1")
        visit.look("import-progress")
    finally:
        worker.send_signal(signal.SIGCONT)
    wait_for_state(visit, "รอนำเข้า")


def wait_for_state(visit: Visit, text: str) -> None:
    """Wait until the page says so by itself, in its title or beside it."""
    state = visit.page.locator(".page-header :is(h1, .pill)", has_text=text)
    expect(state.first).to_be_visible(timeout=60_000)
    expect(visit.page.locator("#progress")).to_have_count(0)


def counts(visit: Visit) -> tuple[int, ...]:
    """Return accepted, held, rejected, skipped, sum and independent count as the page has them."""
    text = visit.page.get_by_text("อ่านครบทุกแถว").inner_text()
    return tuple(int(number.replace(",", "")) for number in re.findall(r"[0-9][0-9,]*", text))


def see_a_faulty_line(visit: Visit, row: int) -> None:
    """A wrong check digit: the line's number, its column, the value masked, reason and cure."""
    visit.page.get_by_label("แสดงเฉพาะ").select_option("E_CID_CHECK")
    visit.press("แสดง")
    line = visit.page.locator("#issues tbody tr").filter(
        has=visit.page.get_by_role("rowheader", name=str(row), exact=True)
    )
    expect(line.locator("td").nth(0)).to_have_text("เลขประจำตัวประชาชน")
    assert re.fullmatch(r"[0-9]-xxxx-xxxxx-[0-9]{2}-[0-9]", line.locator("td").nth(1).inner_text())
    expect(line.locator("td").nth(2)).not_to_be_empty()
    expect(line.locator("td").nth(3)).not_to_be_empty()
    visit.look("import-faults")


def confirm_new_area(visit: Visit, name: str) -> None:
    visit.press(f"ยืนยัน{name}")
    expect(visit.page.get_by_text("ยืนยันพื้นที่แล้ว")).to_be_visible()
    expect(visit.page.locator("#areas")).to_have_count(0)


def apply(visit: Visit, lines: int) -> None:
    visit.press(f"นำเข้า {lines:,} แถว")
    wait_for_state(visit, "นำเข้าแล้ว")
    visit.look("import-applied")


def fates(visit: Visit) -> dict[int, str]:
    """Return line → what became of it, over all pages of the list of lines."""
    visit.press("ดูทุกแถว")
    found: dict[int, str] = {}
    while True:
        visit.look("import-lines")
        for line in visit.page.locator("tbody tr").all_inner_texts():
            number, *rest = line.split("\t")
            found[int(number.replace(",", ""))] = " ".join(rest)
        following = visit.page.get_by_role("link", name="ถัดไป")
        if not following.count():
            return found
        visit.follow(following)


def undo(visit: Visit) -> None:
    """Take an applied import back, its effect shown first."""
    visit.press("ย้อนกลับการนำเข้านี้")
    expect(visit.page.locator(".effects li").first).to_be_visible()
    visit.look("import-undo")
    visit.press("ย้อนกลับการนำเข้า")
    wait_for_state(visit, "ย้อนกลับแล้ว")
    visit.look("import-undone")
