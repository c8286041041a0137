"""Two become one: the survivor takes what was chosen, and everything that hung on the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate

from accounts.models import User
from areas.services import mark_changed
from audit.services import record
from duplicates import permissions
from duplicates.models import Merge
from duplicates.services.choosing import (
    HOUSEHOLD_FIELDS,
    compare_households,
    compare_members,
    taken_from_merged,
)
from duplicates.services.errors import UnableToMerge
from duplicates.services.ledger import Ledger
from duplicates.services.relinking import relink
from duplicates.workflow import Kind
from households.models import Exit, Household, HouseholdMove, Member
from households.services import identity_columns, sealed_citizen_id
from households.workflow import ExitReason, ExitState, LeftReason, MoveState, Stage
from ppaos.orm import seal_cell

_PLACEHOLDER = "TMP-MERGING"
_FAR = {
    Stage.LISTED: 0,
    Stage.VERIFIED_NOT_POOR: 1,
    Stage.VERIFIED_POOR: 1,
    Stage.IN_HELP: 2,
}
GONE = "มีผู้รวมรายการนี้ไปแล้ว เปิดหน้ารายการซ้ำอีกครั้งเพื่อดูผล"
STALE = "มีผู้แก้ไขข้อมูลนี้หลังจากที่ท่านเปิดหน้า กรุณาดูข้อมูลล่าสุดแล้วเลือกอีกครั้ง"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """Two members that are one person; the choices name fields and SURVIVOR or MERGED."""

    survivor: UUID
    merged: UUID
    choices: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def merge_households(
    *,
    survivor: Household,
    merged: Household,
    versions: tuple[int, int],
    choices: Mapping[str, str],
    pairs: Sequence[Pairing],
    reason: str,
    by: User,
    at: datetime,
) -> Merge:
    """Make `merged` part of `survivor`. `versions` are those of both that the person saw.

    A field without a choice follows the rule of `choosing`. Members in `pairs` become one
    person each; all others move. Raises PermissionDenied, and UnableToMerge if somebody
    was first or something must be decided before.
    """
    permissions.check_can_merge(by, survivor, merged)
    survivor, merged = _locked(survivor.pk, merged.pk)
    permissions.check_can_merge(by, survivor, merged)
    _check_reason(reason)
    _check_households(survivor, merged, versions)
    ledger = _begin(Kind.HOUSEHOLD, survivor, merged, reason=reason, by=by, at=at)
    before = {survivor.area_id, merged.area_id}
    fields = taken_from_merged(compare_households(survivor, merged), choices)
    _merge_people(ledger, survivor, merged, pairs, at=at)
    relink(ledger, Household, of=merged.pk, to=survivor.pk, at=at)
    _leave(ledger, merged, survivor, by=by, at=at)
    _take_over(ledger, survivor, merged, fields)
    ledger.write()
    _bump(survivor, merged, at=at)
    area = Household.objects.values_list("area_id", flat=True).get(pk=survivor.pk)
    _tell("household.merged", ledger.merge, area=area, by=by, at=at)
    mark_changed(area_codes=before | {area})
    return ledger.merge


@transaction.atomic
def merge_members(
    *,
    survivor: Member,
    merged: Member,
    versions: tuple[int, int],
    choices: Mapping[str, str],
    reason: str,
    by: User,
    at: datetime,
) -> Merge:
    """Make two rows of one person one; their households stay two if they are two.

    Raises PermissionDenied, and UnableToMerge.
    """
    permissions.check_can_merge(by, survivor.household, merged.household)
    home, other = _locked(survivor.household_id, merged.household_id)
    permissions.check_can_merge(by, home, other)
    _check_reason(reason)
    ids = sorted([survivor.pk, merged.pk])
    people = {m.pk: m for m in Member.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    survivor, merged = people[survivor.pk], people[merged.pk]
    survivor.household, merged.household = home, other
    _check_members(survivor, merged, versions)
    ledger = _begin(
        Kind.PERSON, home, other, reason=reason, by=by, at=at, people=(survivor, merged)
    )
    if merged.is_head:
        _check_headless(merged, survivor)
    _fold_member(ledger, survivor, merged, choices, at=at)
    if merged.is_head and home.pk == other.pk:
        ledger.change(Member, survivor.pk, {"is_head": True})
    ledger.write()
    _bump(home, other, at=at)
    _tell("member.merged", ledger.merge, area=home.area_id, by=by, at=at)
    mark_changed(area_codes={home.area_id, other.area_id})
    return ledger.merge


# ---- before -------------------------------------------------------------------------
def _locked(one: UUID, other: UUID) -> tuple[Household, Household]:
    """Hold both in the order of their keys, as everybody does."""
    rows = Household.objects.select_for_update(of=("self",)).select_related("area")
    held = {row.pk: row for row in rows.filter(pk__in=[one, other]).order_by("pk")}
    if one not in held or other not in held:
        raise UnableToMerge(GONE)
    return held[one], held[other]


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise UnableToMerge("ระบุเหตุผลที่รวม เช่น พบว่าเป็นบ้านเดียวกันจากการเยี่ยม")


def _check_households(survivor: Household, merged: Household, versions: tuple[int, int]) -> None:
    if survivor.pk == merged.pk:
        raise UnableToMerge("เลือกสองครัวเรือนที่ต่างกัน")
    if survivor.merged_into_id or merged.merged_into_id:
        raise UnableToMerge(GONE)
    if (survivor.version, merged.version) != versions:
        raise UnableToMerge(STALE)
    for household in (survivor, merged):
        if household.stage == Stage.EXIT_PROPOSED:
            raise UnableToMerge(
                f"ครัวเรือน {household.code} มีข้อเสนอให้พ้นเป้าหมายรออยู่ ให้ตัดสินหรือถอนข้อเสนอก่อน"
            )
    if survivor.stage == Stage.EXITED and merged.stage != Stage.EXITED:
        raise UnableToMerge(f"ครัวเรือน {survivor.code} พ้นเป้าหมายไปแล้ว ให้เลือกอีกครัวเรือนเป็นรายหลัก")
    if HouseholdMove.objects.filter(
        household__in=(survivor, merged), state=MoveState.ASKED
    ).exists():
        raise UnableToMerge("มีคำขอย้ายครัวเรือนที่รออยู่ ให้รับหรือปฏิเสธคำขอก่อน")
    if survivor.is_protected != merged.is_protected:
        raise UnableToMerge("ครัวเรือนหนึ่งเป็นครัวเรือนคุ้มครอง ให้ผู้มีสิทธิกำหนดการคุ้มครองให้ตรงกันก่อนรวม")


def _check_members(survivor: Member, merged: Member, versions: tuple[int, int]) -> None:
    if survivor.pk == merged.pk:
        raise UnableToMerge("เลือกสองคนที่ต่างกัน")
    if survivor.merged_into_id or merged.merged_into_id:
        raise UnableToMerge(GONE)
    if survivor.household.merged_into_id or merged.household.merged_into_id:
        raise UnableToMerge(GONE)
    if (survivor.version, merged.version) != versions:
        raise UnableToMerge(STALE)
    if survivor.left_on is not None and merged.left_on is None:
        raise UnableToMerge(f"{survivor.full_name} ออกจากครัวเรือนไปแล้ว ให้เลือกอีกรายเป็นรายหลัก")


def _check_headless(merged: Member, survivor: Member) -> None:
    if survivor.household_id == merged.household_id:
        return
    others = Member.objects.present().filter(household=merged.household_id).exclude(pk=merged.pk)
    if others.exists():
        raise UnableToMerge(
            f"{merged.full_name} เป็นหัวหน้าครัวเรือน ให้ตั้งสมาชิกคนอื่นเป็นหัวหน้าแทนก่อน หรือรวมทั้งครัวเรือน"
        )


def _begin(
    kind: Kind,
    survivor: Household,
    merged: Household,
    *,
    reason: str,
    by: User,
    at: datetime,
    people: tuple[Member | None, Member | None] = (None, None),
) -> Ledger:
    return Ledger(
        Merge.objects.create(
            kind=kind,
            survivor=survivor,
            merged=merged,
            survivor_member=people[0],
            merged_member=people[1],
            reason=reason.strip(),
            merged_at=at,
            merged_by=by,
        )
    )


# ---- people -------------------------------------------------------------------------
def _merge_people(
    ledger: Ledger,
    survivor: Household,
    merged: Household,
    pairs: Sequence[Pairing],
    *,
    at: datetime,
) -> None:
    """Fold the members of `pairs`, and let the others of `merged` live with the survivor's."""
    staying = _members(survivor)
    coming = _members(merged)
    _check_pairs(pairs, staying, coming)
    folded = {pair.merged for pair in pairs}
    has_head = any(m.is_head and m.left_on is None for m in staying.values())
    head_is_folded = next((m for m in coming.values() if m.is_head and m.pk in folded), None)
    for pair in pairs:
        into, out = staying[pair.survivor], coming[pair.merged]
        into.household, out.household = survivor, merged
        _fold_member(ledger, into, out, pair.choices, at=at)
        if out is head_is_folded and not has_head and into.left_on is None:
            ledger.change(Member, into.pk, {"is_head": True})
            has_head = True
    highest = max((m.seq for m in staying.values()), default=0)
    for number, member in enumerate(
        (m for m in coming.values() if m.pk not in folded), start=highest + 1
    ):
        values: dict[str, Any] = {
            "household_id": survivor.pk,
            "province_code": survivor.province_code,
            "seq": number,
        }
        if member.is_head and has_head:
            values["is_head"] = False
        ledger.move(Member, member.pk, values)


