"""Referrals over the API: every move, who may, what is missing, who was late."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from ppaos.lib import citizen_id
from ppaos.orm import uuid7
from referrals.models import Assistance, Referral, ReferralEvent
from referrals.workflow import Status
from tests.factories import (
    DISTRICT,
    OTHER_PROVINCE,
    SUBDISTRICT,
    make_agency,
    make_member,
    make_scope,
    make_user,
)
from tests.referrals.cases import Cast, make_problem, make_referral

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], APIClient]


def post(client: APIClient, referral: Any, action: str, **sent: Any) -> Any:
    return client.post(f"/api/v1/referrals/{referral}/{action}/", sent, format="json")


# ---- a new draft -------------------------------------------------------------------------
def test_a_problem_is_drafted_sent_helped_and_checked(client_of: ClientOf) -> None:
    cast = Cast()
    problem = make_problem()
    staff, agency, field = (client_of(who) for who in (cast.district, cast.officer, cast.surveyor))
    made = staff.post(
        "/api/v1/referrals/",
        {
            "household": problem.household_id,
            "problem": problem.pk,
            "agency": cast.agency.code,
            "urgency": "urgent",
            "note": "ขอซ่อมหลังคา",
        },
        format="json",
    )
    assert made.status_code == 201, made.json()
    draft = made.json()
    assert (draft["status"], draft["urgency"], draft["need"]) == ("draft", "urgent", "ขอซ่อมหลังคา")
    assert draft["actions"] == ["submit", "cancel"]
    assert agency.get(f"/api/v1/referrals/{draft['id']}/").status_code == 404

    pk = draft["id"]
    assert post(staff, pk, "submit").json()["status"] == "submitted"
    assert agency.get(f"/api/v1/referrals/{pk}/").json()["actions"] == [
        "receive",
        "accept",
        "return",
        "reject",
    ]
    assert post(agency, pk, "accept", expected_date="2026-12-31").json()["status"] == "accepted"
    assert post(agency, pk, "start", note="นัดช่าง").json()["status"] == "in_progress"
    helped = post(
        agency,
        pk,
        "report-help",
        kind="house_repair",
        amount_thb="2500.50",
        help_date="2026-11-20",
        people=3,
        description="เปลี่ยนหลังคา",
        result="solved",
    ).json()
    assert helped["status"] == "helped"
    assert [
        (given["kind"], given["amount_thb"], given["people"], given["description"])
        for given in helped["assistance"]
    ] == [("house_repair", "2500.50", 3, "เปลี่ยนหลังคา")]

    sent = {"problem_remains": False, "satisfaction": 5, "note": "ดีมาก"}
    closed = post(field, pk, "check", checked_on="2026-11-20", **sent).json()
    assert (closed["status"], closed["closing_reason"]) == ("closed", "solved")
    assert closed["checks"][0] | sent == closed["checks"][0]
    assert [event["action"] for event in closed["events"]] == [
        "create",
        "submit",
        "receive",
        "accept",
        "start",
        "report-help",
        "check",
        "close",
    ]


def test_without_an_agency_the_rules_are_asked(client_of: ClientOf) -> None:
    problem = make_problem()
    answer = client_of(Cast().district).post(
        "/api/v1/referrals/",
        {"household": problem.household_id, "problem": problem.pk, "agency": None},
        format="json",
    )
    assert answer.status_code == 201
    assert answer.json()["agency"] is None
    assert answer.json()["routing_reason"] != ""


def test_what_a_caller_may_not_set_is_left_alone(client_of: ClientOf) -> None:
    cast = Cast()
    problem = make_problem()
    other = make_user(Role.DISTRICT_OFFICER, DISTRICT)
    planted = {
        "id": str(uuid7()),
        "number": "RF-1",
        "status": "closed",
        "version": 77,
        "created_by": str(other.pk),
        "created_at": "2001-01-01T00:00:00Z",
        "submitted_at": "2001-01-01T00:00:00Z",
        "reported_by": str(other.pk),
        "checked_by": str(other.pk),
        "closing_reason": "solved",
        "result": "solved",
        "due_on": "2999-01-01",
        "routing_reason": "เพราะข้าพเจ้าสั่ง",
        "transferred_from": str(make_referral().pk),
    }
    answer = client_of(cast.district).post(
        "/api/v1/referrals/",
        {"household": problem.household_id, "problem": problem.pk, "agency": cast.agency.code}
        | planted,
        format="json",
    )
    assert answer.status_code == 201
    made = Referral.objects.get(pk=answer.json()["id"])
    assert made.created_by == cast.district
    assert (made.status, made.version, made.closing_reason) == ("draft", 1, "")
    assert {
        name: value for name, value in planted.items() if str(getattr(made, name)) == value
    } == {}
    assert [made.reported_by, made.checked_by, made.due_on, made.transferred_from] == [None] * 4


@pytest.mark.parametrize("change", ["unknown problem", "of another household", "of elsewhere"])
def test_a_problem_that_is_not_there_is_named_in_the_same_words(
    client_of: ClientOf, change: str
) -> None:
    problem = make_problem()
    client = client_of(Cast().district)
    sent = {"household": problem.household_id, "problem": problem.pk}
    if change == "unknown problem":
        sent["problem"] = uuid7()
    elif change == "of another household":
        sent["household"] = make_problem().household_id
    else:
        client = client_of(make_user(Role.PROVINCE_OFFICER, OTHER_PROVINCE))
    answer = client.post("/api/v1/referrals/", sent, format="json")
    assert answer.status_code == 400
    assert answer.json()["fields"] == {"problem": ["ไม่พบปัญหานี้ของครัวเรือนในพื้นที่ของท่าน"]}
    assert not Referral.objects.exists()


def test_an_agency_of_elsewhere_is_refused_like_an_unknown_one(client_of: ClientOf) -> None:
    problem = make_problem()
    client = client_of(Cast().district)
    codes = ["nobody", make_agency(area_id=OTHER_PROVINCE).code, make_agency(is_active=False).code]
    answers = [
        client.post(
            "/api/v1/referrals/",
            {"household": problem.household_id, "problem": problem.pk, "agency": code},
            format="json",
        )
        for code in codes
    ]
    assert {answer.status_code for answer in answers} == {400}
    assert len({answer.content for answer in answers}) == 1


def test_a_repeated_post_drafts_once(client_of: ClientOf) -> None:
    cast = Cast()
    problem = make_problem()
    client, key = client_of(cast.district), {"Idempotency-Key": "one"}
    sent = {
        "household": str(problem.household_id),
        "problem": str(problem.pk),
        "agency": cast.agency.code,
    }
    first, again = (
        client.post("/api/v1/referrals/", sent, format="json", headers=key) for _ in range(2)
    )
    assert first.json()["id"] == again.json()["id"]
    assert Referral.objects.count() == 1


# ---- the list ------------------------------------------------------------------------------
def test_the_list_is_narrowed_and_paged_by_key(client_of: ClientOf) -> None:
    cast = Cast()
    waiting = [make_referral(cast=cast) for _ in range(3)]
    other = make_referral(Status.ACCEPTED)
    client = client_of(cast.district)

    def ids(**query: str) -> list[str]:
        return [row["id"] for row in client.get("/api/v1/referrals/", query).json()["results"]]

    newest_first = [str(row.pk) for row in reversed(waiting)]
    assert ids() == [str(other.pk), *newest_first]
    assert ids(status="submitted") == newest_first
    assert ids(agency=cast.agency.code) == newest_first
    assert ids(household=str(other.household_id)) == [str(other.pk)]
    first = client.get("/api/v1/referrals/", {"page_size": "3"}).json()
    assert [row["id"] for row in client.get(first["next"]).json()["results"]] == newest_first[2:]
    assert client.get("/api/v1/referrals/", {"status": "verified"}).status_code == 400
    assert Event.objects.filter(event="referrals.listed").exists()


def test_overdue_ones_are_those_whose_day_has_passed(client_of: ClientOf) -> None:
    late, early, ended = make_referral(), make_referral(), make_referral(Status.CANCELLED)
    Referral.objects.filter(pk__in=[late.pk, ended.pk]).update(due_on=date(2020, 1, 1))
    Referral.objects.filter(pk=early.pk).update(due_on=date(2999, 1, 1))
    client = client_of(Cast().district)

    def ids(overdue: str) -> set[str]:
        answer = client.get("/api/v1/referrals/", {"overdue": overdue}).json()
        return {row["id"] for row in answer["results"]}

    assert ids("true") == {str(late.pk)}
    assert ids("false") == {str(early.pk), str(ended.pk)}


def test_an_agency_lists_its_own(client_of: ClientOf) -> None:
    cast = Cast()
    own, _foreign = make_referral(cast=cast), make_referral()
    make_referral(Status.DRAFT, cast=cast)
    rows = client_of(cast.officer).get("/api/v1/referrals/").json()["results"]
    assert [row["id"] for row in rows] == [str(own.pk)]


# ---- who was late, what is missing, what is not allowed ------------------------------------
def test_who_comes_second_is_told_so(client_of: ClientOf) -> None:
    cast = Cast()
    referral = make_referral(cast=cast)
    client = client_of(cast.officer)
    seen = client.get(f"/api/v1/referrals/{referral.pk}/").json()["version"]
    assert post(client, referral.pk, "receive", version=seen).status_code == 200
    late = post(client, referral.pk, "reject", reason="ไม่ใช่ภารกิจ", version=seen)
    assert (late.status_code, late.json()["code"]) == (409, "taken")
    assert Referral.objects.get(pk=referral.pk).status == Status.RECEIVED


@pytest.mark.parametrize(
    ("status", "action", "sent"),
    [
        (Status.SUBMITTED, "start", {"note": "เริ่ม"}),
        (Status.HELPED, "accept", {"expected_date": "2026-12-31"}),
        (Status.ACCEPTED, "receive", {}),
        (Status.HELPED, "report-help", {"result": "solved"}),
    ],
)
def test_a_move_that_the_table_does_not_know_is_a_conflict(
    client_of: ClientOf, status: Status, action: str, sent: Any
) -> None:
    cast = Cast()
    referral = make_referral(status, cast=cast)
    answer = post(client_of(cast.officer), referral.pk, action, **sent)
    assert (answer.status_code, answer.json()["code"]) == (409, "invalid_state")


def test_nothing_is_closed_or_cancelled_twice(client_of: ClientOf) -> None:
    cast = Cast()
    staff = client_of(cast.district)
    closed, cancelled = (
        make_referral(status, cast=cast) for status in (Status.CLOSED, Status.CANCELLED)
    )
    for referral, action, reason in (
        (closed, "close", "solved"),
        (cancelled, "cancel", "ผิด"),
        (cancelled, "close", "solved"),
    ):
        answer = post(staff, referral.pk, action, reason=reason)
        assert (answer.status_code, answer.json()["code"]) == (409, "invalid_state")


def test_accepting_what_was_called_off_under_ones_eyes_is_a_conflict(
    client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The agency has it before it, and staff are quicker: between its look and its move."""
    cast = Cast()
    referral = make_referral(cast=cast)
    agency, staff = client_of(cast.officer), client_of(cast.district)

    def cancel_first(*_: Any) -> None:
        monkeypatch.undo()
        assert post(staff, referral.pk, "cancel", reason="ผิดบ้าน").status_code == 200

    monkeypatch.setattr("referrals.permissions.check_can_move", cancel_first)
    answer = post(agency, referral.pk, "accept", expected_date="2026-12-31")
    assert (answer.status_code, answer.json()["code"]) == (409, "taken")
    again = post(agency, referral.pk, "accept", expected_date="2026-12-31")
    assert again.status_code == 404
    assert Referral.objects.get(pk=referral.pk).status == Status.CANCELLED


