from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import area_prefixes, common_area
from accounts.roles import Permission
from areas.models import Area, Level
from casework import services
from casework.filters import NAMES, HouseholdFilter
from casework.views.finding import query_of
from households import permissions
from households.models import Household
from ppaos.web.paging import keyset_page
from ppaos.web.request import AuthenticatedHttpRequest

PAGE_SIZE = 50


@require_safe
@login_required
def households(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The register as far as this person may read it: search, area by area, filters."""
    context: dict[str, Any] = {
        "can_search": permissions.can_search(request.user),
        "can_add": permissions.can_add(request.user),
        "sees": permissions.sees_households(request.user),
    }
    query = query_of(request)
    if query is not None:
        found = services.find(query, by=request.user)
        return render(
            request, "casework/households.html", context | {"found": found, "query": query}
        )

    visible = Household.objects.visible_to(request.user)
    narrowed = HouseholdFilter(request.GET, queryset=visible)
    rows = narrowed.qs if narrowed.form.is_valid() else visible.none()
    page = keyset_page(
        rows.for_list(),
        order=["area_id", "pk"],
        cursor=request.GET.get("cursor"),
        size=PAGE_SIZE,
    )
    return render(
        request,
        "casework/households.html",
        context
        | {
            "filter": narrowed,
            "households": page.rows,
            "next_url": _url(request, page.next_cursor),
            "previous_url": _url(request, page.previous_cursor),
            "is_narrowed": narrowed.is_narrowed,
            # Who comes from a figure of the overview sees the same number here.
            "total": rows.count() if request.GET.get("in_year") else None,
        }
        | _places(request),
    )


def _kept(request: AuthenticatedHttpRequest, *, without: tuple[str, ...]) -> list[tuple[str, str]]:
    return [
        (name, request.GET[name]) for name in NAMES if request.GET.get(name) and name not in without
    ]


def _url(request: AuthenticatedHttpRequest, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    return f"?{urlencode([*_kept(request, without=()), ('cursor', cursor)])}"


def _places(request: AuthenticatedHttpRequest) -> dict[str, Any]:
    """Return the chosen area, the way back up, and the areas inside it; two queries."""
    prefixes = area_prefixes(request.user, Permission.HOUSEHOLD_READ)
    chosen = request.GET.get("area") or common_area(prefixes)
    inside = any(chosen.startswith(prefix) for prefix in prefixes)
    above = list(Area.objects.above([chosen]).order_by("code")) if chosen else []
    reachable = [
        area
        for area in above
        if any(area.pk.startswith(p) or p.startswith(area.pk) for p in prefixes)
    ]
    children: list[Area] = []
    if reachable and reachable[-1].level != Level.VILLAGE:
        below = Area.objects.children_of(reachable[-1].pk).order_by("code")
        children = [
            area
            for area in below
            if inside or any(area.pk.startswith(p) or p.startswith(area.pk) for p in prefixes)
        ]
    rest = urlencode(_kept(request, without=("area",)))
    return {
        "area": reachable[-1] if reachable and reachable[-1].pk == chosen else None,
        "ways_up": reachable[:-1],
        "children": children,
        "rest": f"&{rest}" if rest else "",
    }
