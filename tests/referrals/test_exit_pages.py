from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils.timezone import localdate, now

from accounts.models import User
from accounts.roles import Role
from households.models import Exit, Household
from households.services import approve_exit, record_verification, revoke_exit
from households.workflow import ExitReason, ExitState, Outcome, Stage
from ppaos.lib.buddhist_era import to_be_year
from referrals import services
from referrals.models import Assistance
from slf.instrument import Group
from slf.workflow import Period
from tests.factories import (
    NEXT_SUBDISTRICT,
    make_agency,
    make_household,
    make_member,
    make_user,
)
from tests.referrals.cases import make_problem, make_referral
from tests.referrals.test_graduating import assess, put_in_group, risen
from tests.slf.cases import load_reference

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _reference(areas: None) -> None:
    load_reference()


def page(client: Client, user: User, path: str) -> str:
    client.force_login(user)
    response = client.get(path)
    assert response.status_code == 200, path
    assert response["Cache-Control"] == "no-store"
    return response.content.decode()


def post(client: Client, user: User, path: str, **data: str) -> Any:
    client.force_login(user)
    return client.post(path, data, follow=True)


def waiting(by: User, household: Household | None = None) -> Exit:
    return services.propose_graduation(household=household or risen(), by=by, at=AT)


def not_poor(by: User) -> Exit:
    household = make_household()
    record_verification(
        household=household,
        outcome=Outcome.NOT_POOR,
        visited_on=date(2026, 11, 20),
        reason="มีบ้านสองหลัง",
        by=by,
        at=AT,
    )
    return household.exits.get()


def stage_of(household: Household) -> str:
    household.refresh_from_db()
    return household.stage


# ---- the list ----------------------------------------------------------------------------
def test_the_list_shows_what_waits_with_its_evidence(
    client: Client, surveyor: User, district: User
) -> None:
    household = risen()
    make_member(household, is_head=True, first_name="พ้นแล้ว")
    proposal = waiting(surveyor, household)

    text = page(client, district, "/exits/")

    assert "รออนุมัติ 1 ครัวเรือน" in text
    assert "พ้นแล้ว" in text
    assert "ครบ 6 จาก 6 เกณฑ์" in text
    assert f"/exits/{proposal.pk}/approve/" in text
    assert f"/exits/{proposal.pk}/approve/" not in page(client, surveyor, "/exits/")


def test_who_meets_the_rule_is_listed_until_proposed(client: Client, surveyor: User) -> None:
    household = risen()
    held_back = risen()
    make_problem(held_back)

    text = page(client, surveyor, "/exits/?tab=eligible")
    assert f"/households/{household.pk}/graduate/" in text
    assert str(held_back.pk) not in text

    waiting(surveyor, household)
    assert str(household.pk) not in page(client, surveyor, "/exits/?tab=eligible")


def test_what_was_decided_can_be_taken_back_by_who_decides(
    client: Client, surveyor: User, district: User
) -> None:
    proposal = waiting(surveyor)
    approve_exit(proposal=proposal, by=make_user(Role.PROVINCE_OFFICER), at=AT)

    assert "หรือยกเลิกการพ้นเป้าหมาย" in page(client, district, "/exits/?tab=decided")
    assert "หรือยกเลิกการพ้นเป้าหมาย" not in page(client, surveyor, "/exits/?tab=decided")
    assert f"/exits/{proposal.pk}/revoke/" in page(client, district, f"/exits/{proposal.pk}/")
    assert f"/exits/{proposal.pk}/revoke/" not in page(client, surveyor, f"/exits/{proposal.pk}/")


def test_the_list_is_narrowed_by_place(client: Client, surveyor: User, district: User) -> None:
    here = waiting(surveyor)
    there = waiting(district, risen(area_id=NEXT_SUBDISTRICT + "01"))

    text = page(client, district, f"/exits/?area={NEXT_SUBDISTRICT}")

    assert str(there.pk) in text
    assert str(here.pk) not in text
    assert str(there.pk) not in page(client, district, "/exits/?area=31")


