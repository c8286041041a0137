"""Visits made again: drawn by lot, made by somebody else who does not know, then compared."""

import secrets
from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from accounts.permissions import has_in
from accounts.roles import Permission
from areas.models import Area
from areas.querysets import within
from audit.models import Event
from audit.services import record
from fieldwork import permissions
from fieldwork.models import BackCheck, BackCheckDraw, BackCheckShare
from fieldwork.workflow import Settled, draw, how_many, share_for
from households.models import Household, Verification
from households.services import READ_AGAIN_AFTER, UnableToVerify, record_verification
from households.workflow import NEEDS_REASON, Outcome

LOOKED = ("household.read", "citizen_id.revealed", "file.printed")
"""Events that tell that somebody saw the case file, and so the first verdict."""


class UnableToCheck(Exception):
    """The visit cannot be drawn, made or settled so. The message is for the user."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def set_share(
    *, area: Area, percent: int, by: User, at: datetime, surveyor: User | None = None
) -> BackCheckShare:
    """Set which share of visits is made again in an area, or of one surveyor there."""
    permissions.check_can_have_checked(by, area.pk)
    if not 0 <= percent <= 100:
        raise UnableToCheck("ร้อยละต้องอยู่ระหว่าง 0 ถึง 100", field="percent")
    share = BackCheckShare.objects.create(
        area=area, surveyor=surveyor, percent=percent, set_at=at, set_by=by
    )
    record(
        event="backcheck.share-set",
        subject=surveyor,
        by=by,
        at=at,
        area=area.pk,
        detail={"percent": percent},
    )
    return share


@transaction.atomic
def draw_back_checks(
    *,
    area: Area,
    visited_from: date,
    visited_to: date,
    by: User,
    at: datetime,
    seed: str = "",
) -> BackCheckDraw:
    """Draw which visits of a time are made again: of each surveyor the share that holds.

    The seed and the numbers are kept, so the drawing can be repeated and checked. What was
    drawn before is not drawn twice, and counts towards the share of its surveyor.
    Raises PermissionDenied, and UnableToCheck if there is nothing to draw from.
    """
    permissions.check_can_have_checked(by, area.pk)
    if visited_from > visited_to:
        raise UnableToCheck("วันเริ่มต้องไม่หลังวันสิ้นสุด", field="visited_from")
    Area.objects.select_for_update().get(pk=area.pk)
    pools, drawn_before = _pools(area, visited_from, visited_to, by)
    if not pools:
        raise UnableToCheck("ไม่มีผลสอบทานในพื้นที่และช่วงวันที่นี้")
    shares = _shares()
    made = BackCheckDraw(
        area=area,
        seed=seed or secrets.token_hex(8),
        visited_from=visited_from,
        visited_to=visited_to,
        drawn_at=at,
        drawn_by=by,
    )
    chosen: list[str] = []
    for surveyor, keys in sorted(pools.items()):
        before = drawn_before[surveyor]
        percent = share_for(area.pk, surveyor, shares, otherwise=settings.BACK_CHECK_PERCENT)
        wanted = how_many(len(keys) + before, percent=percent) - before
        lots = draw(keys, seed=made.seed, count=max(0, wanted))
        made.counts[surveyor] = {"visits": len(keys), "percent": percent, "drawn": len(lots)}
        chosen += lots
    if not chosen:
        raise UnableToCheck("ผลสอบทานในช่วงนี้ถูกสุ่มครบตามสัดส่วนแล้ว")
    made.save()
    BackCheck.objects.bulk_create([BackCheck(drawn_in=made, verification_id=key) for key in chosen])
    record(
        event="backchecks.drawn",
        subject=made,
        by=by,
        at=at,
        area=area.pk,
        detail={"seed": made.seed, "drawn": len(chosen), "surveyors": len(pools)},
    )
    return made


def _pools(
    area: Area, visited_from: date, visited_to: date, by: User
) -> tuple[dict[str, list[str]], dict[str, int]]:
    """Return each surveyor's visits to draw from, and how many were drawn before."""
    rows = Verification.objects.filter(
        within([area.pk], column="household__area_id"),
        household__in=Household.objects.visible_to(by),
        retracted_at__isnull=True,
        visited_on__gte=visited_from,
        visited_on__lte=visited_to,
    ).values_list("pk", "recorded_by", "back_check")
    pools: dict[str, list[str]] = defaultdict(list)
    before: dict[str, int] = defaultdict(int)
    for key, surveyor, check in rows:
        if check is None:
            pools[str(surveyor)].append(str(key))
        else:
            before[str(surveyor)] += 1
    return dict(pools), before


def _shares() -> list[tuple[str, str | None, int]]:
    rows = BackCheckShare.objects.order_by("-set_at", "-pk")
    return [
        (row.area_id, str(row.surveyor_id) if row.surveyor_id else None, row.percent)
        for row in rows
    ]


