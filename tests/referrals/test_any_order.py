"""Whatever people do in whatever order: the database agrees, and the story stays whole."""

from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.roles import Role
from households.models import AccessGrant
from households.workflow import Stage
from problems.models import Problem
from problems.workflow import Status as ProblemStatus
from referrals.models import Assistance, Referral, ReferralEvent
from referrals.services import UnableToRefer, retract_assistance
from referrals.workflow import (
    HELPING,
    LIVE,
    MOVE_OF,
    SENT,
    TIMED,
    Action,
    Actor,
    ClosingReason,
    Result,
    Status,
    moves_from,
)
from tests.factories import DISTRICT, make_scope
from tests.proof import times
from tests.referrals.cases import AT, Cast, give_help, make_problem, make_referral
from tests.referrals.moves import make_move

pytestmark = pytest.mark.django_db


@dataclass
class Story:
    """One problem, its referrals, two agencies and the people around them."""

    first: Cast = field(default_factory=Cast)
    second: Cast = field(default_factory=Cast)
    problem: Problem = field(default_factory=make_problem)

    def __post_init__(self) -> None:
        self.both = self.second.officer
        make_scope(self.both, Role.DISTRICT_OFFICER, DISTRICT)
        self.people = [
            self.first.officer,
            self.first.district,
            self.first.surveyor,
            self.both,
        ]
        self.referral = make_referral(Status.DRAFT, cast=self.first, problem=self.problem)

    def act(self, choice: int, person: int, flavour: int) -> None:
        """Do one thing, mostly one that may be done; a refusal must change nothing."""
        before = self.standing()
        try:
            if self.referral.status == Status.CANCELLED:
                self.referral = make_referral(Status.DRAFT, cast=self.first, problem=self.problem)
            elif choice % 4 == 0:
                self._help(self._who(Actor.AGENCY, person), flavour)
            else:
                self._move(choice, person, flavour)
        except (UnableToRefer, PermissionDenied):
            assert self.standing() == before

    def _who(self, actor: Actor, person: int) -> User:
        """Return mostly whose turn it is, sometimes somebody else."""
        if person < len(self.people):
            return self.people[person]
        if actor is Actor.AGENCY:
            is_first = self.referral.agency == self.first.agency
            return self.first.officer if is_first else self.both
        return self.first.surveyor if actor is Actor.FIELD else self.first.district

    def _help(self, by: User, flavour: int) -> None:
        given = Assistance.objects.standing().filter(referral=self.referral).first()
        if flavour % 3 == 0 and given is not None:
            retract_assistance(assistance=given, reason="ผิด", by=by, at=AT)
        else:
            give_help(self.referral, by)

    def _move(self, choice: int, person: int, flavour: int) -> None:
        allowed = [move.action for move in moves_from(Status(self.referral.status))]
        every = list(Action)
        action = allowed[choice % len(allowed)] if choice % 7 else every[choice % len(every)]
        if action in (Action.CANCEL, Action.TRANSFER) and flavour % 4:
            action = allowed[0]
        by = self._who(MOVE_OF[action].actor, person)
        agencies = [self.first.agency, self.second.agency, None]
        variations: dict[Action, dict[str, Any]] = {
            Action.SUBMIT: {"agency": agencies[flavour % 3]},
            Action.TRANSFER: {"agency": agencies[flavour % 3]},
            Action.CHECK: {"problem_remains": flavour % 2 == 0},
            Action.CLOSE: {"closing_reason": list(ClosingReason)[flavour % 8]},
            Action.REPORT_HELP: {"result": list(Result)[flavour % 3]},
        }
        done = make_move(action, self.referral, by, **variations.get(action, {}))
        if isinstance(done, Referral):
            self.referral = done

    def standing(self) -> list[Any]:
        """Return all that counts, as the database has it now."""
        self.referral.refresh_from_db()
        return [
            list(Referral.objects.order_by("pk").values()),
            list(Assistance.objects.order_by("pk").values("pk", "retracted_at")),
            list(AccessGrant.objects.order_by("pk").values()),
            list(Problem.objects.values_list("status", "version")),
        ]

    def check(self) -> None:
        self.problem.refresh_from_db()
        for referral in self.problem.referrals.all():
            _check_one(referral)
        helping = self.problem.referrals.filter(status__in=HELPING).exists()
        was_helped = Assistance.objects.standing().exists()
        self.problem.household.refresh_from_db()
        in_help = self.problem.household.stage == Stage.IN_HELP
        assert in_help == (helping or was_helped)


def _check_one(referral: Referral) -> None:
    events = list(referral.events.order_by("pk").values_list("from_status", "to_status"))
    assert events[0] == ("", "draft")
    assert all(earlier[1] == later[0] for earlier, later in pairwise(events))
    assert events[-1][1] == referral.status
    assert len(events) == referral.version
    status = Status(referral.status)
    assert status is not Status.CHECKED, "checking goes on at once"
    assert (referral.due_on is not None) == (status in TIMED)
    open_to = AccessGrant.objects.filter(reason=referral.number, valid_until=None)
    expected = [referral.agency_id] if status in SENT & LIVE else []
    assert list(open_to.values_list("agency", flat=True)) == expected
    if status is Status.CLOSED and referral.closing_reason == ClosingReason.SOLVED:
        assert referral.problem.status == ProblemStatus.RESOLVED


steps = st.lists(
    st.tuples(st.integers(0, 419), st.integers(0, 19), st.integers(0, 23)),
    min_size=5,
    max_size=30,
)


# To shrink a story of database acts would take minutes; the printed one is short enough.
@settings(
    max_examples=times(30, full=2_000),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(steps=steps)
def test_no_order_of_acts_breaks_the_story(steps: list[tuple[int, int, int]]) -> None:
    with transaction.atomic():
        story = Story()
        for choice, person, flavour in steps:
            story.act(choice, person, flavour)
            story.check()
        transaction.set_rollback(True)


def test_the_acts_of_the_story_reach_every_status() -> None:
    """Without this the property could hold by never getting anywhere."""
    random = Random(1)
    with transaction.atomic():
        story = Story()
        for _ in range(250):
            story.act(random.randrange(420), random.randrange(20), random.randrange(24))
        reached = set(ReferralEvent.objects.values_list("to_status", flat=True))
        transaction.set_rollback(True)
    assert reached == {status.value for status in Status}