@pytest.mark.parametrize(
    ("status", "who", "action", "sent", "fields"),
    [
        (Status.SUBMITTED, "officer", "accept", {}, {"expected_date"}),
        (Status.SUBMITTED, "officer", "return", {}, {"reason"}),
        (Status.SUBMITTED, "officer", "reject", {"reason": "  "}, {"reason"}),
        (Status.ACCEPTED, "officer", "start", {}, {"note"}),
        (Status.ACCEPTED, "officer", "report-help", {"result": "solved"}, {"assistance"}),
        (
            Status.ACCEPTED,
            "officer",
            "report-help",
            {"kind": "money"},
            {"result"},
        ),
        (
            Status.ACCEPTED,
            "officer",
            "report-help",
            {"kind": "money", "result": "solved"},
            {"amount_thb", "help_date"},
        ),
        (
            Status.ACCEPTED,
            "officer",
            "report-help",
            {"kind": "money", "amount_thb": "-1", "help_date": "2026-11-20", "result": "solved"},
            {"amount_thb"},
        ),
        (
            Status.ACCEPTED,
            "officer",
            "report-help",
            {"kind": "money", "amount_thb": "1", "help_date": "2999-01-01", "result": "solved"},
            {"help_date"},
        ),
        (Status.HELPED, "surveyor", "check", {}, {"problem_remains"}),
        (
            Status.HELPED,
            "surveyor",
            "check",
            {"problem_remains": False, "satisfaction": 6},
            {"satisfaction"},
        ),
        (
            Status.HELPED,
            "surveyor",
            "check",
            {"problem_remains": False, "checked_on": "2026-01-01"},
            {"checked_on"},
        ),
        (Status.REJECTED, "district", "close", {"reason": "ปิด"}, {"reason"}),
        (Status.SUBMITTED, "district", "transfer", {"reason": "ผิดที่"}, {"agency"}),
        (Status.SUBMITTED, "district", "cancel", {}, {"reason"}),
    ],
)
def test_what_is_missing_or_wrong_is_named(
    client_of: ClientOf, status: Status, who: str, action: str, sent: Any, fields: set[str]
) -> None:
    cast = Cast()
    referral = make_referral(status, cast=cast)
    answer = post(client_of(getattr(cast, who)), referral.pk, action, **sent)
    assert answer.status_code == 400, answer.json()
    assert answer.json()["fields"].keys() == fields
    assert Referral.objects.get(pk=referral.pk).status == status


