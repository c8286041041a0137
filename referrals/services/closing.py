"""The end of a referral by staff, and taking the end back."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from referrals.models import Referral
from referrals.services import grants
from referrals.services.checking import reopen_if_resolved, resolve_if_open
from referrals.services.errors import WrongState
from referrals.services.moving import hand_back, hold, settle_help, step
from referrals.services.sending import check_can_be_helped
from referrals.workflow import Action, ClosingReason, Fact

RESOLVING = frozenset({ClosingReason.SOLVED, ClosingReason.SELF_SOLVED})
"""Reasons that say the problem is gone; the others leave it open."""


@transaction.atomic
def close(
    *,
    referral: Referral,
    closing_reason: ClosingReason | None,
    by: User,
    at: datetime,
    note: str = "",
    version: int | None = None,
) -> None:
    """End what no agency takes on, or what was checked; the agency may look back for a while.

    Raises PermissionDenied, Taken, WrongState, and UnableToRefer without a reason.
    """
    current = hold(
        referral=referral,
        action=Action.CLOSE,
        by=by,
        version=version,
        facts={Fact.CLOSING_REASON: closing_reason},
    )
    before = current.status
    step(
        current,
        action=Action.CLOSE,
        by=by,
        at=at,
        note=note,
        columns={"closing_reason": closing_reason, "ended_at": at},
    )
    grants.run_out(current, at=at)
    if closing_reason in RESOLVING:
        resolve_if_open(current, on=localdate(at), by=by, at=at)
    settle_help(current, by=by, at=at)
    hand_back(current, to=referral, action=Action.CLOSE, before=before, by=by, at=at)


@transaction.atomic
def reopen(
    *, referral: Referral, reason: str, by: User, at: datetime, version: int | None = None
) -> None:
    """Let the agency that had taken it on go on; the problem its end had resolved opens again.

    Raises PermissionDenied, Taken, WrongState (also if no agency had taken it on), and
    UnableToRefer without a reason or if the household has left the targets.
    """
    current = hold(
        referral=referral,
        action=Action.REOPEN,
        by=by,
        version=version,
        facts={Fact.REASON: reason},
    )
    if current.accepted_at is None:
        raise WrongState("ไม่เคยมีหน่วยงานรับดำเนินการเรื่องนี้ จึงเปิดใหม่ไม่ได้ ให้ส่งต่อเป็นเรื่องใหม่")
    if current.closing_reason in RESOLVING:
        # What was typed stays sealed in the referral's own event; the trail is plain.
        reopen_if_resolved(current, reason=f"เปิดเรื่อง {current.number} ใหม่", by=by, at=at)
    check_can_be_helped(current.household, current.problem)
    before = current.status
    step(
        current,
        action=Action.REOPEN,
        by=by,
        at=at,
        note=reason,
        columns={"closing_reason": "", "ended_at": None},
    )
    grants.begin(current, at=at)
    settle_help(current, by=by, at=at)
    hand_back(current, to=referral, action=Action.REOPEN, before=before, by=by, at=at)


@transaction.atomic
def cancel(
    *, referral: Referral, reason: str, by: User, at: datetime, version: int | None = None
) -> None:
    """Call off a draft, or what was sent; the agency no longer sees the household.

    Raises PermissionDenied, Taken, WrongState, and UnableToRefer without a reason.
    """
    current = hold(
        referral=referral,
        action=Action.CANCEL,
        by=by,
        version=version,
        facts={Fact.REASON: reason},
    )
    before = current.status
    step(current, action=Action.CANCEL, by=by, at=at, note=reason, columns={"ended_at": at})
    grants.end_now(current, at=at)
    settle_help(current, by=by, at=at)
    hand_back(current, to=referral, action=Action.CANCEL, before=before, by=by, at=at)
