"""What the agency that was asked does with a referral."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from referrals.models import Referral
from referrals.services.errors import UnableToRefer
from referrals.services.moving import carry_out, hand_back, hold, locked, settle_help, step
from referrals.workflow import Action, Fact, Result, Status


def receive(*, referral: Referral, by: User, at: datetime, version: int | None = None) -> None:
    """Say that the agency has the case before it.

    Raises PermissionDenied, Taken or WrongState.
    """
    carry_out(
        referral=referral,
        action=Action.RECEIVE,
        by=by,
        at=at,
        version=version,
        columns={"received_at": at},
    )


@transaction.atomic
def accept(
    *,
    referral: Referral,
    expected_date: date | None,
    by: User,
    at: datetime,
    note: str = "",
    version: int | None = None,
) -> None:
    """Take the case on, until a day; the household is in help from now.

    One not yet received is received on the way. Raises PermissionDenied, Taken,
    WrongState, and UnableToRefer without a day or with one that has passed.
    """
    current = hold(
        referral=referral,
        action=Action.ACCEPT,
        by=by,
        version=version,
        facts={Fact.EXPECTED_DATE: expected_date},
    )
    if expected_date is not None and expected_date < localdate(at):
        raise UnableToRefer("วันที่คาดว่าจะแล้วเสร็จผ่านไปแล้ว ระบุวันนี้หรือวันหน้า", field="expected_date")
    before = current.status
    if before == Status.SUBMITTED:
        step(current, action=Action.RECEIVE, by=by, at=at, columns={"received_at": at})
    step(
        current,
        action=Action.ACCEPT,
        by=by,
        at=at,
        note=note,
        columns={"accepted_at": at, "expected_date": expected_date},
    )
    settle_help(current, by=by, at=at)
    hand_back(current, to=referral, action=Action.ACCEPT, before=before, by=by, at=at)


def return_referral(
    *, referral: Referral, reason: str, by: User, at: datetime, version: int | None = None
) -> None:
    """Give the case back to be completed. Raises as `reject`."""
    _give_back(Action.RETURN, referral, reason=reason, by=by, at=at, version=version)


def reject(
    *, referral: Referral, reason: str, by: User, at: datetime, version: int | None = None
) -> None:
    """Say that the case is not the agency's, or not within its rules.

    Raises PermissionDenied, Taken, WrongState, and UnableToRefer without a reason.
    """
    _give_back(Action.REJECT, referral, reason=reason, by=by, at=at, version=version)


@transaction.atomic
def _give_back(
    action: Action,
    referral: Referral,
    *,
    reason: str,
    by: User,
    at: datetime,
    version: int | None,
) -> None:
    current = hold(
        referral=referral, action=action, by=by, version=version, facts={Fact.REASON: reason}
    )
    before = current.status
    step(current, action=action, by=by, at=at, note=reason)
    settle_help(current, by=by, at=at)
    hand_back(current, to=referral, action=action, before=before, by=by, at=at)


def start(
    *, referral: Referral, note: str, by: User, at: datetime, version: int | None = None
) -> None:
    """Begin the work; the note says with what. The day it is due stays.

    Raises PermissionDenied, Taken, WrongState, and UnableToRefer without a note.
    """
    carry_out(
        referral=referral,
        action=Action.START,
        by=by,
        at=at,
        version=version,
        facts={Fact.NOTE: note},
        note=note,
    )


@transaction.atomic
def report_help(
    *,
    referral: Referral,
    result: Result | None,
    by: User,
    at: datetime,
    note: str = "",
    version: int | None = None,
) -> None:
    """Say that help was given and what it did; somebody else looks at the house next.

    Raises PermissionDenied, Taken, WrongState, and UnableToRefer without a result or
    before any assistance is recorded.
    """
    # Held first, so that no help is taken back between the look and the report. What another
    # agency gave before the case came here is not this one's to report.
    agency = locked(referral).agency_id
    given = referral.assistance.filter(retracted_at__isnull=True, agency=agency).exists()
    current = hold(
        referral=referral,
        action=Action.REPORT_HELP,
        by=by,
        version=version,
        facts={Fact.ASSISTANCE: given or None, Fact.RESULT: result},
    )
    before = current.status
    step(
        current,
        action=Action.REPORT_HELP,
        by=by,
        at=at,
        note=note,
        columns={
            "helped_at": at,
            "reported_by": by,
            "result": result,
            # An earlier check was of the help before this; its own row keeps it.
            "checked_at": None,
            "checked_by": None,
            "problem_remains": None,
        },
    )
    hand_back(current, to=referral, action=Action.REPORT_HELP, before=before, by=by, at=at)
