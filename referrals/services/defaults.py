"""Where problems go unless a province says otherwise: a default of this system, not a rule of law.

Agencies stand here by a slug; an agency of a province has a code of that slug, a hyphen
and whatever tells it apart, such as psd-30.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from accounts.models import Agency, User
from areas.models import Area
from audit.services import record
from problems.rules import Dimension, ProblemCode
from referrals import permissions
from referrals.models import RoutingRule
from slf.instrument import Group

AGENCY_SLUGS: dict[str, str] = {
    "psd": "สำนักงานพัฒนาสังคมและความมั่นคงของมนุษย์จังหวัด (พมจ.)",
    "codi": "สถาบันพัฒนาองค์กรชุมชน (พอช.)",
    "cdd": "สำนักงานพัฒนาชุมชนจังหวัด (พช.)",
    "pho": "สำนักงานสาธารณสุขจังหวัด (สสจ.)",
    "peo": "สำนักงานศึกษาธิการจังหวัด (ศธจ.)",
    "skr": "สำนักงานส่งเสริมการเรียนรู้จังหวัด (สกร.)",
    "dopa": "ที่ทำการปกครองจังหวัด",
    "cgd": "สำนักงานคลังจังหวัด",
}


@dataclass(frozen=True, slots=True)
class DefaultRule:
    """One routing rule for a whole province; what is None fits everything."""

    dimension: Dimension
    slug: str
    area_code: str = ""
    code: ProblemCode | None = None
    group: Group | None = None
    age_from: int | None = None
    age_to: int | None = None
    priority: int = 10


def default_rules_for(province: Area) -> tuple[DefaultRule, ...]:
    """Return the defaults of a province: one agency for each dimension, then the exceptions."""
    return tuple(replace(rule, area_code=province.pk) for rule in _DEFAULTS)


_D, _C = Dimension, ProblemCode
# Children stand before adults, so that a house with both goes to the school's side first.
_DEFAULTS: tuple[DefaultRule, ...] = (
    DefaultRule(_D.HEALTH, "pho"),
    DefaultRule(_D.LIVING, "psd"),
    DefaultRule(_D.LIVING, "codi", code=_C.NO_HOME),
    DefaultRule(_D.LIVING, "codi", code=_C.HOME_UNFIT),
    DefaultRule(_D.LIVING, "codi", code=_C.HOME_NOT_OWNED),
    DefaultRule(_D.EDUCATION, "peo"),
    DefaultRule(_D.EDUCATION, "peo", age_to=14),
    DefaultRule(_D.EDUCATION, "skr", age_from=15, priority=20),
    DefaultRule(_D.EDUCATION, "skr", code=_C.CANNOT_READ),
    DefaultRule(_D.INCOME, "cdd"),
    DefaultRule(_D.INCOME, "psd", group=Group.LOWER20),
    DefaultRule(_D.ACCESSIBILITY, "dopa"),
    DefaultRule(_D.ACCESSIBILITY, "dopa", code=_C.NO_ID_CARD),
    DefaultRule(_D.ACCESSIBILITY, "cgd", code=_C.NO_WELFARE),
    DefaultRule(_D.ACCESSIBILITY, "pho", code=_C.NO_HEALTH_RIGHT),
    DefaultRule(_D.ACCESSIBILITY, "psd", code=_C.NO_DISABILITY_CARD),
)


@transaction.atomic
def load_default_rules(
    *, province: Area, by: User, at: datetime, agencies: Mapping[str, Agency] | None = None
) -> int:
    """Add the defaults whose agency there is in a province; return how many were new.

    `agencies` says which agency a slug means; without it, they are found by their code.
    Safe to repeat: a rule that fits the same is left as it is. Raises PermissionDenied.
    """
    permissions.check_can_change_rules(by, province.pk)
    known = agencies if agencies is not None else agencies_by_slug(province)
    there = {_key(rule) for rule in RoutingRule.objects.in_force().filter(area=province)}
    new = [
        RoutingRule(
            dimension=rule.dimension,
            code=rule.code,
            group=rule.group,
            area=province,
            age_from=rule.age_from,
            age_to=rule.age_to,
            agency=known[rule.slug],
            priority=rule.priority,
            is_default=True,
            created_at=at,
            created_by=by,
        )
        for rule in default_rules_for(province)
        if rule.slug in known and _key(rule) not in there
    ]
    RoutingRule.objects.bulk_create(new)
    if new:
        record(
            event="routing.defaults-loaded",
            by=by,
            at=at,
            area=province.pk,
            detail={"rules": len(new)},
        )
    return len(new)


def agencies_by_slug(province: Area) -> dict[str, Agency]:
    """Return the agencies that answer for all of a province, by the slug their code begins with."""
    found: dict[str, Agency] = {}
    for agency in Agency.objects.filter(area=province, is_active=True).order_by("code"):
        slug = agency.code.split("-")[0]
        if slug in AGENCY_SLUGS:
            found.setdefault(slug, agency)
    return found


def _key(rule: RoutingRule | DefaultRule) -> tuple[object, ...]:
    return (rule.dimension, rule.code, rule.group, rule.age_from, rule.age_to)
