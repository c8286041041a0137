"""A household is found in an office, and its file is kept at the door."""

from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from accounts.models import User
from households.models import Household, SourceListing
from households.services import record_verification
from households.workflow import Outcome, Source
from ppaos.lib import citizen_id
from tests.factories import NEXT_SUBDISTRICT, make_household, make_member
from tests.slf.cases import load_reference
from tests.windows import DESKTOP, PHONE, OpenWindow, Window

pytestmark = pytest.mark.browser
AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def test_a_household_is_found_narrowed_kept_and_taken_along_as_a_sheet(
    window: OpenWindow, province: User, surveyor: User, tmp_path: Path
) -> None:
    wanted = make_household(house_no="35/1")
    person = make_member(
        wanted, title="นาง", first_name="น้ำผึ้ง", last_name="แก้วกาญจนา", is_head=True
    )
    other = make_household(house_no="36", area_id=NEXT_SUBDISTRICT)
    make_member(other, first_name="บุญมี", last_name="อื่นไกล", citizen_id=None, is_head=True)
    office, phone = window(province, DESKTOP), window(surveyor, PHONE)

    assert person.citizen_id is not None
    for text in (wanted.house_code, citizen_id.display(person.citizen_id), "นาง น้ําผึ้ง เเก้วกาน"):
        assert _search(office, str(text)) == [f"/households/{wanted.pk}/"]
    expect(office.page.locator("tbody th")).to_contain_text("นางน้ำผึ้ง แก้วกาญจนา")
    assert _search(office, "ผึ้ง แก้วกาญ") == [f"/households/{wanted.pk}/"]
    expect(office.page.locator("mark")).to_have_text("ผึ้ง แก้วกาญ")
    office.look("found")
    assert _search(phone, "บุญมี") == [], "it is in the next subdistrict"
    phone.page.goto("/households/")
    phone.look("register")

    page = office.page
    page.goto("/households/")
    expect(page.locator("tbody tr")).to_have_count(2)
    office.look("register")
    first = page.locator("tbody tr").first.bounding_box()
    assert first is not None
    assert first["y"] < DESKTOP["height"] * 0.6, "households come before what narrows them"
    page.locator("summary", has_text="ตัวกรอง").click()
    page.get_by_label("ข้อมูลที่ขาด").select_option(label="มีคนที่ไม่มีเลขประจำตัว")
    office.press("แสดงตามนี้")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("summary", has_text="บันทึกมุมมองนี้").click()
    page.get_by_label("ชื่อมุมมอง").fill("ต้องไปถามเลข")
    office.press("บันทึก")
    page.locator("summary", has_text="คอลัมน์").click()
    page.get_by_label("สมาชิก", exact=True).uncheck()
    page.get_by_label("พิกัด").check()
    office.follow(page.locator("details[open] button", has_text="แสดงตามนี้").last)
    page.goto("/households/")
    page.locator("summary", has_text="มุมมองที่บันทึก").click()
    office.press("ต้องไปถามเลข")
    _the_sheet_is_the_list(page, tmp_path / "list.xlsx")
    office.look("register-narrowed")


def _search(window: Window, text: str) -> list[str | None]:
    """Search the register; return where the results lead, best first."""
    window.page.goto("/households/")
    window.page.get_by_label("ค้นหาครัวเรือน").fill(text)
    window.press("ค้นหา")
    return [link.get_attribute("href") for link in window.page.locator("tbody th a").all()]


def _the_sheet_is_the_list(page: Page, path: Path) -> None:
    """Download the list: the columns and the rows that are on the page, and no others."""
    with page.expect_download() as downloading:
        page.get_by_role("button", name="ส่งออกเป็น Excel").click()
    downloading.value.save_as(path)
    sheet = load_workbook(path).worksheets[0]
    lines = [[str(cell) for cell in line] for line in sheet.iter_rows(values_only=True)]
    headers = [header.strip() for header in page.locator("thead th").all_inner_texts()]
    at = next(n for n, line in enumerate(lines) if headers[0] in line)
    assert "พิกัด" in headers
    assert "สมาชิก" not in headers
    assert set(headers) <= set(lines[at])
    assert [line[lines[at].index(headers[0])] for line in lines[at + 1 :]] == [
        name.strip() for name in page.locator("tbody th").all_inner_texts()
    ]


def test_a_file_is_kept_and_printed(window: OpenWindow, surveyor: User) -> None:
    load_reference()
    household = _found_poor(surveyor)
    phone = window(surveyor, PHONE)
    page = phone.page
    address = f"/households/{household.pk}/"
    page.goto(address)
    for title in ("ทุนดำรงชีพ 5 ด้าน", "ผลสอบทาน", "อยู่ในบัญชี", "ที่ตั้งและรูปบ้าน", "การพ้นเป้าหมาย"):
        expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    expect(page.locator("#listings")).to_contain_text("TPMAP 2567")

    phone.press("บันทึกความยินยอม")
    page.get_by_role("radio", name="ยินยอม", exact=True).check()
    page.get_by_label("ผู้ให้คำตอบ").fill("นายสมหวัง หัวหน้าครัวเรือน")
    page.get_by_role("radio", name="ภารกิจเพื่อประโยชน์สาธารณะ").check()
    phone.look("consent")
    phone.press("บันทึกคำตอบ")

    phone.press("ทำแผนครัวเรือน")
    for label, words in FOUR.items():
        page.get_by_label(label, exact=False).first.fill(words)
    page.get_by_role("radio", name="พัฒนาครัวเรือน").check()
    page.get_by_role("checkbox", name="ปัจจัยการผลิต").check()
    page.get_by_role("radio", name="ขั้นที่ 1").check()
    phone.look("plan")
    phone.press("บันทึกแผนครัวเรือน")
    for words in FOUR.values():
        expect(page.locator("#plan")).to_contain_text(words)
    expect(page.locator("#consent")).to_contain_text("ผู้ให้คำตอบ นายสมหวัง")
    expect(page.locator("#story")).to_contain_text("ทำแผนครัวเรือน: ฉบับที่ 1")

    phone.follow(page.locator("#place").get_by_role("link", name="แก้ไขที่อยู่"))
    page.get_by_label("โทรศัพท์", exact=False).fill("044-123-456")
    page.locator("main form button[type=submit]").last.click()
    page.locator("#provenance > summary").click()
    came = page.locator("#provenance .origin-list > div", has_text="โทรศัพท์")
    expect(came).to_contain_text(f"โดย {surveyor.name}")
    phone.look("case-file")

    answer = phone.context.request.get(f"{address}file.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    text = _text(answer.body())
    for words in ("สมหวัง", *FOUR.values()):
        assert words.replace(" ", "") in text


FOUR = {
    "ทัศนะ": "อยากมีรายได้ประจำ",
    "ทักษะ": "ปลูกผักและทอผ้า",
    "ทรัพยากร": "ที่ดินสองงานข้างบ้าน",
    "ทางออก": "ปลูกผักสวนครัวขายที่ตลาดนัด",
}


def _found_poor(by: User) -> Household:
    household = make_household(house_no="12/7")
    make_member(household, first_name="สมหวัง", is_head=True)
    SourceListing.objects.create(household=household, source=Source.TPMAP, year_be=2567)
    record_verification(
        household=household,
        outcome=Outcome.POOR,
        visited_on=AT.date(),
        reason="",
        by=by,
        at=AT,
    )
    return household


def _text(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    try:
        found = "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
    return "".join(found.split())
