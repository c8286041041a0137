"""Sharing out visits, and handing work over. Nothing is edited: an end and a new beginning."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from accounts.models import User
from accounts.permissions import area_prefixes, common_area, has_in
from accounts.roles import Permission
from audit.services import record
from fieldwork import permissions
from fieldwork.models import Assignment, BackCheck
from fieldwork.querysets import without_assignment
from fieldwork.workflow import Ended
from households.models import Household
from households.workflow import Stage

MOST_AT_ONCE = 5_000
"""Households that one action shares out; more are refused, not cut off."""


class UnableToAssign(Exception):
    """The work cannot be shared out so. The message is for the user."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def assign_villages(
    *, village_codes: Collection[str], surveyor: User, due_on: date, by: User, at: datetime
) -> int:
    """Give a surveyor all households of villages that wait for a visit and have nobody.

    Returns how many. Raises PermissionDenied, and UnableToAssign if nothing is left to
    give, the day is past, or the surveyor may not verify there.
    """
    for code in village_codes:
        permissions.check_can_assign_in(by, code)
    _check_surveyor(surveyor, village_codes)
    visible = Household.objects.visible_to(by).in_areas(village_codes)
    # A protected household is visited only by who is named for it.
    known = visible.filter(pk__in=Household.objects.visible_to(surveyor).values("pk"))
    rows = _unassigned(_locked(without_assignment(known)))
    if not rows:
        raise UnableToAssign("ไม่มีครัวเรือนที่รอสอบทานและยังไม่มีผู้รับผิดชอบในหมู่บ้านที่เลือก")
    _give(rows, surveyor, due_on, by=by, at=at)
    return len(rows)


@transaction.atomic
def assign_households(
    *, household_ids: Collection[UUID], surveyor: User, due_on: date, by: User, at: datetime
) -> int:
    """Give a surveyor single households to visit, also again; returns how many.

    Whoever had one of them before has it no more. Raises PermissionDenied, and
    UnableToAssign as `assign_villages`, or if one has left the targets.
    """
    rows = _locked(Household.objects.visible_to(by).filter(pk__in=household_ids))
    if not rows or len(rows) != len(set(household_ids)):
        raise UnableToAssign("เลือกครัวเรือนอย่างน้อยหนึ่งหลังที่ท่านดูได้")
    for household in rows:
        permissions.check_can_assign_in(by, household.area_id)
        if household.stage == Stage.EXITED:
            raise UnableToAssign("มีครัวเรือนที่พ้นเป้าหมายแล้วอยู่ในรายการ ให้เอาออกก่อน")
    _check_sees(surveyor, {row.pk for row in rows})
    standing = Assignment.objects.standing().filter(household__in=rows)
    standing.update(ended=Ended.AGAIN, ended_at=at, ended_by=by)
    _give(rows, surveyor, due_on, by=by, at=at)
    return len(rows)


def _locked(households: QuerySet[Household]) -> list[Household]:
    """Hold the households in one order, so that two who assign at once do not both succeed."""
    rows = list(
        households.select_for_update(of=("self",))
        .only("pk", "area_id", "stage")
        .order_by("pk")[: MOST_AT_ONCE + 1]
    )
    if len(rows) > MOST_AT_ONCE:
        raise UnableToAssign(f"เกิน {MOST_AT_ONCE:,} ครัวเรือนในครั้งเดียว ให้เลือกหมู่บ้านน้อยลง")
    return rows


def _unassigned(rows: list[Household]) -> list[Household]:
    """Leave out what somebody else gave away between the look and the lock."""
    taken = set(
        Assignment.objects.standing().filter(household__in=rows).values_list("household", flat=True)
    )
    return [row for row in rows if row.pk not in taken]


def _give(
    rows: Iterable[Household], surveyor: User, due_on: date, *, by: User, at: datetime
) -> None:
    given = list(rows)
    _check_surveyor(surveyor, {row.area_id for row in given})
    if due_on < localdate(at):
        raise UnableToAssign("วันครบกำหนดต้องไม่เป็นวันที่ผ่านมาแล้ว", field="due_on")
    Assignment.objects.bulk_create(
        [
            Assignment(
                household=row, surveyor=surveyor, due_on=due_on, assigned_at=at, assigned_by=by
            )
            for row in given
        ],
        batch_size=1_000,
    )
    for code in sorted({row.area_id for row in given}):
        record(
            event="visits.assigned",
            by=by,
            at=at,
            area=code,
            subject=surveyor,
            detail={
                "households": sum(row.area_id == code for row in given),
                "due_on": due_on.isoformat(),
            },
        )


def _check_surveyor(surveyor: User, area_codes: Iterable[str], *, field: str = "surveyor") -> None:
    if not all(has_in(surveyor, Permission.HOUSEHOLD_VERIFY, code) for code in area_codes):
        raise UnableToAssign("ผู้สำรวจที่เลือกไม่มีสิทธิสอบทานในบางหมู่บ้านที่เลือก", field=field)


