"""What a surveyor does on a phone at the door."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import expect

from households.workflow import Outcome
from tests.journeys.visit import Visit


@dataclass(frozen=True)
class NewPerson:
    title: str
    first_name: str
    last_name: str
    citizen_id: str = ""
    no_id_reason: str = ""
    birth: str = ""


def households_listed(visit: Visit) -> list[str]:
    """Open the register and return the place of every household on the first page."""
    visit.page.goto("/households/")
    visit.look("register")
    return visit.page.locator("tbody .locality").all_inner_texts()


def first_waiting(visit: Visit) -> str:
    """Return the address of the page to verify the first household of today's list."""
    visit.page.goto("/")
    address = visit.page.locator("a.line[href$='/verify/']").first.get_attribute("href")
    assert address is not None
    return address


def verify(visit: Visit, outcome: Outcome, *, reason: str = "", note: str = "") -> str:
    """Verify the first household of today's list; return the address of its case file."""
    visit.page.goto(first_waiting(visit))
    visit.page.get_by_role("radio", name=outcome.label).check()
    if reason:
        visit.page.get_by_label("เหตุผลหรือสิ่งที่พบ").fill(reason)
    visit.page.get_by_label("บันทึกเพิ่มเติม").fill(note)
    visit.look("verify")
    visit.press("บันทึกผลสอบทาน")
    expect(visit.page.get_by_text(f"บันทึกผลสอบทานแล้ว: {outcome.label}")).to_be_visible()
    visit.look("case-file")
    return urlsplit(visit.page.url).path


def add_missed(visit: Visit, people: list[NewPerson], *, house_no: str, phone: str = "") -> str:
    """Look for somebody who is not there, then add the household; return its case file."""
    visit.page.goto("/households/new/")
    assert not visit.page.get_by_role("link", name="เพิ่มครัวเรือนใหม่").count(), "search first"
    visit.page.get_by_label("ค้นหาครัวเรือน").fill(f"{people[0].first_name} {people[0].last_name}")
    visit.look("add-search")
    visit.press("ค้นหา")
    expect(visit.page.get_by_role("heading", name="ไม่พบในทะเบียน เพิ่มได้")).to_be_visible()
    visit.press("เพิ่มครัวเรือนใหม่")

    visit.page.get_by_label("อ่านข้อความให้ฟังแล้ว และผู้ให้ข้อมูลยินยอม").check()
    visit.page.get_by_label("บ้านเลขที่").fill(house_no)
    if phone:
        visit.page.get_by_label("โทรศัพท์", exact=False).fill(phone)
    for number, person in enumerate(people):
        if number:
            visit.button("เพิ่มสมาชิก").click()
        _fill_person(visit, number, person)
    visit.look("add-form")
    visit.press("บันทึกครัวเรือนใหม่")
    expect(visit.page.get_by_text("เพิ่มครัวเรือนแล้ว")).to_be_visible()
    visit.look("case-file-added")
    return urlsplit(visit.page.url).path


def _fill_person(visit: Visit, number: int, person: NewPerson) -> None:
    form = visit.page.locator("fieldset.person").nth(number)
    form.locator(f"[name=members-{number}-title]").fill(person.title)
    form.locator(f"[name=members-{number}-first_name]").fill(person.first_name)
    form.locator(f"[name=members-{number}-last_name]").fill(person.last_name)
    form.locator(f"[name=members-{number}-citizen_id]").fill(person.citizen_id)
    form.locator(f"[name=members-{number}-no_id_reason]").fill(person.no_id_reason)
    form.locator(f"[name=members-{number}-birth]").fill(person.birth)


def take_back(visit: Visit, case_file: str, reason: str) -> None:
    """Take the newest verdict back: its effect is shown first, its history stays."""
    visit.page.goto(case_file)
    visit.press("ถอนผลนี้")
    visit.page.get_by_label("เหตุผล").fill(reason)
    visit.look("retract")
    visit.press("ถอนผลสอบทาน")
    expect(visit.page.get_by_text("ถอนผลสอบทานแล้ว")).to_be_visible()
    history = visit.page.locator("#verifications")
    expect(history.locator(".struck").first).to_be_visible()
    expect(history).to_contain_text(reason)
    expect(visit.page.locator(".page-header .pill", has_text="รอสอบทาน")).to_be_visible()
