from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_safe

from households.models import Household, Member
from households.services import note_read
from plans import permissions, services
from plans.forms import PlanForm, initial_of
from plans.models import HouseholdPlan
from ppaos.web.request import AuthenticatedHttpRequest


def _household_or_404(user: Any, pk: UUID) -> Household:
    """Return a household with its areas and its people, or answer 404."""
    present = Member.objects.present().order_by("-is_head", "seq", "pk")
    return get_object_or_404(
        Household.objects.visible_to(user)
        .select_related("area__parent__parent__parent")
        .prefetch_related(Prefetch("members", queryset=present, to_attr="present_members")),
        pk=pk,
    )


@require_http_methods(["GET", "POST"])
@login_required
def plan(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Make the household's plan, or the next version of it."""
    household = _household_or_404(request.user, pk)
    permissions.check_can_plan(request.user, household)
    note_read(household=household, by=request.user, at=now())
    current = HouseholdPlan.objects.of_household(household).current().first()
    form = PlanForm(request.POST or None, initial=initial_of(current) | {"agreed_on": localdate()})

    if form.is_valid():
        try:
            services.make_plan(
                household=household,
                number_seen=form.cleaned_data["number"],
                draft=form.draft(),
                by=request.user,
                at=now(),
            )
        except services.UnableToPlan as error:
            _add_errors(form, error)
        else:
            messages.success(request, "บันทึกแผนครัวเรือนแล้ว")
            return redirect("casework:case-file", pk)

    response = render(
        request,
        "plans/plan.html",
        {
            "household": household,
            "form": form,
            "current": current,
            "is_possible": permissions.can_plan(request.user, household),
        },
    )
    response["Cache-Control"] = "no-store"
    return response


def _add_errors(form: PlanForm, error: services.UnableToPlan) -> None:
    for name, texts in error.fields.items():
        for text in texts:
            form.add_error(name, text)
    if not error.fields:
        form.add_error(None, str(error))


@require_safe
@login_required
def history(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Show every version of the plan, the newest first."""
    household = _household_or_404(request.user, pk)
    note_read(household=household, by=request.user, at=now())
    response = render(
        request,
        "plans/history.html",
        {
            "household": household,
            "plans": HouseholdPlan.objects.of_household(household).newest_first(),
            "can_plan": permissions.can_plan(request.user, household),
        },
    )
    response["Cache-Control"] = "no-store"
    return response
