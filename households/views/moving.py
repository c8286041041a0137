"""A household goes elsewhere: asked for, answered, taken back."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import area_prefixes, check_has_anywhere
from accounts.roles import Permission
from households import permissions, services
from households.forms import MoveForm
from households.models import HouseholdMove, Member, MemberMove
from households.querysets import HouseholdMoveQuerySet
from households.views.finding import household_or_404, note_shown
from households.workflow import MoveReason, MoveState
from ppaos.lib.thai_text import clean
from ppaos.web.request import AuthenticatedHttpRequest

MOST_SHOWN = 100


@require_http_methods(["GET", "POST"])
@login_required
def move(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Move a whole household, at once or by asking the office it goes to."""
    household = household_or_404(request.user, pk)
    permissions.check_can_update(request.user, household)
    note_shown(request, household)
    form = MoveForm(
        request.POST or None,
        prefixes=area_prefixes(request.user, Permission.HOUSEHOLD_UPDATE),
        initial={"version": household.version, "moved_on": localdate()},
    )
    if form.is_valid():
        try:
            done = services.move_household(
                household=household,
                version=form.cleaned_data["version"],
                to=form.place(),
                reason=MoveReason(form.cleaned_data["reason"]),
                moved_on=form.cleaned_data["moved_on"],
                note=form.cleaned_data["note"],
                by=request.user,
                at=now(),
            )
        except services.UnableToUpdate as error:
            form.add_error(None, str(error))
        else:
            if done.state == MoveState.ASKED:
                messages.success(
                    request, f"ส่งคำขอไป{done.to_area}แล้ว ครัวเรือนอยู่ที่เดิมจนกว่าปลายทางจะรับ"
                )
            else:
                messages.success(request, f"ย้ายครัวเรือนไป{done.to_area}แล้ว")
            return redirect("households:moves", pk)
    return render(request, "households/move.html", {"household": household, "form": form})


@require_safe
@login_required
def moves(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Show where a household and its people came from and went."""
    household = household_or_404(request.user, pk)
    note_shown(request, household)
    rows = list(household.moves.for_list().order_by("-asked_at", "-pk")[:MOST_SHOWN])
    done = [row for row in rows if row.state == MoveState.DONE]
    people = (
        MemberMove.objects.filter(
            Q(member_before__household=household) | Q(member_after__household=household)
        )
        .select_related("member_before__household", "member_after__household", "recorded_by")
        .order_by("-recorded_at", "-pk")[:MOST_SHOWN]
    )
    response = render(
        request,
        "households/moves.html",
        {
            "household": household,
            "moves": rows,
            "last": done[0] if done else None,
            "people": people,
            "can_update": permissions.can_update(request.user, household),
        },
    )
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@login_required
def undo(request: AuthenticatedHttpRequest, pk: UUID, move_pk: UUID) -> HttpResponse:
    household = household_or_404(request.user, pk)
    done = get_object_or_404(household.moves.all(), pk=move_pk)
    permissions.check_can_update(request.user, household)
    version = request.POST.get("version", "")
    try:
        back = services.undo_move(
            move=done,
            version=int(version) if version.isdecimal() and len(version) < 10 else 0,
            by=request.user,
            at=now(),
        )
    except services.UnableToUpdate as error:
        messages.error(request, str(error))
    else:
        told = "ย้ายกลับแล้ว" if back.state == MoveState.DONE else "ส่งคำขอย้ายกลับแล้ว รอพื้นที่เดิมรับ"
        messages.success(request, told)
    return redirect("households:moves", pk)


@require_POST
@login_required
def withdraw(request: AuthenticatedHttpRequest, pk: UUID, move_pk: UUID) -> HttpResponse:
    household = household_or_404(request.user, pk)
    asked = get_object_or_404(household.moves.all(), pk=move_pk)
    permissions.check_can_update(request.user, household)
    try:
        services.withdraw_move(move=asked, by=request.user, at=now())
    except services.UnableToUpdate as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "ถอนคำขอย้ายแล้ว")
    return redirect("households:moves", pk)


# ---- the receiving side ----------------------------------------------------------
@require_safe
@login_required
def incoming(request: AuthenticatedHttpRequest) -> HttpResponse:
    """List the households that others ask this office to take in, the longest waiting first."""
    check_has_anywhere(request.user, Permission.MOVE_ACCEPT)
    rows = _with_people(HouseholdMove.objects.coming_to(request.user))
    response = render(
        request, "households/incoming.html", {"moves": rows.order_by("asked_at", "pk")[:MOST_SHOWN]}
    )
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@login_required
def accept(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    asked = get_object_or_404(HouseholdMove.objects.coming_to(request.user), pk=pk)
    try:
        services.accept_move(move=asked, by=request.user, at=now())
    except services.UnableToRelocate as error:
        messages.error(request, str(error))
        return redirect("households:incoming")
    messages.success(request, "รับครัวเรือนแล้ว ตรวจเรื่องส่งต่อที่ยังเปิดอยู่ว่าหน่วยงานอยู่ในพื้นที่หรือไม่")
    return redirect("casework:case-file", asked.household_id)


@require_POST
@login_required
def refuse(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    asked = get_object_or_404(HouseholdMove.objects.coming_to(request.user), pk=pk)
    reason = clean(request.POST.get("reason", ""))[:300]
    try:
        services.refuse_move(move=asked, reason=reason, by=request.user, at=now())
    except services.UnableToRelocate as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "แจ้งพื้นที่ต้นทางแล้วว่าไม่รับ ครัวเรือนอยู่ที่เดิม")
    return redirect("households:incoming")


def _with_people(rows: HouseholdMoveQuerySet) -> HouseholdMoveQuerySet:
    people = Member.objects.present().defer("citizen_id").order_by("-is_head", "seq", "pk")
    return (
        rows.for_list()
        .select_related("household__area__parent__parent__parent")
        .prefetch_related(
            Prefetch("household__members", queryset=people, to_attr="present_members")
        )
    )