def _members(household: Household) -> dict[UUID, Member]:
    rows = Member.objects.select_for_update().filter(household=household, merged_into__isnull=True)
    return {member.pk: member for member in rows.order_by("seq", "pk")}


def _check_pairs(
    pairs: Sequence[Pairing], staying: Mapping[UUID, Member], coming: Mapping[UUID, Member]
) -> None:
    kept = [pair.survivor for pair in pairs]
    folded = [pair.merged for pair in pairs]
    if len(set(kept)) < len(kept) or len(set(folded)) < len(folded):
        raise UnableToMerge("สมาชิกคนหนึ่งถูกจับคู่มากกว่าหนึ่งครั้ง")
    if not set(kept) <= staying.keys() or not set(folded) <= coming.keys():
        raise UnableToMerge(STALE)
    for pair in pairs:
        if staying[pair.survivor].left_on is not None and coming[pair.merged].left_on is None:
            raise UnableToMerge(
                f"{staying[pair.survivor].full_name} ออกจากครัวเรือนหลักไปแล้ว จับคู่กับผู้ที่ยังอยู่ไม่ได้"
            )


def _fold_member(
    ledger: Ledger, into: Member, out: Member, choices: Mapping[str, str], *, at: datetime
) -> None:
    taken = taken_from_merged(compare_members(into, out), choices)
    relink(ledger, Member, of=out.pk, to=into.pk, at=at)
    ledger.change(
        Member,
        out.pk,
        {
            "is_head": False,
            "left_on": out.left_on or localdate(at),
            "left_reason": LeftReason.MERGED.value,
            "merged_into_id": into.pk,
        },
    )
    if taken:
        ledger.change(Member, into.pk, _member_values(into, out, taken))
    Member.objects.filter(pk__in=[into.pk, out.pk]).update(version=F("version") + 1, updated_at=at)


