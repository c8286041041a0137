"""The same acts without JavaScript: every one is a form that is posted, and a page that answers."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from households.workflow import Outcome
from ppaos.lib import citizen_id
from tests.journeys import assessing, finding, importing, surveying
from tests.journeys.lists import make_list
from tests.journeys.product import wait_for
from tests.journeys.surveying import NewPerson
from tests.journeys.visit import Visit

pytestmark = pytest.mark.browser


def test_every_act_works_without_javascript(visit: Callable[..., Visit], tmp_path: Path) -> None:
    sample = make_list(tmp_path, households=20, dirty=0, seed=3)
    admin = visit(scripts=False).sign_in("admin")
    importing.send(admin, sample)
    reload_until(admin, "รอนำเข้า")
    admin.press(f"นำเข้า {importing.counts(admin)[0]:,} แถว")
    reload_until(admin, "นำเข้าแล้ว")

    surveyor = visit(phone=True, scripts=False).sign_in("old-phone")
    case_file = surveying.verify(surveyor, Outcome.POOR)
    surveying.verify(surveyor, Outcome.NOT_POOR, reason="มีบ้านสองหลัง")
    mother = NewPerson("นาง", "ไร้สคริปต์", "จากบัญชีสอง", citizen_id.generate(9_200_001), birth="2501")
    child = NewPerson("", "ลูก", "จากบัญชีสอง", no_id_reason="ยังไม่แจ้งเกิด")
    surveying.add_missed(surveyor, [mother, child], house_no="98/8")
    expect(surveyor.page.locator("#members .members > li")).to_have_count(2)

    assessing.begin(surveyor, case_file)
    assessing.answer_human(surveyor)
    assessing.save_and_go_on(surveyor)
    assessing.answer_physical(surveyor)
    assessing.save_and_go_on(surveyor)
    assessing.answer_financial(surveyor)
    assessing.save_and_go_on(surveyor)
    assessing.answer_natural(surveyor)
    assessing.save_and_go_on(surveyor)
    assessing.answer_social(surveyor)
    assessing.save_and_go_on(surveyor)
    result = assessing.finish(surveyor)
    assessing.see_result(surveyor)
    assessing.correct_social(surveyor, result, "ถามใหม่แล้ว เป็นสมาชิกสองกลุ่ม")
    assessing.take_answer_back(surveyor)

    province = visit(scripts=False).sign_in("province")
    person = sample.lines[0]["normalised"]
    assert len(finding.search(province, person["citizen_id"])) == 1
    province.follow(province.page.locator("tbody th a").first)
    assert finding.reveal(province, "ตรวจสอบสิทธิ")

    surveying.take_back(surveyor, case_file, "กดผิดบ้าน")


def reload_until(visit: Visit, text: str) -> None:
    """Open the page anew until it says so, as a person does (a <noscript> refresh does it too)."""
    state = visit.page.locator(".page-header .pill", has_text=text)

    def says_so() -> bool:
        visit.reload()
        return bool(state.count())

    wait_for(says_so)
