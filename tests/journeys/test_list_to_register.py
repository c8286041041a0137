"""The main job, as people see it: a list becomes a register, a household is visited and assessed.

One story, since each step stands on the one before.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from households.workflow import Outcome
from ppaos.lib import citizen_id
from tests.journeys import assessing, finding, importing, surveying
from tests.journeys.lists import Sample, make_list
from tests.journeys.product import Product
from tests.journeys.surveying import NewPerson
from tests.journeys.visit import Visit

pytestmark = pytest.mark.browser

OpenWindow = Callable[..., Visit]
NEW_AREA = "ทดลองตั้งใหม่"
NOT_POOR = "มีรถกระบะและบ้านสองชั้น"


def test_a_list_becomes_a_register(visit: OpenWindow, product: Product, tmp_path: Path) -> None:
    sample = make_list(tmp_path, households=120, dirty=0.2, seed=1)

    admin = visit().sign_in("admin")
    admin_imports_the_list(admin, product, sample)
    admin_sends_the_same_bytes_again(admin, sample)

    surveyor = visit(phone=True).sign_in("surveyor")
    surveyor_sees_the_own_subdistrict_only(surveyor)
    case_file = surveyor_visits_and_adds(surveyor)
    surveyor_assesses(surveyor, case_file)

    province_finds_and_reads(visit().sign_in("province"), sample, case_file)
    surveyor_takes_back(surveyor, case_file)
    for username, home in (("viewer", "/dashboards/"), ("agency", "/referrals/")):
        other = visit().sign_in(username, lands_on=home)
        nobody_else_sees_a_household(other, case_file)

    admin_takes_an_import_back(admin, product, tmp_path)


def admin_imports_the_list(admin: Visit, product: Product, sample: Sample) -> None:
    admin.look("today-admin")
    importing.send_and_watch(admin, product, sample)

    verdicts = ("accepted", "held", "rejected", "skipped")
    expected = [sample.count(verdict) for verdict in verdicts]
    assert importing.counts(admin) == (*expected, len(sample.lines), len(sample.lines))
    admin.look("import-preview")
    importing.see_a_faulty_line(admin, sample.with_code("E_CID_CHECK")[0]["row"])
    of_new_area = len(sample.with_code("H_AREA_NEW"))
    importing.confirm_new_area(admin, NEW_AREA)
    expected[0] += of_new_area
    expected[1] -= of_new_area
    assert importing.counts(admin)[:4] == tuple(expected)

    importing.apply(admin, expected[0])
    fates = importing.fates(admin)
    assert set(fates) == {line["row"] for line in sample.lines}
    assert all(fates.values())


def admin_sends_the_same_bytes_again(admin: Visit, sample: Sample) -> None:
    importing.send(admin, sample)
    expect(admin.page.get_by_text("ไฟล์นี้นำเข้าเป็นบัญชีและปีนี้แล้ว").first).to_be_visible()
    expect(admin.page.get_by_role("link", name="ดูการนำเข้าเดิม")).to_be_visible()
    admin.look("import-again")


def surveyor_sees_the_own_subdistrict_only(surveyor: Visit) -> None:
    surveyor.look("today")
    expect(surveyor.page.locator(".as-of")).to_contain_text("ช้างทอง")
    places = surveying.households_listed(surveyor)
    assert places
    assert [place for place in places if "ช้างทอง" not in place] == []


def surveyor_visits_and_adds(surveyor: Visit) -> str:
    """Return the case file of the household that was found poor."""
    poor = surveying.verify(surveyor, Outcome.POOR, note="บ้านไม่มีห้องน้ำ")
    not_poor = surveying.verify(surveyor, Outcome.NOT_POOR, reason=NOT_POOR)
    assert not_poor != poor
    expect(surveyor.page.get_by_role("heading", name="เสนอให้พ้นเป้าหมาย")).to_be_visible()
    added = surveying.add_missed(
        surveyor,
        [
            NewPerson("นาง", "ตกหล่น", "จากบัญชีหนึ่ง", citizen_id.generate(9_100_001), birth="2500"),
            NewPerson("ด.ช.", "หลาน", "จากบัญชีหนึ่ง", no_id_reason="ยังไม่แจ้งเกิด", birth="2560"),
        ],
        house_no="99/9",
        phone="081-999-9901",
    )
    expect(surveyor.page.locator("#members .members > li")).to_have_count(2)
    expect(surveyor.page.locator("#members")).to_contain_text("เด็กชาย")
    assert added not in (poor, not_poor)
    return poor


def surveyor_assesses(surveyor: Visit, case_file: str) -> None:
    assessing.begin(surveyor, case_file)
    assessing.answer_human(surveyor)
    assessing.leave_and_come_back(surveyor, case_file)
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
    assessing.correct_social(surveyor, result, "เป็นสมาชิกสองกลุ่ม ถามใหม่แล้ว")
    assessing.take_answer_back(surveyor)


def province_finds_and_reads(province: Visit, sample: Sample, case_file: str) -> None:
    province.look("today-province")
    person = sample.people_of("303202")[0]
    by_code = finding.search(province, person["house_code"])
    by_name = finding.search(province, person["first_name"][:4] + " " + person["last_name"])
    by_id = finding.search(province, person["citizen_id"])
    assert len(by_code) == 1
    assert by_id == by_code
    assert by_code[0] in by_name

    province.page.goto(case_file)
    finding.see_case_file(province)
    digits = finding.reveal(province, "ตรวจสอบสิทธิเบี้ยผู้สูงอายุ")
    assert citizen_id.is_valid(digits)


def surveyor_takes_back(surveyor: Visit, case_file: str) -> None:
    surveying.take_back(surveyor, case_file, "กดผิดบ้าน")


def nobody_else_sees_a_household(other: Visit, case_file: str) -> None:
    other.look("today-other")
    other.page.goto("/households/")
    other.look("register-nothing")
    expect(other.page.get_by_role("heading", name="ไม่มีครัวเรือน")).to_be_visible()
    assert other.page.locator("tbody tr").count() == 0
    assert other.status(case_file) == 404


def admin_takes_an_import_back(admin: Visit, product: Product, folder: Path) -> None:
    before = register(product)
    importing.send(admin, make_list(folder, households=5, dirty=0, seed=2, ending="csv"))
    importing.wait_for_state(admin, "รอนำเข้า")
    importing.apply(admin, importing.counts(admin)[0])
    assert register(product) != before
    importing.undo(admin)
    assert register(product) == before


def register(product: Product) -> list[tuple[object, ...]]:
    """Return every household with its people, as far as their ids tell."""
    return product.ask(
        "SELECT h.id, h.version, array_agg(m.id ORDER BY m.id) FROM households_household h"
        " LEFT JOIN households_member m ON m.household_id = h.id GROUP BY h.id ORDER BY h.id"
    )
