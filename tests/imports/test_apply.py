"""What a list writes into the register, and what it leaves alone."""

import threading
from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils.timezone import now

from accounts.models import User
from accounts.roles import Role
from areas.models import Area, AreaChange
from audit.models import Event
from households.models import Household, Member, SourceListing
from households.services import record_verification
from households.workflow import Outcome
from imports import services
from imports.apply.results import LISTED_CODES
from imports.models import ImportBatch
from imports.services.running import WORK, latest_job
from imports.workflow import Decision, State
from jobs.services import run
from ppaos.lib import citizen_id
from problems.models import IndicatorResult, Problem, ProblemMember
from problems.rules import Dimension
from problems.services import load_reference_data, open_problem, resolve_problem
from problems.workflow import Origin, Resolution
from slf.services import record_assessment, regroup
from slf.workflow import Period
from tests.factories import make_household, make_member, make_scope, make_user
from tests.imports.batches import (
    AT,
    applied,
    apply,
    csv_of,
    line,
    people,
    staged,
    undo,
    upload,
    work,
)
from tests.slf.cases import make_case

pytestmark = pytest.mark.django_db
ID = "เลขประจำตัวประชาชน"


def household(code: str = "30320000000") -> Household:
    return Household.objects.get(house_code=code)


def codes(batch: ImportBatch, row: int) -> list[str]:
    return batch.rows.get(row=row).codes


# ---- what is written ------------------------------------------------------------------
def test_a_line_becomes_household_member_listing_result_and_problems(admin: User) -> None:
    batch = applied([line(0, {"รายได้": "1", "สุขภาพ": "0", "ลำดับในบ้าน": "1"})], admin)

    home = household()
    assert (home.house_no, home.area_id, home.stage) == ("1", "30320101", "listed")
    member = home.members.get()
    assert (member.first_name, member.last_name, member.sex) == ("สมศรี", "ทดสอบ0", "male")
    assert member.citizen_id == citizen_id.generate(0)
    assert (str(member.birth_date), member.birth_year, member.is_head) == ("1947-04-01", 1947, True)
    listing = SourceListing.objects.get()
    assert (listing.household, listing.member, listing.year_be) == (home, member, 2567)
    assert (listing.bmn_year_be, listing.is_mpi_poor, listing.has_welfare_card) == (
        2566,
        True,
        True,
    )
    assert listing.is_registered is None
    result = IndicatorResult.objects.get()
    failing = Dimension.INCOME.bit | Dimension.LIVING.bit
    assert (result.dimension_known_bits, result.dimension_failed_bits) == (31, failing)
    problems = Problem.objects.order_by("dimension")
    assert [(p.dimension, p.code, p.origin) for p in problems] == [
        ("income", "income_below_line", "listing"),
        ("living", "living_other", "listing"),
    ]
    assert {p.members.get() for p in problems} == {member}
    assert batch.effect["households_created"] == batch.effect["members_created"] == 1
    row = batch.rows.get()
    assert (row.household, row.member, row.is_applied) == (home, member, True)


def test_indicators_are_kept_with_their_form(admin: User) -> None:
    load_reference_data()
    indicators = {f"ตัวชี้วัดที่ {n}": "1" for n in range(1, 39)} | {"ตัวชี้วัดที่ 22": "0"}
    applied([{**line(0), **indicators}], admin)

    result = IndicatorResult.objects.select_related("indicator_set").get()
    assert result.indicator_set is not None
    assert result.indicator_set.size == 38
    assert result.known_bits == 2**38 - 1
    assert result.known_bits & ~result.passed_bits == 1 << 21


def test_the_first_line_is_the_head_unless_a_number_says_otherwise(admin: User) -> None:
    numbered = [{**each, "ลำดับในบ้าน": str(4 - n)} for n, each in enumerate(people(4))]
    applied([*numbered, *({**each, "ลำดับในบ้าน": ""} for each in people(8)[4:])], admin)

    assert household().members.get(is_head=True).last_name == "ทดสอบ3"
    assert household("30320000001").members.get(is_head=True).last_name == "ทดสอบ4"


