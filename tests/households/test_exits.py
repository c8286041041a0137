import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from accounts.roles import Role
from areas.models import AreaChange
from audit.models import Event
from households.models import Exit, Household, RelapseCheck
from households.services import (
    Proof,
    UnableToExit,
    UnableToRetract,
    UnableToVerify,
    approve_exit,
    propose_exit,
    record_relapse_check,
    record_verification,
    reject_exit,
    retract_verification,
    revoke_exit,
    withdraw_exit,
)
from households.workflow import NEEDS_EVIDENCE, ExitReason, ExitState, Outcome, Stage
from tests.factories import DISTRICT, SUBDISTRICT, make_household, make_user

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
LATER = AT + timedelta(days=3)
SINCE = date(2026, 11, 1)
PROOF = Proof(evidence={"criteria": [{"code": "problems", "met": True}]}, rule_version=1)


def propose(household: Household, by: User, reason: ExitReason, **overrides: Any) -> Exit:
    proof = PROOF if reason in NEEDS_EVIDENCE else None
    fields: dict[str, Any] = {"note": "", "at": AT, "proof": proof} | overrides
    return propose_exit(household=household, reason=reason, by=by, **fields)


def approved(household: Household, by: User, reason: ExitReason = ExitReason.MOVED) -> Exit:
    proposal = propose(household, by, reason)
    approve_exit(proposal=proposal, by=make_user(Role.PROVINCE_OFFICER), at=AT)
    return proposal


def state_of(household: Household) -> tuple[str, date]:
    household.refresh_from_db()
    return household.stage, household.stage_date


# ---- proposing ---------------------------------------------------------------------------
@pytest.mark.parametrize("reason", sorted(NEEDS_EVIDENCE))
def test_who_rose_out_of_poverty_cannot_be_said_without_evidence(
    district: User, reason: ExitReason
) -> None:
    household = make_household(stage=Stage.IN_HELP)

    with pytest.raises(UnableToExit, match="หลักฐาน"):
        propose(household, district, reason, proof=None)

    assert state_of(household) == (Stage.IN_HELP, SINCE)
    assert not Exit.objects.exists()


def test_the_evidence_is_kept_with_the_proposal(district: User) -> None:
    household = make_household(stage=Stage.IN_HELP)

    propose(household, district, ExitReason.GRADUATED)

    proposal = Exit.objects.get()
    assert (proposal.evidence, proposal.rule_version) == (PROOF.evidence, 1)
    assert state_of(household)[0] == Stage.EXIT_PROPOSED


@pytest.mark.parametrize("stage", [Stage.LISTED, Stage.VERIFIED_POOR, Stage.IN_HELP])
def test_only_a_visit_finds_a_household_not_poor(district: User, stage: Stage) -> None:
    household = make_household(stage=stage)

    with pytest.raises(UnableToExit, match="ผลสอบทาน"):
        propose(household, district, ExitReason.NOT_POOR)

    assert state_of(household) == (stage, SINCE)


def test_one_proposal_waits_at_a_time(district: User) -> None:
    household = make_household()
    propose(household, district, ExitReason.MOVED)

    with pytest.raises(UnableToExit, match="รออนุมัติ"):
        propose(household, district, ExitReason.DECEASED)

    assert Exit.objects.count() == 1


def test_who_may_not_update_proposes_nothing(reader: User) -> None:
    household = make_household()

    with pytest.raises(PermissionDenied):
        propose(household, reader, ExitReason.MOVED)


# ---- deciding ----------------------------------------------------------------------------
def test_an_approved_household_leaves_the_targets_and_keeps_its_history(district: User) -> None:
    household = make_household(stage=Stage.IN_HELP)
    proposal = approved(household, district, ExitReason.GRADUATED)

    assert state_of(household) == (Stage.EXITED, date(2026, 11, 20))
    assert Household.objects.filter(pk=household.pk).exists()
    assert proposal.state == ExitState.APPROVED
    assert proposal.decided_by not in (None, district)
    told = Event.objects.filter(subject_id=str(household.pk)).values_list("event", flat=True)
    assert set(told) == {"exit.proposed", "exit.approved"}
    assert AreaChange.objects.filter(area_id=household.area_id).exists()


