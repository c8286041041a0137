"""What a province holds otherwise than the defaults."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from areas.models import Area
from audit.services import record
from quality import permissions
from quality.models import RuleSetting
from quality.rules import Rule
from quality.services.counting import count_again


class UnableToSet(Exception):
    """Says why, in a Thai sentence for the person."""


@transaction.atomic
def set_rule(
    *,
    province: Area,
    rule: Rule,
    is_on: bool,
    threshold: int | None,
    by: User,
    at: datetime,
) -> RuleSetting:
    """Switch a rule on or off for the province, and set its threshold; it is counted anew."""
    permissions.check_can_set_rules_of(by, province.pk)
    _check_threshold(rule, threshold)
    found, _ = RuleSetting.objects.update_or_create(
        province=province,
        rule=rule.code,
        defaults={"is_on": is_on, "threshold": threshold, "set_at": at, "set_by": by},
    )
    record(
        event="quality-rule.set",
        by=by,
        at=at,
        area=province.pk,
        detail={"rule": rule.code, "is_on": is_on, "threshold": threshold},
    )
    count_again(rule, province.pk, at=at)
    return found


def _check_threshold(rule: Rule, threshold: int | None) -> None:
    limits = rule.threshold
    if limits is None and threshold is not None:
        raise UnableToSet(f"กติกา “{rule.title}” ไม่มีเกณฑ์ให้ตั้ง")
    if limits and threshold is not None and not limits.least <= threshold <= limits.most:
        raise UnableToSet(
            f"เกณฑ์ของ “{rule.title}” ต้องอยู่ระหว่าง {limits.least:,} ถึง {limits.most:,} {limits.unit}"
        )