def test_a_new_village_of_a_known_tambon_is_learnt(admin: User) -> None:
    applied([line(0, {"หมู่ที่": "9", "ชื่อหมู่บ้าน": "โนนใหม่"})], admin)

    village = Area.objects.get(pk="30320109")
    assert (village.name, village.origin, village.level) == ("โนนใหม่", "learnt", "VILLAGE")
    assert household().area == village
    assert AreaChange.objects.filter(area=village).exists()


def test_applying_is_an_event_with_its_counts(admin: User) -> None:
    applied(people(8), admin)

    event = Event.objects.get(event="import.applied")
    assert event.actor == "admin"
    assert (event.detail["members_created"], event.detail["households_created"]) == (8, 2)


# ---- the same again, and changes ------------------------------------------------------
def test_the_same_list_in_other_bytes_changes_nothing(admin: User) -> None:
    applied(people(40), admin)
    versions = list(Member.objects.order_by("pk").values_list("version", "updated_at"))

    batch = applied(list(reversed(people(40))), admin)

    effect = batch.effect
    assert (effect["members_created"], effect["members_updated"], effect["unchanged"]) == (0, 0, 40)
    assert (effect["households_created"], effect["households_updated"]) == (0, 0)
    assert batch.changes.count() == 0
    assert list(Member.objects.order_by("pk").values_list("version", "updated_at")) == versions


def test_a_later_list_replaces_what_only_lists_have_said(admin: User) -> None:
    applied([line(0)], admin)
    batch = applied([line(0, {"บ้านเลขที่": "99/1", "นามสกุล": "ใหม่"})], admin)

    assert household().house_no == "99/1"
    assert household().version == 2
    assert Member.objects.get().last_name == "ใหม่"
    assert "ใหม่" in Member.objects.get().name_key
    assert batch.effect["households_updated"] == 1


def test_a_blank_says_nothing(admin: User) -> None:
    applied([line(0)], admin)
    batch = applied([line(0, {"วันเกิด": "", "เพศ": "", "หมู่ที่": ""})], admin)

    assert household().area_id == "30320101"
    assert str(Member.objects.get().birth_date) == "1947-04-01"
    assert batch.effect["unchanged"] == 1


def test_what_a_person_edited_is_kept_and_said(admin: User) -> None:
    applied([line(0)], admin)
    Household.objects.update(house_no="7/7")
    Member.objects.update(last_name="แก้แล้ว", name_key="สมศรีแก้แล้ว")

    batch = applied([line(0, {"บ้านเลขที่": "99/1"})], admin)

    assert household().house_no == "7/7"
    assert Member.objects.get().last_name == "แก้แล้ว"
    assert codes(batch, 2) == ["W_REGISTER_KEPT"]
    assert batch.warned == 1


def test_the_address_of_a_verified_household_is_kept(admin: User, officer: User) -> None:
    applied([line(0)], admin)
    record_verification(
        household=household(), outcome=Outcome.POOR, visited_on=AT.date(), by=officer, at=AT
    )

    batch = applied([line(0, {"บ้านเลขที่": "99/1"})], admin)

    assert (household().house_no, household().stage) == ("1", "verified_poor")
    assert codes(batch, 2) == ["W_REGISTER_KEPT"]


def test_an_older_list_adds_its_year_and_replaces_nothing(admin: User) -> None:
    applied([{**line(0), "ปีข้อมูล TPMAP": ""}], admin)
    years = {"ปีข้อมูล TPMAP": "", "ปี จปฐ.": "2564"}
    older = {**line(0, {"บ้านเลขที่": "5"}), **years, "ความเป็นอยู่": "0"}
    batch = applied([older], admin, year_be=2565)

    assert household().house_no == "1"
    assert codes(batch, 2) == ["W_REGISTER_KEPT"]
    assert set(SourceListing.objects.values_list("year_be", flat=True)) == {2565, 2567}
    failed = dict(IndicatorResult.objects.values_list("year_be", "dimension_failed_bits"))
    assert failed[2567] != failed[2565]


# ---- who is who -----------------------------------------------------------------------
def test_a_person_of_another_house_waits_for_a_decision(admin: User) -> None:
    applied(people(8), admin)
    moved = line(4, {ID: line(0)[ID], "ชื่อ": "สมศรี", "นามสกุล": "ทดสอบ0", "วันเกิด": "1/4/2490"})

    batch = staged([moved], admin)
    assert (batch.held, codes(batch, 2)) == (1, ["H_POSSIBLE_DUP"])

    services.decide_row(batch=batch, row=2, decision=Decision.ACCEPT, by=admin, at=AT)
    apply(batch, admin)
    assert Member.objects.count() == 8
    member = Member.objects.get(last_name="ทดสอบ0")
    assert (member.household, member.is_head) == (household("30320000001"), False)


