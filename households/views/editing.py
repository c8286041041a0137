from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods

from accounts.permissions import area_prefixes
from accounts.roles import Permission
from households import permissions, services
from households.forms import (
    HouseholdForm,
    MemberEditForm,
    MemberForm,
    MemberLeftForm,
    initial_of,
    initial_of_member,
)
from households.views.finding import add_errors, household_or_404, member_or_404, note_shown
from households.workflow import LeftReason
from ppaos.web.request import AuthenticatedHttpRequest


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Change address, position and phone."""
    household = household_or_404(request.user, pk)
    permissions.check_can_update(request.user, household)
    note_shown(request, household)
    form = HouseholdForm(
        request.POST or None,
        prefixes=area_prefixes(request.user, Permission.HOUSEHOLD_UPDATE),
        initial=initial_of(household),
    )

    if form.is_valid():
        try:
            services.update_household(
                household=household,
                version=form.cleaned_data["version"],
                changes=form.changes(),
                by=request.user,
                at=now(),
            )
        except services.UnableToRegister as error:
            add_errors(form, error.fields)
        except services.UnableToUpdate as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "แก้ไขข้อมูลครัวเรือนแล้ว")
            return redirect("casework:case-file", pk)

    return render(
        request,
        "households/edit.html",
        {"household": household, "form": form},
    )


@require_http_methods(["GET", "POST"])
@login_required
def member_add(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    household = household_or_404(request.user, pk)
    permissions.check_can_update(request.user, household)
    form = MemberForm(request.POST or None)

    if form.is_valid():
        try:
            services.add_member(
                household=household, draft=form.draft(is_head=False), by=request.user, at=now()
            )
        except services.UnableToRegister as error:
            add_errors(form, error.fields or {"": [str(error)]})
        else:
            messages.success(request, "เพิ่มสมาชิกแล้ว")
            return redirect("casework:case-file", pk)

    return render(
        request,
        "households/member_add.html",
        {"household": household, "form": form},
    )


@require_http_methods(["GET", "POST"])
@login_required
def member_edit(request: AuthenticatedHttpRequest, pk: UUID, member_pk: UUID) -> HttpResponse:
    household = household_or_404(request.user, pk)
    permissions.check_can_update(request.user, household)
    note_shown(request, household)
    member = member_or_404(household, member_pk)
    form = MemberEditForm(request.POST or None, member=member, initial=initial_of_member(member))

    if form.is_valid():
        try:
            services.update_member(
                member=member,
                version=form.cleaned_data["version"],
                draft=form.draft(is_head=form.cleaned_data["is_head"]),
                by=request.user,
                at=now(),
            )
        except services.UnableToRegister as error:
            add_errors(form, error.fields)
        except services.UnableToUpdate as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "แก้ไขข้อมูลสมาชิกแล้ว")
            return redirect("casework:case-file", pk)

    return render(
        request,
        "households/member_edit.html",
        {"household": household, "member": member, "form": form},
    )


@require_http_methods(["GET", "POST"])
@login_required
def member_left(request: AuthenticatedHttpRequest, pk: UUID, member_pk: UUID) -> HttpResponse:
    household = household_or_404(request.user, pk)
    permissions.check_can_update(request.user, household)
    member = member_or_404(household, member_pk)
    form = MemberLeftForm(request.POST or None, member=member, initial={"left_on": localdate()})

    if form.is_valid():
        try:
            services.member_left(
                member=member,
                left_on=form.cleaned_data["left_on"],
                reason=LeftReason(form.cleaned_data["reason"]),
                new_head=form.cleaned_data.get("new_head"),
                by=request.user,
                at=now(),
            )
        except services.UnableToUpdate as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"บันทึกว่า {member.full_name} ออกจากครัวเรือนแล้ว")
            return redirect("casework:case-file", pk)

    return render(
        request,
        "households/member_left.html",
        {"household": household, "member": member, "form": form},
    )