@transaction.atomic
def appoint_checker(
    *, check_ids: Collection[UUID], checker: User, due_on: date, by: User, at: datetime
) -> int:
    """Ask somebody for second visits; returns how many.

    Raises PermissionDenied, and UnableToCheck if one is done or is the checker's own first
    visit, the checker may not verify there, or the day is past.
    """
    permissions.check_can_have_checked_somewhere(by)
    rows = list(
        BackCheck.objects.open()
        .visible_to(by)
        .filter(pk__in=check_ids)
        .select_related("verification__household")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    if not rows or len(rows) != len(set(check_ids)):
        raise UnableToCheck("เลือกการตรวจซ้ำที่ยังไม่ได้ทำอย่างน้อยหนึ่งรายการ")
    if due_on < localdate(at):
        raise UnableToCheck("วันครบกำหนดต้องไม่เป็นวันที่ผ่านมาแล้ว", field="due_on")
    for row in rows:
        place = row.verification.household.area_id
        permissions.check_can_have_checked(by, place)
        if row.verification.recorded_by_id == checker.pk:
            raise UnableToCheck("มีบ้านที่ผู้ตรวจซ้ำเป็นผู้เยี่ยมครั้งแรกเอง ให้เลือกคนอื่น", field="checker")
        if not has_in(checker, Permission.HOUSEHOLD_VERIFY, place):
            raise UnableToCheck("ผู้ตรวจซ้ำไม่มีสิทธิสอบทานในพื้นที่นี้", field="checker")
    BackCheck.objects.filter(pk__in=[row.pk for row in rows]).update(checker=checker, due_on=due_on)
    record(
        event="backchecks.assigned",
        subject=checker,
        by=by,
        at=at,
        area=rows[0].verification.household.area_id[:4],
        detail={"checks": len(rows), "due_on": due_on.isoformat()},
    )
    return len(rows)


@transaction.atomic
def record_back_check(
    *, check: BackCheck, outcome: Outcome, visited_on: date, reason: str, by: User, at: datetime
) -> bool | None:
    """Record what the second visit found; return whether it agrees with the first.

    It changes nothing of the household: the office settles what disagrees. If the visitor
    had opened the case file since the first visit, the pair does not count, and None is
    returned. Raises PermissionDenied, and UnableToCheck.
    """
    permissions.check_can_visit_again(by, check)
    if visited_on > localdate(at) or visited_on < check.verification.visited_on:
        raise UnableToCheck("วันที่เยี่ยมต้องไม่ก่อนการเยี่ยมครั้งแรก และไม่เป็นวันในอนาคต", field="visited_on")
    if outcome in NEEDS_REASON and not reason.strip():
        raise UnableToCheck(f"ระบุเหตุผลของผล “{outcome.label}”", field="reason")
    # The first verdict is looked up again: taken back, there is nothing to compare with.
    current = (
        BackCheck.objects.select_for_update(of=("self",))
        .select_related("verification__household")
        .get(pk=check.pk)
    )
    if current.recorded_at is not None or current.verification.retracted_at is not None:
        raise UnableToCheck("มีผู้บันทึกผลตรวจซ้ำแล้ว หรือผลครั้งแรกถูกถอนไปแล้ว")
    household = current.verification.household
    looked = Event.objects.filter(
        subject_id=str(household.pk),
        actor_id=by.pk,
        event__in=LOOKED,
        # Who has the file open looks again without another event.
        at__gte=current.verification.recorded_at - READ_AGAIN_AFTER,
    )
    current.outcome = outcome.value
    current.visited_on = visited_on
    current.reason = reason.strip() or None
    current.is_blind = not looked.exists()
    current.recorded_at = at
    current.recorded_by = by
    current.save(
        update_fields=["outcome", "visited_on", "reason", "is_blind", "recorded_at", "recorded_by"]
    )
    agrees = current.outcome == current.verification.outcome
    record(
        event="household.back-checked",
        subject=household,
        by=by,
        at=at,
        area=household.area_id,
        detail={"check": str(current.pk), "agrees": agrees, "is_blind": current.is_blind},
    )
    return agrees if current.is_blind else None


@transaction.atomic
def settle_back_check(
    *, check: BackCheck, settled: Settled, reason: str, by: User, at: datetime
) -> None:
    """Decide which of two visits that disagree was right; the second then becomes the verdict.

    Raises PermissionDenied, also for the two visitors, and UnableToCheck if they agree,
    somebody settled it before, or no reason is given.
    """
    household = check.verification.household
    permissions.check_can_have_checked(by, household.area_id)
    current = (
        BackCheck.objects.select_for_update(of=("self",))
        .select_related("verification__household")
        .get(pk=check.pk)
    )
    if by.pk in (current.verification.recorded_by_id, current.recorded_by_id):
        raise UnableToCheck("ท่านเป็นผู้เยี่ยมครั้งใดครั้งหนึ่ง ให้เจ้าหน้าที่คนอื่นตัดสิน")
    if current.recorded_at is None or current.outcome == current.verification.outcome:
        raise UnableToCheck("ผลสองครั้งไม่ได้ขัดกัน จึงไม่ต้องตัดสิน")
    if current.settled:
        raise UnableToCheck("มีผู้ตัดสินแล้ว")
    if not reason.strip():
        raise UnableToCheck("ระบุเหตุผลที่ตัดสิน", field="reason")
    current.settled = settled.value
    current.settled_reason = reason.strip()
    current.settled_at = at
    current.settled_by = by
    current.save(update_fields=["settled", "settled_reason", "settled_at", "settled_by"])
    if settled is Settled.SECOND:
        _take_second(current, by=by, at=at)
    record(
        event="backcheck.settled",
        subject=household,
        by=by,
        at=at,
        area=household.area_id,
        detail={"check": str(current.pk), "settled": settled.value},
    )


def _take_second(check: BackCheck, *, by: User, at: datetime) -> None:
    assert check.visited_on is not None
    try:
        record_verification(
            household=check.verification.household,
            outcome=Outcome(check.outcome),
            visited_on=check.visited_on,
            reason=check.reason or check.settled_reason or "",
            by=by,
            at=at,
        )
    except UnableToVerify as error:
        raise UnableToCheck(str(error)) from None