def _check_sees(surveyor: User, household_ids: set[UUID], *, field: str = "surveyor") -> None:
    """Refuse work that its list would not show: a protected household names who visits it."""
    seen = Household.objects.visible_to(surveyor).filter(pk__in=household_ids)
    if seen.count() < len(household_ids):
        raise UnableToAssign(
            "ผู้สำรวจที่เลือกดูครัวเรือนบางหลังไม่ได้ เลือกคนที่มีสิทธิในพื้นที่ หรือมีชื่อในครัวเรือนคุ้มครอง",
            field=field,
        )


@transaction.atomic
def hand_over(
    *, leaver: User, taker: User, by: User, at: datetime, due_on: date | None = None
) -> int:
    """Hand all open work of somebody who leaves to somebody else; returns how many.

    Visits and second visits where `by` shares out work. A second visit to an own first one
    loses its visitor instead, so the office names another. Without `due_on` every day stays.
    Raises PermissionDenied, and UnableToAssign if nothing is open, both are one, or the
    taker may not verify there.
    """
    permissions.check_can_assign(by)
    if leaver.pk == taker.pk:
        raise UnableToAssign("ผู้รับช่วงต้องเป็นคนละคนกับผู้ส่งมอบ", field="taker")
    places = area_prefixes(by, Permission.FIELDWORK_ASSIGN)
    # Two who hand over at once go one after the other.
    User.objects.select_for_update().get(pk=leaver.pk)
    rows = list(
        Assignment.objects.open()
        .visible_to(by)
        .in_areas(places)
        .filter(surveyor=leaver)
        .select_related("household")
        .order_by("pk")
    )
    checks = _second_visits(leaver, places, by)
    if not rows and not checks:
        raise UnableToAssign("ไม่มีงานค้างที่จะส่งมอบในพื้นที่ของท่าน หรือมีผู้ส่งมอบไปแล้ว")
    if due_on is not None and due_on < localdate(at):
        raise UnableToAssign("วันครบกำหนดต้องไม่เป็นวันที่ผ่านมาแล้ว", field="due_on")
    _check_surveyor(taker, {row.household.area_id for row in rows}, field="taker")
    homes = {row.household_id for row in rows}
    _check_sees(taker, homes | {c.verification.household_id for c in checks}, field="taker")
    Assignment.objects.filter(pk__in=[row.pk for row in rows]).update(
        ended=Ended.HANDED_OVER, ended_at=at, ended_by=by
    )
    Assignment.objects.bulk_create(
        [
            Assignment(
                household=row.household,
                surveyor=taker,
                due_on=due_on or row.due_on,
                assigned_at=at,
                assigned_by=by,
                taken_over_from=row,
            )
            for row in rows
        ],
        batch_size=1_000,
    )
    passed = [check for check in checks if check.verification.recorded_by_id != taker.pk]
    given = {check.pk for check in passed}
    BackCheck.objects.filter(pk__in=given).update(checker=taker)
    BackCheck.objects.filter(pk__in=[c.pk for c in checks if c.pk not in given]).update(
        checker=None, due_on=None
    )
    record(
        event="visits.handed-over",
        subject=leaver,
        by=by,
        at=at,
        area=_common([row.household.area_id for row in rows]),
        detail={
            "to": str(taker.pk),
            "households": len(rows),
            "second_visits": len(passed),
            "second_visits_without_visitor": len(checks) - len(passed),
        },
    )
    return len(rows) + len(passed)


def _second_visits(leaver: User, places: tuple[str, ...], by: User) -> list[BackCheck]:
    rows = BackCheck.objects.open().filter(checker=leaver).select_related("verification__household")
    seen = Household.objects.visible_to(by).in_areas(places)
    return list(rows.filter(verification__household__in=seen).order_by("pk"))


def _common(codes: list[str]) -> str:
    return common_area(sorted(set(codes)))


@transaction.atomic
def take_back_households(*, household_ids: Iterable[UUID], by: User, at: datetime) -> int:
    """Take back what somebody was to visit at these households and has not; return how many.

    Raises PermissionDenied, and UnableToAssign if there is none among them.
    """
    permissions.check_can_assign(by)
    rows = (
        Assignment.objects.visible_to(by)
        .open()
        .filter(household__in=list(household_ids))
        .select_related("household")
        .order_by("pk")
    )
    taken = list(rows)
    if not taken:
        raise UnableToAssign("เลือกครัวเรือนที่มีผู้รับผิดชอบและยังไม่ได้เยี่ยม อย่างน้อยหนึ่งหลัง")
    for assignment in taken:
        take_back(assignment=assignment, by=by, at=at)
    return len(taken)


@transaction.atomic
def take_back(*, assignment: Assignment, by: User, at: datetime) -> None:
    """Take work back, so that nobody has it. Raises PermissionDenied and UnableToAssign."""
    permissions.check_can_assign_in(by, assignment.household.area_id)
    ended = Assignment.objects.filter(pk=assignment.pk, ended_at__isnull=True).update(
        ended=Ended.TAKEN_BACK, ended_at=at, ended_by=by
    )
    if ended != 1:
        raise UnableToAssign("งานนี้มีผู้เรียกคืนหรือส่งมอบไปแล้ว")
    record(
        event="visit.taken-back",
        subject=assignment.household,
        by=by,
        at=at,
        area=assignment.household.area_id,
        detail={"assignment": str(assignment.pk)},
    )
