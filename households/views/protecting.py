"""Households that must not be found, and who may see them; and what is announced about areas."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.permissions import area_prefixes, check_has_anywhere
from accounts.roles import Permission
from areas.models import Area
from areas.querysets import within
from areas.services import UnableToChangeAreas
from households import services
from households.forms import AreaChangeForm, ProtectedAccessForm, ReasonForm
from households.models import AreaRevision, Household
from households.querysets import HouseholdQuerySet
from ppaos.web.request import AuthenticatedHttpRequest

MOST_SHOWN = 100


def _of_own_province(user: User) -> HouseholdQuerySet:
    """Return what this person may protect, named or not: somebody must be able to name."""
    place = within(area_prefixes(user, Permission.PROTECTION_MANAGE), column="area_id")
    return Household.objects.filter(place).select_related("area__parent__parent__parent")


@require_safe
@login_required
def protected(request: AuthenticatedHttpRequest) -> HttpResponse:
    """List the protected households of the province by code and district, no names."""
    check_has_anywhere(request.user, Permission.PROTECTION_MANAGE)
    rows = _of_own_province(request.user).filter(is_protected=True).order_by("area_id", "pk")
    return _unstored(
        render(request, "households/protected.html", {"households": rows[:MOST_SHOWN]})
    )


@require_http_methods(["GET", "POST"])
@login_required
def protection(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Protect a household, or name who may see it. POST protects, or names if it is protected."""
    household = get_object_or_404(_of_own_province(request.user), pk=pk)
    is_named = household.is_protected
    form = (ProtectedAccessForm if is_named else ReasonForm)(request.POST or None)
    if form.is_valid():
        try:
            _protect_or_name(household, form.cleaned_data, request)
        except services.UnableToProtect as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "บันทึกแล้ว")
            return redirect("households:protection", pk)
    named = household.protected_access.live(on=localdate()).select_related("user", "granted_by")
    return _unstored(
        render(
            request,
            "households/protection.html",
            {
                "household": household,
                "form": form,
                "named": named.order_by("granted_at", "pk"),
                "sees_file": Household.objects.visible_to(request.user).filter(pk=pk).exists(),
            },
        )
    )


def _protect_or_name(
    household: Household, data: dict[str, object], request: AuthenticatedHttpRequest
) -> None:
    if not household.is_protected:
        services.protect_household(
            household=household, reason=str(data["reason"]), by=request.user, at=now()
        )
        return
    user = User.objects.filter(username=data["username"], is_active=True).first()
    if user is None:
        raise services.UnableToProtect("ไม่พบชื่อผู้ใช้นี้ หรือบัญชีปิดไปแล้ว")
    services.name_person(
        household=household,
        user=user,
        reason=str(data["reason"]),
        valid_until=data["valid_until"],  # type: ignore[arg-type]
        by=request.user,
        at=now(),
    )


@require_POST
@login_required
def unprotect(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    household = get_object_or_404(_of_own_province(request.user), pk=pk)
    try:
        services.unprotect_household(household=household, by=request.user, at=now())
    except services.UnableToProtect as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "ยกเลิกความคุ้มครองแล้ว เจ้าหน้าที่ในพื้นที่เห็นครัวเรือนนี้ตามปกติ")
    return redirect("households:protection", pk)


@require_POST
@login_required
def end_access(request: AuthenticatedHttpRequest, pk: UUID, access_pk: UUID) -> HttpResponse:
    household = get_object_or_404(_of_own_province(request.user), pk=pk)
    access = get_object_or_404(household.protected_access.all(), pk=access_pk)
    try:
        services.end_access(access=access, by=request.user, at=now())
    except services.UnableToProtect as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "ยกเลิกสิทธิแล้ว")
    return redirect("households:protection", pk)


@require_http_methods(["GET", "POST"])
@login_required
def area_changes(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Record an announcement about names and codes of areas, and list what was recorded."""
    check_has_anywhere(request.user, Permission.AREA_CHANGE)
    form = AreaChangeForm(request.POST or None)
    if form.is_valid():
        try:
            households = _change_areas(form, request)
        except UnableToChangeAreas as error:
            form.add_error("lines", str(error))
        else:
            messages.success(request, f"บันทึกแล้ว ครัวเรือนที่ย้ายตาม {households:,} ครัวเรือน")
            return redirect("households:area-changes")
    place = within(area_prefixes(request.user, Permission.AREA_CHANGE), column="area_id")
    revisions = AreaRevision.objects.filter(place).select_related("recorded_by")
    return render(
        request,
        "households/area_changes.html",
        {"form": form, "revisions": revisions.order_by("-recorded_at", "area_id")[:MOST_SHOWN]},
    )


@transaction.atomic
def _change_areas(form: AreaChangeForm, request: AuthenticatedHttpRequest) -> int:
    data = form.cleaned_data
    told = {"on": data["on"], "reason": data["reason"], "by": request.user, "at": now()}
    renamed = [change for change in data["lines"] if change.old == change.new]
    for change in renamed:
        area = Area.objects.in_force().filter(pk=change.old).first()
        if area is None:
            raise UnableToChangeAreas(f"ไม่พบพื้นที่รหัส {change.old} ที่ใช้อยู่")
        services.rename_area(area=area, name=change.name, **told)
    recoded = [change for change in data["lines"] if change.old != change.new]
    if not recoded:
        return 0
    return sum(row.households for row in services.recode_areas(changes=recoded, **told))


def _unstored(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
