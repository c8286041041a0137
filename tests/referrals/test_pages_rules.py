"""Settings of referrals: routing rules, working days allowed, holidays."""

from datetime import date

import pytest
from django.test import Client

from accounts.models import Agency, User
from referrals.forms.rules import read_holiday
from referrals.models import Holiday, RoutingRule, SlaTerm
from referrals.services import DEFAULT_DAYS, terms_in_force
from referrals.workflow import Status, Urgency
from tests.factories import OTHER_PROVINCE, PROVINCE, make_agency
from tests.referrals.cases import make_rule

pytestmark = pytest.mark.django_db


def page(client: Client, user: User, address: str) -> str:
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_settings_lead_there(client: Client, province: User, admin: User) -> None:
    for user in (province, admin):
        text = page(client, user, "/settings/")
        for address in ("/settings/routing/", "/settings/sla/", "/settings/holidays/"):
            assert address in text


@pytest.mark.parametrize("address", ["/settings/routing/", "/settings/sla/", "/settings/holidays/"])
def test_a_district_changes_no_rules(client: Client, district: User, address: str) -> None:
    client.force_login(district)
    assert client.get(address).status_code == 403
    assert client.post(address).status_code == 403


# ---- routing ---------------------------------------------------------------------------------
def test_a_rule_is_added_and_told_in_words(client: Client, province: User, agency: Agency) -> None:
    assert "ยังไม่มีเกณฑ์" in page(client, province, "/settings/routing/")
    client.post(
        "/settings/routing/",
        {"problem": "home_unfit", "area": "3032", "agency": agency.pk, "age_from": "60"},
    )
    rule = RoutingRule.objects.get()
    assert (rule.dimension, rule.code, rule.area_id, rule.age_from) == (
        "living",
        "home_unfit",
        "3032",
        60,
    )
    text = page(client, province, "/settings/routing/")
    assert "บ้านทรุดโทรมหรือสภาพไม่เหมาะสม" in text
    assert "อายุ 60 ปีขึ้นไป ใน อ.เฉลิมพระเกียรติ" in text


def test_a_rule_of_a_whole_dimension_has_no_code(
    client: Client, province: User, agency: Agency
) -> None:
    client.force_login(province)
    client.post("/settings/routing/", {"problem": "health", "area": PROVINCE, "agency": agency.pk})
    rule = RoutingRule.objects.get()
    assert (rule.dimension, rule.code) == ("health", None)
    assert "None" not in page(client, province, "/settings/routing/")


def test_a_rule_that_cannot_be_is_explained(client: Client, province: User, agency: Agency) -> None:
    client.force_login(province)
    body = {"problem": "health", "area": PROVINCE, "agency": agency.pk}
    response = client.post("/settings/routing/", body | {"age_from": "60", "age_to": "20"})
    assert "อายุสูงสุดต้องไม่น้อยกว่าอายุต่ำสุด" in response.content.decode()
    small = make_agency(area_id="303201")
    response = client.post("/settings/routing/", body | {"agency": small.pk})
    assert "เลือกหน่วยงานอื่น" in response.content.decode()
    assert not RoutingRule.objects.exists()


def test_a_rule_is_retired_and_only_where_one_may(
    client: Client, province: User, agency: Agency
) -> None:
    rule = make_rule(agency)
    far = make_rule(make_agency(area_id=OTHER_PROVINCE), area_id=OTHER_PROVINCE)
    text = page(client, province, "/settings/routing/")
    assert str(rule.pk) in text
    assert str(far.pk) not in text
    client.post(f"/settings/routing/{rule.pk}/retire/")
    rule.refresh_from_db()
    assert rule.retired_by == province
    assert str(rule.pk) not in page(client, province, "/settings/routing/")
    assert client.post(f"/settings/routing/{far.pk}/retire/").status_code == 404


