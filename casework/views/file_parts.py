"""Everything known of one household, as its file shows and prints it."""

from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from accounts.models import User
from casework import querysets
from casework.views.story import names_of_actors
from households import permissions
from households.models import ConsentRecord, Household, SourceListing, VerificationPhoto
from households.workflow import ExitState, Source, Stage
from plans import permissions as plan_permissions
from plans.models import HouseholdPlan
from problems import permissions as problem_permissions
from problems.models import Problem
from problems.services import listed_dimensions
from problems.workflow import Status as ProblemStatus
from referrals import permissions as referral_permissions
from referrals.models import Assistance, OutcomeCheck, Referral
from referrals.querysets import REFERRABLE
from referrals.workflow import LIVE
from slf import permissions as slf_permissions
from slf.instrument import CAPITALS
from slf.models import Assessment, ListedCapitals, LivelihoodProfile
from slf.workflow import State

STORY_SHOWN = 8
HELP_SHOWN = 5
_WITH_CAPITALS = {Source.PPPCONNEXT.value, Source.HOUSEHOLDS.value}


def parts_of(household: Any, *, user: User, at: datetime) -> dict[str, Any]:
    """Return what a file shows of a household from for_case_file(), as this person may see it.

    A fixed number of queries, however long the household's story is.
    """
    parts = _other_parts(household)
    parts |= _register_part(user, household, at)
    parts |= _referrals_part(user, household, parts["problems"])
    parts["visits"] = _visits(household, parts["complete"], parts["checks"])
    return parts


def _register_part(user: User, household: Any, moment: datetime) -> dict[str, Any]:
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
        "photos": _photos(household),
        "consents": list(
            ConsentRecord.objects.filter(household=household)
            .select_related("recorded_by")
            .order_by("-recorded_at", "-pk")
        ),
        "waiting_exit": waiting,
        "can_decide": waiting is not None and _can_decide(user, waiting, household),
        "can_verify": stays and permissions.can_verify(user, household),
        "can_assess": stays and slf_permissions.can_assess(user, household),
        "can_record": stays and problem_permissions.can_record(user, household),
        "can_plan": plan_permissions.can_plan(user, household),
        "can_update": permissions.can_update(user, household),
        "can_protect": permissions.can_protect(user, household),
        "can_reveal": permissions.can_reveal(user, household),
        "waits_for_visit": household.stage == Stage.LISTED,
    }


def _photos(household: Any) -> list[tuple[Any, VerificationPhoto]]:
    """Return the pictures of the latest visit that stands and has any, each with its visit."""
    for verification in household.all_verifications:
        photos = list(verification.photos.all())
        if photos and verification.retracted_at is None:
            return [(verification, photo) for photo in photos]
    return []


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


def _referrals_part(user: User, household: Household, problems: list[Problem]) -> dict[str, Any]:
    visible = Referral.objects.visible_to(user).filter(household=household)
    rows = list(visible.for_panel())
    for row in rows:
        row.household = household
    served = {row.problem_id for row in rows if row.status in LIVE}
    waits = any(row.status == ProblemStatus.OPEN and row.pk not in served for row in problems)
    given = list(
        Assistance.objects.standing()
        .filter(household=household)
        .select_related("agency")
        .order_by("-helped_on", "-pk")
    )
    return {
        "referrals": rows,
        "help_baht": sum(row.amount_thb for row in given),
        "help_count": len(given),
        "help_latest": given[:HELP_SHOWN],
        "help_earlier": given[HELP_SHOWN:],
        "checks": list(
            OutcomeCheck.objects.filter(referral__in=visible)
            .select_related("checked_by")
            .defer("note")
            .order_by("-checked_on", "-pk")
        ),
        "served": served,
        "can_refer": waits
        and household.stage in REFERRABLE
        and referral_permissions.can_draft(user, household),
    }


def _other_parts(household: Household) -> dict[str, Any]:
    problems = list(Problem.objects.of_household(household).for_panel())
    assessments = list(Assessment.objects.of_household(household).for_result().newest_first())
    complete = [row for row in assessments if row.state == State.COMPLETE]
    latest, first = (complete[0], complete[-1]) if complete else (None, None)
    story = list(querysets.story_of(household)[: STORY_SHOWN + 1])
    return {
        "problems": problems,
        "listed": listed_dimensions(household),
        "complete": complete,
        "assessment": latest,
        "draft": next((row for row in assessments if row.state == State.DRAFT), None),
        "scores": _scores(latest),
        "first": first if first is not latest else None,
        "first_scores": _scores(first) if first is not latest else None,
        "gained": _gained(first, latest),
        "profile": LivelihoodProfile.objects.current().filter(household=household).first(),
        "plan": HouseholdPlan.objects.of_household(household).current().newest_first().first(),
        "story": story[:STORY_SHOWN],
        "more_story": len(story) > STORY_SHOWN,
        "actors": names_of_actors(story[:STORY_SHOWN]),
    }


def _scores(assessment: Assessment | None) -> dict[str, Any] | None:
    return {c.value: getattr(assessment, c.value) for c in CAPITALS} if assessment else None


def _gained(first: Assessment | None, latest: Assessment | None) -> Decimal | None:
    """Return by how much the overall score changed since the first time, if both have one."""
    if first is None or latest is None:
        return None
    before, after = first.overall, latest.overall
    return after - before if before is not None and after is not None else None


def _visits(
    household: Any, assessments: list[Assessment], checks: list[OutcomeCheck]
) -> list[dict[str, Any]]:
    """Return every time that somebody was at the house, the latest first."""
    visits = [
        {
            "on": v.visited_on,
            "what": "สอบทาน",
            "found": v.get_outcome_display(),
            "by": v.recorded_by,
        }
        for v in household.all_verifications
        if v.retracted_at is None
    ]
    visits += [
        {"on": a.assessed_on, "what": "ประเมินทุน", "found": str(a), "by": a.assessed_by}
        for a in assessments
    ]
    visits += [
        {"on": c.checked_on, "what": "สอบทานผลช่วยเหลือ", "found": str(c), "by": c.checked_by}
        for c in checks
    ]
    return sorted(visits, key=lambda visit: visit["on"], reverse=True)
