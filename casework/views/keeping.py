"""Saved views, chosen columns, and the list as a sheet."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from casework import services
from casework.filters import NAMES, HouseholdFilter
from casework.models import SavedView
from casework.views.register import columns_of
from households import permissions
from households.models import Household
from ppaos.web.request import AuthenticatedHttpRequest


def _filters(request: AuthenticatedHttpRequest) -> QueryDict:
    """Return the filters that the page had in its address."""
    return QueryDict(request.POST.get("filters", "")[:1000])


def _back(filters: QueryDict) -> str:
    page = reverse("casework:households")
    return f"{page}?{filters.urlencode()}" if filters else page


@require_POST
@login_required
def save_view(request: AuthenticatedHttpRequest) -> HttpResponse:
    filters = _filters(request)
    permissions.check_sees_households(request.user)
    if not HouseholdFilter(filters, queryset=Household.objects.none()).form.is_valid():
        messages.error(request, "ตัวกรองไม่ถูกต้อง เลือกใหม่ก่อนบันทึกมุมมอง")
        return redirect("casework:households")
    try:
        view = services.save_view(
            name=request.POST.get("name", ""),
            chosen={key: str(filters[key]) for key in filters},
            is_shared=request.POST.get("is_shared") == "on",
            by=request.user,
            at=now(),
        )
    except services.UnableToKeep as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"บันทึกมุมมอง “{view.name}” แล้ว")
    return redirect(_back(filters))


@require_POST
@login_required
def delete_view(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    view = get_object_or_404(SavedView.objects.of(request.user), pk=pk)
    services.delete_view(view=view, by=request.user, at=now())
    messages.success(request, "ลบมุมมองแล้ว")
    return redirect("casework:households")


@require_POST
@login_required
def columns(request: AuthenticatedHttpRequest) -> HttpResponse:
    services.choose_columns(names=request.POST.getlist("column"), by=request.user)
    return redirect(_back(_filters(request)))


@require_POST
@login_required
def export(request: AuthenticatedHttpRequest) -> HttpResponse | FileResponse:
    """Download the list as it is narrowed, with the columns that are shown."""
    permissions.check_can_export(request.user)
    filters = _filters(request)
    narrowed = HouseholdFilter(filters, queryset=Household.objects.visible_to(request.user))
    if not narrowed.form.is_valid():
        messages.error(request, "ตัวกรองไม่ถูกต้อง เลือกใหม่ก่อนส่งออก")
        return redirect("casework:households")
    try:
        stream, name = services.register_file(
            households=narrowed.qs,
            columns=columns_of(request),
            narrowed_by={key: str(filters[key]) for key in NAMES if filters.get(key)},
            by=request.user,
            at=now(),
        )
    except services.UnableToExport as error:
        messages.error(request, str(error))
        return redirect(_back(filters))
    return FileResponse(stream, as_attachment=True, filename=name)