@pytest.mark.parametrize(
    ("reason", "on"),
    [
        (ExitReason.GRADUATED, date(2027, 11, 20)),
        (ExitReason.CONTINUING_CARE, date(2027, 11, 20)),
        (ExitReason.MOVED, None),
        (ExitReason.DUPLICATE, None),
    ],
)
def test_who_rose_out_of_poverty_is_looked_at_a_year_later(
    district: User, reason: ExitReason, on: date | None
) -> None:
    assert approved(make_household(stage=Stage.IN_HELP), district, reason).relapse_check_on == on


def test_after_how_many_months_is_set_for_the_installation(district: User, settings: Any) -> None:
    settings.RELAPSE_CHECK_MONTHS = 6
    gone = approved(make_household(stage=Stage.IN_HELP), district, ExitReason.GRADUATED)
    assert gone.relapse_check_on == date(2027, 5, 20)


def test_a_year_after_a_leap_day_is_the_last_of_february(district: User) -> None:
    leap_day = datetime(2028, 2, 29, 3, 0, tzinfo=UTC)
    proposal = propose(make_household(stage=Stage.IN_HELP), district, ExitReason.GRADUATED)

    approve_exit(proposal=proposal, by=make_user(Role.PROVINCE_OFFICER), at=leap_day)

    assert proposal.relapse_check_on == date(2029, 2, 28)


def test_a_rejection_keeps_its_reason_and_gives_the_stage_back(district: User) -> None:
    household = make_household(stage=Stage.IN_HELP)
    proposal = propose(household, district, ExitReason.MOVED)

    reject_exit(proposal=proposal, by=district, at=LATER, reason=" ยังอยู่ที่เดิม ")

    assert state_of(household) == (Stage.IN_HELP, SINCE)
    assert proposal.decided_reason == "ยังอยู่ที่เดิม"


def test_a_decided_proposal_is_not_decided_again(district: User) -> None:
    proposal = approved(make_household(), district)

    with pytest.raises(UnableToExit, match="มีผู้ตัดสิน"):
        reject_exit(proposal=proposal, by=district, at=LATER, reason="เปลี่ยนใจ")
    with pytest.raises(UnableToExit, match="มีผู้ตัดสิน"):
        withdraw_exit(proposal=proposal, by=district, at=LATER)

    assert Exit.objects.get().state == ExitState.APPROVED


# ---- withdrawing -------------------------------------------------------------------------
def test_the_proposer_withdraws_a_waiting_proposal(surveyor: User) -> None:
    household = make_household(stage=Stage.IN_HELP)
    proposal = propose(household, surveyor, ExitReason.MOVED)

    withdraw_exit(proposal=proposal, by=surveyor, at=LATER)

    assert state_of(household) == (Stage.IN_HELP, SINCE)
    assert proposal.state == ExitState.WITHDRAWN
    assert Event.objects.filter(event="exit.withdrawn").count() == 1


def test_nobody_else_withdraws_it(surveyor: User, district: User) -> None:
    proposal = propose(make_household(), surveyor, ExitReason.MOVED)

    with pytest.raises(PermissionDenied):
        withdraw_exit(proposal=proposal, by=district, at=LATER)

    assert Exit.objects.get().state == ExitState.PROPOSED


def test_what_a_visit_proposed_is_withdrawn_with_the_visit(surveyor: User) -> None:
    household = make_household()
    not_poor(household, surveyor)

    with pytest.raises(UnableToExit, match="ถอนผลสอบทาน"):
        withdraw_exit(proposal=Exit.objects.get(), by=surveyor, at=LATER)

    assert state_of(household)[0] == Stage.VERIFIED_NOT_POOR


# ---- taking an exit back -----------------------------------------------------------------
@pytest.mark.parametrize("stage", [Stage.LISTED, Stage.VERIFIED_POOR, Stage.IN_HELP])
@pytest.mark.parametrize("reason", [ExitReason.MOVED, ExitReason.GRADUATED])
def test_a_revoked_exit_gives_stage_and_date_back(
    district: User, stage: Stage, reason: ExitReason
) -> None:
    household = make_household(stage=stage)
    proposal = approved(household, district, reason)

    revoke_exit(proposal=proposal, reason=" กลับมาอยู่บ้าน ", by=district, at=LATER)

    assert state_of(household) == (stage, SINCE)
    assert proposal.state == ExitState.REVOKED
    assert (proposal.revoked_at, proposal.revoked_by) == (LATER, district)
    assert proposal.revoked_reason == "กลับมาอยู่บ้าน"
    assert proposal.decided_at == AT
    assert proposal.decided_by not in (None, district)
    assert proposal.relapse_check_on is None
    event = Event.objects.get(event="exit.revoked")
    assert (event.reason, event.area) == ("กลับมาอยู่บ้าน", household.area_id)


