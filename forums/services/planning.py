"""A sitting is planned, changed, cancelled."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import Agency, User
from areas.models import Area
from audit.services import record
from forums import permissions
from forums.models import Forum
from forums.services.carrying import carry_over
from forums.services.refusals import Stale, UnableToConvene, WrongState
from forums.workflow import CODE_LENGTH, Format, ForumState, Level, level_fits
from ppaos.lib.thai_text import clean

FARTHEST_DAYS = 2 * 366
"""How far ahead a sitting may be planned; beyond it the year was mistyped."""
EARLIEST = date(2017, 1, 1)
PROVINCE_DIGITS = 2


@dataclass(frozen=True, slots=True)
class ForumPlan:
    """What is known before a sitting: of `organiser_agency` and `organiser` exactly one."""

    title: str
    format: Format
    level: Level
    area_code: str
    held_on: date
    place: str
    starts_at: time | None = None
    organiser_agency: Agency | None = None
    organiser: str = ""


@transaction.atomic
def plan_forum(*, plan: ForumPlan, by: User, at: datetime) -> Forum:
    """Plan a sitting, with what earlier sittings left unresolved on its agenda.

    Raises PermissionDenied, and UnableToConvene with the field to mend.
    """
    permissions.check_can_plan_in(by, plan.area_code)
    forum = Forum(planned_at=at, planned_by=by, **_columns(plan, today=localdate(at)))
    forum.save(force_insert=True)
    carried = carry_over(forum=forum, by=by, at=at)
    record(
        event="forum.planned",
        subject=forum,
        by=by,
        at=at,
        area=forum.area_id,
        detail={"held_on": forum.held_on.isoformat(), "carried": len(carried)},
    )
    return forum


@transaction.atomic
def update_forum(
    *, forum: Forum, plan: ForumPlan, by: User, at: datetime, version: int | None = None
) -> Forum:
    """Change what was planned; a later day or a wider area may bring more on the agenda.

    Raises PermissionDenied, WrongState unless it is planned, Stale, and UnableToConvene
    with the field to mend.
    """
    permissions.check_can_manage(by, forum)
    permissions.check_can_plan_in(by, plan.area_code)
    current = lock(forum)
    require(current, ForumState.PLANNED)
    if version is not None and current.version != version:
        raise Stale("มีผู้แก้ไขเวทีนี้ก่อนท่าน ตรวจดูค่าล่าสุดแล้วแก้ไขอีกครั้ง")
    before = current.area_id
    if not before.startswith(plan.area_code) and current.items.exists():
        raise UnableToConvene("มีวาระของพื้นที่เดิมอยู่แล้ว ย้ายไปพื้นที่นี้ไม่ได้ ให้ยกเลิกเวทีนี้แล้วนัดใหม่", field="area")
    columns = _columns(plan, today=localdate(at))
    for name, value in columns.items():
        setattr(current, name, value)
    current.version += 1
    current.save(update_fields=[*columns, "version"])
    carried = carry_over(forum=current, by=by, at=at)
    record(
        event="forum.updated",
        subject=current,
        by=by,
        at=at,
        area=current.area_id,
        detail={"held_on": current.held_on.isoformat(), "carried": len(carried)},
    )
    return current


@transaction.atomic
def cancel_forum(*, forum: Forum, reason: str, by: User, at: datetime) -> Forum:
    """Call a planned sitting off; what it carried waits for the next one.

    Raises PermissionDenied, WrongState unless it is planned, and UnableToConvene without
    a reason.
    """
    permissions.check_can_manage(by, forum)
    current = lock(forum)
    require(current, ForumState.PLANNED)
    reason = clean(reason)
    if not reason:
        raise UnableToConvene("ระบุเหตุผลที่ยกเลิก", field="reason")
    current.state = ForumState.CANCELLED
    current.cancelled_at, current.cancelled_by = at, by
    current.cancelled_reason = reason
    current.version += 1
    current.save(
        update_fields=["state", "cancelled_at", "cancelled_by", "cancelled_reason", "version"]
    )
    record(
        event="forum.cancelled",
        subject=current,
        by=by,
        at=at,
        area=current.area_id,
        reason=reason,
    )
    return current


def lock(forum: Forum) -> Forum:
    """Return the forum as it stands now, held until the transaction ends."""
    return Forum.objects.select_for_update(of=("self",)).get(pk=forum.pk)


def require(forum: Forum, *states: ForumState) -> None:
    if forum.state not in states:
        label = ForumState(forum.state).label
        raise WrongState(f"เวทีนี้อยู่ในสถานะ “{label}” จึงทำรายการนี้ไม่ได้")


def in_reach(agency: Agency, area_code: str) -> bool:
    """Say whether an agency works in the province of this area."""
    return agency.is_active and agency.area_id[:PROVINCE_DIGITS] == area_code[:PROVINCE_DIGITS]


def one_of(agency: Agency | None, words: str, *, area_code: str, field: str) -> str:
    """Return the words, cleaned, if exactly one of the two is there and the agency in reach."""
    words = clean(words)
    if (agency is None) == (not words):
        raise UnableToConvene("เลือกหน่วยงาน หรือพิมพ์ชื่อ อย่างใดอย่างหนึ่ง", field=field)
    if agency is not None and not in_reach(agency, area_code):
        raise UnableToConvene("หน่วยงานนี้ไม่ได้ใช้งาน หรืออยู่นอกจังหวัดของเวที", field=field)
    return words


def _columns(plan: ForumPlan, *, today: date) -> dict[str, object]:
    title, place = clean(plan.title), clean(plan.place)
    for field, text, what in (("title", title, "ชื่อเวที"), ("place", place, "สถานที่")):
        if not text:
            raise UnableToConvene(f"ระบุ{what}", field=field)
    _check_place(plan)
    if not EARLIEST <= plan.held_on <= today + timedelta(days=FARTHEST_DAYS):
        raise UnableToConvene("วันที่ห่างจากวันนี้เกินไป ตรวจปี พ.ศ. อีกครั้ง", field="held_on")
    organiser = one_of(
        plan.organiser_agency, plan.organiser, area_code=plan.area_code, field="organiser"
    )
    return {
        "title": title,
        "format": plan.format.value,
        "level": plan.level.value,
        "area_id": plan.area_code,
        "held_on": plan.held_on,
        "starts_at": plan.starts_at,
        "place": place,
        "organiser_agency": plan.organiser_agency,
        "organiser": organiser,
    }


def _check_place(plan: ForumPlan) -> None:
    if not level_fits(plan.level, plan.area_code):
        digits = CODE_LENGTH[plan.level]
        raise UnableToConvene(
            f"เวทีระดับ{plan.level.label}ต้องเลือกพื้นที่ระดับ{plan.level.label} (รหัส {digits} หลัก)",
            field="area",
        )
    if not Area.objects.filter(pk=plan.area_code).exists():
        raise UnableToConvene("ไม่พบพื้นที่นี้", field="area")
