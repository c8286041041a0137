from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_safe

from accounts.permissions import area_prefixes, common_area, has_anywhere, scopes_of
from accounts.roles import PERMISSIONS, Permission
from areas.models import Area
from casework import querysets
from fieldwork.models import Assignment, BackCheck
from fieldwork.querysets import late_first
from households.models import Exit, Household
from ppaos.web.request import AuthenticatedHttpRequest
from referrals.models import Referral
from referrals.querysets import not_referred
from referrals.workflow import Status

NEXT_SHOWN = 8
EXITS_SHOWN = 10


@require_safe
@login_required
def today(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Say what this person should do next."""
    if has_anywhere(request.user, Permission.HOUSEHOLD_VERIFY):
        return render(
            request, "casework/today.html", _work(request) | _referred(request) | _field(request)
        )
    answers = has_anywhere(request.user, Permission.REFERRAL_ANSWER)
    if answers and not has_anywhere(request.user, Permission.IMPORT):
        # What an agency's officer does here is all in the inbox.
        return redirect("referrals:referrals")
    rights = {right for scope in scopes_of(request.user) for right in PERMISSIONS[scope.role]}
    if rights == {Permission.DASHBOARD_READ}:
        # Who only reads figures finds them at once.
        return redirect("dashboards:dashboard")
    return render(
        request,
        "casework/today_other.html",
        {
            "rights": sorted(right.value for right in rights),
            "reads_figures": Permission.DASHBOARD_READ in rights,
            "imports": has_anywhere(request.user, Permission.IMPORT),
            "manages": has_anywhere(request.user, Permission.USERS_MANAGE),
        },
    )


def _field(request: AuthenticatedHttpRequest) -> dict[str, Any]:
    """Return what this person was told to visit, and what an office must see to in the field."""
    user, day = request.user, localdate()
    work = Assignment.objects.visible_to(user).open()
    checks = BackCheck.objects.visible_to(user)
    own = list(late_first(work.filter(surveyor=user)).for_list()[: NEXT_SHOWN + 1])
    context: dict[str, Any] = {
        "own_work": own[:NEXT_SHOWN],
        "more_own_work": len(own) > NEXT_SHOWN,
        "own_checks": checks.open().filter(checker=user).count(),
        "field_today": day,
    }
    if has_anywhere(user, Permission.FIELDWORK_ASSIGN):
        context["field_office"] = {
            "unowned": work.unowned(on=day).count(),
            "to_settle": checks.to_settle().count(),
            "relapses": Exit.objects.visible_to(user).due_for_relapse_check(on=day).count(),
        }
    return context


def _referred(request: AuthenticatedHttpRequest) -> dict[str, Any]:
    """Return what waits of referrals: visits after help, and what an office must send or chase."""
    today = localdate()
    visible = Referral.objects.visible_to(request.user)
    sends = has_anywhere(request.user, Permission.REFERRAL_SEND)
    to_check = list(
        visible.filter(status=Status.HELPED.value)
        .for_rows()
        .order_by("due_on", "pk")[: NEXT_SHOWN + 1]
    )
    context: dict[str, Any] = {
        "to_check": to_check[:NEXT_SHOWN],
        "more_to_check": len(to_check) > NEXT_SHOWN,
        "sends": sends,
        "accepts_moves": has_anywhere(request.user, Permission.MOVE_ACCEPT),
    }
    if sends:
        sent_back = [Status.RETURNED.value, Status.REJECTED.value]
        context["referred"] = visible.live().aggregate(
            overdue=Count("pk", filter=Q(due_on__lt=today)),
            returned=Count("pk", filter=Q(status__in=sent_back)),
            drafts=Count("pk", filter=Q(status=Status.DRAFT.value)),
        ) | {"waiting": not_referred(request.user).count()}
    return context


def _work(request: AuthenticatedHttpRequest) -> dict[str, Any]:
    prefixes = area_prefixes(request.user, Permission.HOUSEHOLD_VERIFY)
    own = Household.objects.visible_to(request.user).in_areas(prefixes)
    home = common_area(prefixes)
    digits = min(8, max(4, len(home) + 2))
    progress = querysets.progress_by_area(own, digits=digits)
    names = {
        area.pk: area
        for area in Area.objects.filter(pk__in=[home, *(row["code"] for row in progress)])
    }
    totals = {name: sum(row[name] for row in progress) for name in ("total", "waiting", "done")}
    to_assess = list(querysets.to_assess(own).for_list()[: NEXT_SHOWN + 1])
    decides = has_anywhere(request.user, Permission.EXIT_APPROVE)
    return {
        "as_of": now(),
        "home": names.get(home),
        "totals": totals,
        "done": totals["done"],
        "progress": [(row, names.get(row["code"])) for row in progress],
        "by_village": digits == 8,
        "next": list(querysets.to_verify(own).for_list()[:NEXT_SHOWN]),
        "to_assess": to_assess[:NEXT_SHOWN],
        "more_to_assess": len(to_assess) > NEXT_SHOWN,
        "exits": list(querysets.exits_waiting(own)[:EXITS_SHOWN]) if decides else [],
        "decides": decides,
        "can_add": has_anywhere(request.user, Permission.HOUSEHOLD_CREATE),
        "reads_figures": has_anywhere(request.user, Permission.DASHBOARD_READ),
        "imports": has_anywhere(request.user, Permission.IMPORT),
    }
