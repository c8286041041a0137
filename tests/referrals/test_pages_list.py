"""The list of referrals: an agency's inbox, the office's tabs, the surveyor's visits."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate, now

from accounts.models import Agency, User
from accounts.roles import Role
from problems.rules import ProblemCode
from referrals.models import Referral
from referrals.workflow import Status
from tests.factories import (
    PROVINCE,
    SUBDISTRICT,
    make_agency,
    make_household,
    make_member,
    make_scope,
    make_user,
)
from tests.referrals.cases import Cast, make_problem, make_referral, make_rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(areas: None) -> Cast:
    return Cast()


def due_in(referral: Referral, days: int) -> Referral:
    """Let the referral be due so many days from the real today, which pages show."""
    Referral.objects.filter(pk=referral.pk).update(due_on=localdate() + timedelta(days=days))
    return referral


def page(client: Client, user: User, address: str = "/referrals/") -> str:
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def shown(client: Client, user: User, address: str = "/referrals/") -> list[str]:
    client.force_login(user)
    response: Any = client.get(address)
    return [row.number for row in response.context["rows"]]


# ---- the agency ------------------------------------------------------------------------
def test_an_inbox_begins_with_what_is_late(client: Client, cast: Cast) -> None:
    soon = due_in(make_referral(cast=cast), 2)
    late = due_in(make_referral(Status.ACCEPTED, cast=cast), -3)
    later = due_in(make_referral(Status.RECEIVED, cast=cast), 40)

    assert shown(client, cast.officer) == [late.number, soon.number, later.number]
    text = page(client, cast.officer)
    assert "เกินกำหนด 3 วัน" in text
    assert "เหลือ 2 วัน" in text
    assert "รอรับ 2 เรื่อง กำลังทำ 1 เรื่อง" in text


def test_a_row_says_whose_problem_it_is_and_where(client: Client, cast: Cast) -> None:
    problem = make_problem(make_household(stage="verified_poor", house_no="35/1"))
    make_member(problem.household, first_name="สมใจ", last_name="ทดสอบ", is_head=True)
    make_referral(cast=cast, problem=problem)
    for user in (cast.officer, cast.district):
        text = page(client, user, "/referrals/")
        assert "นายสมใจ ทดสอบ" in text
        assert "35/1 หมู่ 1" in text


def test_a_referral_is_accepted_in_its_row(client: Client, cast: Cast) -> None:
    referral = make_referral(cast=cast)
    text = page(client, cast.officer)
    assert f'action="/referrals/{referral.pk}/accept/"' in text
    response = client.post(
        f"/referrals/{referral.pk}/accept/",
        {"expected_date": "31/12/2570", "version": referral.version, "next": "inbox"},
    )
    assert response["Location"] == "/referrals/"
    referral.refresh_from_db()
    assert referral.status == "accepted"
    assert f"/referrals/{referral.pk}/assistance/" in page(client, cast.officer)


def test_a_wrong_date_in_the_row_comes_back_with_what_was_typed(client: Client, cast: Cast) -> None:
    referral = make_referral(cast=cast)
    client.force_login(cast.officer)
    response = client.post(
        f"/referrals/{referral.pk}/accept/",
        {"expected_date": "1/1/2560", "version": referral.version, "next": "inbox"},
    )
    text = response.content.decode()
    assert 'value="1/1/2560"' in text
    assert "ผ่านไปแล้ว" in text
    assert 'name="next" value="inbox"' in text


def test_each_tab_of_an_inbox_counts_what_it_shows(client: Client, cast: Cast) -> None:
    for status in (Status.SUBMITTED, Status.ACCEPTED, Status.HELPED, Status.CLOSED):
        make_referral(status, cast=cast, at=now() - timedelta(days=1))
    make_referral()  # of another agency
    client.force_login(cast.officer)
    response: Any = client.get("/referrals/")
    assert [(tab["label"], tab["count"]) for tab in response.context["tabs"]] == [
        ("ต้องทำ", 2),
        ("รอรับ", 1),
        ("กำลังทำ", 1),
        ("รอสอบทาน", 1),
        ("ส่งกลับ / ปฏิเสธ", 0),
        ("จบแล้ว", 1),
    ]
    for code in ("waiting", "working", "to-check", "closed"):
        assert len(shown(client, cast.officer, f"/referrals/?tab={code}")) == 1, code


def test_an_agency_sees_no_referral_of_another(client: Client, cast: Cast) -> None:
    other = make_user(Role.AGENCY_OFFICER, PROVINCE, make_agency())
    make_referral(cast=cast)
    assert shown(client, other) == []
    assert "วันนี้ไม่มีเรื่องที่รอท่าน" in page(client, other)


def test_the_page_of_today_of_an_agency_is_its_inbox(client: Client, cast: Cast) -> None:
    client.force_login(cast.officer)
    assert client.get("/")["Location"] == "/referrals/"


# ---- the office ------------------------------------------------------------------------
def test_an_office_begins_with_the_tab_that_has_work(client: Client, cast: Cast) -> None:
    returned = make_referral(Status.RETURNED, cast=cast)
    due_in(returned, 5)
    assert shown(client, cast.district) == [returned.number]
    late = due_in(make_referral(cast=cast), -1)
    assert shown(client, cast.district) == [late.number]


@pytest.mark.parametrize(
    ("tab", "status"),
    [
        ("returned", Status.REJECTED),
        ("drafts", Status.DRAFT),
        ("sent", Status.IN_PROGRESS),
        ("to-check", Status.HELPED),
        ("closed", Status.CANCELLED),
    ],
)
def test_a_tab_shows_its_states(client: Client, cast: Cast, tab: str, status: Status) -> None:
    referral = make_referral(status, cast=cast)
    make_referral(Status.ACCEPTED if tab != "sent" else Status.DRAFT, cast=cast)
    assert shown(client, cast.district, f"/referrals/?tab={tab}") == [referral.number]


def test_a_list_of_one_status_is_headed_by_it(client: Client, cast: Cast) -> None:
    make_referral(Status.CLOSED, cast=cast)
    client.force_login(cast.district)
    text = client.get("/referrals/?status=closed").content.decode()
    assert "<h1>ปิดเรื่อง 1 เรื่อง</h1>" in text


def test_the_list_is_narrowed_by_agency_dimension_and_place(client: Client, cast: Cast) -> None:
    mine = make_referral(cast=cast)
    illness = make_problem(code=ProblemCode.CHRONICALLY_ILL)
    other = make_referral(problem=illness)
    user, base = cast.district, "/referrals/?tab=sent"
    assert len(shown(client, user, base)) == 2
    assert shown(client, user, f"{base}&agency={cast.agency.pk}") == [mine.number]
    assert shown(client, user, f"{base}&dimension=health") == [other.number]
    assert len(shown(client, user, f"{base}&area={SUBDISTRICT}")) == 2
    assert shown(client, user, f"{base}&area=303202") == []
    assert "ไม่มีเรื่องตามตัวกรองนี้" in page(client, user, f"{base}&area=303202")
    assert shown(client, user, f"{base}&area=99") == []


@pytest.mark.parametrize("place", ["30\x00", "3032\x00", "30๑", "30'--", "3" * 500])
def test_a_place_that_is_none_narrows_to_nothing(client: Client, cast: Cast, place: str) -> None:
    referral = make_referral(Status.RETURNED, cast=cast, at=now())
    client.force_login(cast.district)
    answer = client.get("/referrals/", {"area": place, "tab": "returned"})
    assert answer.status_code == 200
    assert referral.number not in answer.content.decode()


def test_a_page_leads_to_the_next_and_back(client: Client, cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr("referrals.views.lists.PAGE_SIZE", 2)
    numbers = [due_in(make_referral(cast=cast), days).number for days in (1, 2, 3)]
    client.force_login(cast.officer)
    first: Any = client.get("/referrals/")
    second: Any = client.get(f"/referrals/{first.context['next_url']}")
    assert [row.number for row in second.context["rows"]] == numbers[2:]
    back: Any = client.get(f"/referrals/{second.context['previous_url']}")
    assert [row.number for row in back.context["rows"]] == numbers[:2]


def test_a_surveyor_begins_with_the_visits_after_help(client: Client, cast: Cast) -> None:
    helped = make_referral(Status.HELPED, cast=cast)
    make_referral(Status.ACCEPTED, cast=cast)
    assert shown(client, cast.surveyor) == [helped.number]
    text = page(client, cast.surveyor)
    assert "รอสอบทานผลที่บ้าน 1 เรื่อง" in text
    assert f"/referrals/{helped.pk}/check/" in text
    assert "/referrals/waiting/" not in text


@pytest.mark.parametrize("name", ["viewer", "admin", "stranger"])
def test_it_is_closed_to_who_neither_reads_nor_answers(
    name: str, client: Client, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(name))
    assert client.get("/referrals/").status_code == 403


@pytest.mark.parametrize("who", ["officer", "district", "surveyor"])
def test_it_takes_a_fixed_number_of_queries(client: Client, cast: Cast, who: str) -> None:
    user = getattr(cast, who)
    client.force_login(user)
    found = []
    for count in (1, 5):
        for _ in range(count):
            problem = make_problem()
            make_member(problem.household, is_head=True)
            make_referral(Status.HELPED, cast=cast, problem=problem)
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/referrals/?tab=to-check").status_code == 200
        found.append(len(queries))
    assert found[0] == found[1]
    assert found[0] <= 14


# ---- problems that no agency has -----------------------------------------------------------
def test_problems_wait_under_the_agency_that_the_rules_propose(
    client: Client, district: User, agency: Agency
) -> None:
    make_rule(agency)
    fits, stray = make_problem(), make_problem(code=ProblemCode.CHRONICALLY_ILL)
    make_referral(problem=make_problem())  # has one already
    client.force_login(district)
    response: Any = client.get("/referrals/waiting/")
    groups = [(g.agency, [problem for problem, _ in g.rows]) for g in response.context["groups"]]
    assert groups == [(None, [stray]), (agency, [fits])]
    text = response.content.decode()
    assert "ยังไม่ได้ส่งต่อ 2 ปัญหา" in text
    assert f'value="{fits.pk}"' in text
    assert f'value="{stray.pk}"' not in text
    assert f"/households/{stray.household_id}/refer/" in text


def test_many_are_sent_at_once_and_the_refused_are_told_with_their_reason(
    client: Client, district: User, agency: Agency
) -> None:
    make_rule(agency)
    good, stray = make_problem(), make_problem(code=ProblemCode.CHRONICALLY_ILL)
    gone = make_problem()
    make_referral(problem=gone)
    client.force_login(district)
    response = client.post(
        "/referrals/waiting/",
        {"problem": [str(good.pk), str(stray.pk), str(gone.pk)], "urgency": "urgent"},
    )
    text = response.content.decode()
    assert "ส่งต่อแล้ว 1 เรื่อง" in text
    assert "ส่งไม่ได้ 1 เรื่อง" in text
    assert "ยังไม่มีเกณฑ์เลือกหน่วยงาน" in text
    assert "จำนวน 1 เรื่อง" in text
    sent = Referral.objects.get(problem=good)
    assert (sent.status, sent.agency, sent.urgency) == ("submitted", agency, "urgent")
    assert not Referral.objects.filter(problem=stray).exists()


def test_nothing_ticked_is_said(client: Client, district: User, agency: Agency) -> None:
    make_rule(agency)
    make_problem()
    client.force_login(district)
    text = client.post("/referrals/waiting/", {"urgency": "normal"}).content.decode()
    assert "ยังไม่ได้เลือกปัญหา" in text
    assert not Referral.objects.exists()


def test_when_all_are_sent_it_says_so(client: Client, district: User) -> None:
    assert "ส่งต่อครบแล้ว" in page(client, district, "/referrals/waiting/")


def test_problems_of_another_place_cannot_be_sent(client: Client, agency: Agency) -> None:
    make_rule(agency)
    problem = make_problem()
    elsewhere = make_user(Role.DISTRICT_OFFICER, "3001")
    client.force_login(elsewhere)
    client.post("/referrals/waiting/", {"problem": [str(problem.pk)], "urgency": "normal"})
    assert not Referral.objects.exists()


def test_who_sends_in_one_place_and_reads_in_another_sends_in_the_one(
    client: Client, agency: Agency
) -> None:
    make_rule(agency)
    only_read = make_problem(make_household(stage="verified_poor", area_id="30010101"))
    user = make_user(Role.DISTRICT_OFFICER, "3032")
    make_scope(user, Role.SURVEYOR, "3001")
    assert str(only_read.pk) not in page(client, user, "/referrals/waiting/")
    client.post("/referrals/waiting/", {"problem": [str(only_read.pk)], "urgency": "normal"})
    assert not Referral.objects.exists()


def test_a_surveyor_sends_nothing(client: Client, surveyor: User) -> None:
    client.force_login(surveyor)
    assert client.get("/referrals/waiting/").status_code == 403
    assert client.post("/referrals/waiting/").status_code == 403


def test_the_waiting_page_takes_a_fixed_number_of_queries(
    client: Client, district: User, agency: Agency
) -> None:
    make_rule(agency, age_from=60)
    make_rule(agency, group="lower20")
    client.force_login(district)
    found = []
    for count in (1, 6):
        for number in range(count):
            problem = make_problem(code=list(ProblemCode)[4 + number % 4])
            make_member(problem.household, is_head=True)
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/referrals/waiting/").status_code == 200
        found.append(len(queries))
    assert found[0] == found[1]