def _member_values(into: Member, out: Member, taken: Sequence[str]) -> dict[str, Any]:
    """Return the columns that `into` takes over, with all that follows from them."""
    values: dict[str, Any] = {}
    for name in taken:
        match name:
            case "birth":
                values |= {"birth_date": out.birth_date, "birth_year": out.birth_year}
            case "citizen_id":
                values |= {
                    "citizen_id": sealed_citizen_id(member_id=into.pk, citizen_id=out.citizen_id),
                    "citizen_id_index": out.citizen_id_index,
                    "key_version": out.key_version,
                    "no_id_reason": out.no_id_reason,
                }
            case _:
                values[name] = getattr(out, name)
    if {"first_name", "last_name"} & values.keys():
        values["name_key"] = identity_columns(
            first_name=values.get("first_name", into.first_name),
            last_name=values.get("last_name", into.last_name),
            citizen_id=None,
            area_code=into.household.area_id,
        ).name_key
    return values


# ---- the household ------------------------------------------------------------------
def _leave(
    ledger: Ledger, merged: Household, survivor: Household, *, by: User, at: datetime
) -> None:
    """Let the merged household leave the targets, because it is the other one."""
    today = localdate(at)
    values: dict[str, Any] = {"merged_into_id": survivor.pk}
    if merged.stage != Stage.EXITED:
        values |= {"stage": Stage.EXITED.value, "stage_date": today}
        ledger.added(
            Exit.objects.create(
                household=merged,
                reason=ExitReason.DUPLICATE,
                state=ExitState.APPROVED,
                stage_before=merged.stage,
                stage_date_before=merged.stage_date,
                proposed_at=at,
                proposed_by=by,
                decided_at=at,
                decided_by=by,
            )
        )
    ledger.change(Household, merged.pk, values)


