"""An announcement about areas reaches the register: households, scopes and agencies go along.

Who worked in an area works on under its new code, also where only some villages went to
another unit: nobody's village is lost overnight. Their old scopes stay, for what is kept
under the old code. Households are moved in one go, each with a row of its history.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate

from accounts.models import Agency, Scope, User
from accounts.permissions import check_has_in
from accounts.roles import Permission
from areas import services as areas
from areas.models import Area
from areas.services import Recode, UnableToChangeAreas, mark_changed
from audit.services import record
from households.models import AreaRevision, Household, HouseholdMove, Member
from households.workflow import MoveReason, MoveState

BATCH = 2_000


@transaction.atomic
def recode_areas(
    *, changes: Sequence[Recode], on: date, reason: str, by: User, at: datetime
) -> list[AreaRevision]:
    """Let new codes take the place of old ones, with all that stands there.

    What lies inside a recoded area goes along. Raises PermissionDenied unless `by` records
    such changes in both places, and UnableToChangeAreas.
    """
    if not changes:
        raise UnableToChangeAreas("ระบุรหัสเดิมและรหัสใหม่อย่างน้อยหนึ่งบรรทัด")
    for change in changes:
        for code in (change.old, change.new):
            check_has_in(by, Permission.AREA_CHANGE, code)
    _check_announcement(on, reason, at)
    names = dict(Area.objects.values_list("pk", "name").filter(pk__in=[c.old for c in changes]))
    whole = areas.supersede(changes=changes, on=on)
    moved = {change.old: _move_households(change, on=on, by=by, at=at) for change in whole}
    for change in whole:
        Agency.objects.filter(area=change.old).update(area=change.new)
        _extend_scopes(change, on=on, by=by)
    now_called = dict(Area.objects.filter(pk__in=[c.new for c in whole]).values_list("pk", "name"))
    named = {change.old for change in changes}
    revisions = AreaRevision.objects.bulk_create(
        AreaRevision(
            area_id=change.old,
            successor_id=change.new,
            name_before=names[change.old],
            name_after=now_called[change.new],
            valid_on=on,
            reason=reason.strip(),
            households=sum(n for code, n in moved.items() if code.startswith(change.old)),
            recorded_at=at,
            recorded_by=by,
        )
        for change in whole
        if change.old in named
    )
    for revision in revisions:
        _tell(revision, by=by, at=at)
    mark_changed(area_codes=[code for change in whole for code in (change.old, change.new)])
    return revisions


@transaction.atomic
def rename_area(
    *, area: Area, name: str, on: date, reason: str, by: User, at: datetime
) -> AreaRevision:
    """Give an area another name; the old one still finds it, in search and in imports.

    Raises PermissionDenied and UnableToChangeAreas.
    """
    check_has_in(by, Permission.AREA_CHANGE, area.pk)
    _check_announcement(on, reason, at)
    before = area.name
    renamed = areas.rename_area(area=area, name=name)
    revision = AreaRevision.objects.create(
        area=renamed,
        name_before=before,
        name_after=renamed.name,
        valid_on=on,
        reason=reason.strip(),
        recorded_at=at,
        recorded_by=by,
    )
    _tell(revision, by=by, at=at)
    return revision


def _check_announcement(on: date, reason: str, at: datetime) -> None:
    if not reason.strip():
        raise UnableToChangeAreas("ระบุประกาศที่เปลี่ยน เช่น ประกาศกระทรวงมหาดไทย ลงวันที่")
    if on > localdate(at):
        raise UnableToChangeAreas("วันที่มีผลต้องไม่เป็นวันในอนาคต บันทึกเมื่อมีผลแล้ว")


def _move_households(change: Recode, *, on: date, by: User, at: datetime) -> int:
    here = Household.objects.filter(area=change.old)
    HouseholdMove.objects.bulk_create(
        (
            HouseholdMove(
                household_id=pk,
                reason=MoveReason.AREA_CHANGED,
                state=MoveState.DONE,
                moved_on=on,
                from_area_id=change.old,
                to_area_id=change.new,
                asked_at=at,
                asked_by=by,
                decided_at=at,
                decided_by=by,
            )
            for pk in here.values_list("pk", flat=True)
        ),
        batch_size=BATCH,
    )
    # A move that waits goes on from, or to, the code of today.
    waiting = HouseholdMove.objects.asked()
    waiting.filter(from_area=change.old).update(from_area=change.new)
    waiting.filter(to_area=change.old).update(to_area=change.new)
    if change.old[:2] != change.new[:2]:
        Member.objects.filter(household__in=here).update(province_code=change.new[:2])
    return here.update(area=change.new, version=F("version") + 1, updated_at=at)


def _extend_scopes(change: Recode, *, on: date, by: User) -> None:
    """Give who worked in the old area the new one, unless their scopes hold it already."""
    above = [change.old[:length] for length in range(2, len(change.old) + 1, 2)]
    for scope in Scope.objects.in_force(on).filter(area__in=above):
        held = Scope.objects.in_force(on).filter(
            user=scope.user_id,
            role=scope.role,
            agency=scope.agency_id,
            area__in=[change.new[:length] for length in range(2, len(change.new) + 1, 2)],
        )
        if not held.exists():
            Scope.objects.create(
                user_id=scope.user_id,
                role=scope.role,
                agency_id=scope.agency_id,
                area_id=change.new,
                valid_until=scope.valid_until,
                granted_by=by,
            )


def _tell(revision: AreaRevision, *, by: User, at: datetime) -> None:
    record(
        event="area.recoded" if revision.successor_id else "area.renamed",
        subject=revision,
        by=by,
        at=at,
        area=revision.area_id,
        reason=revision.reason,
        detail={"households": revision.households, "successor": revision.successor_id or ""},
    )
