"""What a household got: recorded by the agency, taken back with a reason, never edited."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from areas.services import mark_changed
from audit.services import record
from ppaos.lib.pictures import UploadedPhoto
from ppaos.orm import uuid7
from problems.models import Problem
from referrals import permissions
from referrals.models import Assistance, AssistancePhoto, Referral
from referrals.services.errors import UnableToRefer, WrongState
from referrals.services.moving import locked, settle_help
from referrals.services.photos import keep_photos
from referrals.workflow import HELPED_THROUGH, AssistanceKind, Status

_MOST_THB = Decimal("9999999999.99")
_CENT = Decimal("0.01")
_MOST_PEOPLE = 10_000
_LONGEST_REASON = 300


@transaction.atomic
def record_assistance(
    *,
    referral: Referral,
    kind: AssistanceKind,
    amount_thb: Decimal,
    helped_on: date,
    by: User,
    at: datetime,
    description: str = "",
    people: int | None = None,
    photos: Iterable[UploadedPhoto] = (),
    key: UUID | None = None,
) -> Assistance:
    """Record one help that the agency gave through a referral it has in hand.

    `key` is the id that the help shall have, made before it was typed, so that a form
    that is sent twice counts once.
    Raises PermissionDenied, WrongState, and UnableToRefer for an impossible amount, day
    or number of people, for a photo that cannot be kept, and for a key that is taken.
    """
    current = locked(referral)
    permissions.check_can_record_assistance(by, current)
    if current.status not in HELPED_THROUGH:
        raise WrongState(
            f"เรื่อง {current.number} อยู่ในสถานะ “{current.get_status_display()}” "
            "บันทึกความช่วยเหลือได้หลังรับดำเนินการและก่อนสอบทานผล"
        )
    agency = current.agency
    assert agency is not None, "only a sent referral is answered"
    _check_amount(amount_thb)
    if helped_on > localdate(at):
        raise UnableToRefer("วันที่ช่วยเหลือต้องไม่เป็นวันในอนาคต", field="helped_on")
    if people is not None and not 1 <= people <= _MOST_PEOPLE:
        raise UnableToRefer(f"จำนวนคนต้องเป็น 1 ถึง {_MOST_PEOPLE:,}", field="people")
    if key is not None and Assistance.objects.filter(pk=key).exists():
        raise UnableToRefer("บันทึกความช่วยเหลือรายการนี้ไว้แล้ว จึงไม่บันทึกซ้ำ")
    assistance = Assistance.objects.create(
        pk=key or uuid7(),
        household=current.household,
        referral=current,
        dimension=Problem.objects.values_list("dimension", flat=True).get(pk=current.problem_id),
        agency=agency,
        kind=kind,
        description=description.strip() or None,
        amount_thb=amount_thb,
        helped_on=helped_on,
        people=people,
        recorded_at=at,
        recorded_by=by,
    )
    AssistancePhoto.objects.bulk_create(
        AssistancePhoto(assistance=assistance, file=file)
        for file in keep_photos(photos, by=by, at=at)
    )
    _tell("assistance.recorded", assistance, by=by, at=at)
    return assistance


def _check_amount(amount_thb: Decimal) -> None:
    if not amount_thb.is_finite() or not 0 <= amount_thb <= _MOST_THB:
        raise UnableToRefer("จำนวนเงินต้องเป็น 0 บาทขึ้นไป (0 หากไม่ได้ให้เป็นเงิน)", field="amount_thb")
    if amount_thb != amount_thb.quantize(_CENT):
        raise UnableToRefer("จำนวนเงินมีทศนิยมได้ไม่เกินสองตำแหน่ง", field="amount_thb")


@transaction.atomic
def retract_assistance(*, assistance: Assistance, reason: str, by: User, at: datetime) -> None:
    """Take back a help that was recorded wrongly; it stays in the history with the reason.

    Raises PermissionDenied, and UnableToRefer without a reason, if it was taken back
    already, or if it is all that a report of help waiting for its check rests on.
    """
    permissions.check_can_retract_assistance(by, assistance)
    if not reason.strip():
        raise UnableToRefer("ระบุเหตุผลที่ถอนรายการนี้", field="reason")
    if len(reason.strip()) > _LONGEST_REASON:
        raise UnableToRefer(f"เหตุผลยาวได้ไม่เกิน {_LONGEST_REASON} ตัวอักษร ให้เขียนสั้นลง", field="reason")
    referral = locked(assistance.referral) if assistance.referral is not None else None
    if referral is not None and referral.status == Status.HELPED and _is_last(assistance, referral):
        raise UnableToRefer("เรื่องนี้แจ้งผลช่วยเหลือแล้วด้วยรายการนี้รายการเดียว บันทึกรายการที่ถูกต้องก่อนถอน")
    taken_back = (
        Assistance.objects.standing()
        .filter(pk=assistance.pk)
        .update(retracted_at=at, retracted_by=by, retracted_reason=reason.strip())
    )
    if taken_back != 1:
        raise UnableToRefer("รายการนี้ถูกถอนไปแล้ว")
    assistance.refresh_from_db()
    if referral is not None:
        settle_help(referral, by=by, at=at)
    _tell("assistance.retracted", assistance, by=by, at=at)


def _is_last(assistance: Assistance, referral: Referral) -> bool:
    """Say whether the agency that has the case has no other help recorded."""
    others = Assistance.objects.standing().filter(referral=referral, agency=referral.agency_id)
    return not others.exclude(pk=assistance.pk).exists()


def _tell(event: str, assistance: Assistance, *, by: User, at: datetime) -> None:
    household = assistance.household
    record(
        event=event,
        subject=household,
        by=by,
        at=at,
        area=household.area_id,
        detail={
            "assistance": str(assistance.pk),
            "referral": str(assistance.referral_id or ""),
            "agency": str(assistance.agency_id),
            "kind": str(assistance.kind),
        },
    )
    mark_changed(area_codes=[household.area_id])
