"""What becomes of assessed households: referred, helped, checked, assessed again, out.

Each problem is a story that waits for a day, acts, and waits again. All stories run
together in the order of their days up to now: what has not happened by then is what the
province still has to do, and some of it is late.
"""

import heapq
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from django.utils.timezone import localdate

from accounts.models import User
from demo.services.answers import invent_better_answers
from demo.services.registering import noon_of, worker_of
from households.models import Household
from households.services import approve_exit
from households.workflow import Stage
from ppaos.lib.buddhist_era import to_be_year
from problems.models import Problem
from problems.rules import Dimension
from referrals import services
from referrals.models import Referral
from referrals.workflow import AssistanceKind, Result, Urgency
from slf.models import Assessment
from slf.services import people_of, record_assessment
from slf.workflow import Period

Story = Iterator[datetime]
"""Yields the moment at which it wants to go on, and then acts as of that moment."""

# Dimension: what is given, lowest and highest worth in baht, what it is called.
_HELP: dict[Dimension, tuple[AssistanceKind, int, int, str]] = {
    Dimension.HEALTH: (AssistanceKind.SERVICE, 0, 3_000, "เยี่ยมบ้านและมอบอุปกรณ์ช่วยเดิน"),
    Dimension.LIVING: (AssistanceKind.HOUSE_REPAIR, 15_000, 40_000, "ซ่อมหลังคาและทำห้องน้ำ"),
    Dimension.EDUCATION: (AssistanceKind.MONEY, 2_000, 6_000, "ทุนการศึกษา"),
    Dimension.INCOME: (AssistanceKind.TRAINING, 3_000, 12_000, "ฝึกอาชีพและมอบพันธุ์สัตว์"),
    Dimension.ACCESSIBILITY: (AssistanceKind.WELFARE, 0, 0, "ทำบัตรและขึ้นทะเบียนรับสิทธิ"),
}
_NOT_OURS = "ไม่เข้าเกณฑ์ของหน่วยงาน รายได้เกินกำหนดของโครงการ"
_MORE_PLEASE = "ขอรูปถ่ายสภาพบ้านและสำเนาทะเบียนบ้านเพิ่ม"


@dataclass(frozen=True, slots=True)
class Cared:
    """What was made."""

    referrals: int
    graduated: int


@dataclass(frozen=True, slots=True)
class _Cast:
    """Who acts, and the one source of chance."""

    accounts: dict[str, User]
    officers: dict[str, User]
    random: Random

    def days(self, fewest: int, most: int) -> timedelta:
        return timedelta(
            days=self.random.randint(fewest, most), minutes=self.random.randint(0, 300)
        )

    def happens(self, share: float) -> bool:
        return self.random.random() < share

    def officer_of(self, referral: Referral) -> User:
        return self.officers[str(referral.agency_id)]


def care(accounts: dict[str, User], random: Random, *, at: datetime) -> Cared:
    """Let the stories of all assessed households happen up to now."""
    officers = {
        str(scope.agency_id): user
        for user in accounts.values()
        for scope in user.scopes.exclude(agency=None)
    }
    cast = _Cast(accounts=accounts, officers=officers, random=random)
    _run((story for household in _assessed() for story in _stories_of(household, cast)), until=at)
    return Cared(
        referrals=Referral.objects.count(),
        graduated=Household.objects.filter(stage=Stage.EXITED, exits__reason="graduated").count(),
    )


def _assessed() -> list[Household]:
    return list(
        Household.objects.filter(stage=Stage.VERIFIED_POOR, assessments__isnull=False)
        .distinct()
        .order_by("area_id", "pk")
    )


def _run(stories: Iterator[Story], *, until: datetime) -> None:
    """Carry on whichever story waits for the earliest day, until all are over or ahead."""
    tickets = itertools.count()
    waiting: list[tuple[datetime, int, Story]] = []

    def carry_on(story: Story) -> None:
        moment = next(story, None)
        if moment is not None and moment <= until:
            heapq.heappush(waiting, (moment, next(tickets), story))

    for story in stories:
        carry_on(story)
    while waiting:
        carry_on(heapq.heappop(waiting)[2])


def _stories_of(household: Household, cast: _Cast) -> Iterator[Story]:
    """One story for each open problem, unless nobody took this household up yet."""
    if not cast.happens(0.85):
        return
    assessed = Assessment.objects.filter(household=household).latest("assessed_on")
    begin = noon_of(assessed.assessed_on) + cast.days(1, 10)
    for problem in Problem.objects.of_household(household).open().order_by("dimension"):
        yield _problem(problem, begin, cast)