def not_poor(household: Household, by: User) -> None:
    record_verification(
        household=household,
        outcome=Outcome.NOT_POOR,
        visited_on=date(2026, 11, 18),
        reason="มีบ้านและรายได้",
        by=by,
        at=AT,
    )


def test_who_was_found_not_poor_stays_so_until_the_next_visit(
    surveyor: User, district: User
) -> None:
    household = make_household()
    not_poor(household, surveyor)
    proposal = Exit.objects.get()
    approve_exit(proposal=proposal, by=make_user(Role.PROVINCE_OFFICER), at=AT)

    revoke_exit(proposal=proposal, reason="ร้องเรียน ขอสอบทานใหม่", by=district, at=LATER)

    assert state_of(household) == (Stage.VERIFIED_NOT_POOR, date(2026, 11, 18))
    assert Exit.objects.count() == 1
    record_verification(
        household=household, outcome=Outcome.POOR, visited_on=date(2026, 11, 23), by=surveyor,
        at=LATER,
    )  # fmt: skip
    assert state_of(household)[0] == Stage.VERIFIED_POOR


def test_a_repeated_verdict_not_poor_keeps_the_first_date(surveyor: User, district: User) -> None:
    household = make_household()
    not_poor(household, surveyor)
    record_verification(
        household=household, outcome=Outcome.NOT_POOR, visited_on=date(2026, 11, 20),
        reason="เยี่ยมซ้ำ", by=surveyor, at=AT,
    )  # fmt: skip
    before = state_of(household)
    proposal = Exit.objects.get(state=ExitState.PROPOSED)
    approve_exit(proposal=proposal, by=make_user(Role.PROVINCE_OFFICER), at=AT)

    revoke_exit(proposal=proposal, reason="สอบทานใหม่", by=district, at=LATER)

    assert state_of(household) == before == (Stage.VERIFIED_NOT_POOR, date(2026, 11, 18))


def test_the_verdict_behind_a_revoked_exit_can_be_taken_back(
    surveyor: User, district: User
) -> None:
    household = make_household()
    not_poor(household, surveyor)
    verification = household.verifications.get()
    proposal = Exit.objects.get()
    approve_exit(proposal=proposal, by=make_user(Role.PROVINCE_OFFICER), at=AT)
    with pytest.raises(UnableToRetract, match="ยกเลิกการพ้นเป้าหมายก่อน"):
        retract_verification(verification=verification, reason="ผิดบ้าน", by=district, at=LATER)

    revoke_exit(proposal=proposal, reason="ผิดบ้าน", by=district, at=LATER)
    retract_verification(verification=verification, reason="ผิดบ้าน", by=district, at=LATER)

    assert state_of(household) == (Stage.LISTED, SINCE)


def test_what_was_revoked_is_not_proposed_again_by_taking_a_later_verdict_back(
    surveyor: User, district: User
) -> None:
    household = make_household()
    not_poor(household, surveyor)
    proposal = Exit.objects.get()
    approve_exit(proposal=proposal, by=make_user(Role.PROVINCE_OFFICER), at=AT)
    revoke_exit(proposal=proposal, reason="สอบทานใหม่", by=district, at=LATER)
    later = record_verification(
        household=household,
        outcome=Outcome.POOR,
        visited_on=date(2026, 11, 23),
        by=surveyor,
        at=LATER,
    )

    retract_verification(
        verification=later, reason="ผิดบ้าน", by=district, at=LATER + timedelta(hours=1)
    )

    assert state_of(household)[0] == Stage.VERIFIED_NOT_POOR
    assert Exit.objects.get().state == ExitState.REVOKED


