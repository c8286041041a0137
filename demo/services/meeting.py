"""A forum was held five weeks ago, and the next one is planned: what is stuck comes back."""

from datetime import date, datetime, time, timedelta

from django.utils.timezone import localdate

from accounts.models import User
from demo.services.registering import noon_of
from forums import services
from forums.models import Forum
from forums.services import ForumPlan, NewItem
from forums.workflow import Format, ItemKind, Level, Sector
from ppaos.lib.working_days import add_working_days
from problems.rules import Dimension

PROVINCE = "30"
_PLACE = "ห้องประชุมศาลากลางจังหวัด (ตัวอย่าง)"
_CAME = {
    Sector.STATE: 24,
    Sector.PRIVATE: 5,
    Sector.CIVIL_SOCIETY: 8,
    Sector.ACADEMIC: 6,
    Sector.PEOPLE: 12,
}
# What was resolved about the first cases: text, days until due, days until done or None.
_RESOLVED = (
    ("ให้หน่วยงานลงพื้นที่ร่วมกับตำบลและแจ้งผลภายในกำหนด", 28, None),
    ("ให้ใช้งบเหลือจ่ายซ่อมบ้านให้แล้วเสร็จก่อนฤดูฝน", 25, 20),
    ("ให้หน่วยงานทบทวนเกณฑ์รับเรื่องและตอบกลับอำเภอ", 55, None),
)


def meet(province: User, *, at: datetime) -> None:
    """Hold one sitting in the past and plan another, with the office's own use cases."""
    held = _hold_first(province, began=at - timedelta(days=55))
    _resolve(held, province)
    _plan_next(province, at=at - timedelta(days=6))


def _hold_first(province: User, *, began: datetime) -> Forum:
    day = _working_day(began + timedelta(days=20))
    forum = services.plan_forum(plan=_plan("เวทีแก้จน ครั้งที่ 1", day), by=province, at=began)
    asked = noon_of(day) - timedelta(days=2)
    stuck = services.suggestions(forum=forum, by=province, on=localdate(asked))
    services.take_up(
        forum=forum,
        referrals=[*stuck.overdue[:5], *stuck.waiting[:2]],
        others=[
            NewItem(
                title="น้ำใช้ไม่พอในหน้าแล้ง ต.ช้างทอง",
                kind=ItemKind.PROBLEM_AREA,
                dimension=Dimension.LIVING,
                area_code="303201",
            )
        ],
        by=province,
        at=asked,
    )
    return services.hold_forum(
        forum=forum,
        counts=_CAME,
        agencies=[case.agency for case in stuck.overdue[:5] if case.agency is not None],
        summary="ติดตามเรื่องที่ค้างเกินกำหนดทีละเรื่อง และมอบหมายผู้รับผิดชอบ",
        by=province,
        at=noon_of(day) + timedelta(hours=4),
    )


def _resolve(forum: Forum, province: User) -> None:
    cases = forum.items.filter(referral__isnull=False).select_related("referral__agency")
    for item, (text, due_days, done_days) in zip(
        cases.order_by("position"), _RESOLVED, strict=False
    ):
        assert item.referral is not None
        moment = forum.held_at or forum.planned_at
        resolution = services.record_resolution(
            agenda_item=item,
            text=text,
            owner_agency=item.referral.agency,
            due_on=localdate(moment) + timedelta(days=due_days),
            by=province,
            at=moment,
        )
        if done_days is not None:
            services.finish_resolution(
                resolution=resolution,
                note="ดำเนินการแล้วตามรายงานของหน่วยงาน",
                by=province,
                at=moment + timedelta(days=done_days),
            )


def _plan_next(province: User, *, at: datetime) -> None:
    day = _working_day(at + timedelta(days=18))
    forum = services.plan_forum(plan=_plan("เวทีแก้จน ครั้งที่ 2", day), by=province, at=at)
    stuck = services.suggestions(forum=forum, by=province, on=localdate(at))
    services.take_up(forum=forum, referrals=stuck.overdue[:6], by=province, at=at)


def _working_day(moment: datetime) -> date:
    return add_working_days(localdate(moment) - timedelta(days=1), 1)


def _plan(title: str, day: date) -> ForumPlan:
    return ForumPlan(
        title=title,
        format=Format.PROVINCIAL,
        level=Level.PROVINCE,
        area_code=PROVINCE,
        held_on=day,
        place=_PLACE,
        starts_at=time(9),
        organiser="ศจพ.จ. นครราชสีมา",
    )
