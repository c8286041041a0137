"""Two become one: the survivor takes what was chosen, and everything that hung on the other."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate

from accounts.models import User
from areas.services import mark_changed
from audit.services import record
from duplicates import permissions
from duplicates.models import Merge
from duplicates.services.checking import (
    check_headless,
    check_households,
    check_members,
    check_reason,
    locked,
)
from duplicates.services.choosing import (
    HOUSEHOLD_FIELDS,
    compare_households,
    taken_from_merged,
)
from duplicates.services.computing import compute_again
from duplicates.services.folding import Pairing, fold_member, merge_people
from duplicates.services.ledger import Ledger
from duplicates.services.relinking import relink
from duplicates.services.ties import ties
from duplicates.workflow import Kind
from households.models import Exit, Household, Member
from households.workflow import ExitReason, ExitState, Stage
from ppaos.orm import seal_cell

_PLACEHOLDER = "TMP-MERGING"
_FAR = {
    Stage.LISTED: 0,
    Stage.VERIFIED_NOT_POOR: 1,
    Stage.VERIFIED_POOR: 1,
    Stage.IN_HELP: 2,
}


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
    survivor, merged = locked(survivor.pk, merged.pk)
    permissions.check_can_merge(by, survivor, merged)
    check_reason(reason)
    check_households(survivor, merged, versions)
    ledger = _begin(Kind.HOUSEHOLD, survivor, merged, reason=reason, by=by, at=at)
    before = {survivor.area_id, merged.area_id}
    fields = taken_from_merged(compare_households(survivor, merged), choices)
    merge_people(ledger, survivor, merged, pairs, at=at)
    relink(ledger, Household, of=merged.pk, to=survivor.pk, at=at)
    _leave(ledger, merged, survivor, by=by, at=at)
    _take_over(ledger, survivor, merged, fields)
    _end(ledger, survivor, by=by, at=at)
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
    home, other = locked(survivor.household_id, merged.household_id)
    permissions.check_can_merge(by, home, other)
    check_reason(reason)
    ids = sorted([survivor.pk, merged.pk])
    people = {m.pk: m for m in Member.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    survivor, merged = people[survivor.pk], people[merged.pk]
    survivor.household, merged.household = home, other
    check_members(survivor, merged, versions)
    ledger = _begin(
        Kind.PERSON, home, other, reason=reason, by=by, at=at, people=(survivor, merged)
    )
    if merged.is_head:
        check_headless(merged, survivor)
    fold_member(ledger, survivor, merged, choices, at=at)
    if merged.is_head and home.pk == other.pk:
        ledger.change(Member, survivor.pk, {"is_head": True})
    _end(ledger, home, by=by, at=at)
    _bump(home, other, at=at)
    _tell("member.merged", ledger.merge, area=home.area_id, by=by, at=at)
    mark_changed(area_codes={home.area_id, other.area_id})
    return ledger.merge


# ---- before and after -----------------------------------------------------------------
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


# ---- the household ------------------------------------------------------------------
def _end(ledger: Ledger, survivor: Household, *, by: User, at: datetime) -> None:
    """Compute again what depends on what was moved, and write the ledger."""
    survivor.refresh_from_db()
    compute_again(ledger, survivor, by=by, at=at)
    for row in list(ties(ledger.lines, survivor=survivor.pk)):
        ledger.kept(type(row), row.pk)
    ledger.write()


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
