"""The offices that take referrals, for those who set up an area."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_safe

from accounts import services
from accounts.forms import AgencyForm, NewAgencyForm
from accounts.models import Agency
from accounts.permissions import check_has_anywhere
from accounts.roles import Permission
from ppaos.web.page_links import page_links
from ppaos.web.paging import keyset_page
from ppaos.web.request import AuthenticatedHttpRequest

PAGE_SIZE = 50
SETTINGS = {"label": "ตั้งค่า", "url": "/settings/"}
AGENCIES = {"label": "หน่วยงาน", "url": "/settings/agencies/"}


@require_safe
@login_required
def collection(request: AuthenticatedHttpRequest) -> HttpResponse:
    check_has_anywhere(request.user, Permission.SETTINGS_CHANGE)
    page = keyset_page(
        Agency.objects.visible_to(request.user).select_related("area"),
        order=("short_name", "pk"),
        cursor=request.GET.get("cursor"),
        size=PAGE_SIZE,
    )
    context = {"page": page, "crumbs": [SETTINGS]} | page_links(request, page)
    return render(request, "accounts/agencies.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: AuthenticatedHttpRequest) -> HttpResponse:
    check_has_anywhere(request.user, Permission.SETTINGS_CHANGE)
    form = NewAgencyForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            services.create_agency(**form.cleaned_data, by=request.user, at=now())
        except services.UnableToChangeAgency as error:
            form.add_error("code", str(error))
        else:
            messages.success(request, "เพิ่มหน่วยงานแล้ว")
            return redirect("accounts:agencies")
    context = {"form": form, "crumbs": [SETTINGS, AGENCIES]}
    return render(request, "accounts/agency_new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    agency = get_object_or_404(Agency.objects.visible_to(request.user), pk=pk)
    initial = {
        "name": agency.name,
        "short_name": agency.short_name,
        "phone": agency.phone,
        "is_active": agency.is_active,
    }
    form = AgencyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.update_agency(agency=agency, **form.cleaned_data, by=request.user, at=now())
        messages.success(request, "บันทึกแล้ว")
        return redirect("accounts:agencies")
    context = {"agency": agency, "form": form, "crumbs": [SETTINGS, AGENCIES]}
    return render(request, "accounts/agency_edit.html", context)
