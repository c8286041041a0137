"""Problems as a person opens and closes them: the group is looked at again each time."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from households.models import Household, Member
from problems import services as problems
from problems.models import Problem
from problems.rules import ProblemCode
from problems.services import (
    UnableToOpenProblem,
    UnableToReopenProblem,
    UnableToResolveProblem,
)
from problems.workflow import Origin, Resolution
from slf.services.grouping import regroup

__all__ = [
    "UnableToOpenProblem",
    "UnableToReopenProblem",
    "UnableToResolveProblem",
    "open_problem",
    "reopen_problem",
    "resolve_problem",
]


@transaction.atomic
def open_problem(
    *,
    household: Household,
    code: ProblemCode,
    origin: Origin,
    opened_on: date,
    by: User,
    at: datetime,
    members: Collection[Member] = (),
    need_text: str = "",
) -> Problem:
    """Open a problem as `problems.services.open_problem`, with its errors, and regroup."""
    problem = problems.open_problem(
        household=household,
        code=code,
        origin=origin,
        opened_on=opened_on,
        by=by,
        at=at,
        members=members,
        need_text=need_text,
    )
    regroup(household=household, by=by, at=at)
    return problem


@transaction.atomic
def resolve_problem(
    *,
    problem: Problem,
    resolution: Resolution,
    resolved_on: date,
    by: User,
    at: datetime,
    reason: str = "",
) -> None:
    """Close a problem as `problems.services.resolve_problem`, with its errors, and regroup."""
    problems.resolve_problem(
        problem=problem,
        resolution=resolution,
        resolved_on=resolved_on,
        by=by,
        at=at,
        reason=reason,
    )
    regroup(household=problem.household, by=by, at=at)


@transaction.atomic
def reopen_problem(*, problem: Problem, by: User, at: datetime, reason: str) -> None:
    """Reopen a problem as `problems.services.reopen_problem`, with its errors, and regroup."""
    problems.reopen_problem(problem=problem, by=by, at=at, reason=reason)
    regroup(household=problem.household, by=by, at=at)