def test_an_exit_is_not_revoked_twice_nor_before_it_stands(district: User) -> None:
    household = make_household()
    proposal = propose(household, district, ExitReason.MOVED)
    with pytest.raises(UnableToExit, match="ไม่ได้มีผล"):
        revoke_exit(proposal=proposal, reason="เร็วไป", by=district, at=LATER)
    approve_exit(proposal=proposal, by=make_user(Role.PROVINCE_OFFICER), at=AT)
    revoke_exit(proposal=proposal, reason="กลับมา", by=district, at=LATER)

    with pytest.raises(UnableToExit, match="มีผู้ยกเลิกไปแล้ว"):
        revoke_exit(proposal=proposal, reason="อีกครั้ง", by=district, at=LATER)

    assert Exit.objects.get().revoked_reason == "กลับมา"


def test_a_revocation_needs_a_reason(district: User) -> None:
    household = make_household()
    proposal = approved(household, district)

    with pytest.raises(UnableToExit, match="ระบุเหตุผล"):
        revoke_exit(proposal=proposal, reason="  ", by=district, at=LATER)

    assert state_of(household)[0] == Stage.EXITED


def test_who_may_not_approve_may_not_revoke(district: User, surveyor: User) -> None:
    proposal = approved(make_household(), district)

    with pytest.raises(PermissionDenied):
        revoke_exit(proposal=proposal, reason="กลับมา", by=surveyor, at=LATER)


def test_after_a_revocation_the_household_can_leave_again(district: User) -> None:
    household = make_household()
    revoke_exit(proposal=approved(household, district), reason="กลับมา", by=district, at=LATER)

    approved(household, district, ExitReason.DECEASED)

    assert [row.state for row in Exit.objects.order_by("proposed_at", "pk")] == [
        ExitState.REVOKED,
        ExitState.APPROVED,
    ]
    assert state_of(household)[0] == Stage.EXITED


def test_who_has_left_is_not_verified(district: User) -> None:
    household = make_household()
    approved(household, district)

    with pytest.raises(UnableToVerify, match="ยกเลิกการพ้นเป้าหมาย"):
        not_poor(household, district)


# ---- the database ------------------------------------------------------------------------
@pytest.mark.parametrize(
    "columns",
    [
        {"revoked_at": LATER},
        {"revoked_reason": "กลับมา"},
        {"state": ExitState.REVOKED},
        {"state": ExitState.REVOKED, "revoked_at": LATER, "revoked_reason": ""},
        {"rule_version": 2, "evidence": {}},
        {"rule_version": None, "evidence": {"criteria": []}},
        {"state": ExitState.REJECTED, "relapse_check_on": date(2027, 11, 20)},
    ],
)
def test_the_database_refuses_half_an_exit(district: User, columns: dict[str, Any]) -> None:
    proposal = approved(make_household(), district)

    with pytest.raises(IntegrityError), transaction.atomic():
        Exit.objects.filter(pk=proposal.pk).update(**columns)


# ---- two people see each exit ------------------------------------------------------------
@pytest.mark.parametrize("reason", [r for r in ExitReason if r is not ExitReason.NOT_POOR])
def test_nobody_approves_an_own_proposal(district: User, reason: ExitReason) -> None:
    household = make_household(stage=Stage.IN_HELP)
    proposal = propose(household, district, reason)

    with pytest.raises(PermissionDenied, match="ผู้เสนอ"):
        approve_exit(proposal=proposal, by=district, at=AT)

    assert state_of(household)[0] == Stage.EXIT_PROPOSED
    approve_exit(proposal=proposal, by=make_user(Role.DISTRICT_OFFICER, DISTRICT), at=AT)
    assert state_of(household)[0] == Stage.EXITED


def test_nobody_approves_what_an_own_visit_proposed(district: User) -> None:
    household = make_household()
    record_verification(
        household=household,
        outcome=Outcome.NOT_POOR,
        visited_on=AT.date(),
        reason="มีรายได้ประจำ",
        by=district,
        at=AT,
    )
    with pytest.raises(PermissionDenied, match="ผู้เสนอ"):
        approve_exit(proposal=household.exits.get(), by=district, at=AT)


# ---- the look after a year ---------------------------------------------------------------
A_YEAR_ON = AT + timedelta(days=370)


