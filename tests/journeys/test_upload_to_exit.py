"""The whole loop, as people see it: from a list to a household that is no longer poor.

One story, since each step stands on the one before.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from households.workflow import Outcome
from ppaos.lib.buddhist_era import format_date
from tests.journeys import assessing, helping, importing, surveying
from tests.journeys.lists import make_list_of_area
from tests.journeys.product import Product, wait_for
from tests.journeys.visit import Visit

pytestmark = pytest.mark.browser

AREA = "303204"
RESOLVED = "ให้หน่วยงานลงพื้นที่ภายในเจ็ดวันและรายงานผล"

OpenWindow = Callable[..., Visit]


def test_from_the_list_to_the_exit(visit: OpenWindow, product: Product, tmp_path: Path) -> None:
    admin = visit().sign_in("admin")
    importing.send(admin, make_list_of_area(product, tmp_path, area=AREA, households=8))
    importing.wait_for_state(admin, "รอนำเข้า")
    importing.apply(admin, importing.counts(admin)[0])

    surveyor = visit(phone=True).sign_in("loop")
    case_file = surveying.verify(surveyor, Outcome.POOR)
    assessing.assess_poor(surveyor, case_file)

    district = visit().sign_in("district")
    referrals = helping.refer_everything(district, case_file)
    helping.let_days_pass(product, referrals[0], days=3)
    province = visit().sign_in("province")
    helping.hold_forum(province, product, referrals[0], resolves=RESOLVED)

    agency = visit().sign_in("agency2", lands_on="/referrals/")
    another = visit().sign_in("agency", lands_on="/referrals/")
    the_agency_sees_its_referral_only(agency, another, case_file, referrals)
    soon = product.ask("SELECT current_date")[0][0] + timedelta(days=10)
    helping.accept_all(agency, len(referrals), on=format_date(soon))
    photo = helping.take_photo(tmp_path)
    for referral in referrals:
        helping.help_and_report(agency, referral, photo=photo)

    the_help_is_checked_at_the_house(surveyor, agency, referrals)
    surveyor.page.goto(case_file)
    expect(surveyor.page.locator("#referrals")).to_contain_text("ปิดเรื่องแล้ว")

    assessing.assess_after_help(surveyor, case_file)
    helping.propose_graduation(surveyor, case_file)
    proposal = helping.approve(district, case_file)
    stage(district, case_file, "พ้นเป้าหมายแล้ว")

    the_dashboard_knows(
        province, visit().sign_in("viewer", lands_on="/dashboards/"), product, len(referrals) + 1
    )

    helping.revoke(district, proposal, "ตรวจซ้ำพบว่ารายได้ไม่แน่นอน")
    stage(district, case_file, "อยู่ระหว่างช่วยเหลือ")


def the_agency_sees_its_referral_only(
    agency: Visit, another: Visit, case_file: str, referrals: list[str]
) -> None:
    assert agency.status(case_file) == 404
    for referral in referrals:
        assert agency.status(referral) == 200
        assert another.status(referral) == 404


def the_help_is_checked_at_the_house(surveyor: Visit, agency: Visit, referrals: list[str]) -> None:
    first, *others = referrals
    helping.check_at_the_house(surveyor, first, remains=True, note="หลังคายังรั่ว")
    assert helping.status(agency, first) == "กำลังดำเนินการ"
    helping.help_and_report(agency, first)
    for referral in (first, *others):
        helping.check_at_the_house(surveyor, referral, remains=False)
        assert helping.status(surveyor, referral) == "ปิดเรื่องแล้ว"


def stage(visit: Visit, case_file: str, label: str) -> None:
    visit.page.goto(case_file)
    expect(visit.page.locator(".page-header .pill", has_text=label)).to_be_visible()


def the_dashboard_knows(province: Visit, viewer: Visit, product: Product, helps: int) -> None:
    """Beat and worker bring the figures up to date by themselves."""
    product.start_beat()
    wait_for(lambda: product.ask("SELECT count(*) FROM areas_areachange") == [(0,)])
    product.kill("beat")
    page = province.page
    page.goto(f"/dashboards/?area={AREA}")
    province.look("dashboard")
    expect(page.get_by_text(f"{helps * helping.HELP_BAHT:,}").first).to_be_visible()
    viewer.page.goto(f"/dashboards/?area={AREA}")
    viewer.look("dashboard-viewer")
    expect(viewer.page.get_by_text("น้อยกว่า 5").first).to_be_visible()
    assert not viewer.page.locator("main a[href^='/households/']").count()
