"""Forums, cases for their agendas and resolutions, made directly or by the services."""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

from accounts.models import Agency, User
from accounts.roles import Role
from forums import services
from forums.models import AgendaItem, Forum, Resolution
from forums.services import ForumPlan, NewItem
from forums.workflow import Format, Level, Sector
from households.workflow import Stage
from problems.models import Problem
from referrals.models import Referral
from tests.factories import DISTRICT, make_agency, make_household, make_member, make_user

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)
COUNTS = {
    Sector.STATE: 12,
    Sector.PRIVATE: 2,
    Sector.CIVIL_SOCIETY: 3,
    Sector.ACADEMIC: 4,
    Sector.PEOPLE: 20,
}
_numbers = itertools.count(1)


def officer_of(area: str) -> User:
    return make_user(Role.PROVINCE_OFFICER if len(area) == 2 else Role.DISTRICT_OFFICER, area)


def a_plan(**overrides: Any) -> ForumPlan:
    fields: dict[str, Any] = {
        "title": "เวทีแก้จนทดสอบ",
        "format": Format.WORKING,
        "level": Level.DISTRICT,
        "area_code": DISTRICT,
        "held_on": TODAY,
        "place": "หอประชุมทดสอบ",
        "organiser": "ศจพ. ทดสอบ",
    } | overrides
    if "level" not in overrides:
        levels = {2: Level.PROVINCE, 4: Level.DISTRICT, 6: Level.SUBDISTRICT}
        fields["level"] = levels[len(fields["area_code"])]
    return ForumPlan(**fields)


def make_forum(*, by: User | None = None, at: datetime = AT, **overrides: Any) -> Forum:
    """Make a planned forum of the district."""
    plan = a_plan(**overrides)
    return services.plan_forum(plan=plan, by=by or officer_of(plan.area_code), at=at)


def make_held(*, by: User | None = None, at: datetime = AT, **overrides: Any) -> Forum:
    forum = make_forum(by=by, at=at, **overrides)
    return services.hold_forum(
        forum=forum, counts=COUNTS, by=by or officer_of(forum.area_id), at=at
    )


def make_case(*, status: str = "submitted", overdue: int = 3, **overrides: Any) -> Referral:
    """Make a referral of the village with a head of household, due `overdue` days before TODAY."""
    household = overrides.pop("household", None)
    if household is None:
        place = {"area_id": overrides.pop("area")} if "area" in overrides else {}
        household = make_household(stage=Stage.VERIFIED_POOR, **place)
        make_member(household, first_name="สายหยุด", last_name="ทดสอบเวที", is_head=True)
    writer = make_user()
    problem = Problem.objects.create(
        household=household,
        dimension="living",
        code="home_unfit",
        origin="field",
        opened_on=date(2026, 9, 1),
        opened_by=writer,
    )
    fields: dict[str, Any] = {
        "number": f"RF-2569-30-{next(_numbers):06d}",
        "household": household,
        "problem": problem,
        "agency": overrides.pop("agency", None) or make_agency(),
        "status": status,
        "due_on": TODAY - overdue * DAY,
        "created_at": AT,
        "created_by": writer,
        "submitted_at": AT,
        "moved_at": AT,
    }
    return Referral.objects.create(**(fields | overrides))


def make_item(forum: Forum, title: str = "น้ำประปาหมู่บ้าน") -> AgendaItem:
    by = officer_of(forum.area_id[:2])
    return services.take_up(forum=forum, others=[NewItem(title=title)], by=by, at=AT)[0]


def make_resolution(
    item: AgendaItem | None = None, *, owner_agency: Agency | None = None, **overrides: Any
) -> Resolution:
    """Record a resolution on an item of a held forum of the district, due in ten days."""
    item = item or make_item(make_held())
    province = item.forum.area_id[:2]
    fields: dict[str, Any] = {
        "agenda_item": item,
        "text": "ให้หน่วยงานลงพื้นที่ภายในสิ้นเดือน",
        "owner_agency": owner_agency or make_agency(area_id=province),
        "due_on": TODAY + 10 * DAY,
        "by": officer_of(province),
        "at": AT,
    }
    return services.record_resolution(**(fields | overrides))
