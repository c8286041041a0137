"""Open problems that no agency has yet: tick many, send them at once."""

from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods

from accounts.models import Agency
from ppaos.web.page_links import page_links
from ppaos.web.paging import keyset_page
from ppaos.web.request import AuthenticatedHttpRequest
from problems.models import Problem
from referrals import permissions, querysets, services
from referrals.filters import WaitingFilter
from referrals.forms.referring import UrgencyForm

PAGE_SIZE = 50


class Proposed(NamedTuple):
    """Problems of one page that the rules would send to one agency; None: no rule fits."""

    agency: Agency | None
    rows: list[tuple[Problem, services.Routing]]


@require_http_methods(["GET", "POST"])
@login_required
def waiting(request: AuthenticatedHttpRequest) -> HttpResponse:
    """List the problems by the agency proposed; send those that were ticked."""
    permissions.check_can_send_somewhere(request.user)
    form = UrgencyForm(request.POST if request.method == "POST" else None)
    ticked = _ticked(request)
    if ticked and form.is_valid():
        return _send(request, ticked, form)

    rows = querysets.not_referred(request.user)
    narrowed = WaitingFilter(request.GET, queryset=rows, user=request.user)
    page = keyset_page(
        narrowed.qs if narrowed.form.is_valid() else rows.none(),
        order=("household__area_id", "household_id", "pk"),
        cursor=request.GET.get("cursor"),
        size=PAGE_SIZE,
    )
    context = {
        "groups": _by_agency(page.rows),
        "total": narrowed.qs.count() if narrowed.form.is_valid() else 0,
        "shown": len(page.rows),
        "filter": narrowed,
        "is_narrowed": narrowed.is_narrowed,
        "form": form,
        "ticked": ticked,
        "forgot": request.method == "POST" and not ticked,
    }
    response = render(request, "referrals/waiting.html", context | page_links(request, page))
    response["Cache-Control"] = "no-store"
    return response


def _ticked(request: AuthenticatedHttpRequest) -> list[UUID]:
    """Return the problems that were ticked, as far as they are ids."""
    found = []
    for text in request.POST.getlist("problem")[:PAGE_SIZE]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _by_agency(problems: list[Problem]) -> list[Proposed]:
    routings = services.propose_agencies(problems=problems)
    rows = [(problem, routings[problem.pk]) for problem in problems]

    def agency_of(row: tuple[Problem, services.Routing]) -> tuple[bool, str, str]:
        agency = row[1].agency
        return (agency is not None, str(agency or ""), str(agency.pk) if agency else "")

    # What no rule fits comes first: it is what a person must look at.
    rows.sort(key=agency_of)
    grouped = [list(found) for _, found in groupby(rows, key=agency_of)]
    return [Proposed(found[0][1].agency, found) for found in grouped]


def _send(request: AuthenticatedHttpRequest, ticked: list[UUID], form: UrgencyForm) -> HttpResponse:
    """Send, and tell of each what became of it. Names stand on this page only."""
    problems = list(querysets.not_referred(request.user).filter(pk__in=ticked))
    result = services.refer_many(
        problems=problems, urgency=form.cleaned_data["urgency"], by=request.user, at=now()
    )
    people: dict[Any, Any] = {problem.household_id: problem.household for problem in problems}
    for referral in result.sent:
        referral.household = people[referral.household_id]
    context = {"sent": result.sent, "refused": result.refused, "gone": len(ticked) - len(problems)}
    response = render(request, "referrals/sent.html", context)
    response["Cache-Control"] = "no-store"
    return response
