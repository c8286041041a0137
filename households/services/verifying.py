"""A visit's verdict, and taking it back. Nothing is edited and nothing is lost."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from accounts.models import User
from areas.services import mark_changed
from audit.services import record
from files.models import Purpose
from files.services import store
from households import permissions
from households.models import Exit, Household, Verification, VerificationPhoto
from households.services import exiting, stages
from households.workflow import (
    EXIT_PROPOSED_BY,
    NEEDS_REASON,
    STAGE_AFTER,
    ExitState,
    Outcome,
    Stage,
)
from ppaos.lib.buddhist_era import format_date
from ppaos.lib.pictures import UnableToDraw, UploadedPhoto, redrawn

MOST_PHOTOS = 5
LAT = (Decimal("5.5"), Decimal("20.6"))
LON = (Decimal("97.3"), Decimal("105.7"))
_MOVING = [outcome.value for outcome, stage in STAGE_AFTER.items() if stage is not None]


class UnableToVerify(Exception):
    """The verdict cannot be recorded. The message is for the user."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Position:
    """Where the visit was, as the phone measured it; `accuracy_m` is its own guess of the error."""

    lat: Decimal
    lon: Decimal
    accuracy_m: int | None = None


class UnableToRetract(Exception):
    """The verdict cannot be taken back. The message is for the user."""


@transaction.atomic
def record_verification(
    *,
    household: Household,
    outcome: Outcome,
    visited_on: date,
    by: User,
    at: datetime,
    reason: str = "",
    note: str = "",
    photos: Iterable[UploadedPhoto] = (),
    position: Position | None = None,
) -> Verification:
    """Record what a visit found, and move the household as STAGE_AFTER says.

    "Not poor", "moved" and "deceased" propose the exit, which a person approves.
    A household in help that is found poor again stays in help. Photos are redrawn without
    what the phone added and kept sealed; the position stays with the verdict.
    Raises PermissionDenied, and UnableToVerify if the household has left the
    targets, the day is wrong, a reason is missing, or a photo or position cannot be right.
    """
    permissions.check_can_verify(by, household)
    _check_position(position)
    pictures = _drawn(photos)
    current = stages.lock(household)
    _check_can_be_verified(current, outcome, visited_on, reason, at)

    verification = Verification.objects.create(
        household=current,
        outcome=outcome,
        visited_on=visited_on,
        reason=reason.strip() or None,
        note=note.strip() or None,
        lat=position.lat if position else None,
        lon=position.lon if position else None,
        accuracy_m=position.accuracy_m if position else None,
        stage_before=current.stage,
        stage_date_before=current.stage_date,
        recorded_at=at,
        recorded_by=by,
    )
    _keep_photos(verification, pictures, by=by, at=at)
    _carry_out(current, verification, by=by, at=at)
    record(
        event="household.verified",
        subject=current,
        by=by,
        at=at,
        area=current.area_id,
        detail={
            "verification": str(verification.pk),
            "outcome": outcome.value,
            "visited_on": visited_on.isoformat(),
        }
        | ({"photos": len(pictures)} if pictures else {}),
    )
    mark_changed(area_codes=[current.area_id])
    return verification


def _check_position(position: Position | None) -> None:
    if position is None:
        return
    if not (LAT[0] <= position.lat <= LAT[1] and LON[0] <= position.lon <= LON[1]):
        raise UnableToVerify("พิกัดอยู่นอกประเทศไทย ลบออกหรืออ่านตำแหน่งใหม่", field="position")


def _drawn(photos: Iterable[UploadedPhoto]) -> list[bytes]:
    """Draw all before anything is locked: it takes a moment."""
    given = list(photos)
    if len(given) > MOST_PHOTOS:
        raise UnableToVerify(f"แนบรูปได้ไม่เกิน {MOST_PHOTOS} รูป", field="photos")
    try:
        return [redrawn(photo) for photo in given]
    except UnableToDraw as error:
        raise UnableToVerify(str(error), field="photos") from None


def _keep_photos(
    verification: Verification, pictures: list[bytes], *, by: User, at: datetime
) -> None:
    for number, picture in enumerate(pictures, start=1):
        file = store(
            stream=io.BytesIO(picture),
            # A name given by a person may name a person.
            name=f"visit-{number}.jpg",
            purpose=Purpose.PHOTO,
            content_type="image/jpeg",
            by=by,
            at=at,
        )
        VerificationPhoto.objects.create(verification=verification, file=file)


def _check_can_be_verified(
    household: Household, outcome: Outcome, visited_on: date, reason: str, at: datetime
) -> None:
    if household.stage == Stage.EXITED:
        raise UnableToVerify("ครัวเรือนนี้พ้นเป้าหมายแล้ว หากกลับมายากจนอีก ให้อำเภอยกเลิกการพ้นเป้าหมายก่อน")
    if visited_on > localdate(at):
        raise UnableToVerify("วันที่เยี่ยมต้องไม่เป็นวันในอนาคต", field="visited_on")
    if outcome in NEEDS_REASON and not reason.strip():
        raise UnableToVerify(f"ระบุเหตุผลของผล “{outcome.label}”", field="reason")
    latest = _standing(household).order_by("-visited_on", "-recorded_at", "-pk").first()
    if latest is not None and visited_on < latest.visited_on:
        raise UnableToVerify(
            f"มีผลสอบทานที่ใหม่กว่า (เยี่ยมเมื่อ {format_date(latest.visited_on)}) อยู่แล้ว",
            field="visited_on",
        )


