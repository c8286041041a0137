"""Rows that break a rule and are right all the same."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit.services import record
from households.models import Household, Member
from quality import permissions
from quality.models import Exemption
from quality.rules import RULES, Rule
from quality.services.counting import count_again


class UnableToExcuse(Exception):
    """Says why, in a Thai sentence for the person."""


@transaction.atomic
def excuse(
    *, rule: Rule, subject: Household | Member, reason: str, by: User, at: datetime
) -> Exemption:
    """Take the row off the rule's list until it changes."""
    household = subject if isinstance(subject, Household) else subject.household
    permissions.check_can_excuse(by, household.area_id)
    if not reason.strip():
        raise UnableToExcuse("บอกเหตุที่รายการนี้ถูกต้องแล้ว")
    found, is_new = Exemption.objects.get_or_create(
        rule=rule.code,
        subject=subject.pk,
        subject_version=subject.version,
        ended_at=None,
        defaults={
            "household": household,
            "reason": reason.strip(),
            "made_at": at,
            "made_by": by,
        },
    )
    if not is_new:
        raise UnableToExcuse("มีผู้ยกเว้นรายการนี้ไว้แล้ว")
    record(
        event="exemption.added",
        subject=household,
        by=by,
        at=at,
        area=household.area_id,
        detail={"rule": rule.code, "row": str(subject.pk)},
    )
    count_again(rule, household.area_id, at=at)
    return found


@transaction.atomic
def end_exemption(*, exemption: Exemption, by: User, at: datetime) -> None:
    """Hold the row against the rule again."""
    area = exemption.household.area_id
    permissions.check_can_excuse(by, area)
    ended = Exemption.objects.standing().filter(pk=exemption.pk).update(ended_at=at, ended_by=by)
    if not ended:
        raise UnableToExcuse("ข้อยกเว้นนี้ถูกยกเลิกไปแล้ว")
    record(
        event="exemption.ended",
        subject=exemption.household,
        by=by,
        at=at,
        area=area,
        detail={"rule": exemption.rule, "row": str(exemption.subject)},
    )
    if exemption.rule in RULES:
        count_again(RULES[exemption.rule], area, at=at)
