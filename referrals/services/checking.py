"""What somebody who did not give the help found at the house."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from ppaos.lib.buddhist_era import format_date
from problems.workflow import Resolution
from problems.workflow import Status as ProblemStatus
from referrals.models import OutcomeCheck, Referral
from referrals.services import grants
from referrals.services.errors import UnableToRefer
from referrals.services.moving import hand_back, hold, step
from referrals.workflow import Action, ClosingReason, Fact
from slf.services import (
    UnableToReopenProblem,
    UnableToResolveProblem,
    reopen_problem,
    resolve_problem,
)

_MOST_SATISFIED = 5


@transaction.atomic
def check(
    *,
    referral: Referral,
    problem_remains: bool | None,
    checked_on: date,
    by: User,
    at: datetime,
    satisfaction: int | None = None,
    note: str = "",
    version: int | None = None,
) -> OutcomeCheck:
    """Record a visit after the help, and go on at once as it says.

    Problem gone: the referral closes and the problem is resolved. Problem remains: the
    agency has it again. Raises PermissionDenied, also to the officer who reported the
    help; Taken, WrongState, and UnableToRefer without an answer or on an impossible day.
    """
    current = hold(
        referral=referral,
        action=Action.CHECK,
        by=by,
        version=version,
        facts={Fact.PROBLEM_REMAINS: problem_remains},
    )
    remains = bool(problem_remains)
    _check_day(current, checked_on, at)
    if satisfaction is not None and not 1 <= satisfaction <= _MOST_SATISFIED:
        raise UnableToRefer("ความพึงพอใจต้องเป็น 1 ถึง 5", field="satisfaction")
    found = OutcomeCheck.objects.create(
        referral=current,
        checked_on=checked_on,
        problem_remains=remains,
        satisfaction=satisfaction,
        note=note.strip() or None,
        recorded_at=at,
        checked_by=by,
    )
    before = current.status
    step(
        current,
        action=Action.CHECK,
        by=by,
        at=at,
        note=note,
        columns={"checked_at": at, "checked_by": by, "problem_remains": remains},
    )
    if remains:
        _go_on(current, by=by, at=at)
    else:
        _finish(current, checked_on=checked_on, by=by, at=at)
    hand_back(current, to=referral, action=Action.CHECK, before=before, by=by, at=at)
    return found


def _check_day(referral: Referral, checked_on: date, at: datetime) -> None:
    if checked_on > localdate(at):
        raise UnableToRefer("วันที่เยี่ยมต้องไม่เป็นวันในอนาคต", field="checked_on")
    helped_on = (
        referral.assistance.filter(retracted_at__isnull=True)
        .order_by("-helped_on")
        .values_list("helped_on", flat=True)
        .first()
    )
    earliest = max(filter(None, [helped_on, referral.problem.opened_on]))
    if checked_on < earliest:
        raise UnableToRefer(
            f"วันที่เยี่ยมต้องไม่ก่อนวันที่ช่วยเหลือ ({format_date(earliest)})", field="checked_on"
        )


def _finish(referral: Referral, *, checked_on: date, by: User, at: datetime) -> None:
    step(
        referral,
        action=Action.CLOSE,
        by=by,
        at=at,
        columns={"closing_reason": ClosingReason.SOLVED, "ended_at": at},
    )
    grants.run_out(referral, at=at)
    resolve_if_open(referral, on=checked_on, by=by, at=at)


def resolve_if_open(referral: Referral, *, on: date, by: User, at: datetime) -> None:
    problem = referral.problem
    if problem.status != ProblemStatus.OPEN:
        return
    try:
        resolve_problem(problem=problem, resolution=Resolution.SOLVED, resolved_on=on, by=by, at=at)
    except UnableToResolveProblem as error:
        raise UnableToRefer(str(error)) from None


def _go_on(referral: Referral, *, by: User, at: datetime) -> None:
    step(referral, action=Action.REOPEN, by=by, at=at)
    reopen_if_resolved(referral, reason="เยี่ยมบ้านแล้วปัญหายังอยู่", by=by, at=at)


def reopen_if_resolved(referral: Referral, *, reason: str, by: User, at: datetime) -> None:
    problem = referral.problem
    if problem.status == ProblemStatus.OPEN:
        return
    try:
        reopen_problem(problem=problem, by=by, at=at, reason=reason)
    except UnableToReopenProblem as error:
        raise UnableToRefer(str(error)) from None
