"""A sitting took place: who came, in numbers, and what was said."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import Agency, User
from audit.services import record
from forums import permissions
from forums.models import COUNTS, AgendaItem, Forum
from forums.services.carrying import carry_over
from forums.services.planning import in_reach, lock, require
from forums.services.refusals import UnableToConvene
from forums.workflow import ForumState, ItemOutcome, Sector
from ppaos.lib.buddhist_era import format_date

MOST_PEOPLE = 10_000
"""Of one sector at one sitting; beyond it the number was mistyped."""


@transaction.atomic
def hold_forum(
    *,
    forum: Forum,
    counts: Mapping[Sector, int],
    by: User,
    at: datetime,
    agencies: Iterable[Agency] = (),
    summary: str = "",
) -> Forum:
    """Record that a planned sitting took place; what became due meanwhile joins its agenda.

    `counts` are people by sector; a sector that is left out sent nobody.

    Raises PermissionDenied, WrongState unless it is planned, and UnableToConvene before its
    day or with nobody there.
    """
    permissions.check_can_manage(by, forum)
    current = lock(forum)
    require(current, ForumState.PLANNED)
    if localdate(at) < current.held_on:
        day = format_date(current.held_on)
        raise UnableToConvene(f"ยังไม่ถึงวันจัด {day} ถ้าจัดก่อนกำหนด ให้แก้วันที่ก่อน", field="held_on")
    current.state = ForumState.HELD
    current.held_at, current.held_by = at, by
    _write_minutes(current, counts=counts, agencies=list(agencies), summary=summary)
    carried = carry_over(forum=current, by=by, at=at)
    record(
        event="forum.held",
        subject=current,
        by=by,
        at=at,
        area=current.area_id,
        detail={"people": current.people, "carried": len(carried)},
    )
    return current


@transaction.atomic
def amend_minutes(
    *,
    forum: Forum,
    counts: Mapping[Sector, int],
    by: User,
    at: datetime,
    agencies: Iterable[Agency] = (),
    summary: str = "",
) -> Forum:
    """Correct who came to a sitting and its summary.

    Raises PermissionDenied, WrongState unless it was held, and UnableToConvene.
    """
    permissions.check_can_manage(by, forum)
    current = lock(forum)
    require(current, ForumState.HELD)
    _write_minutes(current, counts=counts, agencies=list(agencies), summary=summary)
    record(
        event="forum.minutes-amended",
        subject=current,
        by=by,
        at=at,
        area=current.area_id,
        detail={"people": current.people},
    )
    return current


@transaction.atomic
def discuss_item(
    *, item: AgendaItem, outcome: ItemOutcome | None, note: str, by: User, at: datetime
) -> AgendaItem:
    """Write down what a held sitting said about an item.

    Raises PermissionDenied, WrongState, and UnableToConvene where the outcome does not fit
    the resolutions.
    """
    permissions.check_can_manage(by, item.forum)
    current = lock(item.forum)
    require(current, ForumState.HELD)
    has_resolution = item.resolutions.exists()
    if has_resolution and outcome is not ItemOutcome.RESOLVED:
        raise UnableToConvene("วาระนี้มีมติแล้ว ผลต้องเป็น “มีมติ”", field="outcome")
    if outcome is ItemOutcome.RESOLVED and not has_resolution:
        raise UnableToConvene("บันทึกมติของวาระนี้ก่อน ระบบจะตั้งผลเป็น “มีมติ” ให้", field="outcome")
    item.note = note.strip() or None
    item.outcome = outcome.value if outcome else ""
    item.save(update_fields=["note", "outcome"])
    record(
        event="forum.item-discussed",
        subject=current,
        by=by,
        at=at,
        area=current.area_id,
        detail={"item": str(item.pk), "outcome": item.outcome},
    )
    return item


def _write_minutes(
    forum: Forum, *, counts: Mapping[Sector, int], agencies: list[Agency], summary: str
) -> None:
    for sector, column in COUNTS.items():
        count = counts.get(sector, 0)
        if not 0 <= count <= MOST_PEOPLE:
            raise UnableToConvene(
                f"จำนวน{sector.label}ต้องเป็น 0 ถึง {MOST_PEOPLE:,} คน", field=column
            )
        setattr(forum, column, count)
    if not forum.people:
        raise UnableToConvene("ระบุจำนวนผู้เข้าร่วมอย่างน้อยหนึ่งคน", field=COUNTS[Sector.STATE])
    if not all(in_reach(agency, forum.area_id) for agency in agencies):
        raise UnableToConvene("มีหน่วยงานที่ไม่ได้ใช้งาน หรืออยู่นอกจังหวัดของเวที", field="agencies")
    forum.summary = summary.strip() or None
    forum.version += 1
    forum.save(
        update_fields=["state", "held_at", "held_by", "summary", "version", *COUNTS.values()]
    )
    forum.agencies.set(agencies)
