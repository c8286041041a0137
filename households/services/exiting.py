"""A household leaves the targets: proposed, then decided by a person, who can take it back."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from areas.services import mark_changed
from audit.services import record
from households import permissions
from households.models import Exit, Household, RelapseCheck, Verification
from households.services import stages
from households.workflow import (
    NEEDS_EVIDENCE,
    ExitReason,
    ExitState,
    Stage,
)

FELL_BACK = "ติดตามซ้ำแล้วพบว่ากลับมายากจนอีก"


class UnableToExit(Exception):
    """The household cannot leave, or somebody decided first. The message is for the user."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a rule found about the household on the day of the proposal, and which rule."""

    evidence: Mapping[str, Any]
    rule_version: int


def add_proposal(
    *,
    household: Household,
    reason: ExitReason,
    note: str,
    by: User,
    at: datetime,
    verification: Verification | None = None,
    proof: Proof | None = None,
) -> Exit:
    """Add a proposal to a locked household that has none. The caller has checked the right."""
    proposal = Exit.objects.create(
        household=household,
        reason=reason,
        note=note or None,
        verification=verification,
        stage_before=verification.stage_before if verification else household.stage,
        stage_date_before=(
            verification.stage_date_before if verification else household.stage_date
        ),
        proposed_at=at,
        proposed_by=by,
        evidence=dict(proof.evidence) if proof else {},
        rule_version=proof.rule_version if proof else None,
    )
    record(
        event="exit.proposed",
        subject=household,
        by=by,
        at=at,
        area=household.area_id,
        detail={"exit": str(proposal.pk), "reason": reason.value},
    )
    return proposal


def withdraw_proposal(*, household: Household, by: User, at: datetime) -> None:
    """Withdraw the household's waiting proposal, if there is one."""
    withdrawn = Exit.objects.filter(household=household, state=ExitState.PROPOSED).update(
        state=ExitState.WITHDRAWN, decided_at=at, decided_by=by
    )
    if withdrawn:
        record(event="exit.withdrawn", subject=household, by=by, at=at, area=household.area_id)


@transaction.atomic
def propose_exit(
    *,
    household: Household,
    reason: ExitReason,
    note: str,
    by: User,
    at: datetime,
    proof: Proof | None = None,
) -> Exit:
    """Propose that the household leaves the targets.

    "Graduated" and "continuing care" need a proof, which `referrals.services` makes; "not
    poor" needs a visit that found so. Raises PermissionDenied, and UnableToExit without
    them, or if the household has left or a proposal waits.
    """
    permissions.check_can_propose_exit(by, household)
    current = stages.lock(household)
    if current.stage == Stage.EXITED:
        raise UnableToExit("ครัวเรือนนี้พ้นเป้าหมายไปแล้ว")
    if Exit.objects.filter(household=current, state=ExitState.PROPOSED).exists():
        raise UnableToExit("มีข้อเสนอให้พ้นเป้าหมายที่รออนุมัติอยู่แล้ว")
    if reason in NEEDS_EVIDENCE and proof is None:
        raise UnableToExit(f"เหตุ “{reason.label}” ต้องเสนอพร้อมหลักฐานตามเกณฑ์พ้นเป้าหมาย")
    if reason is ExitReason.NOT_POOR and current.stage != Stage.VERIFIED_NOT_POOR:
        raise UnableToExit("เหตุ “ไม่จน” ต้องมาจากการเยี่ยมบ้าน ให้บันทึกผลสอบทานว่าไม่จน")
    proposal = add_proposal(
        household=current, reason=reason, note=note.strip(), proof=proof, by=by, at=at
    )
    stages.move(current, to=Stage.EXIT_PROPOSED, on=localdate(at))
    return proposal


@transaction.atomic
def approve_exit(*, proposal: Exit, by: User, at: datetime) -> None:
    """Let the household leave the targets; who rose out of poverty is looked at again later.

    Raises PermissionDenied, also for who proposed it, and UnableToExit if the proposal no
    longer waits.
    """
    permissions.check_can_approve_exit(by, proposal)
    current = stages.lock(proposal.household)
    falls_back = proposal.reason in NEEDS_EVIDENCE
    check_on = _months_later(localdate(at), settings.RELAPSE_CHECK_MONTHS) if falls_back else None
    _decide(proposal, state=ExitState.APPROVED, by=by, at=at, relapse_check_on=check_on)
    stages.move(current, to=Stage.EXITED, on=localdate(at))
    _tell("exit.approved", proposal, by=by, at=at)


@transaction.atomic
def reject_exit(*, proposal: Exit, by: User, at: datetime, reason: str) -> None:
    """Keep the household among the targets, in the stage it had before the proposal.

    Raises PermissionDenied, and UnableToExit if the proposal no longer waits or
    no reason is given.
    """
    permissions.check_can_decide_exit(by, proposal)
    if not reason.strip():
        raise UnableToExit("ระบุเหตุผลที่ไม่อนุมัติ")
    current = stages.lock(proposal.household)
    _decide(proposal, state=ExitState.REJECTED, by=by, at=at, decided_reason=reason.strip())
    stages.put(current, stage=Stage(proposal.stage_before), on=proposal.stage_date_before)
    _tell("exit.rejected", proposal, by=by, at=at, reason=reason.strip())


