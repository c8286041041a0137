"""Keeping a household and its people true. A form opened on an older version is refused."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from areas.models import Area
from areas.services import mark_changed
from audit.services import record
from households import permissions
from households.models import Household, Member
from households.services import stages
from households.services.drafts import MemberDraft, UnableToRegister, problems_of_member
from households.services.emptying import propose_exit_if_empty
from households.services.identity import citizen_id_indexes
from households.services.places import about_to_leave, note_correction, settle
from households.services.registering import (
    FOR_THE_PROVINCE,
    REFUSED,
    check_ids_may_be_asked,
    new_member,
)
from households.workflow import LeftReason


class UnableToUpdate(Exception):
    """The change cannot be made. The message is for the user."""


class UnableToUpdateStale(UnableToUpdate):
    """Somebody else changed the same row since the form was opened."""

    def __init__(self) -> None:
        super().__init__("มีผู้แก้ไขข้อมูลนี้หลังจากที่ท่านเปิดหน้า กรุณาดูข้อมูลล่าสุดแล้วแก้ไขอีกครั้ง")


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdChanges:
    """Every column of a household that a person may edit, as it shall be afterwards."""

    area_code: str
    house_no: str
    village_name: str
    soi: str
    road: str
    lat: Decimal | None
    lon: Decimal | None
    phone: str


@transaction.atomic
def update_household(
    *, household: Household, version: int, changes: HouseholdChanges, by: User, at: datetime
) -> Household:
    """Set address, position and phone; what was answered about consent has its own service.

    Raises PermissionDenied (also for the area it moves to), UnableToUpdateStale
    unless `version` is the present one, and UnableToRegister for a value that
    cannot be right.
    """
    permissions.check_can_update(by, household)
    permissions.check_can_add_in(by, changes.area_code)
    _check_changes(changes)
    current = stages.lock(household)
    if current.version != version:
        raise UnableToUpdateStale
    old_area, before = current.area_id, about_to_leave(current)
    wanted = {
        "area_id": changes.area_code,
        "house_no": changes.house_no.strip(),
        "village_name": changes.village_name.strip(),
        "soi": changes.soi.strip(),
        "road": changes.road.strip(),
        "lat": changes.lat,
        "lon": changes.lon,
        "phone": changes.phone.strip() or None,
    }
    changed = [name for name, value in wanted.items() if getattr(current, name) != value]
    if not changed:
        return current
    for name in changed:
        setattr(current, name, wanted[name])
    current.version += 1
    current.save(update_fields=[*(_field(name) for name in changed), "version", "updated_at"])
    if old_area != current.area_id:
        note_correction(household=current, before=before, by=by, at=at)
        settle(current, by=by, at=at)
    record(
        event="household.updated",
        subject=current,
        by=by,
        at=at,
        area=current.area_id,
        detail={"fields": [_field(name) for name in changed], "area_before": old_area},
    )
    mark_changed(area_codes=[old_area, current.area_id])
    return current


def _field(name: str) -> str:
    return name.removesuffix("_id")


def _check_changes(changes: HouseholdChanges) -> None:
    found: dict[str, list[str]] = {}
    if (
        len(changes.area_code) not in (6, 8)
        or not Area.objects.filter(pk=changes.area_code).exists()
    ):
        found["area"] = ["เลือกตำบลหรือหมู่บ้านจากรายการ"]
    if (changes.lat is None) != (changes.lon is None):
        found["lat"] = ["ระบุพิกัดให้ครบทั้งละติจูดและลองจิจูด"]
    if found:
        raise UnableToRegister("ข้อมูลไม่ถูกต้อง กรุณาแก้จุดที่ระบุ", fields=found)


class _IdTaken(UnableToRegister):
    """Somebody else of the register has this citizen ID. Who that is may be seen or not."""

    def __init__(self, *, is_seen: bool) -> None:
        told = "เป็นของบุคคลอื่นในทะเบียนแล้ว" if is_seen else FOR_THE_PROVINCE
        super().__init__(
            "มีเลขประจำตัวที่ต้องตรวจก่อน กรุณาดูจุดที่ระบุ",
            fields={"citizen_id": [f"เลขประจำตัวนี้{told}"]},
        )


def update_member(
    *, member: Member, version: int, draft: MemberDraft, by: User, at: datetime
) -> Member:
    """Set a person's data. Making somebody the head ends the headship of who was it.

    Raises PermissionDenied, UnableToUpdateStale, and UnableToRegister for a value
    that cannot be right or a citizen ID that another living person has. That last answer
    tells who is in the register, so it leaves a trace which the refusal does not undo.
    """
    try:
        return _update_member(member, version, draft, by=by, at=at)
    except _IdTaken:
        record(
            event=REFUSED,
            by=by,
            at=at,
            area=member.household.area_id,
            detail={"ids_asked": 1, "ids_known": 1},
        )
        raise


@transaction.atomic
def _update_member(
    member: Member, version: int, draft: MemberDraft, *, by: User, at: datetime
) -> Member:
    household = stages.lock(member.household)
    permissions.check_can_update(by, household)
    current = Member.objects.select_for_update().get(pk=member.pk)
    if current.version != version:
        raise UnableToUpdateStale
    if current.left_on is not None:
        raise UnableToUpdate("สมาชิกคนนี้ออกจากครัวเรือนไปแล้ว")
    if current.is_head and not draft.is_head:
        raise UnableToRegister("ครัวเรือนต้องมีหัวหน้า", fields={"is_head": ["ตั้งสมาชิกคนอื่นเป็นหัวหน้าแทน"]})
    if found := problems_of_member(draft, today=localdate(at)):
        raise UnableToRegister("ข้อมูลไม่ถูกต้อง กรุณาแก้จุดที่ระบุ", fields=found)
    _check_id_free(current, draft.citizen_id, by=by, at=at)

    wanted = new_member(household, draft, seq=current.seq)
    changed = [name for name in _EDITED if getattr(current, name) != getattr(wanted, name)]
    if not changed:
        return current
    if "is_head" in changed:
        household.members.present().filter(is_head=True).update(is_head=False)
    # The index is kept under the key it has unless the ID itself changes.
    derived = _DERIVED_ID if "citizen_id" in changed else ()
    for name in (*changed, *derived, "name_key"):
        setattr(current, name, getattr(wanted, name))
    current.version += 1
    current.save(update_fields=[*changed, *derived, "name_key", "version", "updated_at"])
    record(
        event="member.updated",
        subject=household,
        by=by,
        at=at,
        area=household.area_id,
        detail={"member": str(current.pk), "fields": changed},
    )
    mark_changed(area_codes=[household.area_id])
    return current


_EDITED = (
    "citizen_id",
    "no_id_reason",
    "title",
    "first_name",
    "last_name",
    "birth_date",
    "birth_year",
    "sex",
    "relation",
    "residence",
    "is_head",
)
_DERIVED_ID = ("citizen_id_index", "key_version")


def _check_id_free(member: Member, citizen_id: str | None, *, by: User, at: datetime) -> None:
    if citizen_id is None or citizen_id == member.citizen_id:
        return
    check_ids_may_be_asked("citizen_id", by=by, at=at)
    others = Member.objects.present().exclude(pk=member.pk)
    holder = others.filter(citizen_id_index__in=citizen_id_indexes(citizen_id)).first()
    if holder is not None:
        seen = Household.objects.visible_to(by).filter(pk=holder.household_id)
        raise _IdTaken(is_seen=seen.exists())


@transaction.atomic
def member_left(
    *,
    member: Member,
    left_on: date,
    reason: LeftReason,
    by: User,
    at: datetime,
    new_head: Member | None = None,
) -> None:
    """Note that a person no longer belongs to the household; the row stays.

    When the head leaves and others remain, `new_head` is one of them; when nobody remains,
    an exit is proposed.
    Raises PermissionDenied and UnableToUpdate.
    """
    household = stages.lock(member.household)
    permissions.check_can_update(by, household)
    if left_on > localdate(at):
        raise UnableToUpdate("วันที่ออกจากครัวเรือนต้องไม่เป็นวันในอนาคต")
    others = household.members.present().exclude(pk=member.pk)
    if member.is_head and others.exists():
        _check_heir(new_head, household, member)

    left = Member.objects.filter(pk=member.pk, left_on__isnull=True).update(
        left_on=left_on,
        left_reason=reason,
        is_head=False,
        version=member.version + 1,
        updated_at=at,
    )
    if left != 1:
        raise UnableToUpdate("บันทึกการออกของสมาชิกคนนี้ไว้แล้ว")
    if member.is_head and new_head is not None:
        others.filter(pk=new_head.pk).update(is_head=True, updated_at=at)
    record(
        event="member.left",
        subject=household,
        by=by,
        at=at,
        area=household.area_id,
        detail={"member": str(member.pk), "reason": reason.value, "left_on": left_on.isoformat()},
    )
    propose_exit_if_empty(household, by=by, at=at)
    mark_changed(area_codes=[household.area_id])


def _check_heir(new_head: Member | None, household: Household, leaving: Member) -> None:
    if (
        new_head is None
        or new_head.pk == leaving.pk
        or new_head.household_id != household.pk
        or new_head.left_on is not None
    ):
        raise UnableToUpdate("หัวหน้าครัวเรือนออกไป กรุณาเลือกหัวหน้าคนใหม่จากสมาชิกที่เหลือ")
