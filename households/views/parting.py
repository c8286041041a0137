"""People go, are born, and come back."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import area_prefixes
from accounts.roles import Permission
from households import permissions, services
from households.forms import MemberForm, PartForm
from households.models import Household, MemberMove
from households.views.finding import add_errors, household_or_404, member_or_404, note_shown
from ppaos.web.request import AuthenticatedHttpRequest


@require_http_methods(["GET", "POST"])
@login_required
def part(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Move people to another household, or split them off as one of their own."""
    household = household_or_404(request.user, pk)
    permissions.check_can_update(request.user, household)
    note_shown(request, household)
    form = PartForm(
        request.POST or None,
        prefixes=area_prefixes(request.user, Permission.HOUSEHOLD_UPDATE),
        household=household,
        by=request.user,
        initial={"version": household.version, "moved_on": localdate()},
    )
    if form.is_valid():
        try:
            target = _part(form, request)
        except services.UnableToUpdate as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"ย้าย {len(form.cleaned_data['members']):,} คนแล้ว")
            return redirect("casework:case-file", target.pk)
    return render(request, "households/part.html", {"household": household, "form": form})


def _part(form: PartForm, request: AuthenticatedHttpRequest) -> Household:
    data = form.cleaned_data
    target: Household | None = data["to"]
    if target is None:
        return services.split_household(
            members=list(data["members"]),
            version=data["version"],
            head=data["head"],
            heir=data["heir"],
            to=form.place(),
            moved_on=data["moved_on"],
            by=request.user,
            at=now(),
        )
    services.move_members(
        members=list(data["members"]),
        version=data["version"],
        to=target,
        heir=data["heir"],
        moved_on=data["moved_on"],
        by=request.user,
        at=now(),
    )
    return target


@require_POST
@login_required
def undo(request: AuthenticatedHttpRequest, pk: UUID, move_pk: UUID) -> HttpResponse:
    household = household_or_404(request.user, pk)
    moves = MemberMove.objects.select_related("member_before__household", "member_after__household")
    of_this = Q(member_before__household=household) | Q(member_after__household=household)
    move = get_object_or_404(moves.filter(of_this), pk=move_pk)
    permissions.check_can_update(request.user, household)
    try:
        services.undo_member_move(move=move, by=request.user, at=now())
    except services.UnableToUpdate as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{move.member_before.full_name} กลับอยู่ครัวเรือนเดิมแล้ว")
    return redirect("households:moves", pk)


@require_POST
@login_required
def member_returned(request: AuthenticatedHttpRequest, pk: UUID, member_pk: UUID) -> HttpResponse:
    household = household_or_404(request.user, pk)
    member = member_or_404(household, member_pk)
    permissions.check_can_update(request.user, household)
    try:
        services.member_returned(member=member, by=request.user, at=now())
    except services.UnableToUpdate as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{member.full_name} กลับเป็นสมาชิกแล้ว")
    return redirect("casework:case-file", pk)


@require_http_methods(["GET", "POST"])
@login_required
def birth(request: AuthenticatedHttpRequest, pk: UUID, member_pk: UUID) -> HttpResponse:
    """Add a child that was born to a member."""
    household = household_or_404(request.user, pk)
    parent = member_or_404(household, member_pk)
    permissions.check_can_update(request.user, household)
    form = MemberForm(
        request.POST or None,
        initial={
            "last_name": parent.last_name,
            "relation": "บุตร" if parent.is_head else "หลาน",
            "birth": "",
        },
    )
    if form.is_valid():
        try:
            services.add_member(
                household=household,
                draft=form.draft(is_head=False),
                parent=parent,
                by=request.user,
                at=now(),
            )
        except services.UnableToRegister as error:
            add_errors(form, error.fields or {"": [str(error)]})
        else:
            messages.success(request, "เพิ่มเด็กเกิดใหม่แล้ว")
            return redirect("casework:case-file", pk)
    return render(
        request,
        "households/birth.html",
        {"household": household, "form": form, "parent": parent},
    )
