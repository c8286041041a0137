"""How a move is carried out: the one place that writes a referral's status.

Who may, from where and with what is looked up in the table of moves, never asked here.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from accounts.models import User
from areas.services import mark_changed
from audit.services import record
from households.services import begin_help, end_help
from referrals import permissions
from referrals.models import Assistance, Referral, ReferralEvent
from referrals.services.due import last_day
from referrals.services.errors import Taken, UnableToRefer, WrongState
from referrals.workflow import HELPING, MOVE_OF, Action, Fact, Urgency

EVENTS: dict[Action, str] = {
    Action.SUBMIT: "referral.submitted",
    Action.RECEIVE: "referral.received",
    Action.ACCEPT: "referral.accepted",
    Action.RETURN: "referral.returned",
    Action.REJECT: "referral.rejected",
    Action.START: "referral.started",
    Action.REPORT_HELP: "referral.helped",
    Action.CHECK: "referral.checked",
    Action.CLOSE: "referral.closed",
    Action.REOPEN: "referral.reopened",
    Action.CANCEL: "referral.cancelled",
    Action.TRANSFER: "referral.transferred",
}
"""What the trail calls each move."""

# What to say, and beside which field, where a fact is missing.
_MISSING: dict[Fact, tuple[str, str]] = {
    Fact.AGENCY: ("เลือกหน่วยงานที่จะรับเรื่อง", "agency"),
    Fact.EXPECTED_DATE: ("ระบุวันที่คาดว่าจะแล้วเสร็จ", "expected_date"),
    Fact.REASON: ("ระบุเหตุผล", "reason"),
    Fact.NOTE: ("บันทึกสั้น ๆ ว่าเริ่มดำเนินการอะไร", "note"),
    Fact.ASSISTANCE: ("บันทึกความช่วยเหลืออย่างน้อยหนึ่งรายการก่อนแจ้งผล", "assistance"),
    Fact.RESULT: ("เลือกผลของการช่วยเหลือ", "result"),
    Fact.PROBLEM_REMAINS: ("ตอบว่าปัญหายังอยู่หรือไม่", "problem_remains"),
    Fact.CLOSING_REASON: ("เลือกเหตุที่ปิดเรื่อง", "closing_reason"),
}


def hold(
    *,
    referral: Referral,
    action: Action,
    by: User,
    version: int | None,
    facts: Mapping[Fact, object],
) -> Referral:
    """Return the referral as it stands, held until the transaction ends, ready for the move.

    `version` is what the person was looking at; without it, what the caller's object
    says. Raises PermissionDenied, Taken, WrongState, or UnableToRefer for a missing fact.
    """
    current = locked(referral)
    permissions.check_can_move(by, current, action)
    check_is_as_seen(current, version=referral.version if version is None else version, by=by)
    move = MOVE_OF[action]
    if current.status not in move.sources:
        raise WrongState(
            f"เรื่อง {current.number} อยู่ในสถานะ “{current.get_status_display()}” จึง{action.label}ไม่ได้"
        )
    for fact in move.needs:
        if _is_blank(facts.get(fact)):
            message, field = _MISSING[fact]
            raise UnableToRefer(message, field=field)
    return current


def locked(referral: Referral) -> Referral:
    return (
        Referral.objects.select_for_update(of=("self",))
        .select_related("household", "problem", "agency")
        .get(pk=referral.pk)
    )


def check_is_as_seen(current: Referral, *, version: int, by: User) -> None:
    """Raise Taken if the referral was moved since somebody saw it in this version."""
    if current.version == version:
        return
    last = current.events.select_related("by").order_by("-at", "-pk").first()
    who = "ท่าน" if last is None or last.by_id == by.pk else str(last.by)
    raise Taken(
        f"{who}เปลี่ยนเรื่อง {current.number} เป็น “{current.get_status_display()}” ไปก่อนแล้ว "
        "ดูข้อมูลล่าสุดแล้วตัดสินใจอีกครั้ง"
    )


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def step(
    current: Referral,
    *,
    action: Action,
    by: User,
    at: datetime,
    note: str = "",
    columns: Mapping[str, Any] | None = None,
) -> None:
    """Move a held referral one row of the table on, and write that down.

    Raises UnableToRefer if the agency has another live referral of the same problem.
    """
    before = current.status
    to = MOVE_OF[action].to
    current.status = to.value
    current.moved_at = at
    current.version += 1
    # Beginning the work does not give more time to finish it.
    if action is not Action.START:
        current.due_on = last_day(status=to, urgency=Urgency(current.urgency), since=localdate(at))
    for name, value in (columns or {}).items():
        setattr(current, name, value)
    save(current)
    ReferralEvent.objects.create(
        referral=current,
        action=action.value,
        from_status=before,
        to_status=to.value,
        at=at,
        by=by,
        agency_id=current.agency_id,
        note=note.strip() or None,
    )


def save(current: Referral) -> None:
    """Write the row; raises UnableToRefer if the agency has the same problem already."""
    try:
        with transaction.atomic():
            current.save()
    except IntegrityError as error:
        if "referral_one_live_per_problem_and_agency" not in str(error):
            raise
        raise UnableToRefer(
            f"มีเรื่องของปัญหานี้ที่ {current.agency} และยังไม่สิ้นสุดอยู่แล้ว", field="agency"
        ) from None


def hand_back(
    current: Referral, *, to: Referral, action: Action, before: str, by: User, at: datetime
) -> None:
    """Tell the trail and the counting of a finished move; bring the caller's object up to it."""
    record(
        event=EVENTS[action],
        subject=current.household,
        by=by,
        at=at,
        area=current.household.area_id,
        detail={
            "referral": str(current.pk),
            "number": current.number,
            "from": before,
            "to": str(current.status),
            "agency": str(current.agency_id or ""),
        },
    )
    mark_changed(area_codes=[current.household.area_id])
    for field in Referral._meta.concrete_fields:
        setattr(to, field.attname, getattr(current, field.attname))


@transaction.atomic
def carry_out(
    *,
    referral: Referral,
    action: Action,
    by: User,
    at: datetime,
    version: int | None,
    facts: Mapping[Fact, object] | None = None,
    note: str = "",
    columns: Mapping[str, Any] | None = None,
) -> None:
    """Carry out a move that is one row of the table and touches nothing else."""
    current = hold(referral=referral, action=action, by=by, version=version, facts=facts or {})
    before = current.status
    step(current, action=action, by=by, at=at, note=note, columns=columns)
    hand_back(current, to=referral, action=action, before=before, by=by, at=at)


def settle_help(referral: Referral, *, by: User, at: datetime) -> None:
    """Put the household in help, or out of it, as its referrals and the help given now say.

    It is in help while an agency has one of its referrals in hand, and after help was given.
    """
    household = referral.household
    if Referral.objects.filter(
        household=household, status__in=[status.value for status in HELPING]
    ).exists():
        begin_help(household=household, by=by, at=at)
    elif not Assistance.objects.standing().filter(household=household).exists():
        end_help(household=household, by=by, at=at)
