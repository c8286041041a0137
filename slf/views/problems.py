"""Opening, closing and reopening a problem. Here, because the group follows the problems."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods

from ppaos.web.request import AuthenticatedHttpRequest
from problems.permissions import check_can_record
from problems.workflow import Origin, Resolution
from slf import services
from slf.forms import ProblemForm, ReasonForm, ResolveForm
from slf.views.finding import household_or_404, problem_or_404


@require_http_methods(["GET", "POST"])
@login_required
def problem_new(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    household = household_or_404(request.user, pk)
    check_can_record(request.user, household)
    form = ProblemForm(request.POST or None, members=household.present_members)  # type: ignore[attr-defined]

    if form.is_valid():
        try:
            services.open_problem(
                household=household,
                code=form.problem_code,
                origin=Origin(form.cleaned_data["origin"]),
                opened_on=form.cleaned_data["opened_on"],
                members=form.named,
                need_text=form.cleaned_data["need_text"],
                by=request.user,
                at=now(),
            )
        except services.UnableToOpenProblem as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "บันทึกปัญหาแล้ว")
            return redirect("casework:case-file", pk)

    return render(request, "problems/problem_new.html", {"household": household, "form": form})


@require_http_methods(["GET", "POST"])
@login_required
def problem_resolve(request: AuthenticatedHttpRequest, pk: UUID, problem_pk: UUID) -> HttpResponse:
    household = household_or_404(request.user, pk)
    check_can_record(request.user, household)
    problem = problem_or_404(household, problem_pk)
    form = ResolveForm(
        request.POST or None,
        initial={"resolved_on": localdate(), "resolution": Resolution.SOLVED.value},
    )

    if form.is_valid():
        try:
            services.resolve_problem(
                problem=problem,
                resolution=Resolution(form.cleaned_data["resolution"]),
                resolved_on=form.cleaned_data["resolved_on"],
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=now(),
            )
        except services.UnableToResolveProblem as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "ปิดปัญหาแล้ว")
            return redirect("casework:case-file", pk)

    return render(
        request,
        "problems/problem_resolve.html",
        {"household": household, "problem": problem, "form": form},
    )


@require_http_methods(["GET", "POST"])
@login_required
def problem_reopen(request: AuthenticatedHttpRequest, pk: UUID, problem_pk: UUID) -> HttpResponse:
    household = household_or_404(request.user, pk)
    check_can_record(request.user, household)
    problem = problem_or_404(household, problem_pk)
    form = ReasonForm(request.POST or None)

    if form.is_valid():
        try:
            services.reopen_problem(
                problem=problem, reason=form.cleaned_data["reason"], by=request.user, at=now()
            )
        except services.UnableToReopenProblem as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "เปิดปัญหาอีกครั้งแล้ว")
            return redirect("casework:case-file", pk)

    return render(
        request,
        "problems/problem_reopen.html",
        {"household": household, "problem": problem, "form": form},
    )