def test_the_list_is_narrowed_by_reason(client: Client, surveyor: User, district: User) -> None:
    graduated, leaked = waiting(surveyor), not_poor(surveyor)

    text = page(client, district, "/exits/?reason=graduated")

    assert str(graduated.pk) in text
    assert str(leaked.pk) not in text
    assert "?tab=decided&amp;reason=graduated" in text


def test_a_long_list_goes_on_over_pages(client: Client, district: User) -> None:
    first, *_ = [not_poor(district) for _ in range(21)]
    last = Exit.objects.order_by("proposed_at", "pk").last()
    assert last is not None

    text = page(client, district, "/exits/")
    assert str(first.pk) in text
    assert str(last.pk) not in text
    following = text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert str(last.pk) in page(client, district, f"/exits/{following}")


def test_the_list_takes_a_fixed_number_of_queries(
    client: Client, surveyor: User, district: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        waiting(surveyor)
    client.force_login(district)

    with django_assert_max_num_queries(20):
        client.get("/exits/")


def test_the_page_of_today_leads_here(client: Client, surveyor: User, district: User) -> None:
    proposal = waiting(surveyor)

    client.force_login(surveyor)
    assert 'href="/exits/"' in page_text(client, "/")
    client.force_login(district)
    assert f'href="/exits/{proposal.pk}/"' in page_text(client, "/")


@pytest.mark.parametrize("name", ["reader", "agency_officer", "stranger"])
def test_the_list_is_for_who_reads_households(
    client: Client, request: pytest.FixtureRequest, name: str
) -> None:
    client.force_login(request.getfixturevalue(name))

    assert client.get("/exits/").status_code == 403


def test_everything_needs_a_login(client: Client) -> None:
    for path in ("/exits/", f"/exits/{uuid4()}/", f"/households/{uuid4()}/graduate/"):
        assert client.get(path)["Location"].startswith("/accounts/login/")


# ---- one exit ----------------------------------------------------------------------------
def test_the_page_shows_criteria_and_both_assessments(
    client: Client, surveyor: User, district: User
) -> None:
    text = page(client, district, f"/exits/{waiting(surveyor).pk}/")

    assert "พ้นความยากจน" in text
    assert "50,000 บาท/คน/ปี จากผู้อยู่จริง 4 คน (เกณฑ์ปี 2567 คือ 40,000 บาท)" in text
    assert "หลังช่วยเหลือ ปี 2567 ครั้งที่ 1 เทียบก่อนช่วยเหลือ ปี 2567 ครั้งที่ 1" in text
    assert "+1.40" in text
    assert "ค่าเริ่มต้นของระบบ ปรับได้" in text


def test_not_poor_says_the_opposite_of_risen(
    client: Client, surveyor: User, district: User
) -> None:
    risen_text = page(client, district, f"/exits/{waiting(surveyor).pk}/")
    leaked_text = page(client, district, f"/exits/{not_poor(surveyor).pk}/")

    assert "ไม่เคยจน (รั่วไหล)" in leaked_text
    assert "ไม่นับว่าพ้นความยากจน" in leaked_text
    assert "นับเป็นผลของการช่วยเหลือ" not in leaked_text
    assert "นับเป็นผลของการช่วยเหลือ" in risen_text
    assert "ไม่เคยจน" not in risen_text


def test_what_changed_since_the_proposal_is_said(
    client: Client, surveyor: User, district: User
) -> None:
    proposal = waiting(surveyor)
    assert "มีบางอย่างเปลี่ยนไป" not in page(client, district, f"/exits/{proposal.pk}/")

    make_problem(proposal.household)

    text = page(client, district, f"/exits/{proposal.pk}/")
    assert "มีบางอย่างเปลี่ยนไป" in text
    assert "ยังเปิดอยู่: ด้านความเป็นอยู่" in text


def test_an_approval_takes_the_household_out(
    client: Client, surveyor: User, district: User
) -> None:
    proposal = waiting(surveyor)

    answer = post(client, district, f"/exits/{proposal.pk}/approve/")

    assert "อนุมัติแล้ว ครัวเรือนพ้นเป้าหมาย" in answer.content.decode()
    assert stage_of(proposal.household) == Stage.EXITED
    again = post(client, district, f"/exits/{proposal.pk}/approve/", back="list")
    assert "มีผู้ตัดสินข้อเสนอนี้แล้ว" in again.content.decode()
    assert again.redirect_chain[-1][0] == "/exits/"


def test_a_rejection_needs_a_reason_and_shows_it(
    client: Client, surveyor: User, district: User
) -> None:
    proposal = waiting(surveyor)
    address = f"/exits/{proposal.pk}/reject/"

    assert "ระบุเหตุผลที่ไม่อนุมัติ" in post(client, district, address).content.decode()
    assert stage_of(proposal.household) == Stage.EXIT_PROPOSED
    answer = post(client, district, address, reason="รายได้ไม่แน่นอน")

    assert "เหตุผล: รายได้ไม่แน่นอน" in answer.content.decode()
    assert stage_of(proposal.household) == Stage.IN_HELP


def test_the_proposer_withdraws_and_nobody_else(
    client: Client, surveyor: User, district: User
) -> None:
    proposal = waiting(surveyor)
    address = f"/exits/{proposal.pk}/withdraw/"

    assert address in page(client, surveyor, f"/exits/{proposal.pk}/")
    assert address not in page(client, district, f"/exits/{proposal.pk}/")
    assert post(client, district, address).status_code == 404
    answer = post(client, surveyor, address)

    assert "ถอนข้อเสนอแล้ว" in answer.content.decode()
    assert stage_of(proposal.household) == Stage.IN_HELP


def test_a_revoked_exit_makes_a_target_again_and_stays_in_the_file(
    client: Client, surveyor: User, district: User
) -> None:
    proposal = waiting(surveyor)
    post(client, district, f"/exits/{proposal.pk}/approve/")

    answer = post(client, district, f"/exits/{proposal.pk}/revoke/", reason="ตกงาน")

    assert "ครัวเรือนเป็นเป้าหมายอีกครั้ง" in answer.content.decode()
    assert stage_of(proposal.household) == Stage.IN_HELP
    file = page(client, district, f"/households/{proposal.household_id}/")
    assert "ยกเลิกการพ้นเป้าหมาย" in file
    assert "ตกงาน" in file
    assert f"/exits/{proposal.pk}/" in file


@pytest.mark.parametrize("act", ["approve", "reject", "revoke"])
def test_who_may_not_decide_is_refused(client: Client, surveyor: User, act: str) -> None:
    proposal = waiting(surveyor)

    answer = post(client, surveyor, f"/exits/{proposal.pk}/{act}/", reason="ทดสอบ")

    assert answer.status_code == 403
    assert Exit.objects.get().state == ExitState.PROPOSED


@pytest.mark.parametrize("name", ["outsider", "next_surveyor", "agency_officer", "viewer"])
def test_others_do_not_see_it(
    client: Client, surveyor: User, request: pytest.FixtureRequest, name: str
) -> None:
    proposal = waiting(surveyor)
    client.force_login(request.getfixturevalue(name))

    assert client.get(f"/exits/{proposal.pk}/").status_code == 404
    assert client.get(f"/households/{proposal.household_id}/graduate/").status_code == 404
    for act in ("approve", "reject", "withdraw", "revoke"):
        assert client.post(f"/exits/{proposal.pk}/{act}/").status_code == 404
    assert Exit.objects.get().state == ExitState.PROPOSED


@pytest.mark.parametrize("act", ["approve", "reject", "withdraw", "revoke"])
def test_deciding_is_a_post(client: Client, surveyor: User, district: User, act: str) -> None:
    proposal = waiting(surveyor)
    client.force_login(district)

    assert client.get(f"/exits/{proposal.pk}/{act}/").status_code == 405


def test_a_case_file_decides_and_comes_back(client: Client, surveyor: User, district: User) -> None:
    proposal = waiting(surveyor)
    home = f"/households/{proposal.household_id}/"
    assert f"/exits/{proposal.pk}/approve/" in page(client, district, home)
    assert f"/exits/{proposal.pk}/approve/" not in page(client, surveyor, home)

    answer = post(client, district, f"/exits/{proposal.pk}/approve/", back="file")

    assert answer.redirect_chain[-1][0] == home


# ---- proposing ---------------------------------------------------------------------------
def test_a_household_that_meets_the_rule_is_proposed(client: Client, surveyor: User) -> None:
    household = risen()
    address = f"/households/{household.pk}/graduate/"
    assert "ครบเกณฑ์พ้นความยากจนแล้ว" in page(client, surveyor, address)

    answer = post(client, surveyor, address, reason="graduated", note="ขายของได้ทุกวัน")

    proposal = household.exits.get()
    assert answer.redirect_chain[-1][0] == f"/exits/{proposal.pk}/"
    assert (proposal.state, proposal.reason) == (ExitState.PROPOSED, ExitReason.GRADUATED)
    assert proposal.note == "ขายของได้ทุกวัน"
    assert "มีข้อเสนอที่รออนุมัติอยู่แล้ว" in page(client, surveyor, address)


def test_a_note_is_asked_for_care_only_where_care_is_offered(
    client: Client, surveyor: User
) -> None:
    household = risen()
    assert "ใครดูแลต่อ" not in page(client, surveyor, f"/households/{household.pk}/graduate/")


def test_what_is_missing_comes_with_how_to_get_it(client: Client, surveyor: User) -> None:
    household = make_household(stage=Stage.IN_HELP)
    assess(household, Period.BEFORE, level=2)
    address = f"/households/{household.pk}/graduate/"

    text = page(client, surveyor, address)

    assert "ยังขาด 2 จาก 6 เกณฑ์" in text
    assert f"/households/{household.pk}/assess/?period=after" in text
    assert 'name="reason"' not in text
    forced = post(client, surveyor, address, reason="graduated")
    assert forced.status_code == 200
    assert not Exit.objects.exists()


def test_a_problem_opened_meanwhile_is_named(client: Client, surveyor: User) -> None:
    household = risen()
    make_referral(problem=make_problem(household))

    answer = post(client, surveyor, f"/households/{household.pk}/graduate/", reason="graduated")

    assert "ยังไม่สิ้นสุด 1 เรื่อง" in answer.content.decode()
    assert stage_of(household) == Stage.IN_HELP


def test_the_lower_group_is_offered_care_first(client: Client, surveyor: User) -> None:
    household = risen()
    put_in_group(household, Group.LOWER20)
    address = f"/households/{household.pk}/graduate/"
    assert 'value="continuing_care"' in page(client, surveyor, address)

    refused = post(client, surveyor, address, reason="continuing_care", note="")
    assert "ใครดูแลครัวเรือนนี้ต่อ" in refused.content.decode()
    post(client, surveyor, address, reason="continuing_care", note="พมจ. ดูแล")

    assert household.exits.get().reason == ExitReason.CONTINUING_CARE


def test_who_was_not_found_poor_is_not_in_question(client: Client, surveyor: User) -> None:
    household = make_household(stage=Stage.LISTED)

    text = page(client, surveyor, f"/households/{household.pk}/graduate/")

    assert "ยังเสนอไม่ได้" in text


@pytest.mark.parametrize("reason", ["moved", "deceased", "duplicate"])
def test_an_exit_for_another_reason_is_proposed(
    client: Client, surveyor: User, reason: str
) -> None:
    household = make_household(stage=Stage.VERIFIED_POOR)
    address = f"/households/{household.pk}/exits/new/"
    assert address in page(client, surveyor, f"/households/{household.pk}/")

    post(client, surveyor, address, reason=reason, note="ผู้ใหญ่บ้านแจ้ง")

    proposal = household.exits.get()
    assert (proposal.reason, proposal.evidence) == (reason, {})
    assert stage_of(household) == Stage.EXIT_PROPOSED


@pytest.mark.parametrize(
    "data",
    [
        {"reason": "moved", "note": " "},
        {"reason": "graduated", "note": "ดีขึ้น"},
        {"reason": "not_poor", "note": "ไม่จน"},
        {"reason": "continuing_care", "note": "ไม่ใช่กลุ่มล่าง"},
        {"note": "ไม่เลือก"},
    ],
)
def test_the_form_of_other_reasons_takes_no_short_cut(
    client: Client, surveyor: User, data: dict[str, str]
) -> None:
    household = make_household(stage=Stage.VERIFIED_POOR)

    answer = post(client, surveyor, f"/households/{household.pk}/exits/new/", **data)

    assert answer.status_code == 200
    assert "จุดที่ต้องแก้" in answer.content.decode()
    assert not Exit.objects.exists()


# ---- the assessment after help -----------------------------------------------------------
def test_in_help_the_assessment_after_is_suggested(client: Client, surveyor: User) -> None:
    year = to_be_year(localdate().year)
    household = make_household(stage=Stage.IN_HELP)
    make_member(household)
    client.force_login(surveyor)
    address = f"/households/{household.pk}/assess/"
    assert client.get(address).context["form"].initial["period"] == "before"
    assess(household, Period.BEFORE, year_be=year, round=2)

    initial = client.get(address).context["form"].initial
    assert (initial["period"], initial["round"], initial["year_be"]) == ("after", 2, year)
    case_file = f"/households/{household.pk}/"
    assert "ประเมินหลังช่วยเหลือ" not in page_text(client, case_file), "nobody has helped yet"
    Assistance.objects.create(
        household=household,
        dimension="living",
        agency=make_agency(),
        kind="goods",
        amount_thb=500,
        helped_on=localdate(),
        recorded_at=now(),
        recorded_by=surveyor,
    )
    assert "ประเมินหลังช่วยเหลือ" in page_text(client, case_file)
    answer: Any = client.post(
        address,
        {"year_be": year, "round": 2, "period": "after", "assessed_on": "1/1/2569"},
        follow=True,
    )
    assert "/members/" in answer.redirect_chain[-1][0]
    assert household.assessments.filter(period=Period.AFTER, round=2).exists()


def page_text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_a_second_after_takes_a_round_of_its_own(client: Client, surveyor: User) -> None:
    year = to_be_year(localdate().year)
    household = make_household(stage=Stage.IN_HELP)
    for period in (Period.BEFORE, Period.AFTER):
        assess(household, period, year_be=year)
    client.force_login(surveyor)

    initial = client.get(f"/households/{household.pk}/assess/").context["form"].initial

    assert (initial["period"], initial["round"]) == ("after", 2)


def test_the_result_after_help_leads_to_the_rule(client: Client, surveyor: User) -> None:
    household = risen()
    client.force_login(surveyor)
    for period, is_linked in ((Period.AFTER, True), (Period.BEFORE, False)):
        row = household.assessments.get(period=period)
        text = page_text(client, f"/households/{household.pk}/assessments/{row.pk}/")
        assert (f"/households/{household.pk}/graduate/" in text) == is_linked


def test_an_exit_that_was_revoked_is_told_in_the_file(
    client: Client, surveyor: User, district: User
) -> None:
    proposal = waiting(surveyor)
    approve_exit(proposal=proposal, by=make_user(Role.PROVINCE_OFFICER), at=AT)
    revoke_exit(proposal=proposal, reason="ตกงาน", by=district, at=AT)

    text = page(client, surveyor, f"/households/{proposal.household_id}/")

    assert "ยกเลิกการพ้นเป้าหมาย กลับเป็นเป้าหมายอีกครั้ง: พ้นเกณฑ์ความยากจน" in text


# ---- setting the rule --------------------------------------------------------------------
def test_a_new_rule_is_added_where_things_are_set_up(
    client: Client, admin: User, surveyor: User
) -> None:
    household = risen()
    fields = {"min_level": "4", "no_capital_at_level": "2", "needs_after_assessment": "on"}
    address = "/admin/referrals/exitrule/add/"

    assert post(client, admin, address, **fields).status_code == 200
    assert services.exit_rule().version == 1
    post(client, admin, address, **fields, source="มติ ศจพ.จ.")

    rule = services.exit_rule()
    assert (rule.version, rule.min_level, rule.needs_referrals_ended) == (2, 4, False)
    assert (rule.source, rule.created_by) == ("มติ ศจพ.จ.", admin)
    text = page(client, surveyor, f"/households/{household.pk}/graduate/")
    assert "เกณฑ์ระดับ 4 ขึ้นไป" in text
    assert "ค่าเริ่มต้นของระบบ ปรับได้" not in text
    assert "รุ่น 2" in text
    client.force_login(admin)
    assert client.post(f"/admin/referrals/exitrule/{rule.pk}/change/", fields).status_code == 403
    assert client.post(f"/admin/referrals/exitrule/{rule.pk}/delete/").status_code == 403
