"""Visits made again: drawing, asking somebody, the second visit, settling."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import area_prefixes, common_area
from accounts.roles import Permission
from areas.models import Area
from audit.services import record
from fieldwork import permissions, services
from fieldwork.forms import AssignForm, DrawForm, SecondVisitForm, SettleForm, ShareForm
from fieldwork.models import BackCheck, BackCheckDraw
from fieldwork.views.finding import check_or_404, private, team_of
from fieldwork.views.working import ids_in
from fieldwork.workflow import Settled
from households.models import Household
from households.workflow import Outcome
from ppaos.web.request import AuthenticatedHttpRequest

SHOWN = 100
DRAWN_FROM_DAYS = 30


@require_safe
@login_required
def back_checks(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show second visits: what waits, what disagrees, and how far surveyors agree."""
    permissions.check_can_have_checked_somewhere(request.user)
    return _page(request)


def _page(request: AuthenticatedHttpRequest, **forms: Any) -> HttpResponse:
    user, today = request.user, localdate()
    team = team_of(user, Permission.BACK_CHECK)
    checks = BackCheck.objects.visible_to(user)
    waiting = checks.open().for_list()
    month_ago = today - timedelta(days=DRAWN_FROM_DAYS)
    context = {
        "draw_form": DrawForm(initial={"visited_from": month_ago, "visited_to": today}),
        "share_form": ShareForm(people=team, initial={"percent": settings.BACK_CHECK_PERCENT}),
        "appoint_form": AssignForm(
            people=team, initial={"due_on": today + timedelta(days=settings.FIELDWORK_DUE_DAYS)}
        ),
    } | forms
    context |= {
        "unasked": list(waiting.filter(checker__isnull=True).order_by("pk")[:SHOWN]),
        "asked": list(waiting.filter(checker__isnull=False).order_by("due_on", "pk")[:SHOWN]),
        "to_settle": list(checks.to_settle().for_list().order_by("recorded_at", "pk")[:SHOWN]),
        "agreement": services.agreement_by_surveyor(checks=checks),
        "draws": BackCheckDraw.objects.visible_to(user)
        .select_related("area", "drawn_by")
        .order_by("-drawn_at")[:5],
        "share_default": settings.BACK_CHECK_PERCENT,
        "home": _home(request),
        "today": today,
    }
    return private(render(request, "fieldwork/back_checks.html", context))


def _home(request: AuthenticatedHttpRequest) -> Area | None:
    home = common_area(area_prefixes(request.user, Permission.BACK_CHECK))
    return Area.objects.filter(pk=home).first()


@require_POST
@login_required
def draw(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Draw which visits of a time are made again."""
    permissions.check_can_have_checked_somewhere(request.user)
    form, area = DrawForm(request.POST), _home(request)
    if area is None:
        form.add_error(None, "บัญชีของท่านทำงานหลายจังหวัด ให้ใช้บัญชีของจังหวัดเดียว")
    if form.is_valid() and area is not None:
        try:
            made = services.draw_back_checks(
                area=area, **form.cleaned_data, by=request.user, at=now()
            )
        except services.UnableToCheck as error:
            form.add_error(error.field or None, str(error))
        else:
            number = sum(row["drawn"] for row in made.counts.values())
            messages.success(request, f"สุ่มได้ {number:,} หลัง ต่อไปเลือกผู้ตรวจซ้ำ")
            return redirect("fieldwork:back-checks")
    return _page(request, draw_form=form)


@require_POST
@login_required
def share(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Set which share of visits is made again."""
    permissions.check_can_have_checked_somewhere(request.user)
    area = _home(request)
    form = ShareForm(request.POST, people=team_of(request.user, Permission.BACK_CHECK))
    if form.is_valid() and area is not None:
        services.set_share(area=area, **form.cleaned_data, by=request.user, at=now())
        messages.success(request, "ตั้งสัดส่วนการตรวจซ้ำแล้ว ใช้กับการสุ่มครั้งต่อไป")
        return redirect("fieldwork:back-checks")
    return _page(request, share_form=form)


@require_POST
@login_required
def appoint(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Ask somebody for the chosen second visits."""
    permissions.check_can_have_checked_somewhere(request.user)
    form = AssignForm(request.POST, people=team_of(request.user, Permission.BACK_CHECK))
    if form.is_valid():
        try:
            number = services.appoint_checker(
                check_ids=ids_in(request.POST.getlist("check")),
                checker=form.cleaned_data["surveyor"],
                due_on=form.cleaned_data["due_on"],
                by=request.user,
                at=now(),
            )
        except services.UnableToCheck as error:
            form.add_error(
                "surveyor" if error.field == "checker" else error.field or None, str(error)
            )
        else:
            who = form.cleaned_data["surveyor"]
            messages.success(request, f"มอบหมายตรวจซ้ำ {number:,} หลังให้ {who} แล้ว")
            return redirect("fieldwork:back-checks")
    return _page(request, appoint_form=form)


# ---- the second visit --------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@login_required
def second_visit(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Take what the second visit found, without a word of the first."""
    check = check_or_404(request.user, pk)
    permissions.check_can_visit_again(request.user, check)
    form = SecondVisitForm(request.POST or None, initial={"visited_on": localdate()})
    household = Household.objects.for_list().get(pk=check.verification.household_id)
    if form.is_valid():
        try:
            services.record_back_check(
                check=check,
                outcome=Outcome(form.cleaned_data["outcome"]),
                visited_on=form.cleaned_data["visited_on"],
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=now(),
            )
        except services.UnableToCheck as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, "บันทึกผลตรวจซ้ำแล้ว")
            return redirect("fieldwork:worker", request.user.pk)
    # Also where a form is sent that nobody opened: the page tells of the household.
    record(
        event="backcheck.read",
        subject=household,
        by=request.user,
        at=now(),
        area=household.area_id,
    )
    context = {"check": check, "household": household, "form": form}
    return private(render(request, "fieldwork/second_visit.html", context))


@require_http_methods(["GET", "POST"])
@login_required
def settle(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Put two visits that disagree beside each other, and take the office's word."""
    check = check_or_404(request.user, pk)
    permissions.check_can_have_checked(request.user, check.verification.household.area_id)
    form = SettleForm(request.POST or None)
    if form.is_valid():
        try:
            services.settle_back_check(
                check=check,
                settled=Settled(form.cleaned_data["settled"]),
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=now(),
            )
        except services.UnableToCheck as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, "ตัดสินแล้ว ประวัติของทั้งสองครั้งยังอยู่")
            return redirect("fieldwork:back-checks")
    row = BackCheck.objects.for_list().get(pk=check.pk)
    context = {"check": row, "household": row.verification.household, "form": form}
    return private(render(request, "fieldwork/settle.html", context))