def test_a_report_that_fails_records_no_help(client_of: ClientOf) -> None:
    cast = Cast()
    referral = make_referral(Status.ACCEPTED, cast=cast)
    stale = {"version": referral.version - 1}
    given = {"kind": "money", "amount_thb": "900", "help_date": "2026-11-20", "result": "solved"}
    answer = post(client_of(cast.officer), referral.pk, "report-help", **given, **stale)
    assert (answer.status_code, answer.json()["code"]) == (409, "taken")
    assert not Assistance.objects.exists()


def test_who_reported_the_help_cannot_check_it(client_of: ClientOf) -> None:
    cast = Cast()
    make_scope(cast.officer, Role.SURVEYOR, SUBDISTRICT)
    referral = make_referral(Status.HELPED, cast=cast)
    sent = {"problem_remains": False, "checked_on": "2026-11-20"}
    own = post(client_of(cast.officer), referral.pk, "check", **sent)
    assert (own.status_code, own.json()["code"]) == (403, "not_allowed")
    assert "ผู้แจ้งผลช่วยเหลือ" in own.json()["message"]
    assert post(client_of(cast.surveyor), referral.pk, "check", **sent).status_code == 200


# ---- another agency ------------------------------------------------------------------------
def test_after_a_transfer_the_old_agency_has_nothing_and_the_new_one_a_new_referral(
    client_of: ClientOf,
) -> None:
    old, new = Cast(), Cast()
    referral = make_referral(Status.IN_PROGRESS, cast=old)
    staff = client_of(old.district)
    answer = post(staff, referral.pk, "transfer", agency=new.agency.code, reason="ไม่ใช่ภารกิจเดิม")
    assert answer.status_code == 200, answer.json()
    successor = answer.json()
    assert successor["id"] != str(referral.pk)
    assert (successor["status"], successor["agency"]) == ("submitted", new.agency.code)
    assert successor["transferred_from"] == str(referral.pk)

    for action in ("receive", "report-help", "start"):
        assert post(client_of(old.officer), referral.pk, action).status_code == 404
    assert client_of(old.officer).get(f"/api/v1/referrals/{referral.pk}/").status_code == 404
    assert client_of(old.officer).get("/api/v1/referrals/").json()["results"] == []

    seen = client_of(new.officer).get(f"/api/v1/referrals/{successor['id']}/").json()
    assert (seen["transferred_from"], seen["routing_reason"]) == (None, "")
    assert {event["agency"] for event in seen["events"]} == {new.agency.code}
    assert "ไม่ใช่ภารกิจเดิม" not in str(seen)


