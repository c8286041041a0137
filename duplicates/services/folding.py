"""The people of two households that become one: paired ones fold, the others move."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.timezone import localdate

from duplicates.services.checking import STALE
from duplicates.services.choosing import compare_members, taken_from_merged
from duplicates.services.errors import UnableToMerge
from duplicates.services.ledger import Ledger
from duplicates.services.relinking import name_anew, relink
from households.models import Household, Member
from households.services import identity_columns, sealed_citizen_id
from households.workflow import LeftReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """Two members that are one person; the choices name fields and SURVIVOR or MERGED."""

    survivor: UUID
    merged: UUID
    choices: Mapping[str, str] = field(default_factory=dict)


def merge_people(
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
        fold_member(ledger, into, out, pair.choices, at=at)
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


def fold_member(
    ledger: Ledger, into: Member, out: Member, choices: Mapping[str, str], *, at: datetime
) -> None:
    taken = taken_from_merged(compare_members(into, out), choices)
    if "citizen_id" in taken:
        _check_id_free(into, out)
    relink(ledger, Member, of=out.pk, to=into.pk, at=at)
    name_anew(ledger, of=out, to=into)
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


def _check_id_free(into: Member, out: Member) -> None:
    """An ID of somebody who left may be held by a third person by now."""
    holders = Member.objects.present().filter(citizen_id_index=out.citizen_id_index)
    if out.citizen_id_index and holders.exclude(pk__in=[into.pk, out.pk]).exists():
        raise UnableToMerge(f"เลขประจำตัวของ {out.full_name} มีบุคคลอื่นในทะเบียนใช้อยู่ ให้เลือกเลขของรายหลัก")


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
