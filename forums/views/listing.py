from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from accounts.permissions import area_prefixes
from accounts.roles import Permission
from forums import permissions, services
from forums.filters import SHOW, ResolutionFilter, shown
from forums.models import Forum, Resolution
from forums.services import AgendaLine
from forums.views.finding import forum_or_404
from forums.workflow import TAKES_ITEMS, ForumState
from ppaos.web.page_links import page_links
from ppaos.web.paging import keyset_page
from ppaos.web.request import AuthenticatedHttpRequest

PAGE_SIZE = 20
MOST_LATE = 5


@require_safe
@login_required
def forums(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Say which sitting is next, which resolutions are late, and what was held."""
    permissions.check_can_see_forums(request.user)
    today = localdate()
    visible = Forum.objects.visible_to(request.user)
    past = keyset_page(
        visible.exclude(state=ForumState.PLANNED).for_list(),
        order=["-held_on", "-pk"],
        cursor=request.GET.get("cursor"),
        size=PAGE_SIZE,
    )
    late = Resolution.objects.visible_to(request.user).overdue(on=today)
    planned = list(visible.planned().for_list().order_by("held_on", "pk")[:PAGE_SIZE])
    return render(
        request,
        "forums/forums.html",
        {
            "today": today,
            "planned": planned,
            "next": next((forum for forum in planned if forum.held_on >= today), None),
            "late": services.resolution_lines(
                late.for_list().order_by("due_on", "pk")[:MOST_LATE], by=request.user, on=today
            ),
            "late_count": late.count(),
            "past": past.rows,
            "can_plan": permissions.can_plan(request.user),
            **page_links(request, past),
        },
    )


@require_safe
@login_required
def detail(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Show a sitting: its agenda, its cases as far as the person may read them, its resolutions."""
    forum = forum_or_404(request.user, pk)
    today = localdate()
    lines = services.agenda_of(forum=forum, by=request.user, on=today)
    return _private(
        render(request, "forums/detail.html", _context(request, forum, lines, today=today))
    )


@require_safe
@login_required
def agenda_print(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Show the agenda for paper: cases by house code, without names."""
    forum = forum_or_404(request.user, pk)
    today = localdate()
    lines = services.agenda_of(forum=forum, by=request.user, on=today)
    return _private(
        render(request, "forums/print.html", _context(request, forum, lines, today=today))
    )


@require_safe
@login_required
def resolutions(request: AuthenticatedHttpRequest) -> HttpResponse:
    """List resolutions: those not done first, the longest overdue on top."""
    permissions.check_can_see_forums(request.user)
    today = localdate()
    show = request.GET.get("show", "open")
    prefixes = area_prefixes(request.user, Permission.FORUM_READ)
    visible = Resolution.objects.visible_to(request.user)
    narrowed = ResolutionFilter(request.GET, queryset=visible, prefixes=prefixes)
    rows = narrowed.qs if narrowed.form.is_valid() else visible.none()
    page = keyset_page(
        shown(rows, show, on=today).for_list(),
        order=["due_on", "pk"] if show in ("open", "overdue") else ["-due_on", "-pk"],
        cursor=request.GET.get("cursor"),
        size=PAGE_SIZE,
    )
    return render(
        request,
        "forums/resolutions.html",
        {
            "filter": narrowed,
            "show": show if show in SHOW else "open",
            "tabs": _tabs(request, show),
            "lines": services.resolution_lines(page.rows, by=request.user, on=today),
            "is_narrowed": any(request.GET.get(name) for name in ("agency", "area")),
            **page_links(request, page),
        },
    )


def _tabs(request: AuthenticatedHttpRequest, show: str) -> list[dict[str, Any]]:
    """Return the tabs; they keep the filters, and begin at the first page."""
    tabs = []
    for code, label in SHOW.items():
        query = request.GET.copy()
        query.pop("cursor", None)
        query["show"] = code
        current = code == (show if show in SHOW else "open")
        tabs.append(
            {"label": label, "url": f"?{query.urlencode()}", "current": current, "count": None}
        )
    return tabs


def _context(
    request: AuthenticatedHttpRequest, forum: Forum, lines: list[AgendaLine], *, today: date
) -> dict[str, Any]:
    manages = permissions.can_manage(request.user, forum)
    return {
        "forum": forum,
        "lines": lines,
        "agencies": list(forum.agencies.order_by("short_name", "pk")),
        "can_manage": manages,
        "is_planned": forum.state == ForumState.PLANNED,
        "is_held": forum.state == ForumState.HELD,
        "is_due": forum.state == ForumState.PLANNED and forum.held_on <= today,
        "can_take_up": manages and forum.state in TAKES_ITEMS,
        "today": today,
    }


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
