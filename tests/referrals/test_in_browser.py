"""A household leaves the targets with its evidence, comes back, and is looked at after a year."""

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import expect

from accounts.models import User
from households.models import Exit
from households.workflow import ExitState
from tests.factories import make_member
from tests.referrals.test_graduating import risen
from tests.slf.cases import load_reference
from tests.windows import DESKTOP, PHONE, OpenWindow, Window

pytestmark = pytest.mark.browser


def test_an_exit_is_proposed_approved_by_another_reversed_and_checked_after_a_year(
    window: OpenWindow, areas: None, surveyor: User, district: User, province: User
) -> None:
    load_reference()
    household = risen()
    make_member(household, is_head=True, first_name="พ้นแล้ว")
    file = f"/households/{household.pk}/"
    phone, office = window(surveyor, PHONE), window(district, DESKTOP)

    proposal = _propose(phone, file)
    expect(phone.page.get_by_text("รออำเภอหรือจังหวัดอนุมัติ").first).to_be_visible()
    expect(phone.page.get_by_role("button", name="อนุมัติให้พ้นเป้าหมาย")).to_have_count(0)
    office.page.goto("/exits/")
    office.look("exits")
    _approve(office, proposal)
    _stage(phone, file, "พ้นเป้าหมายแล้ว")

    above = window(province, DESKTOP)
    above.page.goto(proposal)
    above.page.locator("#revoke summary").click()
    above.page.get_by_label("เหตุผลที่ยกเลิก").fill("ตรวจซ้ำพบว่ารายได้ไม่แน่นอน")
    above.look("exit")
    above.press("ให้กลับเป็นเป้าหมาย")
    _stage(phone, file, "อยู่ระหว่างช่วยเหลือ")

    _approve(office, _propose(phone, file))
    # A year goes by.
    Exit.objects.filter(state=ExitState.APPROVED).update(relapse_check_on=localdate())
    _falls_back(phone)
    _stage(phone, file, "จนจริง")
    expect(phone.page.locator("#exits li")).to_have_count(2)


def _propose(phone: Window, file: str) -> str:
    """Propose by the rule; return the address of the proposal, which keeps the evidence."""
    page = phone.page
    page.goto(f"{file}graduate/")
    expect(page.get_by_role("heading", level=1)).to_have_text("ครบเกณฑ์พ้นความยากจนแล้ว")
    page.get_by_role("radio").first.check()
    phone.press("เสนอให้พ้นเป้าหมาย")
    expect(page.get_by_role("heading", name="หลักฐานตามเกณฑ์")).to_be_visible()
    phone.look("proposal")
    return page.url


def _approve(office: Window, proposal: str) -> None:
    office.page.goto(proposal)
    expect(office.page.get_by_role("heading", name="หลักฐานตามเกณฑ์")).to_be_visible()
    office.press("อนุมัติให้พ้นเป้าหมาย")


def _falls_back(phone: Window) -> None:
    page = phone.page
    page.goto("/exits/relapses/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("ครบกำหนด 1 ครัวเรือน")
    phone.look("relapses")
    phone.follow(page.get_by_role("link", name="พ้นแล้ว", exact=False))
    page.get_by_role("radio", name="กลับมายากจนอีก").check()
    page.get_by_label("รายละเอียด", exact=False).fill("ตกงานตั้งแต่เดือนก่อน")
    phone.look("relapse")
    phone.press("บันทึกผลติดตาม")
    expect(page.get_by_text("กลับเป็นเป้าหมายอีกครั้ง", exact=False)).to_be_visible()


def _stage(window: Window, file: str, label: str) -> None:
    window.page.goto(file)
    expect(window.page.locator(".page-header .pill").first).to_contain_text(label)
