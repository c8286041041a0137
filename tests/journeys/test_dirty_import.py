"""A dirty list: an administrator who never read a manual takes it in, mends it, takes it back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import expect

from tests.imports.batches import line
from tests.journeys import importing
from tests.journeys.lists import Sample
from tests.journeys.visit import Visit

pytestmark = pytest.mark.browser

ID, BORN, HOUSE = "เลขประจำตัวประชาชน", "วันเกิด", "รหัสบ้าน"
_FIRST = 8_000_000
"""Nobody of another story has a number this high."""
GOOD = 12
SHORT_ID, NO_DAY, TWIN, NO_HOUSE, TOO_LATE = (GOOD + 2 + n for n in range(5))


def test_a_dirty_list_is_understood_mended_and_taken_back(
    visit: Callable[..., Visit], tmp_path: Path
) -> None:
    sample = dirty_list(tmp_path)
    admin = visit().sign_in("admin")
    importing.send(admin, sample)
    importing.wait_for_state(admin, "รอนำเข้า")
    assert importing.counts(admin) == (GOOD, 2, 3, 0, 17, 17)
    admin.look("dirty-preview")
    preview = admin.page.url
    see_on_a_phone(visit(phone=True).sign_in("admin"), preview)

    mend_in_the_grid(admin)
    choose_between_two_lines(admin, preview)
    mend_in_a_workbook(admin, preview, tmp_path)

    admin.page.goto(preview)
    importing.apply(admin, GOOD + 2)
    expect(admin.page.locator("#todo")).to_contain_text("ไม่มีรหัสบ้าน")
    follow_with_a_late_line(admin)
    importing.undo(admin)
    expect(admin.page.locator("#conflicts")).to_have_count(0)


def dirty_list(folder: Path) -> Sample:
    """Write twelve good lines, and five of which each has another fault."""
    good = [line(_FIRST + n) for n in range(GOOD)]
    faulty: list[dict[str, Any]] = [
        line(_FIRST + 100, {ID: "12345"}),
        line(_FIRST + 104, {BORN: "31/2/2500"}),
        line(_FIRST + 108, {ID: good[0][ID]}),
        line(_FIRST + 112, {HOUSE: "", "บ้านเลขที่": "77/8"}),
        line(_FIRST + 116, {BORN: "32/1/2500"}),
    ]
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(good[0]))
    for each in [*good, *faulty]:
        sheet.append([each[header] for header in good[0]])
    path = folder / "dirty.xlsx"
    book.save(path)
    return Sample(path, [])


def see_on_a_phone(phone: Visit, preview: str) -> None:
    for name in ("", "fix/", "duplicates/", "corrections/", "changes/"):
        phone.page.goto(f"{preview}{name}")
        phone.look(f"dirty-{name.strip('/') or 'preview'}")


def mend_in_the_grid(admin: Visit) -> None:
    """The reason stands beside the cell; Enter saves the line, and it goes from the list."""
    reason = admin.page.locator("#todo li", has_text="ไม่ใช่ตัวเลข 13 หลัก")
    admin.follow(reason.get_by_role("link"))
    row = admin.page.locator(f'tr[data-row="{SHORT_ID}"]')
    cell = row.get_by_label(ID)
    expect(cell).to_have_value("12345")
    cell.fill("999")
    cell.press("Enter")
    expect(row.locator(".field-error")).to_contain_text("13 หลัก")
    expect(row.get_by_label(ID)).to_have_value("999")
    admin.look("dirty-grid")
    row.get_by_label(ID).fill(line(_FIRST + 100)[ID])
    row.get_by_label(ID).press("Enter")
    expect(admin.page.locator("tr.done")).to_contain_text("พร้อมนำเข้า")


def choose_between_two_lines(admin: Visit, preview: str) -> None:
    admin.page.goto(f"{preview}duplicates/")
    pair = admin.page.locator(f"#pair-{TWIN}")
    expect(pair.locator(".side")).to_have_count(2)
    admin.look("dirty-pairs")
    pair.get_by_text(f"ไม่นำเข้าแถว {TWIN} ใช้แถว 2").click()
    admin.follow(pair.get_by_role("button"))
    expect(admin.page.locator(".pair")).to_have_count(0)


def mend_in_a_workbook(admin: Visit, preview: str, folder: Path) -> None:
    """Down, one date mended of two, up again: one line is taken, the other still waits."""
    admin.page.goto(f"{preview}corrections/")
    with admin.page.expect_download() as downloading:
        admin.button("ดาวน์โหลดแถวที่ต้องแก้ (.xlsx)").click()
    path = folder / "mended.xlsx"
    downloading.value.save_as(path)
    book = load_workbook(path)
    sheet = book.active
    assert sheet is not None
    headers = [cell.value for cell in sheet[1]]
    born, number = headers.index(BORN) + 1, headers.index("แถวที่") + 1
    lines = {sheet.cell(n, number).value: n for n in range(2, sheet.max_row + 1)}
    assert set(lines) == {NO_DAY, NO_HOUSE, TOO_LATE}
    sheet.cell(lines[NO_DAY], born).value = "28/2/2500"
    sheet.cell(lines[TOO_LATE], born).value = "33/1/2500"
    book.save(path)
    admin.page.get_by_label("ไฟล์ที่แก้แล้ว").set_input_files(path)
    admin.press("ส่งไฟล์ที่แก้แล้ว")
    report = admin.page.locator("#report-0")
    expect(report).to_contain_text("แก้แล้ว1 แถว")
    expect(report).to_contain_text(f"แถวที่ {TOO_LATE} ของไฟล์เดิม")
    admin.look("dirty-report")


def follow_with_a_late_line(admin: Visit) -> None:
    """After it was applied: the line without a house code is confirmed, and follows alone."""
    admin.follow(admin.page.locator("#todo li", has_text="ไม่มีรหัสบ้าน").get_by_role("link"))
    row = admin.page.locator(f'tr[data-row="{NO_HOUSE}"]')
    row.get_by_label("ทำอย่างไร").select_option("accept")
    admin.press("บันทึกทั้งหน้า")
    admin.press("กลับไปหน้าการนำเข้า")
    admin.look("dirty-late")
    admin.press("นำเข้าแถวที่แก้แล้ว 1 แถว")
    importing.wait_for_state(admin, "นำเข้าแล้ว")
    expect(admin.page.locator("h1")).to_have_text(f"นำเข้าแล้ว {GOOD + 3} แถว")
