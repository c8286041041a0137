"""How far visits are, and what they say of the lists, from the province down to the village."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from accounts.permissions import area_prefixes, common_area, has_in
from accounts.roles import Permission
from areas.models import Area
from fieldwork import permissions, services
from fieldwork.coverage import total
from households.models import SourceListing
from households.workflow import Source
from ppaos.web.request import AuthenticatedHttpRequest


@require_safe
@login_required
def coverage(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show coverage and errors of the areas inside one."""
    permissions.check_can_see_work(request.user)
    home = common_area(area_prefixes(request.user, Permission.HOUSEHOLD_READ))
    code = request.GET.get("area", home) or home
    if not (code.isascii() and code.isdigit()):
        raise Http404
    area = Area.objects.select_related("parent__parent__parent").filter(pk=code).first()
    if area is None or not has_in(request.user, Permission.HOUSEHOLD_READ, code):
        raise Http404
    years = _years()
    newest = services.newest_list_year(code)
    year = request.GET.get("year", "")
    year_be = int(year) if year.isascii() and year.isdigit() and len(year) <= 4 else newest
    digits = min(8, len(code) + 2)
    rows = services.coverage_by_area(area_code=code, year_be=year_be, digits=digits)
    names = Area.objects.in_bulk([row.code for row in rows])
    context: dict[str, Any] = {
        "area": area,
        "crumbs": _crumbs(area, home, year_be),
        "rows": [(row, names.get(row.code)) for row in rows],
        "total": total(rows, code=code),
        "digits": digits,
        "years": years,
        "year": year_be,
        "as_of": now(),
    }
    return render(request, "fieldwork/coverage.html", context)


def _years() -> list[int]:
    rows = SourceListing.objects.filter(source=Source.TPMAP).values_list("year_be", flat=True)
    return sorted(rows.distinct(), reverse=True)


def _crumbs(area: Area, home: str, year_be: int) -> list[dict[str, str]]:
    """Return the areas above, as far up as this person may look."""
    above = []
    upper = area.parent
    while upper is not None and len(upper.pk) >= len(home):
        above.append({"label": str(upper), "url": f"?area={upper.pk}&year={year_be}"})
        upper = upper.parent
    return above[::-1]