def _take_over(
    ledger: Ledger, survivor: Household, merged: Household, fields: Sequence[str]
) -> None:
    values: dict[str, Any] = {}
    for name in fields:
        if name == "code":
            _swap_codes(ledger, survivor, merged)
        elif name == "phone":
            values["phone"] = seal_cell(
                merged.phone, table=Household._meta.db_table, column="phone", pk=survivor.pk
            )
        else:
            values |= {column: getattr(merged, column) for column in HOUSEHOLD_FIELDS[name][1]}
    values |= _stage_values(survivor, merged)
    if values:
        ledger.change(Household, survivor.pk, values)
    if values.get("area_id", survivor.area_id)[:2] != survivor.province_code:
        for member in Member.objects.filter(household=survivor.pk).order_by("pk"):
            ledger.change(Member, member.pk, {"province_code": values["area_id"][:2]})


def _swap_codes(ledger: Ledger, survivor: Household, merged: Household) -> None:
    """Exchange the codes: each is unique, and the merged household keeps one to be found by."""
    own, other = _codes(survivor), _codes(merged)
    parked = {
        "house_code": None,
        "temporary_code": f"{_PLACEHOLDER}-{str(merged.pk)[-8:]}",
        "seq": 1,
    }
    ledger.change(Household, merged.pk, parked)
    ledger.change(Household, survivor.pk, other)
    ledger.change(Household, merged.pk, own)


def _codes(household: Household) -> dict[str, Any]:
    return {name: getattr(household, name) for name in ("house_code", "temporary_code", "seq")}


def _stage_values(survivor: Household, merged: Household) -> dict[str, Any]:
    """Return the stage that the one household has: the further one, else the later verdict."""
    mine, theirs = Stage(survivor.stage), Stage(merged.stage)
    if Stage.EXITED in (mine, theirs) or mine is theirs:
        return {}
    own: tuple[int, date] = (_FAR[mine], survivor.stage_date)
    if (_FAR[theirs], merged.stage_date) <= own:
        return {}
    return {"stage": theirs.value, "stage_date": merged.stage_date}


def _bump(*households: Household, at: datetime) -> None:
    """Let forms that were opened before be refused."""
    keys = {household.pk for household in households}
    Household.objects.filter(pk__in=keys).update(version=F("version") + 1, updated_at=at)


def _tell(event: str, merge: Merge, *, area: str, by: User, at: datetime) -> None:
    record(
        event=event,
        subject=merge.survivor,
        by=by,
        at=at,
        area=area,
        reason=merge.reason,
        detail={
            "merge": str(merge.pk),
            "merged": str(merge.merged_id),
            "merged_member": str(merge.merged_member_id) if merge.merged_member_id else None,
        },
    )
