"""What a sitting resolved, and how it went on."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from accounts.models import Agency, User
from audit.services import record
from forums import permissions
from forums.models import AgendaItem, Resolution, ResolutionEvent
from forums.services.planning import lock, one_of, require
from forums.services.refusals import Stale, UnableToConvene, WrongState
from forums.workflow import ENDED, MOVES, Action, ForumState, ItemOutcome, Status

LONGEST_DAYS = 5 * 366
"""How far ahead a due day may be; beyond it the year was mistyped."""
LONGEST_REASON = 300


@transaction.atomic
def record_resolution(
    *,
    agenda_item: AgendaItem,
    text: str,
    due_on: date,
    by: User,
    at: datetime,
    owner_agency: Agency | None = None,
    owner: str = "",
) -> Resolution:
    """Record what a held sitting resolved: of `owner_agency` and `owner` exactly one.

    Raises PermissionDenied, WrongState unless it was held, and UnableToConvene with the
    field to mend.
    """
    permissions.check_can_manage(by, agenda_item.forum)
    forum = lock(agenda_item.forum)
    require(forum, ForumState.HELD)
    text = text.strip()
    if not text:
        raise UnableToConvene("ระบุมติ", field="text")
    owner = one_of(owner_agency, owner, area_code=forum.area_id, field="owner")
    if not 0 <= (due_on - forum.held_on).days <= LONGEST_DAYS:
        raise UnableToConvene("กำหนดเสร็จต้องไม่ก่อนวันจัดเวที และไม่เกิน 5 ปี", field="due_on")
    latest = forum.resolutions.aggregate(latest=Max("number"))["latest"] or 0
    before = agenda_item.resolution
    resolution = Resolution.objects.create(
        forum=forum,
        agenda_item=agenda_item,
        referral_id=agenda_item.referral_id or (before.referral_id if before else None),
        number=latest + 1,
        text=text,
        owner_agency=owner_agency,
        owner=owner,
        due_on=due_on,
        recorded_at=at,
        recorded_by=by,
    )
    _note(resolution, action="record", was="", by=by, at=at, note="")
    if agenda_item.outcome != ItemOutcome.RESOLVED:
        agenda_item.outcome = ItemOutcome.RESOLVED
        agenda_item.save(update_fields=["outcome"])
    _tell(resolution, event="resolution.recorded", by=by, at=at)
    return resolution


@transaction.atomic
def progress_resolution(
    *, resolution: Resolution, note: str, by: User, at: datetime, version: int | None = None
) -> Resolution:
    """Note how far it is. Raises PermissionDenied, WrongState, Stale, UnableToConvene."""
    permissions.check_can_move(by, resolution)
    return _move(resolution, Action.PROGRESS, note=note, by=by, at=at, version=version)


@transaction.atomic
def finish_resolution(
    *, resolution: Resolution, by: User, at: datetime, note: str = "", version: int | None = None
) -> Resolution:
    """Record that it is done. Raises PermissionDenied, WrongState and Stale."""
    permissions.check_can_move(by, resolution)
    return _move(resolution, Action.FINISH, note=note, by=by, at=at, version=version)


@transaction.atomic
def drop_resolution(
    *, resolution: Resolution, reason: str, by: User, at: datetime, version: int | None = None
) -> Resolution:
    """Give it up. Raises PermissionDenied, WrongState, Stale, UnableToConvene."""
    permissions.check_can_move(by, resolution)
    return _move(resolution, Action.DROP, note=reason, by=by, at=at, version=version)


@transaction.atomic
def reopen_resolution(
    *, resolution: Resolution, reason: str, by: User, at: datetime, version: int | None = None
) -> Resolution:
    """Take its end back; it returns to the next agenda.

    Raises PermissionDenied, WrongState, Stale, UnableToConvene.
    """
    permissions.check_can_move(by, resolution)
    return _move(resolution, Action.REOPEN, note=reason, by=by, at=at, version=version)


_EVENTS = {
    Action.PROGRESS: "resolution.progressed",
    Action.FINISH: "resolution.finished",
    Action.DROP: "resolution.dropped",
    Action.REOPEN: "resolution.reopened",
}


def _move(
    resolution: Resolution,
    action: Action,
    *,
    note: str,
    by: User,
    at: datetime,
    version: int | None,
) -> Resolution:
    """Make a move of the table on the resolution as it stands now."""
    move = MOVES[action]
    current = (
        Resolution.objects.select_for_update(of=("self",))
        .select_related("forum")
        .get(pk=resolution.pk)
    )
    if version is not None and current.version != version:
        raise Stale("มีผู้บันทึกมตินี้ก่อนท่าน ตรวจดูสถานะล่าสุดแล้วทำอีกครั้ง")
    if current.status not in move.sources:
        raise WrongState(f"มตินี้ “{Status(current.status).label}” จึง{action.label}ไม่ได้")
    note = note.strip()
    if move.needs and not note:
        raise UnableToConvene(f"ระบุ{move.needs}", field="note")
    if action is Action.DROP and len(note) > LONGEST_REASON:
        raise UnableToConvene(f"เหตุผลยาวได้ไม่เกิน {LONGEST_REASON} ตัวอักษร", field="note")
    was = current.status
    ends = move.to in ENDED
    current.status = move.to
    current.ended_at, current.ended_by = (at, by) if ends else (None, None)
    current.dropped_reason = note if action is Action.DROP else ""
    current.version += 1
    current.save(update_fields=["status", "ended_at", "ended_by", "dropped_reason", "version"])
    _note(current, action=action.value, was=was, by=by, at=at, note=note)
    _tell(current, event=_EVENTS[action], by=by, at=at)
    return current


def _note(
    resolution: Resolution, *, action: str, was: str, by: User, at: datetime, note: str
) -> None:
    ResolutionEvent.objects.create(
        resolution=resolution,
        action=action,
        from_status=was,
        to_status=resolution.status,
        at=at,
        by=by,
        note=note or None,
    )


def _tell(resolution: Resolution, *, event: str, by: User, at: datetime) -> None:
    area = resolution.forum.area_id
    record(
        event=event,
        subject=resolution,
        by=by,
        at=at,
        area=area,
        detail={
            "forum": str(resolution.forum_id),
            "number": resolution.number,
            "status": resolution.status,
            "referral": str(resolution.referral_id or ""),
        },
    )
