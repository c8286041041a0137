from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from accounts.models import User
from casework import querysets
from households import permissions, services
from households.models import Household, SourceListing
from households.workflow import ExitState, Source, Stage
from plans import permissions as plan_permissions
from plans.models import HouseholdPlan
from ppaos.web.request import AuthenticatedHttpRequest
from problems import permissions as problem_permissions
from problems.models import Problem
from problems.services import listed_dimensions
from problems.workflow import Status as ProblemStatus
from referrals import permissions as referral_permissions
from referrals.models import Assistance, Referral
from referrals.querysets import REFERRABLE
from referrals.workflow import LIVE
from slf import permissions as slf_permissions
from slf.instrument import CAPITALS
from slf.models import Assessment, ListedCapitals, LivelihoodProfile
from slf.workflow import State

STORY_SHOWN = 30
_WITH_CAPITALS = {Source.PPPCONNEXT.value, Source.HOUSEHOLDS.value}


@require_safe
@login_required
def case_file(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Show all that is known of one household, and note that it was looked at."""
    household = get_object_or_404(Household.objects.visible_to(request.user).for_case_file(), pk=pk)
    services.note_read(household=household, by=request.user, at=now())
    parts = _other_parts(household)
    context = (
        _register_part(request, household)
        | parts
        | _referrals_part(request, household, parts["problems"])
    )
    response = render(request, "casework/case_file.html", {"household": household} | context)
    response["Cache-Control"] = "no-store"
    return response


def _register_part(request: AuthenticatedHttpRequest, household: Any) -> dict[str, Any]:
    moment = now()
    user = request.user
    # Who has left the targets is only read, until the exit is taken back.
    stays = household.stage != Stage.EXITED
    waiting = next((e for e in household.all_exits if e.state == ExitState.PROPOSED), None)
    for verification in household.all_verifications:
        # The rows come from this household; asking again would be a query each.
        verification.household = household
    return {
        "present": [m for m in household.all_members if m.left_on is None],
        "left": [m for m in household.all_members if m.left_on is not None],
        "years": _by_year(household.all_listings),
        "listed_capitals": _listed_capitals(household),
        "verifications": [
            (v, stays and v.retracted_at is None and permissions.can_retract(user, v, moment))
            for v in household.all_verifications
        ],
        "waiting_exit": waiting,
        "can_decide": waiting is not None and _can_decide(user, waiting, household),
        "can_verify": stays and permissions.can_verify(user, household),
        "can_assess": stays and slf_permissions.can_assess(user, household),
        "can_record": stays and problem_permissions.can_record(user, household),
        "can_plan": plan_permissions.can_plan(user, household),
        "can_update": permissions.can_update(user, household),
        "can_reveal": permissions.can_reveal(user, household),
        "waits_for_visit": household.stage == Stage.LISTED,
    }


def _can_decide(user: Any, proposal: Any, household: Household) -> bool:
    proposal.household = household
    return permissions.can_decide_exit(user, proposal)


def _listed_capitals(household: Any) -> list[ListedCapitals]:
    """Return what lists say of the capitals; only two kinds of list say anything of them."""
    if not any(row.source in _WITH_CAPITALS for row in household.all_listings):
        return []
    return list(ListedCapitals.objects.filter(household=household).newest_first())


def _by_year(listings: list[SourceListing]) -> list[tuple[tuple[str, int], list[SourceListing]]]:
    """Group listings (newest first) by source and year."""
    grouped = groupby(listings, key=lambda row: (row.get_source_display(), row.year_be))
    return [(key, list(rows)) for key, rows in grouped]


def _referrals_part(
    request: AuthenticatedHttpRequest, household: Household, problems: list[Problem]
) -> dict[str, Any]:
    rows = list(Referral.objects.visible_to(request.user).filter(household=household).for_panel())
    for row in rows:
        row.household = household
    served = {row.problem_id for row in rows if row.status in LIVE}
    waits = any(row.status == ProblemStatus.OPEN and row.pk not in served for row in problems)
    given = Assistance.objects.standing().filter(household=household)
    return {
        "referrals": rows,
        **given.aggregate(help_baht=Sum("amount_thb", default=0), help_count=Count("pk")),
        "served": served,
        "can_refer": waits
        and household.stage in REFERRABLE
        and referral_permissions.can_draft(request.user, household),
    }


def _other_parts(household: Household) -> dict[str, Any]:
    problems = list(Problem.objects.of_household(household).for_panel())
    assessments = list(Assessment.objects.of_household(household).for_result().newest_first())
    complete = next((row for row in assessments if row.state == State.COMPLETE), None)
    profile = LivelihoodProfile.objects.current().filter(household=household).first()
    story = list(querysets.story_of(household)[:STORY_SHOWN])
    acted = {event.actor_id for event in story if event.actor_id}
    return {
        "problems": problems,
        "listed": listed_dimensions(household),
        "assessment": complete,
        "draft": next((row for row in assessments if row.state == State.DRAFT), None),
        "scores": {c.value: getattr(complete, c.value) for c in CAPITALS} if complete else None,
        "profile": profile,
        "plan": HouseholdPlan.objects.of_household(household).current().newest_first().first(),
        "story": story,
        "actors": dict(User.objects.filter(pk__in=acted).values_list("pk", "name")),
    }