def test_what_another_agency_did_with_it_before_is_not_told(client_of: ClientOf) -> None:
    first, second = Cast(), Cast()
    referral = make_referral(Status.REJECTED, cast=first)
    staff = client_of(first.district)
    assert post(staff, referral.pk, "submit", agency=second.agency.code).status_code == 200
    told = client_of(second.officer).get(f"/api/v1/referrals/{referral.pk}/").json()
    assert [event["action"] for event in told["events"]] == ["submit"]
    whole = staff.get(f"/api/v1/referrals/{referral.pk}/").json()
    assert [event["action"] for event in whole["events"]] == [
        "create",
        "submit",
        "reject",
        "submit",
    ]


# ---- nothing there -------------------------------------------------------------------------
@pytest.mark.parametrize("method", ["get", "accept", "transfer", "check"])
def test_foreign_and_unknown_referrals_answer_alike(client_of: ClientOf, method: str) -> None:
    foreign = make_referral()
    strangers = [
        make_user(Role.AGENCY_OFFICER, "30", make_agency()),
        make_user(Role.PROVINCE_OFFICER, OTHER_PROVINCE),
        make_user(),
    ]
    for client in map(client_of, strangers):
        answers = [
            client.get(f"/api/v1/referrals/{pk}/")
            if method == "get"
            else post(client, pk, method, status="closed")
            for pk in (foreign.pk, uuid7())
        ]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content
        assert answers[0].headers.keys() == answers[1].headers.keys()
    assert ReferralEvent.objects.filter(referral=foreign).count() == 2