def test_a_namesake_of_the_same_birth_without_an_id_waits(admin: User) -> None:
    applied([line(0)], admin)
    same = line(12, {ID: "", "ชื่อ": "สมศรี", "นามสกุล": "ทดสอบ0", "วันเกิด": "1/4/2490"})

    batch = staged([same], admin)

    assert "H_POSSIBLE_DUP" in codes(batch, 2)


def test_namesakes_who_both_have_an_id_are_two_people(admin: User) -> None:
    applied([line(0)], admin)
    named = {"ชื่อ": "สมศรี", "นามสกุล": "ทดสอบ0", "วันเกิด": "1/4/2490"}

    batch = staged([line(12, {**named, ID: ""}), line(16, named)], admin)

    assert "H_POSSIBLE_DUP" in codes(batch, 2)
    assert "H_POSSIBLE_DUP" not in codes(batch, 3)


def test_a_person_without_an_id_is_found_by_name_and_birth_and_gets_it(admin: User) -> None:
    applied([line(0, {ID: ""})], admin)
    batch = applied([line(0)], admin)

    member = Member.objects.get()
    assert member.citizen_id == citizen_id.generate(0)
    assert batch.effect["members_created"] == 0


def test_a_house_code_in_another_tambon_waits(admin: User) -> None:
    make_household(house_code="30320000000", area_id="30320201")

    batch = staged([line(0)], admin)

    assert codes(batch, 2) == ["H_HOUSE_DIFFERS"]


def test_a_person_who_lives_beyond_the_uploaders_area_is_not_taken_from_there(areas: None) -> None:
    there = make_household(area_id="30010101")
    make_member(there, citizen_id=citizen_id.generate(0))
    uploader = make_user(Role.IMPORT_ADMIN, "3032")

    batch = staged([line(0)], uploader)

    assert "E_AREA_SCOPE" in codes(batch, 2)
    assert batch.rejected == 1
    assert Member.objects.get().household == there


def test_a_household_beyond_the_uploaders_area_is_not_touched(areas: None) -> None:
    make_household(house_code="30320000000", area_id="30010101")
    uploader = make_user(Role.IMPORT_ADMIN, "3032")

    batch = staged([line(0)], uploader)

    assert (batch.rejected, codes(batch, 2)) == (1, ["E_AREA_SCOPE"])


# ---- problems -------------------------------------------------------------------------
def test_problems_equal_those_of_the_service_for_one(admin: User, officer: User) -> None:
    """The set-based way and problems.services give the same rows."""
    applied([line(0, {"การศึกษา": "1"}), line(1, {"การศึกษา": "0", "สุขภาพ": "1"})], admin)
    home = make_household(area_id="30320101")
    members: dict[Dimension, list[Member]] = {dimension: [] for dimension in Dimension}
    opened_on = Problem.objects.earliest("opened_on").opened_on
    for number, listed in enumerate(household().members.order_by("seq")):
        twin = make_member(home, first_name=f"คู่{number}")
        failed = listed.indicator_results.get().dimension_failed_bits
        for dimension in Dimension:
            if failed & dimension.bit:
                members[dimension].append(twin)
    for dimension, named in members.items():
        if named:
            open_problem(
                household=home,
                code=LISTED_CODES[dimension],
                origin=Origin.LISTING,
                opened_on=opened_on,
                members=named,
                by=officer,
                at=now(),
            )

    def shape(of: Household) -> list[Any]:
        return [
            (
                problem.dimension,
                problem.code,
                problem.status,
                problem.origin,
                problem.opened_on,
                problem.resolved_on,
                problem.need_text,
                problem.version,
                sorted(problem.members.values_list("seq", flat=True)),
            )
            for problem in Problem.objects.filter(household=of).order_by("dimension")
        ]

    assert len(shape(home)) == 4
    assert shape(household()) == shape(home)


