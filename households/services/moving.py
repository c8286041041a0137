"""A household stands elsewhere: at once, or when the place it goes to has accepted.

What hangs on the household follows it, since every door asks where it stands now:
listings, visits, problems, assessments, plans, waiting exits, items of forums, and live
referrals. An agency that does not work in the new place is let out of its referrals there
(its grant ends); the receiving office sees them and chooses another agency. A move that
waits changes nothing: the household stays with those who have it, never with nobody.
"""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from accounts.models import User
from areas.models import Area
from areas.services import mark_changed
from audit.services import record
from households import permissions
from households.models import Household, HouseholdMove
from households.services import stages
from households.services.places import (
    ADDRESS,
    Place,
    as_kept,
    as_left,
    enter_house,
    place_from,
    place_of,
    settle,
)
from households.services.updating import UnableToUpdate, UnableToUpdateStale
from households.workflow import MoveReason, MoveState


class UnableToRelocate(UnableToUpdate):
    """The household cannot be moved so, or somebody decided first. The message is for the user."""


def moves_at_once(household: Household, area_code: str, *, by: User) -> bool:
    """Say whether this person may move it there without asking the place it goes to."""
    return permissions.can_update(by, household) and permissions.can_add_in(by, area_code)


@transaction.atomic
def move_household(
    *,
    household: Household,
    version: int,
    to: Place,
    reason: MoveReason,
    moved_on: date,
    by: User,
    at: datetime,
    note: str = "",
) -> HouseholdMove:
    """Move the household, or ask the receiving office to take it if `by` does not work there.

    Raises PermissionDenied, UnableToUpdateStale unless `version` is the present one, and
    UnableToRelocate for a place that cannot be, or if a move of it waits already.
    """
    permissions.check_can_update(by, household)
    current = _locked(household, version)
    _check_place(current, to, reason)
    if moved_on > localdate(at):
        raise UnableToRelocate("วันที่ย้ายต้องไม่เป็นวันในอนาคต")
    at_once = permissions.can_add_in(by, to.area_code)
    return _write(current, to, reason, moved_on=moved_on, note=note, at_once=at_once, by=by, at=at)


@transaction.atomic
def undo_move(*, move: HouseholdMove, version: int, by: User, at: datetime) -> HouseholdMove:
    """Move the household back where it was before its last move; the rows of both stay.

    Who works in one of the two places only asks the other. Raises PermissionDenied,
    UnableToUpdateStale, and UnableToRelocate unless it stands where that move brought it.
    """
    permissions.check_can_update(by, move.household)
    current = _locked(move.household, version)
    last = HouseholdMove.objects.filter(household=current, state=MoveState.DONE)
    if last.order_by("-decided_at", "-pk").first() != move or current.area_id != move.to_area_id:
        raise UnableToRelocate("ย้ายกลับได้เฉพาะการย้ายครั้งล่าสุด และเมื่อครัวเรือนยังอยู่ที่ปลายทางนั้น")
    if HouseholdMove.objects.filter(undoes=move).exists():
        raise UnableToRelocate("ขอย้ายกลับหรือย้ายกลับไปแล้ว")
    to = place_from(move.place_before, move.from_area_id)
    return _write(
        current,
        to,
        MoveReason.UNDONE,
        moved_on=localdate(at),
        at_once=permissions.can_add_in(by, to.area_code),
        undoes=move,
        by=by,
        at=at,
    )


@transaction.atomic
def accept_move(*, move: HouseholdMove, by: User, at: datetime) -> None:
    """Take the household in: from now on it is this place's, and no longer the other's.

    Raises PermissionDenied, and UnableToRelocate if the move no longer waits or the
    household stands elsewhere by now.
    """
    check_can_take(by, move)
    current = stages.lock(move.household)
    if current.area_id != move.from_area_id:
        raise UnableToRelocate("ครัวเรือนไม่ได้อยู่ที่เดิมแล้ว ให้พื้นที่ต้นทางส่งคำขอใหม่")
    to = place_from(move.place_after, move.to_area_id)
    _decide(move, state=MoveState.DONE, by=by, at=at)
    _relocate(current, to, MoveReason(move.reason), move=move, by=by, at=at)


@transaction.atomic
def refuse_move(*, move: HouseholdMove, reason: str, by: User, at: datetime) -> None:
    """Leave the household where it is, and say why.

    Raises PermissionDenied, and UnableToRelocate without a reason or if it no longer waits.
    """
    check_can_take(by, move)
    if not reason.strip():
        raise UnableToRelocate("ระบุเหตุผลที่ไม่รับ")
    _decide(move, state=MoveState.REFUSED, by=by, at=at, decided_reason=reason.strip())
    _tell("move.refused", move, by=by, at=at, reason=reason.strip())


@transaction.atomic
def withdraw_move(*, move: HouseholdMove, by: User, at: datetime) -> None:
    """Take a waiting request back: anybody who works with the household where it stands.

    Raises PermissionDenied, and UnableToRelocate if it no longer waits.
    """
    permissions.check_can_update(by, move.household)
    _decide(move, state=MoveState.WITHDRAWN, by=by, at=at)
    _tell("move.withdrawn", move, by=by, at=at)