@transaction.atomic
def withdraw_exit(*, proposal: Exit, by: User, at: datetime) -> None:
    """Take one's own waiting proposal back; the household is as it was before.

    Raises PermissionDenied, and UnableToExit if the proposal no longer waits or was made
    by a visit's verdict, which is what is to be taken back then.
    """
    permissions.check_can_withdraw_exit(by, proposal)
    if proposal.verification_id is not None:
        raise UnableToExit("ข้อเสนอนี้เกิดจากผลสอบทาน ให้ถอนผลสอบทานแทน")
    current = stages.lock(proposal.household)
    _decide(proposal, state=ExitState.WITHDRAWN, by=by, at=at)
    stages.put(current, stage=Stage(proposal.stage_before), on=proposal.stage_date_before)
    _tell("exit.withdrawn", proposal, by=by, at=at)


@transaction.atomic
def revoke_exit(*, proposal: Exit, reason: str, by: User, at: datetime) -> None:
    """Take an approved exit back: the household is a target again, in the stage it had.

    One that was found not poor stays found not poor until the next visit. Nothing is
    proposed anew. Raises PermissionDenied, and UnableToExit if the exit does not stand or
    no reason is given.
    """
    permissions.check_can_decide_exit(by, proposal)
    if not reason.strip():
        raise UnableToExit("ระบุเหตุผลที่ยกเลิกการพ้นเป้าหมาย")
    current = stages.lock(proposal.household)
    revoked = Exit.objects.filter(pk=proposal.pk, state=ExitState.APPROVED).update(
        state=ExitState.REVOKED,
        revoked_at=at,
        revoked_by=by,
        revoked_reason=reason.strip(),
        relapse_check_on=None,
    )
    if revoked != 1:
        raise UnableToExit("การพ้นเป้าหมายนี้ไม่ได้มีผลอยู่ หรือมีผู้ยกเลิกไปแล้ว")
    proposal.refresh_from_db()
    stage, since = _stage_behind(proposal)
    stages.put(current, stage=stage, on=since)
    _tell("exit.revoked", proposal, by=by, at=at, reason=reason.strip())


# ---- the look after a year ---------------------------------------------------------------
@transaction.atomic
def record_relapse_check(
    *, proposal: Exit, fell_back: bool, checked_on: date, note: str, by: User, at: datetime
) -> RelapseCheck:
    """Record what somebody found a year after the household had left the targets.

    Still out: it stays out. Fallen back: the exit is revoked and the household is found
    poor again from that day. Raises PermissionDenied, and UnableToExit if the exit does not
    stand or asks for no look, somebody looked before, the day is wrong, or what was found
    is not said of a household that fell back.
    """
    permissions.check_can_verify(by, proposal.household)
    if checked_on > localdate(at) or checked_on < localdate(proposal.decided_at or at):
        raise UnableToExit("วันที่เยี่ยมต้องอยู่หลังวันที่อนุมัติ และไม่เป็นวันในอนาคต")
    if fell_back and not note.strip():
        raise UnableToExit("ระบุสิ่งที่พบ ว่ากลับมายากจนอย่างไร")
    current = stages.lock(proposal.household)
    standing = Exit.objects.filter(pk=proposal.pk, state=ExitState.APPROVED).first()
    if standing is None or standing.relapse_check_on is None:
        raise UnableToExit("การพ้นเป้าหมายนี้ไม่ได้มีผลอยู่ หรือไม่ต้องติดตามซ้ำ")
    if RelapseCheck.objects.filter(exit=proposal).exists():
        raise UnableToExit("มีผู้บันทึกผลติดตามซ้ำแล้ว")
    check = RelapseCheck.objects.create(
        exit=standing,
        due_on=standing.relapse_check_on,
        checked_on=checked_on,
        fell_back=fell_back,
        note=note.strip() or None,
        recorded_at=at,
        recorded_by=by,
    )
    if fell_back:
        Exit.objects.filter(pk=standing.pk).update(
            state=ExitState.REVOKED,
            revoked_at=at,
            revoked_by=by,
            revoked_reason=FELL_BACK,
            relapse_check_on=None,
        )
        stages.put(current, stage=Stage.VERIFIED_POOR, on=checked_on)
    proposal.refresh_from_db()
    event = "exit.relapsed" if fell_back else "exit.held"
    _tell(event, proposal, by=by, at=at)
    mark_changed(area_codes=[current.area_id])
    return check


def _stage_behind(proposal: Exit) -> tuple[Stage, date]:
    """Return the stage and its date to which a household returns from an exit."""
    verification, before = proposal.verification, Stage(proposal.stage_before)
    is_found_not_poor = proposal.reason == ExitReason.NOT_POOR and verification is not None
    if is_found_not_poor and before is not Stage.VERIFIED_NOT_POOR:
        assert verification is not None
        return Stage.VERIFIED_NOT_POOR, verification.visited_on
    return before, proposal.stage_date_before


def _decide(proposal: Exit, *, state: ExitState, by: User, at: datetime, **columns: Any) -> None:
    # Compare-and-set: of two who decide at once, one row count is 0.
    decided = Exit.objects.filter(pk=proposal.pk, state=ExitState.PROPOSED).update(
        state=state, decided_at=at, decided_by=by, **columns
    )
    if decided != 1:
        raise UnableToExit("มีผู้ตัดสินข้อเสนอนี้แล้ว หรือข้อเสนอถูกถอนไปแล้ว")
    proposal.refresh_from_db()


def _tell(event: str, proposal: Exit, *, by: User, at: datetime, reason: str = "") -> None:
    household = proposal.household
    record(
        event=event,
        subject=household,
        by=by,
        at=at,
        area=household.area_id,
        reason=reason,
        detail={"exit": str(proposal.pk), "reason": str(proposal.reason)},
    )


def _months_later(day: date, months: int) -> date:
    """Return the same day of a later month, or its last day where that one is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
