"""What an administrator does on the screen of columns, and the file that makes them do it."""

from pathlib import Path

from openpyxl import Workbook, load_workbook
from playwright.sync_api import expect

from tests.journeys.lists import Sample
from tests.journeys.visit import Visit

RENAMED = {"เลขประจำตัวประชาชน": "หมายเลขสิบสามหลัก", "รหัสบ้าน": "ทะเบียนหลัง"}
RIGHT_SHEET, HEADER_LINE = "ข้อมูลจริง", 4
_OLD_LINES = 3


def spoil(sample: Sample, *, mark: str = "") -> Sample:
    """Give the list headers of its own, title lines, and an older sheet before it.

    With a `mark` of its own, no file of before has the same headers.
    """
    source = load_workbook(sample.path).active
    assert source is not None
    headers, *lines = [[cell.value for cell in row] for row in source.iter_rows()]
    headers = [RENAMED.get(str(header), str(header)) for header in headers]
    headers += [mark] if mark else []
    book = Workbook()
    old = book.active
    assert old is not None
    old.title = "สำเนาเก่า"
    for line in (headers, *lines[:_OLD_LINES]):
        old.append(line)
    right = book.create_sheet(RIGHT_SHEET)
    for title in (["บัญชีรายชื่อ"], ["จัดทำโดย สำนักงานทดสอบ"], []):
        right.append(title)
    for line in (headers, *lines):
        right.append(line)
    right.row_dimensions[HEADER_LINE + 2].hidden = True
    path = sample.path.with_name(f"spoilt-{sample.path.name}")
    book.save(path)
    return Sample(Path(path), sample.lines)


def wait_for_screen(visit: Visit) -> None:
    expect(visit.page.get_by_role("heading", name="คอลัมน์ใดคืออะไร")).to_be_visible(timeout=60_000)
    expect(visit.page.locator("#mapping-preview")).to_be_visible()


def choose_sheet(visit: Visit) -> None:
    """The columns and the preview become those of the other sheet without another page."""
    visit.page.get_by_label("แผ่นงาน", exact=True).select_option(RIGHT_SHEET)
    place = visit.page.get_by_text(f"หัวตารางอยู่แถวที่ {HEADER_LINE}", exact=False)
    expect(place.first).to_be_visible()


def choose_columns(visit: Visit) -> None:
    for header, column in (("หมายเลขสิบสามหลัก", "citizen_id"), ("ทะเบียนหลัง", "house_code")):
        visit.page.get_by_label(header, exact=True).select_option(column)
    expect(visit.page.get_by_text("มีคอลัมน์ที่จำเป็นครบ")).to_be_visible()
    preview = visit.page.locator("#mapping-preview")
    expect(preview.get_by_text("พร้อมนำเข้า").first).to_be_visible()
    expect(preview.get_by_text("รหัสบ้าน", exact=False).first).to_be_visible()
    expect(preview.locator("tbody tr")).to_have_count(5)
