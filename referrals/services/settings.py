"""Routing rules, working days allowed and holidays, as staff set them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.timezone import now

from accounts.models import Agency, User
from areas.models import Area
from audit.services import record
from ppaos.lib.buddhist_era import format_date
from problems.rules import Dimension, ProblemCode, dimension_of
from referrals import permissions
from referrals.models import Holiday, RoutingRule, SlaTerm
from referrals.services.due import DEFAULT_DAYS, terms_in_force
from referrals.services.errors import Taken, UnableToRefer
from referrals.services.graduating import load_exit_rule
from referrals.workflow import TIMED, Status, Urgency
from slf.instrument import Group

_MOST_DAYS = 365
_OLDEST = 120
_LAST_PRIORITY = 999
_LONGEST_NOTE = 200
_LONGEST_NAME = 120


@transaction.atomic
def save_routing_rule(
    *,
    dimension: Dimension,
    area: Area,
    agency: Agency,
    by: User,
    at: datetime,
    code: ProblemCode | None = None,
    group: Group | None = None,
    age_from: int | None = None,
    age_to: int | None = None,
    priority: int = 10,
    note: str = "",
    replaces: RoutingRule | None = None,
) -> RoutingRule:
    """Add a rule, perhaps in the place of another, which is retired and kept.

    Raises PermissionDenied, and UnableToRefer if the rule cannot fit anything or its
    agency does not answer for the area.
    """
    permissions.check_can_change_rules(by, area.pk)
    if code is not None and dimension_of(code) is not dimension:
        raise UnableToRefer(f"“{code.label}” ไม่อยู่ใน{dimension.label}", field="code")
    _check_ages(age_from, age_to)
    if not agency.is_active or not area.pk.startswith(agency.area_id):
        raise UnableToRefer(f"{agency} ไม่ได้รับเรื่องของ {area} เลือกหน่วยงานอื่น", field="agency")
    if not 1 <= priority <= _LAST_PRIORITY:
        raise UnableToRefer(f"ลำดับต้องเป็น 1 ถึง {_LAST_PRIORITY}", field="priority")
    if len(note.strip()) > _LONGEST_NOTE:
        raise UnableToRefer(f"คำอธิบายยาวได้ไม่เกิน {_LONGEST_NOTE} ตัวอักษร", field="note")
    if replaces is not None:
        retire_routing_rule(rule=replaces, by=by, at=at)
    rule = RoutingRule.objects.create(
        dimension=dimension,
        code=code,
        group=group,
        area=area,
        age_from=age_from,
        age_to=age_to,
        agency=agency,
        priority=priority,
        note=note.strip(),
        created_at=at,
        created_by=by,
    )
    record(
        event="routing.added",
        subject=rule,
        by=by,
        at=at,
        area=area.pk,
        detail={"agency": str(agency.pk), "dimension": dimension.value, "code": code or ""},
    )
    return rule


def _check_ages(age_from: int | None, age_to: int | None) -> None:
    for field, age in (("age_from", age_from), ("age_to", age_to)):
        if age is not None and not 0 <= age <= _OLDEST:
            raise UnableToRefer(f"อายุต้องเป็น 0 ถึง {_OLDEST} ปี", field=field)
    if age_from is not None and age_to is not None and age_to < age_from:
        raise UnableToRefer("อายุสูงสุดต้องไม่น้อยกว่าอายุต่ำสุด", field="age_to")


@transaction.atomic
def retire_routing_rule(*, rule: RoutingRule, by: User, at: datetime) -> None:
    """Use a rule no longer; what it sent stays sent.

    Raises PermissionDenied, and UnableToRefer if it was retired already.
    """
    permissions.check_can_change_rules(by, rule.area_id)
    retired = RoutingRule.objects.filter(pk=rule.pk, retired_at__isnull=True).update(
        retired_at=at, retired_by=by
    )
    if retired != 1:
        raise UnableToRefer("เกณฑ์นี้เลิกใช้ไปแล้ว")
    rule.refresh_from_db(fields=["retired_at", "retired_by"])
    record(event="routing.retired", subject=rule, by=by, at=at, area=rule.area_id)


@transaction.atomic
def set_sla_terms(*, days: Mapping[tuple[Status, Urgency], int], by: User, at: datetime) -> int:
    """Write a new version with these working days, the others as they are; return its number.

    Holds for moves from now on; a day that was set stays. Raises PermissionDenied, and
    UnableToRefer for a status that is not timed or days outside 1 to 365.
    """
    permissions.check_can_change_terms(by)
    for (status, urgency), number in days.items():
        field = f"{status.value}-{urgency.value}"
        if status not in TIMED:
            raise UnableToRefer(f"สถานะ “{status.label}” ไม่มีกำหนดเวลา", field=field)
        if not 1 <= number <= _MOST_DAYS:
            raise UnableToRefer(
                f"“{status.label}” ({urgency.label}) ต้องเป็น 1 ถึง {_MOST_DAYS} วันทำการ",
                field=field,
            )
    version = _newest_version() + 1
    try:
        with transaction.atomic():
            _write_terms({**terms_in_force(), **days}, version=version, by=by, at=at)
    except IntegrityError:
        raise Taken("มีผู้แก้ไขกำหนดเวลาในเวลาเดียวกัน ดูค่าล่าสุดแล้วบันทึกอีกครั้ง") from None
    record(event="sla.changed", by=by, at=at, detail={"version": version, "changed": len(days)})
    return version


def _newest_version() -> int:
    return SlaTerm.objects.aggregate(newest=Max("version"))["newest"] or 0


def _write_terms(
    terms: Mapping[tuple[Status, Urgency], int], *, version: int, by: User | None, at: datetime
) -> list[SlaTerm]:
    return SlaTerm.objects.bulk_create(
        SlaTerm(
            version=version,
            status=status,
            urgency=urgency,
            days=number,
            created_at=at,
            created_by=by,
        )
        for (status, urgency), number in terms.items()
    )


@transaction.atomic
def add_holidays(*, holidays: Iterable[tuple[date, str]], by: User, at: datetime) -> int:
    """Add days that are no working days, or name them anew; return how many were new.

    Holds for moves from now on. Raises PermissionDenied, and UnableToRefer for a day
    without a name.
    """
    permissions.check_can_change_terms(by)
    named = {day: name.strip() for day, name in holidays}
    for day, name in named.items():
        if not 1 <= len(name) <= _LONGEST_NAME:
            raise UnableToRefer(
                f"ระบุชื่อวันหยุดของวันที่ {format_date(day)} ไม่เกิน {_LONGEST_NAME} ตัวอักษร",
                field="name",
            )
    known = Holiday.objects.filter(date__in=named).count()
    Holiday.objects.bulk_create(
        [Holiday(date=day, name=name) for day, name in sorted(named.items())],
        update_conflicts=True,
        update_fields=["name"],
        unique_fields=["date"],
    )
    added = len(named) - known
    record(event="holidays.added", by=by, at=at, detail={"days": len(named), "new": added})
    return added


@transaction.atomic
def remove_holiday(*, holiday: Holiday, by: User, at: datetime) -> None:
    """Make a day a working day again. Raises PermissionDenied."""
    permissions.check_can_change_terms(by)
    day = holiday.date
    holiday.delete()
    record(event="holidays.removed", by=by, at=at, detail={"date": day.isoformat()})


@transaction.atomic
def load_reference_data(*, at: datetime | None = None) -> int:
    """Add the working days and the exit rule that the product ships; return how many rows were new.

    Safe to repeat: what staff have set is left alone.
    """
    added = load_exit_rule()
    if SlaTerm.objects.exists():
        return added
    terms = {
        (status, urgency): number
        for status, by_urgency in DEFAULT_DAYS.items()
        for urgency, number in by_urgency.items()
    }
    return added + len(_write_terms(terms, version=1, by=None, at=at or now()))
