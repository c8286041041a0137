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
from casework.filters import (
    COLUMNS,
    DEFAULT,
    NAMES,
    SORT,
    HouseholdFilter,
    Order,
    for_lines,
    lines_of,
)
from casework.models import ListColumns, SavedView
from casework.querysets import by_head_name
from casework.views.finding import query_of
from households import permissions
from households.models import Household
from households.querysets import HouseholdQuerySet
from ppaos.web.paging import KeysetPage, keyset_page
from ppaos.web.request import AuthenticatedHttpRequest

PAGE_SIZE = 50
_DISTRICT_DIGITS = 4


@require_safe
@login_required
def households(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The register as far as this person may read it: search, area by area, filters."""
    context: dict[str, Any] = {
        "can_search": permissions.can_search(request.user),
        "can_add": permissions.can_add(request.user),
        "can_export": permissions.can_export(request.user),
        "sees": permissions.sees_households(request.user),
    }
    query = query_of(request)
    if query is not None:
        is_near = request.GET.get("near") == "1"
        found = services.find(query, by=request.user, is_near=is_near)
        return render(
            request,
            "casework/households.html",
            context | {"found": found, "query": query, "is_near": is_near},
        )

    visible = Household.objects.visible_to(request.user)
    narrowed = HouseholdFilter(request.GET, queryset=visible)
    rows = narrowed.qs if narrowed.form.is_valid() else visible.none()
    order = order_of(request)
    page = _page(request, rows, order)
    names = columns_of(request)
    columns = [column for column in COLUMNS if column.code in names]
    places = {household.area_id for household in page.rows} | {_chosen_area(request)}
    areas = Area.objects.chains(places)
    return render(
        request,
        "casework/households.html",
        context
        | {
            "filter": narrowed,
            "households": page.rows,
            "lines": lines_of(
                page.rows, areas=areas, has_profiles=any(column.is_of_profile for column in columns)
            ),
            "next_url": _url(request, page.next_cursor),
            "previous_url": _url(request, page.previous_cursor),
            "is_narrowed": narrowed.is_narrowed,
            "is_choosing_area": "area" in request.GET and not narrowed.is_narrowed,
            "chosen": narrowed.chosen,
            "order": order,
            "orders": list(Order),
            "columns": columns,
            "all_columns": [(column, column in columns) for column in COLUMNS],
            "kept": urlencode(_kept(request, without=())),
            "views": SavedView.objects.visible_to(request.user)
            .select_related("owner")
            .order_by("name", "pk"),
            # Who comes from a figure of the overview sees the same number here.
            "total": rows.count() if request.GET.get("in_year") else None,
        }
        | _places(request, areas),
    )


def columns_of(request: AuthenticatedHttpRequest) -> list[str]:
    """Return the codes of the columns that this person chose, or the usual ones."""
    chosen = ListColumns.objects.filter(owner=request.user).first()
    return list(chosen.columns if chosen else DEFAULT)


def order_of(request: AuthenticatedHttpRequest) -> Order:
    """Return the order asked for. By name only within a district: more is too much to sort."""
    asked = request.GET.get(SORT, "")
    order = next((each for each in Order if each.value == asked), Order.PLACE)
    if order is Order.NAME and len(_chosen_area(request)) < _DISTRICT_DIGITS:
        return Order.PLACE
    return order


def _page(
    request: AuthenticatedHttpRequest, rows: HouseholdQuerySet, order: Order
) -> KeysetPage[Household]:
    listed = for_lines(rows)
    keys = {
        Order.PLACE: ["area_id", "pk"],
        Order.NAME: ["head_order", "pk"],
        Order.NEWEST: ["-pk"],
    }
    return keyset_page(
        by_head_name(listed) if order is Order.NAME else listed,
        order=keys[order],
        cursor=request.GET.get("cursor"),
        size=PAGE_SIZE,
        is_secret=order is Order.NAME,
    )


def _kept(request: AuthenticatedHttpRequest, *, without: tuple[str, ...]) -> list[tuple[str, str]]:
    return [
        (name, request.GET[name])
        for name in (*NAMES, SORT)
        if request.GET.get(name) and name not in without
    ]


def _url(request: AuthenticatedHttpRequest, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    return f"?{urlencode([*_kept(request, without=()), ('cursor', cursor)])}"


def _chosen_area(request: AuthenticatedHttpRequest) -> str:
    prefixes = area_prefixes(request.user, Permission.HOUSEHOLD_READ)
    return request.GET.get("area") or common_area(prefixes)


def _places(request: AuthenticatedHttpRequest, areas: dict[str, Area]) -> dict[str, Any]:
    """Return the chosen area, the way back up, and the areas inside it; one query."""
    prefixes = area_prefixes(request.user, Permission.HOUSEHOLD_READ)
    chosen = _chosen_area(request)
    inside = any(chosen.startswith(prefix) for prefix in prefixes)
    above = [areas[chosen[:end]] for end in (2, 4, 6, 8) if chosen[:end] in areas]
    reachable = [
        area
        for area in dict.fromkeys(above)
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
        "can_sort_by_name": len(chosen) >= _DISTRICT_DIGITS,
        "ways_up": reachable[:-1],
        "children": children,
        "rest": f"&{rest}" if rest else "",
    }