def _carry_out(household: Household, verification: Verification, *, by: User, at: datetime) -> None:
    outcome = Outcome(verification.outcome)
    after = STAGE_AFTER[outcome]
    if after is None:
        return
    # The newer verdict replaces whatever an older one proposed.
    exiting.withdraw_proposal(household=household, by=by, at=at)
    if not (outcome is Outcome.POOR and household.stage == Stage.IN_HELP):
        stages.move(household, to=after, on=verification.visited_on)
    if outcome in EXIT_PROPOSED_BY:
        _propose(household, verification, by=by, at=at)


def _propose(household: Household, verification: Verification, *, by: User, at: datetime) -> None:
    exiting.add_proposal(
        household=household,
        reason=EXIT_PROPOSED_BY[Outcome(verification.outcome)],
        note=verification.reason or "",
        verification=verification,
        by=by,
        at=at,
    )


@transaction.atomic
def retract_verification(
    *, verification: Verification, reason: str, by: User, at: datetime
) -> None:
    """Take a verdict back; it stays in the history, with who, when and why.

    If no newer verdict moved the household, it returns to the stage before this
    one, and the exit that this one proposed is withdrawn.
    Raises PermissionDenied, and UnableToRetract if it is taken back already, the
    exit was approved, help has begun on it, or no reason is given.
    """
    permissions.check_can_retract(by, verification, at)
    if not reason.strip():
        raise UnableToRetract("ระบุเหตุผลที่ถอนผลสอบทาน")
    household = stages.lock(verification.household)
    newer = _newer(verification)
    if newer is None and verification.outcome in _MOVING:
        _check_can_be_undone(household, verification)

    retracted = Verification.objects.filter(pk=verification.pk, retracted_at__isnull=True).update(
        retracted_at=at, retracted_by=by, retracted_reason=reason.strip()
    )
    if retracted != 1:
        raise UnableToRetract("ผลสอบทานนี้ถูกถอนไปแล้ว")
    verification.refresh_from_db()

    if verification.outcome in _MOVING:
        if newer is None:
            _undo(household, verification, by=by, at=at)
        else:
            _unlink(verification, newer)
    record(
        event="verification.retracted",
        subject=household,
        by=by,
        at=at,
        area=household.area_id,
        detail={"verification": str(verification.pk), "outcome": verification.outcome},
    )
    mark_changed(area_codes=[household.area_id])


def _standing(household: Household) -> QuerySet[Verification]:
    return Verification.objects.filter(household=household, retracted_at__isnull=True)


def _newer(verification: Verification) -> Verification | None:
    """Return the next standing verdict that moved the household after this one."""
    later = Q(recorded_at__gt=verification.recorded_at) | Q(
        recorded_at=verification.recorded_at, pk__gt=verification.pk
    )
    return (
        _standing(verification.household)
        .filter(later, outcome__in=_MOVING)
        .order_by("recorded_at", "pk")
        .first()
    )


def _check_can_be_undone(household: Household, verification: Verification) -> None:
    if household.stage == Stage.EXITED:
        raise UnableToRetract("การพ้นเป้าหมายได้รับอนุมัติแล้ว ให้อำเภอยกเลิกการพ้นเป้าหมายก่อน จึงถอนผลสอบทานได้")
    if household.stage == Stage.IN_HELP and verification.stage_before != Stage.IN_HELP:
        raise UnableToRetract("ครัวเรือนอยู่ระหว่างช่วยเหลือตามผลนี้ จึงถอนไม่ได้")


def _undo(household: Household, verification: Verification, *, by: User, at: datetime) -> None:
    exiting.withdraw_proposal(household=household, by=by, at=at)
    stages.put(household, stage=Stage(verification.stage_before), on=verification.stage_date_before)
    # An older verdict that had proposed an exit proposes it again.
    latest = (
        _standing(household).filter(outcome__in=_MOVING).order_by("-recorded_at", "-pk").first()
    )
    if latest is None or STAGE_AFTER[Outcome(latest.outcome)] != household.stage:
        return
    turned_down = Exit.objects.filter(
        verification=latest, state__in=[ExitState.REJECTED, ExitState.REVOKED]
    )
    if Outcome(latest.outcome) in EXIT_PROPOSED_BY and not turned_down.exists():
        _propose(household, latest, by=by, at=at)


def _unlink(verification: Verification, newer: Verification) -> None:
    """Let the next verdict remember the stage before this one, as if this had never been."""
    after = STAGE_AFTER[Outcome(verification.outcome)]
    if newer.stage_before == after:
        Verification.objects.filter(pk=newer.pk).update(
            stage_before=verification.stage_before,
            stage_date_before=verification.stage_date_before,
        )
