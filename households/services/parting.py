"""People go from one household to another, or make a new one. Each leaves a row behind.

The row in the old household stays, with what was found there: listings, problems and
assessments are the household's. In the new one the person has a row of their own.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.timezone import localdate

from accounts.models import User
from areas.services import mark_changed
from audit.services import record
from households import permissions
from households.models import Household, Member, MemberMove, SourceListing
from households.services import stages
from households.services.emptying import propose_exit_if_empty
from households.services.identity import citizen_id_indexes
from households.services.places import ADDRESS, Place, enter_house
from households.services.protecting import share_protection
from households.services.updating import UnableToUpdate, UnableToUpdateStale
from households.workflow import LeftReason, Source, Stage
from ppaos.lib.buddhist_era import to_be_year

_COPIED = (
    "citizen_id",
    "citizen_id_index",
    "key_version",
    "no_id_reason",
    "title",
    "first_name",
    "last_name",
    "name_key",
    "birth_date",
    "birth_year",
    "sex",
    "parent_id",
    "residence",
)


class UnableToPart(UnableToUpdate):
    """These people cannot move so. The message is for the user."""


@transaction.atomic
def move_members(
    *,
    members: Sequence[Member],
    version: int,
    to: Household,
    moved_on: date,
    by: User,
    at: datetime,
    heir: Member | None = None,
) -> list[MemberMove]:
    """Move people of one household into another that stands.

    `version` is the one of the household they leave. When its head goes and others stay,
    `heir` becomes the head; when nobody stays, an exit is proposed. Raises PermissionDenied,
    UnableToUpdateStale and UnableToPart.
    """
    old, new = _locked(members, version, to)
    permissions.check_can_update(by, old)
    permissions.check_can_update(by, new)
    _check_leaving(members, old, heir, moved_on, at)
    if new.merged_into_id is not None:
        raise UnableToPart("ครัวเรือนปลายทางรวมกับครัวเรือนอื่นไปแล้ว เลือกครัวเรือนที่รวมแล้ว")
    if old.is_protected and not new.is_protected:
        raise UnableToPart("ครัวเรือนเดิมอยู่ในความคุ้มครอง แต่ปลายทางไม่อยู่ ให้ผู้มีสิทธิคุ้มครองปลายทางก่อนย้าย")
    has_head = new.members.present().filter(is_head=True).exists()
    head = None if has_head else members[0]
    moves = _carry(members, old, new, head, moved_on=moved_on, is_split=False, by=by, at=at)
    _pass_on(old, heir, by=by, at=at)
    _tell("members.moved", old, new, moves, by=by, at=at)
    return moves


@transaction.atomic
def split_household(
    *,
    members: Sequence[Member],
    version: int,
    head: Member,
    to: Place,
    moved_on: date,
    by: User,
    at: datetime,
    heir: Member | None = None,
) -> Household:
    """Make a household of some people of another; the rest stays where it is.

    The new one waits for its first visit, as one found in the field, and has the consent
    that its people gave. Raises as `move_members` does.
    """
    old, _ = _locked(members, version, None)
    permissions.check_can_update(by, old)
    permissions.check_can_add_in(by, to.area_code)
    _check_leaving(members, old, heir, moved_on, at)
    if head not in members:
        raise UnableToPart("เลือกหัวหน้าครัวเรือนใหม่จากผู้ที่แยกออกไป")
    if not to.house_no.strip() and to.house_code is None:
        raise UnableToPart("ระบุบ้านเลขที่ของครัวเรือนใหม่ หรือจุดสังเกตของบ้าน")
    staying = old.members.present().exclude(pk__in=[member.pk for member in members])
    if not staying.exists():
        raise UnableToPart("ย้ายทุกคนคือการย้ายทั้งครัวเรือน ใช้ “ย้ายครัวเรือน” แทน")
    new = _create(old, to, by=by, at=at)
    moves = _carry(members, old, new, head, moved_on=moved_on, is_split=True, by=by, at=at)
    _pass_on(old, heir, by=by, at=at)
    _tell("household.split", old, new, moves, by=by, at=at)
    return new


@transaction.atomic
def undo_member_move(*, move: MemberMove, by: User, at: datetime) -> None:
    """Put a person back where they were; the row in the other household says it was a mistake.

    Raises PermissionDenied, and UnableToPart if it was undone or the person has moved on.
    """
    before, after = move.member_before, move.member_after
    _lock_in_order(before.household, after.household)
    permissions.check_can_update(by, before.household)
    permissions.check_can_update(by, after.household)
    undone = MemberMove.objects.filter(pk=move.pk, undone_at__isnull=True).update(
        undone_at=at, undone_by=by
    )
    if undone != 1:
        raise UnableToPart("ยกเลิกการย้ายนี้ไปแล้ว")
    others = after.household.members.present().exclude(pk=after.pk)
    if Member.objects.get(pk=after.pk).is_head and others.exists():
        raise UnableToPart("ผู้นี้เป็นหัวหน้าครัวเรือนใหม่ ตั้งหัวหน้าคนอื่นก่อน")
    left = Member.objects.filter(pk=after.pk, left_on__isnull=True).update(
        left_on=localdate(at),
        left_reason=LeftReason.MISTAKE,
        is_head=False,
        version=F("version") + 1,
        updated_at=at,
    )
    if left != 1:
        raise UnableToPart("ผู้นี้ออกจากครัวเรือนใหม่ไปแล้ว ยกเลิกการย้ายไม่ได้")
    _come_back(before, was_head=move.was_head, at=at)
    _touch(before.household, after.household, at=at)
    propose_exit_if_empty(after.household, by=by, at=at)
    for household in (before.household, after.household):
        record(
            event="member.move-undone",
            subject=household,
            by=by,
            at=at,
            area=household.area_id,
            detail={"move": str(move.pk), "member": str(before.pk)},
        )
    mark_changed(area_codes=[before.household.area_id, after.household.area_id])


@transaction.atomic
def member_returned(*, member: Member, by: User, at: datetime) -> None:
    """Take back that somebody left or died: noted by mistake. The person is a member again.

    Raises PermissionDenied, and UnableToPart if nothing is to be taken back or somebody of
    this citizen ID lives elsewhere in the register.
    """
    household = stages.lock(member.household)
    permissions.check_can_update(by, household)
    if MemberMove.objects.filter(member_before=member, undone_at__isnull=True).exists():
        raise UnableToPart("ผู้นี้ย้ายไปอยู่ครัวเรือนอื่น ให้ยกเลิกการย้ายแทน")
    current = Member.objects.select_for_update().get(pk=member.pk)
    if current.left_on is None or current.left_reason == LeftReason.MERGED:
        raise UnableToPart("ไม่มีการออกจากครัวเรือนให้ยกเลิก")
    if current.citizen_id is not None:
        same = Member.objects.present().filter(
            citizen_id_index__in=citizen_id_indexes(current.citizen_id)
        )
        if same.exists():
            raise UnableToPart("มีบุคคลเลขประจำตัวนี้อยู่ในครัวเรือนอื่นแล้ว")
    _come_back(current, was_head=True, at=at)
    record(
        event="member.returned",
        subject=household,
        by=by,
        at=at,
        area=household.area_id,
        detail={"member": str(member.pk)},
    )
    mark_changed(area_codes=[household.area_id])


def _come_back(member: Member, *, was_head: bool, at: datetime) -> None:
    """Let a row live again; as the head only if the household has none by now."""
    present = Member.objects.present().filter(household=member.household_id)
    Member.objects.filter(pk=member.pk).update(
        left_on=None,
        left_reason="",
        is_head=was_head and not present.filter(is_head=True).exists(),
        version=F("version") + 1,
        updated_at=at,
    )


def _locked(
    members: Sequence[Member], version: int, to: Household | None
) -> tuple[Household, Household]:
    if not members:
        raise UnableToPart("เลือกสมาชิกอย่างน้อย 1 คน")
    homes = {member.household_id for member in members}
    if len(homes) > 1:
        raise UnableToPart("เลือกสมาชิกจากครัวเรือนเดียวกัน")
    home = members[0].household
    if to is not None and to.pk == home.pk:
        raise UnableToPart("ครัวเรือนปลายทางต้องเป็นอีกครัวเรือนหนึ่ง")
    old, new = _lock_in_order(home, to or home)
    if old.version != version:
        raise UnableToUpdateStale
    return old, new


def _lock_in_order(first: Household, second: Household) -> tuple[Household, Household]:
    # In the order of keys, so that two who move people both ways never wait for each other.
    held = {row.pk: stages.lock(row) for row in sorted([first, second], key=lambda row: row.pk)}
    return held[first.pk], held[second.pk]


def _check_leaving(
    members: Sequence[Member], old: Household, heir: Member | None, moved_on: date, at: datetime
) -> None:
    if moved_on > localdate(at):
        raise UnableToPart("วันที่ย้ายต้องไม่เป็นวันในอนาคต")
    present = {member.pk: member for member in old.members.present()}
    going = {member.pk for member in members}
    if len(going) != len(members) or going - present.keys():
        raise UnableToPart("มีผู้ที่ออกจากครัวเรือนไปแล้ว กรุณาเลือกใหม่")
    staying = present.keys() - going
    head_goes = any(present[pk].is_head for pk in going)
    if head_goes and staying and (heir is None or heir.pk not in staying):
        raise UnableToPart("หัวหน้าครัวเรือนย้ายไปด้วย กรุณาเลือกหัวหน้าคนใหม่จากสมาชิกที่เหลือ")


def _carry(
    members: Sequence[Member],
    old: Household,
    new: Household,
    head: Member | None,
    *,
    moved_on: date,
    is_split: bool,
    by: User,
    at: datetime,
) -> list[MemberMove]:
    highest: int = new.members.aggregate(highest=Max("seq"))["highest"] or 0
    rows = Member.objects.filter(pk__in=[member.pk for member in members]).order_by("seq", "pk")
    leaving = list(rows)
    # One living row per citizen ID: the old ones end first.
    rows.update(
        left_on=moved_on,
        left_reason=LeftReason.MOVED,
        is_head=False,
        version=F("version") + 1,
        updated_at=at,
    )
    arrived = Member.objects.bulk_create(
        Member(
            household=new,
            seq=highest + number,
            is_head=head is not None and row.pk == head.pk,
            province_code=new.area_id[:2],
            **{name: getattr(row, name) for name in _COPIED},
        )
        for number, row in enumerate(leaving, start=1)
    )
    moves = MemberMove.objects.bulk_create(
        MemberMove(
            member_before=before,
            member_after=after,
            moved_on=moved_on,
            was_head=before.is_head,
            is_split=is_split,
            recorded_at=at,
            recorded_by=by,
        )
        for before, after in zip(leaving, arrived, strict=True)
    )
    _touch(old, new, at=at)
    mark_changed(area_codes=[old.area_id, new.area_id])
    return moves


def _touch(*households: Household, at: datetime) -> None:
    """Count a change of who lives here: a page opened before is refused."""
    pks = [household.pk for household in households]
    Household.objects.filter(pk__in=pks).update(version=F("version") + 1, updated_at=at)


def _pass_on(old: Household, heir: Member | None, *, by: User, at: datetime) -> None:
    """Let the rest have a head; of a household without anybody an exit is proposed."""
    present = old.members.present()
    if heir is not None and not present.filter(is_head=True).exists():
        present.filter(pk=heir.pk).update(is_head=True, version=F("version") + 1, updated_at=at)
    propose_exit_if_empty(old, by=by, at=at)


def _create(old: Household, to: Place, *, by: User, at: datetime) -> Household:
    new = Household(
        area_id=to.area_code,
        phone=old.phone,
        stage=Stage.LISTED,
        stage_date=localdate(at),
        consent=old.consent,
        consent_date=old.consent_date,
        # Who must not be found is not found by leaving either.
        is_protected=old.is_protected,
        **{name: getattr(to, name) for name in ADDRESS},
    )
    enter_house(new, to.house_code, before={})
    new.save(force_insert=True)
    share_protection(of=old, to=new, by=by, at=at)
    year_be = to_be_year(localdate(at).year)
    SourceListing.objects.create(household=new, source=Source.ADD_ON, year_be=year_be)
    return new


def _tell(
    event: str,
    old: Household,
    new: Household,
    moves: Sequence[MemberMove],
    *,
    by: User,
    at: datetime,
) -> None:
    detail: dict[str, Any] = {
        "members": len(moves),
        "moves": [str(move.pk) for move in moves],
        "from": str(old.pk),
        "to": str(new.pk),
    }
    for household in (old, new):
        way = "out" if household is old else "in"
        record(
            event=event,
            subject=household,
            by=by,
            at=at,
            area=household.area_id,
            detail=detail | {"way": way},
        )