def _problem(problem: Problem, moment: datetime, cast: _Cast) -> Story:
    """Sent, answered, helped and checked, until the problem is gone."""
    yield moment
    district = cast.accounts["district"]
    urgency = cast.random.choices(list(Urgency), (80, 15, 5))[0]
    referral = services.create_referral(problem=problem, by=district, at=moment, urgency=urgency)
    if referral.agency_id is None or not cast.happens(0.94):
        return
    services.submit(referral=referral, by=district, at=moment)

    moment += cast.days(1, 12)
    yield moment
    if not _is_taken_on(referral, moment, cast):
        return
    for kept_promise in (0.87, 1.0):
        moment += cast.days(8, 45)
        yield moment
        if not cast.happens(0.9):
            return
        _help(referral, moment, cast)
        moment += cast.days(2, 20)
        yield moment
        is_solved = cast.happens(kept_promise)
        _check(referral, is_solved, moment, cast)
        if is_solved:
            break
    yield from _leave(problem.household, moment, cast)


def _is_taken_on(referral: Referral, moment: datetime, cast: _Cast) -> bool:
    """Let the agency answer, or not; return whether it works on it."""
    officer = cast.officer_of(referral)
    answer = cast.random.choices(("accept", "receive", "return", "reject", ""), (84, 4, 4, 3, 5))[0]
    if answer == "accept":
        expected = localdate(moment) + timedelta(days=cast.random.randint(14, 60))
        services.accept(referral=referral, expected_date=expected, by=officer, at=moment)
        services.start(referral=referral, note="ลงพื้นที่และวางแผนแล้ว", by=officer, at=moment)
    elif answer == "receive":
        services.receive(referral=referral, by=officer, at=moment)
    elif answer == "return":
        services.return_referral(referral=referral, reason=_MORE_PLEASE, by=officer, at=moment)
    elif answer == "reject":
        services.reject(referral=referral, reason=_NOT_OURS, by=officer, at=moment)
    return answer == "accept"


def _help(referral: Referral, moment: datetime, cast: _Cast) -> None:
    officer = cast.officer_of(referral)
    kind, least, most, what = _HELP[Dimension(referral.problem.dimension)]
    services.record_assistance(
        referral=referral,
        kind=kind,
        amount_thb=Decimal(cast.random.randrange(least, most + 1, 500)),
        helped_on=localdate(moment),
        description=what,
        by=officer,
        at=moment,
    )
    services.report_help(referral=referral, result=Result.SOLVED, by=officer, at=moment)


def _check(referral: Referral, is_solved: bool, moment: datetime, cast: _Cast) -> None:
    services.check(
        referral=referral,
        problem_remains=not is_solved,
        checked_on=localdate(moment),
        satisfaction=cast.random.randint(3, 5) if is_solved else 2,
        note="" if is_solved else "ยังใช้การไม่ได้เต็มที่ ขอให้ช่วยต่อ",
        by=worker_of(referral.household, cast.accounts),
        at=moment,
    )


def _leave(household: Household, moment: datetime, cast: _Cast) -> Story:
    """Assess again once nothing is open any more; who meets the rule is proposed and decided."""
    is_done = not Problem.objects.of_household(household).open().exists()
    if not is_done or Referral.objects.filter(household=household).live().exists():
        return
    moment += cast.days(3, 15)
    yield moment
    household.refresh_from_db()
    worker = worker_of(household, cast.accounts)
    on = localdate(moment)
    answers, amounts = invent_better_answers(people_of(household, on=on), cast.random)
    record_assessment(
        household=household,
        year_be=to_be_year(on.year),
        round=1,
        period=Period.AFTER,
        answers=answers,
        amounts=amounts,
        assessed_on=on,
        by=worker,
        at=moment,
    )
    moment += cast.days(1, 6)
    yield moment
    household.refresh_from_db()
    if not services.graduation_evidence(household=household).is_met:
        return
    proposal = services.propose_graduation(household=household, by=worker, at=moment)
    moment += cast.days(1, 14)
    yield moment
    if cast.happens(0.75):
        approve_exit(proposal=proposal, by=cast.accounts["province"], at=moment)