def test_what_was_solved_stays_solved_on_the_same_list(admin: User, officer: User) -> None:
    applied([line(1)], admin)
    for problem in Problem.objects.all():
        resolve_problem(
            problem=problem,
            resolution=Resolution.SOLVED,
            resolved_on=problem.opened_on,
            by=officer,
            at=now(),
        )

    applied([*people(2)], admin)
    assert not Problem.objects.open().filter(dimension="health").exists()


def test_an_open_problem_is_joined_not_doubled(admin: User) -> None:
    applied([line(1)], admin)
    applied([line(1), line(3)], admin)

    health = Problem.objects.get(dimension="health")
    assert ProblemMember.objects.filter(problem=health).count() == 2


def test_a_problem_that_a_list_opens_or_takes_back_regroups_an_assessed_household(
    admin: User, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make_case(house_code="30320001500")
    record_assessment(
        household=case.household,
        year_be=2567,
        round=1,
        period=Period.BEFORE,
        answers=case.answers(),
        amounts=case.amounts(),
        by=officer,
        at=AT,
    )
    Problem.objects.all().delete()
    looked_at: list[tuple[Household, int]] = []

    def noting(*, household: Household, by: User, at: datetime) -> None:
        looked_at.append((household, Problem.objects.open().count()))
        regroup(household=household, by=by, at=at)

    monkeypatch.setattr("imports.apply.regrouping.regroup", noting)
    batch = applied([line(0), line(6000, {"สุขภาพ": "1", "รายได้": "1"})], admin)
    undo(batch, admin)

    # Once with the problems of both households open, once when they were gone.
    assert looked_at == [(case.household, 5), (case.household, 0)]


# ---- decisions ------------------------------------------------------------------------
def test_a_corrected_line_is_read_by_the_same_rules(admin: User) -> None:
    batch = staged([line(0), line(1, {"รหัสบ้าน": ""})], admin)

    with pytest.raises(services.UnableToDecide) as refusal:
        services.decide_row(
            batch=batch,
            row=3,
            decision=Decision.CORRECT,
            values={"house_code": "123"},
            by=admin,
            at=AT,
        )
    assert refusal.value.fields == {"house_code": ["รหัสบ้านไม่ใช่ตัวเลข 11 หลัก"]}

    services.decide_row(
        batch=batch,
        row=3,
        decision=Decision.CORRECT,
        values={"house_code": "3032-000000-0"},
        by=admin,
        at=AT,
    )
    batch.refresh_from_db()
    assert (batch.accepted, batch.held) == (2, 0)
    apply(batch, admin)
    assert household().members.count() == 2


def test_a_house_without_a_code_gets_a_temporary_one_once_confirmed(admin: User) -> None:
    nameless = line(0, {"รหัสบ้าน": "", ID: ""})
    batch = staged([nameless], admin)
    services.decide_row(batch=batch, row=2, decision=Decision.ACCEPT, by=admin, at=AT)
    apply(batch, admin)
    home = Household.objects.get()
    assert (home.house_code, home.code[:11]) == (None, "TMP-303201-")

    again = staged([{**nameless, "นามสกุล": "อีกคน"}], admin)
    services.decide_row(batch=again, row=2, decision=Decision.ACCEPT, by=admin, at=AT)
    apply(again, admin)
    assert Household.objects.get().members.count() == 2


def test_a_rejected_line_stays_out(admin: User) -> None:
    batch = staged([line(0), line(1, {"รหัสบ้าน": ""})], admin)
    services.decide_row(batch=batch, row=3, decision=Decision.REJECT, by=admin, at=AT)
    batch = apply(batch, admin)

    assert (batch.accepted, batch.held, batch.rejected) == (1, 0, 1)
    assert Member.objects.count() == 1
    assert Event.objects.get(event="import.row-decided").detail["decision"] == "reject"


def test_of_two_lines_for_one_person_the_chosen_one_counts(admin: User) -> None:
    batch = staged([line(0), line(4, {ID: line(0)[ID]})], admin)
    assert codes(batch, 3) == ["H_DUP_IN_FILE"]

    services.decide_row(batch=batch, row=3, decision=Decision.ACCEPT, by=admin, at=AT)
    batch = apply(batch, admin)

    assert (batch.accepted, batch.rejected) == (1, 1)
    assert Member.objects.get().household.house_code == "30320000001"


def test_a_new_tambon_is_confirmed_once(admin: User) -> None:
    new = {"ตำบล": "บ้านใหม่", "รหัสตำบล": "303299"}
    batch = staged([line(n, new) for n in range(4)] + [line(4)], admin)
    assert (batch.accepted, batch.held) == (1, 4)
    (area,) = services.new_areas(batch)
    assert (area.code, area.name, area.lines) == ("303299", "บ้านใหม่", 4)

    assert services.confirm_area(batch=batch, code="303299", by=admin, at=AT) == 4
    batch.refresh_from_db()
    assert (batch.accepted, batch.held, batch.effect["members_created"]) == (5, 0, 5)
    apply(batch, admin)
    assert household().area_id == "30329901"


def test_only_a_waiting_line_can_be_decided(admin: User) -> None:
    batch = staged(people(4), admin)

    with pytest.raises(services.UnableToDecide):
        services.decide_row(batch=batch, row=2, decision=Decision.REJECT, by=admin, at=AT)
    apply(batch, admin)
    with pytest.raises(services.UnableToDecide):
        services.decide_row(batch=batch, row=2, decision=Decision.REJECT, by=admin, at=AT)


# ---- the second person, and races -----------------------------------------------------
def test_above_the_safety_limit_a_second_person_approves(admin: User, province: User) -> None:
    batch = staged([line(0), *(line(n, {ID: "123"}) for n in range(1, 4))], admin)
    assert services.safety_reasons(batch) == ["มีแถวที่นำเข้าไม่ได้หรือรอตัดสินใจ 3 จาก 4 แถว"]

    services.order_apply(batch=batch, by=admin, at=AT)
    assert batch.state == State.AWAITING_APPROVAL
    with pytest.raises(PermissionDenied, match="ผู้ส่งไฟล์อนุมัติเองไม่ได้"):
        services.approve(batch=batch, by=admin, at=AT)
    services.approve(batch=batch, by=province, at=AT)
    batch = work(batch)

    assert (batch.state, batch.approved_by) == (State.APPLIED, province)
    assert Member.objects.count() == 1


def test_a_second_order_is_refused(admin: User) -> None:
    batch = staged(people(4), admin)
    late = ImportBatch.objects.get(pk=batch.pk)
    services.order_apply(batch=batch, by=admin, at=AT)

    with pytest.raises(services.UnableToMove):
        services.order_apply(batch=late, by=admin, at=AT)


def test_a_cancelled_file_writes_nothing(admin: User) -> None:
    batch = staged(people(4), admin)
    services.cancel_import(batch=batch, by=admin, at=AT)

    assert batch.state == State.CANCELLED
    with pytest.raises(services.UnableToMove):
        services.order_apply(batch=batch, by=admin, at=AT)
    assert not Household.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_overlapping_lists_at_once_both_arrive_whole(admin: User, settings: Any) -> None:
    settings.IMPORT_CHUNK_LINES = 20
    other = make_user(Role.IMPORT_ADMIN, "30", username="other-admin")
    make_scope(other, Role.SYSTEM_ADMIN, "30")
    everybody = people(240)
    ways = [(admin, everybody[:160]), (other, list(reversed(everybody[80:])))]
    batches = [staged(csv_of(lines), user) for user, lines in ways]
    for batch, (user, _) in zip(batches, ways, strict=True):
        services.order_apply(batch=batch, by=user, at=AT)

    def work_alone(batch: ImportBatch) -> None:
        try:
            job = latest_job(batch)
            assert job is not None
            run(job_id=job.pk, work=WORK[job.kind])
        finally:
            connection.close()

    threads = [threading.Thread(target=work_alone, args=[batch]) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    for batch in batches:
        batch.refresh_from_db()
    assert [batch.state for batch in batches] == [State.APPLIED, State.APPLIED]
    assert (Household.objects.count(), Member.objects.count()) == (60, 240)
    assert SourceListing.objects.count() == IndicatorResult.objects.count() == 240
    assert sum(batch.effect["members_created"] for batch in batches) == 240
    assert sum(batch.effect["unchanged"] for batch in batches) == 80
    assert upload(csv_of(everybody), admin).state == State.UPLOADED
