"""What happens to a problem: sent, taken on, helped, checked, and the household leaves."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import expect

from ppaos.lib.buddhist_era import format_date
from tests.journeys.product import Product
from tests.journeys.visit import Visit

HELP_BAHT = 25_000


def refer_everything(officer: Visit, case_file: str) -> list[str]:
    """Send each problem to the agency that the rule proposes; return the referrals' addresses."""
    officer.page.goto(case_file)
    officer.look("case-file-to-refer")
    officer.press("ส่งต่อปัญหา")
    expect(officer.page.get_by_text("แนะนำ").first).to_be_visible()
    officer.look("refer")
    officer.follow(officer.page.locator("button[name=send]").last)
    officer.page.goto(case_file)
    links = officer.page.locator("#referrals a.problem-dimension").all()
    addresses = [link.get_attribute("href") or "" for link in links]
    assert addresses
    return addresses


def accept_all(agency: Visit, count: int, *, on: str) -> None:
    """Take on everything in the inbox, row by row, as five minutes a day allow."""
    for left in range(count, 0, -1):
        agency.page.goto("/referrals/")
        agency.look("inbox")
        forms = agency.page.locator("form.do")
        expect(forms).to_have_count(left)
        forms.first.get_by_label("คาดว่าเสร็จ").fill(on)
        agency.follow(forms.first.get_by_role("button"))


def help_and_report(agency: Visit, referral: str, *, photo: Path | None = None) -> None:
    agency.page.goto(f"{referral}assistance/")
    agency.page.get_by_role("radio", name="ซ่อม / สร้างบ้าน").check()
    agency.page.get_by_label("มูลค่า (บาท)").fill(f"{HELP_BAHT:,}")
    if photo is not None:
        agency.page.get_by_label("รูปถ่าย").set_input_files(photo)
    agency.page.get_by_role("radio", name="เสร็จแล้ว แก้ไขได้ทั้งหมด").check()
    agency.look("assistance")
    agency.press("บันทึกความช่วยเหลือ")
    expect(agency.page.locator("#help")).to_contain_text(f"{HELP_BAHT:,}")
    agency.look("referral-helped")


def take_photo(folder: Path) -> Path:
    path = folder / "house.jpg"
    Image.new("RGB", (640, 480), "#a06030").save(path)
    return path


def check_at_the_house(surveyor: Visit, referral: str, *, remains: bool, note: str = "") -> None:
    surveyor.page.goto(f"{referral}check/")
    wanted = "yes" if remains else "no"
    surveyor.page.locator(f"input[name=problem_remains][value={wanted}]").check()
    if note:
        surveyor.page.locator("[name=note]").fill(note)
    surveyor.look("check")
    surveyor.press("บันทึกผลสอบทาน")


def status(visit: Visit, referral: str) -> str:
    visit.page.goto(referral)
    visit.look("referral")
    return visit.page.locator(".page-header .pill").first.inner_text()


def let_days_pass(product: Product, referral: str, *, days: int) -> None:
    """Move a referral's last day into the past, as waiting would."""
    product.ask(
        "UPDATE referrals_referral SET due_on = current_date - %s WHERE id = %s",
        days,
        key_of(referral),
    )


def key_of(address: str) -> str:
    found = re.search(r"[0-9a-f]{8}-[0-9a-f-]{27}", address)
    assert found is not None
    return found[0]


# ---- the forum ------------------------------------------------------------------------------
def hold_forum(province: Visit, product: Product, referral: str, *, resolves: str) -> None:
    """Plan a sitting for today, take up what is overdue, hold it, and resolve."""
    today = product.ask("SELECT (now() AT TIME ZONE 'Asia/Bangkok')::date")[0][0]
    page = province.page
    page.goto("/forums/new/")
    province.look("forum-new")
    page.get_by_label("ชื่อเวที").fill("เวทีทดสอบ")
    page.get_by_label("พื้นที่", exact=True).select_option("30")
    page.get_by_label("วันที่จัด").fill(format_date(today))
    page.get_by_label("สถานที่").fill("ศาลากลาง")
    page.get_by_role("radio").first.check()
    page.get_by_label("ชื่อผู้จัด", exact=False).fill("ศจพ.จ.")
    province.press("นัดเวทีและเลือกวาระ")
    page.locator(f"input[name=referral][value='{key_of(referral)}']").check()
    province.look("forum-agenda")
    province.press("เพิ่มเรื่องที่เลือกเข้าวาระ")
    province.look("forum-planned")
    forum = urlsplit(page.url).path.removesuffix("agenda/")
    page.goto(f"{forum}hold/")
    page.get_by_label("ภาครัฐ").fill("12")
    province.look("forum-hold")
    province.press("บันทึกว่าจัดแล้ว")
    # What other stories left unresolved stands on the agenda too.
    number = product.ask("SELECT number FROM referrals_referral WHERE id = %s", key_of(referral))
    item = page.locator("li.item", has_text=number[0][0])
    province.follow(item.get_by_role("link", name="เพิ่มมติ"))
    page.get_by_label("มติ", exact=False).first.fill(resolves)
    page.get_by_label("หน่วยงาน", exact=False).first.select_option(label="สท. ทดสอบ")
    page.get_by_label("กำหนด", exact=False).first.fill(format_date(today))
    province.look("forum-resolve")
    province.press("บันทึกมติ")
    province.look("forum-held")
    page.goto(referral)
    expect(page.get_by_text(resolves)).to_be_visible()


# ---- leaving ---------------------------------------------------------------------------------
def propose_graduation(surveyor: Visit, case_file: str) -> None:
    surveyor.page.goto(f"{case_file}graduate/")
    expect(surveyor.page.get_by_role("heading", level=1)).to_have_text("ครบเกณฑ์พ้นความยากจนแล้ว")
    surveyor.page.get_by_role("radio").first.check()
    surveyor.look("graduate")
    surveyor.press("เสนอให้พ้นเป้าหมาย")


def approve(district: Visit, case_file: str) -> str:
    """Approve the proposal of this household; return its address."""
    page = district.page
    page.goto("/exits/")
    district.look("exits")
    page.goto(case_file)
    district.follow(page.locator("a[href^='/exits/']").first)
    district.look("exit")
    address = urlsplit(page.url).path
    district.press("อนุมัติให้พ้นเป้าหมาย")
    return address


def revoke(district: Visit, proposal: str, reason: str) -> None:
    page = district.page
    page.goto(proposal)
    page.locator("#revoke summary").click()
    page.get_by_label("เหตุผลที่ยกเลิก").fill(reason)
    district.look("exit-revoke")
    district.press("ให้กลับเป็นเป้าหมาย")