def look_again(proposal: Exit, by: User, *, fell_back: bool, **overrides: Any) -> RelapseCheck:
    fields: dict[str, Any] = {"checked_on": A_YEAR_ON.date(), "note": "ตกงาน", "at": A_YEAR_ON}
    return record_relapse_check(
        proposal=proposal, fell_back=fell_back, by=by, **(fields | overrides)
    )


def test_who_is_still_out_stays_out(district: User, surveyor: User) -> None:
    household = make_household(stage=Stage.IN_HELP)
    proposal = approved(household, district, ExitReason.GRADUATED)

    check = look_again(proposal, surveyor, fell_back=False, note="")

    proposal.refresh_from_db()
    assert state_of(household)[0] == Stage.EXITED
    assert (proposal.state, check.due_on) == (ExitState.APPROVED, proposal.relapse_check_on)
    assert Event.objects.filter(event="exit.held", subject_id=str(household.pk)).count() == 1


def test_who_fell_back_is_poor_again_from_that_day(district: User, surveyor: User) -> None:
    household = make_household(stage=Stage.IN_HELP)
    proposal = approved(household, district, ExitReason.GRADUATED)
    AreaChange.objects.all().delete()

    check = look_again(proposal, surveyor, fell_back=True)

    proposal.refresh_from_db()
    assert state_of(household) == (Stage.VERIFIED_POOR, A_YEAR_ON.date())
    assert (proposal.state, proposal.revoked_by) == (ExitState.REVOKED, surveyor)
    assert (check.note, check.fell_back) == ("ตกงาน", True)
    assert AreaChange.objects.filter(area_id=household.area_id).exists()
    assert Event.objects.filter(event="exit.relapsed", subject_id=str(household.pk)).count() == 1


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"note": " "}, "ระบุสิ่งที่พบ"),
        ({"checked_on": A_YEAR_ON.date() + timedelta(days=1)}, "อนาคต"),
        ({"checked_on": AT.date() - timedelta(days=1)}, "หลังวันที่อนุมัติ"),
    ],
)
def test_a_relapse_is_not_recorded_by_halves(
    district: User, overrides: dict[str, Any], message: str
) -> None:
    household = make_household(stage=Stage.IN_HELP)
    proposal = approved(household, district, ExitReason.GRADUATED)

    with pytest.raises(UnableToExit, match=message):
        look_again(proposal, district, fell_back=True, **overrides)

    assert state_of(household)[0] == Stage.EXITED


def test_only_who_rose_out_of_poverty_is_looked_at_again_and_once(
    district: User, outsider: User
) -> None:
    moved = approved(make_household(), district)
    with pytest.raises(UnableToExit, match="ไม่ต้องติดตาม"):
        look_again(moved, district, fell_back=False)

    risen = approved(make_household(stage=Stage.IN_HELP), district, ExitReason.GRADUATED)
    with pytest.raises(PermissionDenied):
        look_again(risen, outsider, fell_back=False)
    look_again(risen, district, fell_back=False)
    with pytest.raises(UnableToExit, match="มีผู้บันทึก"):
        look_again(risen, district, fell_back=True)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_wins() -> None:
    household = make_household(stage=Stage.IN_HELP)
    deciders = [make_user(Role.DISTRICT_OFFICER, DISTRICT) for _ in range(2)]
    proposer = make_user(Role.SURVEYOR, SUBDISTRICT)
    pk = propose(household, proposer, ExitReason.GRADUATED).pk
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def decide(number: int) -> None:
        try:
            proposal = Exit.objects.select_related("household").get(pk=pk)
            start.wait(timeout=20)
            if number:
                approve_exit(proposal=proposal, by=deciders[1], at=AT)
            else:
                reject_exit(proposal=proposal, by=deciders[0], at=AT, reason="ยังไม่พ้น")
            outcomes.append("won")
        except UnableToExit:
            outcomes.append("lost")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["lost", "won"]
    after = {ExitState.APPROVED: Stage.EXITED, ExitState.REJECTED: Stage.IN_HELP}
    assert state_of(household)[0] == after[ExitState(Exit.objects.get().state)]
    assert Event.objects.filter(event__in=["exit.approved", "exit.rejected"]).count() == 1