# ---- working days allowed ------------------------------------------------------------------------
def terms() -> dict[str, str]:
    return {
        f"{status.value}-{urgency.value}": str(days)
        for status, by_urgency in DEFAULT_DAYS.items()
        for urgency, days in by_urgency.items()
    }


def test_saving_days_makes_a_new_version(client: Client, province: User) -> None:
    text = page(client, province, "/settings/sla/")
    assert "ค่าเริ่มต้นของระบบ ปรับได้" in text
    client.post("/settings/sla/", terms() | {"submitted-urgent": "2"})
    assert terms_in_force()[Status.SUBMITTED, Urgency.URGENT] == 2
    first = SlaTerm.objects.latest("version").version
    client.post("/settings/sla/", terms() | {"submitted-urgent": "2"})
    assert SlaTerm.objects.latest("version").version == first  # nothing changed
    client.post("/settings/sla/", terms() | {"submitted-urgent": "3"})
    assert SlaTerm.objects.latest("version").version == first + 1


@pytest.mark.parametrize("days", ["0", "366", "", "เจ็ด"])
def test_days_that_cannot_be_are_refused(client: Client, province: User, days: str) -> None:
    client.force_login(province)
    response = client.post("/settings/sla/", terms() | {"helped-normal": days})
    assert "helped-normal" in response.context["form"].errors
    assert not SlaTerm.objects.exists()


# ---- holidays ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("line", "day", "name"),
    [
        ("2569-12-31 วันสิ้นปี", date(2026, 12, 31), "วันสิ้นปี"),
        ("31/12/2569\tวันสิ้นปี", date(2026, 12, 31), "วันสิ้นปี"),
        ("13 เมษายน 2570 วันสงกรานต์", date(2027, 4, 13), "วันสงกรานต์"),
        ("13 เม.ย. 2570: วันสงกรานต์", date(2027, 4, 13), "วันสงกรานต์"),
        ("๕ ธ.ค. ๒๕๖๙ วันพ่อ แห่งชาติ", date(2026, 12, 5), "วันพ่อ แห่งชาติ"),
        ("2026-12-10 วันรัฐธรรมนูญ", date(2026, 12, 10), "วันรัฐธรรมนูญ"),
    ],
)
def test_a_line_is_a_date_and_a_name(line: str, day: date, name: str) -> None:
    assert read_holiday(line) == (day, name)


def test_many_holidays_are_pasted_at_once(client: Client, province: User) -> None:
    client.force_login(province)
    lines = "2590-12-31 วันสิ้นปี\n\n13 เม.ย. 2590 วันสงกรานต์\n"
    client.post("/settings/holidays/", {"lines": lines})
    assert Holiday.objects.count() == 2
    text = page(client, province, "/settings/holidays/")
    assert "13 เม.ย. 2590" in text
    assert "วันหยุดที่จะถึง 2 วัน" in text


def test_a_line_that_cannot_be_read_is_named_and_nothing_is_saved(
    client: Client, province: User
) -> None:
    client.force_login(province)
    lines = "31/12/2569 วันสิ้นปี\n32/12/2569 วันเกิน\n1/1/2570\n31/12/2569 ซ้ำ"
    response = client.post("/settings/holidays/", {"lines": lines})
    text = response.content.decode()
    assert "บรรทัด 2" in text
    assert "บรรทัด 3" in text
    assert "ไม่มีชื่อวันหยุด" in text
    assert "31 ธ.ค. 2569 มีสองบรรทัด" in text
    assert "วันเกิน" in text  # what was typed is kept
    assert not Holiday.objects.exists()


def test_a_holiday_is_removed(client: Client, province: User) -> None:
    Holiday.objects.create(date=date(2047, 12, 31), name="วันสิ้นปี")
    client.force_login(province)
    client.post("/settings/holidays/remove/", {"date": "2047-12-31"})
    assert not Holiday.objects.exists()
    text = client.post("/settings/holidays/remove/", {"date": "2047-12-31"}, follow=True)
    assert "ไม่มีวันหยุดนี้ในรายการแล้ว" in text.content.decode()
