"""Referrals in any state, brought there by the services, and the people who move them."""

import io
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from PIL import Image

from accounts.models import Agency, User
from accounts.roles import Role
from households.models import Household, Member
from households.workflow import Stage
from ppaos.lib.pictures import UploadedPhoto
from problems.models import Problem
from problems.rules import Dimension, ProblemCode
from problems.workflow import Origin
from referrals import services
from referrals.models import Assistance, Referral, RoutingRule
from referrals.workflow import AssistanceKind, Result, Status, Urgency
from slf.services import open_problem
from tests.factories import DISTRICT, PROVINCE, SUBDISTRICT, make_agency, make_household, make_user

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
"""10:00 of Friday 20 November 2569 in Thailand."""
TODAY = date(2026, 11, 20)
EXPECTED = date(2026, 12, 31)


@dataclass
class Cast:
    """Who moves a referral of one agency; made with it if not given."""

    agency: Agency = field(default_factory=make_agency)
    district: User = field(default_factory=lambda: make_user(Role.DISTRICT_OFFICER, DISTRICT))
    surveyor: User = field(default_factory=lambda: make_user(Role.SURVEYOR, SUBDISTRICT))
    officer: User = field(init=False)

    def __post_init__(self) -> None:
        self.officer = make_user(Role.AGENCY_OFFICER, PROVINCE, self.agency)


def make_problem(
    household: Household | None = None,
    code: ProblemCode = ProblemCode.HOME_UNFIT,
    *,
    members: tuple[Member, ...] = (),
) -> Problem:
    """Open a problem of a household found poor (made unless given), on the day of AT."""
    return open_problem(
        household=household or make_household(stage=Stage.VERIFIED_POOR),
        code=code,
        origin=Origin.FIELD,
        opened_on=TODAY,
        by=make_user(Role.PROVINCE_OFFICER, (household.area_id[:2] if household else PROVINCE)),
        at=AT,
        members=members,
    )


def make_referral(
    status: Status = Status.SUBMITTED,
    *,
    cast: Cast | None = None,
    problem: Problem | None = None,
    urgency: Urgency = Urgency.NORMAL,
    at: datetime = AT,
) -> Referral:
    """Bring a new referral to `status` by the moves that lead there, all of them at `at`.

    CLOSED is after a check that found the problem gone. CHECKED never lasts, so the
    services cannot stop there, and it is written past them.
    """
    cast = cast or Cast()
    referral = services.create_referral(
        problem=problem or make_problem(),
        agency=cast.agency,
        urgency=urgency,
        by=cast.district,
        at=at,
    )
    for step in _WAY[status]:
        _STEPS[step](referral, cast, at)
    if status is Status.CHECKED:
        _check_without_going_on(referral, cast, at)
    return referral


def give_help(
    referral: Referral, by: User, *, amount: str = "2500.00", at: datetime = AT, **more: Any
) -> Assistance:
    """Record a house repair of `amount` baht on the day of AT."""
    fields: dict[str, Any] = {
        "kind": AssistanceKind.HOUSE_REPAIR,
        "amount_thb": Decimal(amount),
        "helped_on": TODAY,
    }
    return services.record_assistance(referral=referral, by=by, at=at, **(fields | more))


def make_photo(
    kind: str = "JPEG", *, size: tuple[int, int] = (640, 480), name: str = "บ้าน.jpg"
) -> UploadedPhoto:
    """Make a picture of one colour, as a phone would send it."""
    content = io.BytesIO()
    Image.new("RGB", size, "olive").save(content, kind)
    content.seek(0)
    return UploadedPhoto(name=name, stream=content)


def make_rule(agency: Agency | None = None, **overrides: Any) -> RoutingRule:
    """Make a rule of the whole province for housing, in force since AT."""
    fields: dict[str, Any] = {
        "dimension": Dimension.LIVING,
        "area_id": PROVINCE,
        "agency": agency or make_agency(),
        "created_at": AT,
    }
    return RoutingRule.objects.create(**(fields | overrides))


def _submit(referral: Referral, cast: Cast, at: datetime) -> None:
    services.submit(referral=referral, by=cast.district, at=at)


def _receive(referral: Referral, cast: Cast, at: datetime) -> None:
    services.receive(referral=referral, by=cast.officer, at=at)


def _accept(referral: Referral, cast: Cast, at: datetime) -> None:
    services.accept(referral=referral, expected_date=EXPECTED, by=cast.officer, at=at)


def _return(referral: Referral, cast: Cast, at: datetime) -> None:
    services.return_referral(referral=referral, reason="ขอสำเนาโฉนด", by=cast.officer, at=at)


def _reject(referral: Referral, cast: Cast, at: datetime) -> None:
    services.reject(referral=referral, reason="ไม่อยู่ในภารกิจ", by=cast.officer, at=at)


def _start(referral: Referral, cast: Cast, at: datetime) -> None:
    services.start(referral=referral, note="สำรวจบ้านแล้ว", by=cast.officer, at=at)


def _report(referral: Referral, cast: Cast, at: datetime) -> None:
    give_help(referral, cast.officer, at=at)
    services.report_help(referral=referral, result=Result.SOLVED, by=cast.officer, at=at)


def _check(referral: Referral, cast: Cast, at: datetime) -> None:
    services.check(
        referral=referral, problem_remains=False, checked_on=TODAY, by=cast.surveyor, at=at
    )


def _check_without_going_on(referral: Referral, cast: Cast, at: datetime) -> None:
    referral.status = Status.CHECKED.value
    referral.checked_at, referral.checked_by, referral.problem_remains = at, cast.surveyor, False
    referral.save()


def _cancel(referral: Referral, cast: Cast, at: datetime) -> None:
    services.cancel(referral=referral, reason="ส่งผิดครัวเรือน", by=cast.district, at=at)


_STEPS = {
    "submit": _submit,
    "receive": _receive,
    "accept": _accept,
    "return": _return,
    "reject": _reject,
    "start": _start,
    "report": _report,
    "check": _check,
    "cancel": _cancel,
}
_WAY: dict[Status, tuple[str, ...]] = {
    Status.DRAFT: (),
    Status.SUBMITTED: ("submit",),
    Status.RECEIVED: ("submit", "receive"),
    Status.ACCEPTED: ("submit", "accept"),
    Status.RETURNED: ("submit", "return"),
    Status.REJECTED: ("submit", "reject"),
    Status.IN_PROGRESS: ("submit", "accept", "start"),
    Status.HELPED: ("submit", "accept", "report"),
    Status.CHECKED: ("submit", "accept", "report"),
    Status.CLOSED: ("submit", "accept", "report", "check"),
    Status.CANCELLED: ("submit", "cancel"),
}