def check_can_take(by: User, move: HouseholdMove) -> None:
    """Raise PermissionDenied unless `by` accepts moves there, and protects if it is protected."""
    permissions.check_can_accept_move(by, move)
    if move.household.is_protected:
        permissions.check_can_protect_in(by, move.to_area_id)


# ---- how a move is written -----------------------------------------------------
def _locked(household: Household, version: int) -> Household:
    current = stages.lock(household)
    if current.version != version:
        raise UnableToUpdateStale
    if current.merged_into_id is not None:
        raise UnableToRelocate("ครัวเรือนนี้รวมกับครัวเรือนอื่นไปแล้ว")
    if HouseholdMove.objects.asked().filter(household=current).exists():
        raise UnableToRelocate("มีคำขอย้ายที่รอพื้นที่ปลายทางรับอยู่แล้ว ถอนคำขอนั้นก่อน")
    return current


def _check_place(household: Household, to: Place, reason: MoveReason) -> None:
    area = Area.objects.in_force().filter(pk=to.area_code).first()
    if area is None or len(to.area_code) not in (6, 8):
        raise UnableToRelocate("เลือกตำบลหรือหมู่บ้านปลายทางจากรายการ")
    if not to.house_no.strip() and to.house_code is None:
        raise UnableToRelocate("ระบุบ้านเลขที่ใหม่ หรือจุดสังเกตของบ้าน")
    if (to.lat is None) != (to.lon is None):
        raise UnableToRelocate("ระบุพิกัดให้ครบทั้งละติจูดและลองจิจูด")
    if to == place_of(household) and reason is not MoveReason.MOVED:
        raise UnableToRelocate("ที่อยู่ใหม่เหมือนที่อยู่เดิม")


def _write(
    household: Household,
    to: Place,
    reason: MoveReason,
    *,
    moved_on: date,
    at_once: bool,
    by: User,
    at: datetime,
    note: str = "",
    undoes: HouseholdMove | None = None,
) -> HouseholdMove:
    move = HouseholdMove.objects.create(
        household=household,
        reason=reason,
        note=note.strip() or None,
        state=MoveState.DONE if at_once else MoveState.ASKED,
        moved_on=moved_on,
        from_area_id=household.area_id,
        to_area_id=to.area_code,
        place_before=as_left(household),
        place_after=as_kept(to),
        undoes=undoes,
        asked_at=at,
        asked_by=by,
        decided_at=at if at_once else None,
        decided_by=by if at_once else None,
    )
    if at_once:
        _relocate(household, to, reason, move=move, by=by, at=at)
    else:
        _tell("move.asked", move, by=by, at=at)
    return move


def _relocate(
    household: Household,
    to: Place,
    reason: MoveReason,
    *,
    move: HouseholdMove,
    by: User,
    at: datetime,
) -> None:
    old_area = household.area_id
    fields = ["area", *ADDRESS]
    household.area_id = to.area_code
    for name in ADDRESS:
        setattr(household, name, getattr(to, name))
    if household.house_code != to.house_code:
        before = move.undoes.place_before if move.undoes else {}
        enter_house(household, to.house_code, before=before)
        fields += ["house_code", "temporary_code", "seq"]
    household.version += 1
    try:
        with transaction.atomic():
            household.save(update_fields=[*fields, "version", "updated_at"])
    except IntegrityError as error:
        if "household_code_and_seq_once" not in str(error):
            raise
        raise UnableToRelocate("มีผู้ใช้รหัสบ้านนี้พร้อมกัน กรุณาลองอีกครั้ง") from None
    ended = settle(household, by=by, at=at)
    codes = {"move": str(move.pk), "area_before": old_area, "grants_ended": ended}
    record(
        event="household.moved",
        subject=household,
        by=by,
        at=at,
        area=to.area_code,
        detail=codes | {"reason": reason.value},
    )
    # Told in both places: the old one must be able to say where it went.
    record(event="household.moved-away", subject=move, by=by, at=at, area=old_area, detail=codes)
    mark_changed(area_codes=[old_area, to.area_code])


def _decide(
    move: HouseholdMove, *, state: MoveState, by: User, at: datetime, decided_reason: str = ""
) -> None:
    # Compare-and-set: of two who decide at once, one row count is 0.
    decided = HouseholdMove.objects.filter(pk=move.pk, state=MoveState.ASKED).update(
        state=state, decided_at=at, decided_by=by, decided_reason=decided_reason
    )
    if decided != 1:
        raise UnableToRelocate("มีผู้ตัดสินคำขอย้ายนี้แล้ว หรือคำขอถูกถอนไปแล้ว")
    move.refresh_from_db()


def _tell(event: str, move: HouseholdMove, *, by: User, at: datetime, reason: str = "") -> None:
    household = move.household
    record(
        event=event,
        subject=household,
        by=by,
        at=at,
        area=household.area_id,
        reason=reason,
        detail={"move": str(move.pk), "to_area": move.to_area_id},
    )
