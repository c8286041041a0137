"""The overview of one area and year, and its table as a sheet."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.permissions import area_prefixes, has_anywhere
from accounts.roles import Permission
from areas.models import Area
from dashboards import permissions, queries
from dashboards.figures import Row, Summary
from dashboards.services.exporting import breakdown_file
from dashboards.views import cards, table
from dashboards.views.lists import lists_of
from dashboards.views.telling import Teller
from ppaos.lib.buddhist_era import SURVEY_YEARS_BE, to_be_year
from ppaos.web.request import AuthenticatedHttpRequest


@require_safe
@login_required
def dashboard(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Say how far the work of an area is, from the list to the exit; each number opens its list."""
    permissions.check_can_see(request.user)
    years = queries.years()
    above, year_be = _chosen(request, years)
    area = above[-1]
    summary = queries.summary(area=area, year_be=year_be, user=request.user)
    rows = queries.breakdown(area=area, year_be=year_be, user=request.user)
    context = {
        "title": f"{area.get_level_display()}{area.name} · ปี {year_be}",
        "crumbs": [{"label": str(place), "url": _url(place, year_be)} for place in above[:-1]],
        "as_of": summary.as_of,
        "coverage": _coverage(summary),
        "freshness": summary.freshness,
        "area": area,
        "areas": _own_areas(request.user, year_be),
        "year_be": year_be,
        "years": sorted({*years, year_be}, reverse=True),
        "is_past": year_be < to_be_year(localdate().year),
        "is_empty": _is_empty(summary),
        "hides": not permissions.sees_small_numbers(request.user, area.pk),
        "can_import": has_anywhere(request.user, Permission.IMPORT),
    }
    if not context["is_empty"]:
        context |= _figures(request, summary, area, rows)
    return render(request, "dashboards/dashboard.html", context)


@require_safe
@login_required
def breakdown_sheet(request: AuthenticatedHttpRequest) -> FileResponse:
    """Download the table of the areas inside, with the same numbers hidden as on the page."""
    permissions.check_can_see(request.user)
    above, year_be = _chosen(request, queries.years())
    stream, name = breakdown_file(area=above[-1], year_be=year_be, by=request.user, at=now())
    return FileResponse(stream, as_attachment=True, filename=name)


def _chosen(request: AuthenticatedHttpRequest, years: list[int]) -> tuple[list[Area], int]:
    """Return the chosen area behind those above it that the person may see, and the year.

    Raises Http404 for what is no area or year, and for what is outside the person's own.
    """
    code = request.GET.get("area") or _home(request.user)
    above = list(Area.objects.above([code]).order_by("code"))
    seen = [area for area in above if permissions.sees_area(request.user, area.pk)]
    if not seen or seen[-1].pk != code:
        raise Http404("ไม่พบพื้นที่นี้ หรืออยู่นอกพื้นที่ของท่าน")
    said = request.GET.get("year") or ""
    if not said:
        return seen, years[0] if years else to_be_year(localdate().year)
    if not (said.isascii() and said.isdigit() and int(said) in SURVEY_YEARS_BE):
        raise Http404("ปีต้องเป็น พ.ศ. สี่หลัก เช่น 2569")
    return seen, int(said)


def _home(user: User) -> str:
    """Return where the person's overview begins: with several districts, the first of them."""
    home = permissions.home_of(user)
    if permissions.sees_area(user, home):
        return home
    return area_prefixes(user, Permission.DASHBOARD_READ)[0]


def _own_areas(user: User, year_be: int) -> list[dict[str, str]]:
    """Return ways between several areas of one person; empty for who has only one."""
    prefixes = area_prefixes(user, Permission.DASHBOARD_READ)
    if len(prefixes) < 2:
        return []
    found = Area.objects.filter(pk__in=prefixes).order_by("code")
    return [{"label": str(area), "url": _url(area, year_be)} for area in found]


def _url(area: Area, year_be: int) -> str:
    return f"?{urlencode({'area': area.pk, 'year': year_be})}"


def _coverage(summary: Summary) -> str:
    share = summary.coverage.percent
    return f"สอบทานแล้ว {share}% ของรายชื่อ TPMAP" if share is not None else ""


def _is_empty(summary: Summary) -> bool:
    """Say whether nothing is counted; what is hidden is not nothing."""
    return not summary.households and not summary.suppressed


def _figures(
    request: AuthenticatedHttpRequest, summary: Summary, area: Area, rows: list[Row]
) -> dict[str, Any]:
    late = [name for name, _ in summary.referrals.overdue_by_agency]
    lists = lists_of(request.user, area=area, year_be=summary.year_be, agencies=late)
    teller = Teller(summary, lists)
    query = urlencode({"area": area.pk, "year": summary.year_be})
    return {
        "kpis": cards.headlines(teller),
        "dimensions": cards.dimensions(teller),
        "people_total": teller.figure(summary.people_total, "people_total"),
        "levels": cards.levels(teller),
        "capitals": cards.capitals(teller),
        "change": cards.change(teller),
        "groups": cards.groups(teller),
        "stages": cards.stages(teller),
        "listing": cards.listing(teller),
        "referrals": cards.referrals(teller),
        "helped": cards.helped(teller),
        "exits": cards.exits(teller),
        "errors": cards.errors(teller),
        "forums": cards.forums(teller),
        "opens_forums": has_anywhere(request.user, Permission.FORUM_READ),
        "breakdown": table.breakdown(
            rows,
            area=area,
            lists=lists,
            sort=request.GET.get("sort", ""),
        ),
        "export_url": f"/dashboards/breakdown.xlsx?{query}" if rows else "",
    }
