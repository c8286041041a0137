"""What a scored assessment does to the household's problems."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.timezone import localdate

from accounts.models import User
from households.models import Member
from problems import services as problems
from problems.models import Problem
from problems.workflow import Origin, Resolution
from slf.models import Assessment
from slf.scoring import Finding


def follow_up(
    assessment: Assessment,
    findings: Sequence[Finding],
    before: Sequence[Mapping[str, Any]],
    *,
    by: User,
    at: datetime,
) -> None:
    """Open the problems found; close as mistaken those that only a mistyped answer showed.

    A problem that a list or a person reported is never closed here, and neither is one
    that a later assessment no longer finds: whether it was solved is for people to say.
    """
    household = assessment.household
    standing = {
        problem.dimension: problem for problem in Problem.objects.filter(household=household).open()
    }
    members = {str(member.pk): member for member in household.members.all()}
    for finding in findings:
        named = [members[key] for key in finding.persons]
        problem = standing.get(finding.dimension)
        if problem is None:
            problems.open_problem(
                household=household,
                code=finding.code,
                origin=Origin.ASSESSMENT,
                opened_on=assessment.assessed_on,
                by=by,
                at=at,
                members=named,
            )
        elif problem.origin == Origin.ASSESSMENT and _says_otherwise(problem, finding, named):
            problems.describe_problem(
                problem=problem, code=finding.code, members=named, by=by, at=at
            )
    gone = {row["dimension"] for row in before} - {finding.dimension for finding in findings}
    for dimension in sorted(gone):
        problem = standing.get(dimension)
        if problem is not None and problem.origin == Origin.ASSESSMENT:
            problems.resolve_problem(
                problem=problem,
                resolution=Resolution.MISTAKEN,
                resolved_on=localdate(at),
                by=by,
                at=at,
                reason="แก้ไขคำตอบในผลประเมินแล้ว ไม่พบปัญหานี้",
            )


def _says_otherwise(problem: Problem, finding: Finding, named: Sequence[Member]) -> bool:
    kept = set(problem.named.values_list("member_id", flat=True))
    return problem.code != finding.code or kept != {member.pk for member in named}