def test_people_named_in_the_problem_are_told_with_a_masked_id(client_of: ClientOf) -> None:
    problem = make_problem()
    named = make_member(problem.household, birth_date=date(1960, 1, 1), first_name="คำ")
    make_member(problem.household, first_name="คนอื่น", is_head=False)
    problem.members.set([named])
    cast = Cast()
    referral = make_referral(cast=cast, problem=problem)
    told = client_of(cast.officer).get(f"/api/v1/referrals/{referral.pk}/").json()
    [person] = told["people"]
    assert person["name"] == named.full_name
    assert person["age"] > 60
    assert named.citizen_id is not None
    assert person["citizen_id"] == citizen_id.mask(named.citizen_id)
    assert "คนอื่น" not in str(told)


def test_looking_leaves_a_trace_of_the_household(client_of: ClientOf) -> None:
    cast = Cast()
    referral = make_referral(cast=cast)
    for _ in range(2):
        client_of(cast.officer).get(f"/api/v1/referrals/{referral.pk}/")
    [event] = Event.objects.filter(event="referral.read")
    assert (event.subject_id, event.actor_id) == (str(referral.household_id), cast.officer.pk)


# ---- agencies and problems -----------------------------------------------------------------
def test_agencies_are_those_that_serve_the_place(client_of: ClientOf, surveyor: User) -> None:
    province, district, beside = (make_agency(area_id=area) for area in ("30", "3032", "3001"))
    make_agency(area_id=OTHER_PROVINCE)
    make_agency(area_id="3032", is_active=False)
    rows = client_of(surveyor).get("/api/v1/agencies/").json()["results"]
    assert {row["code"] for row in rows} == {province.code, district.code}
    assert beside.code not in str(rows)


def test_the_problems_of_a_household_are_told_with_their_ids(
    client_of: ClientOf, surveyor: User
) -> None:
    problem = make_problem()
    [row] = (
        client_of(surveyor)
        .get(f"/api/v1/households/{problem.household_id}/problems/")
        .json()["results"]
    )
    assert (row["id"], row["dimension"], row["status"]) == (str(problem.pk), "living", "open")
