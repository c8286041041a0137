"""A household leaves the targets: proposed, then approved or rejected by a person."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from audit.services import record
from households import permissions
from households.models import Exit, Household, Verification
from households.services import stages
from households.workflow import ExitReason, ExitState, Stage


class UnableToExit(Exception):
    """The household cannot leave, or somebody decided first. The message is for the user."""


def add_proposal(
    *,
    household: Household,
    reason: ExitReason,
    note: str,
    by: User,
    at: datetime,
    verification: Verification | None = None,
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
    *, household: Household, reason: ExitReason, note: str, by: User, at: datetime
) -> Exit:
    """Propose that the household leaves the targets.

    Raises PermissionDenied, and UnableToExit if it has left or a proposal waits.
    """
    permissions.check_can_propose_exit(by, household)
    current = stages.lock(household)
    if current.stage == Stage.EXITED:
        raise UnableToExit("ครัวเรือนนี้พ้นเป้าหมายไปแล้ว")
    if Exit.objects.filter(household=current, state=ExitState.PROPOSED).exists():
        raise UnableToExit("มีข้อเสนอให้พ้นเป้าหมายที่รออนุมัติอยู่แล้ว")
    proposal = add_proposal(household=current, reason=reason, note=note, by=by, at=at)
    stages.move(current, to=Stage.EXIT_PROPOSED, on=localdate(at))
    return proposal


@transaction.atomic
def approve_exit(*, proposal: Exit, by: User, at: datetime) -> None:
    """Let the household leave the targets.

    Raises PermissionDenied, and UnableToExit if the proposal no longer waits.
    """
    permissions.check_can_decide_exit(by, proposal)
    current = stages.lock(proposal.household)
    _decide(proposal, state=ExitState.APPROVED, by=by, at=at)
    stages.move(current, to=Stage.EXITED, on=localdate(at))
    record(
        event="exit.approved",
        subject=current,
        by=by,
        at=at,
        area=current.area_id,
        detail={"exit": str(proposal.pk), "reason": proposal.reason},
    )


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
    _decide(proposal, state=ExitState.REJECTED, by=by, at=at)
    stages.put(current, stage=Stage(proposal.stage_before), on=proposal.stage_date_before)
    record(
        event="exit.rejected",
        subject=current,
        by=by,
        at=at,
        area=current.area_id,
        reason=reason,
        detail={"exit": str(proposal.pk)},
    )


def _decide(proposal: Exit, *, state: ExitState, by: User, at: datetime) -> None:
    # Compare-and-set: of two who decide at once, one row count is 0.
    decided = Exit.objects.filter(pk=proposal.pk, state=ExitState.PROPOSED).update(
        state=state, decided_at=at, decided_by=by
    )
    if decided != 1:
        raise UnableToExit("มีผู้ตัดสินข้อเสนอนี้แล้ว หรือข้อเสนอถูกถอนไปแล้ว")
    proposal.refresh_from_db()
