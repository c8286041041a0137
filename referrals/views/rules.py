"""Settings of referrals: which agency gets what, how many days, which days are holidays."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import area_prefixes, check_has_anywhere
from accounts.roles import Permission
from ppaos.web.request import AuthenticatedHttpRequest
from problems.rules import DIMENSIONS
from referrals import services
from referrals.forms.rules import HolidaysForm, RemoveHolidayForm, RoutingForm, SlaForm
from referrals.models import Holiday, RoutingRule, SlaTerm
from referrals.workflow import Urgency

SETTINGS = {"label": "ตั้งค่า", "url": "/settings/"}


@require_http_methods(["GET", "POST"])
@login_required
def routing(request: AuthenticatedHttpRequest) -> HttpResponse:
    """List the rules in force in words, and add one."""
    check_has_anywhere(request.user, Permission.ROUTING_CHANGE)
    form = RoutingForm(request.POST if request.method == "POST" else None, by=request.user)

    if form.is_valid():
        try:
            services.save_routing_rule(**form.rule, by=request.user, at=now())
        except services.UnableToRefer as error:
            field = "problem" if error.field == "code" else error.field
            form.add_error(field if field in form.fields else None, str(error))
        else:
            messages.success(request, "เพิ่มเกณฑ์แล้ว ใช้กับเรื่องที่ส่งตั้งแต่นี้ไป")
            return redirect("referrals:routing")

    prefixes = area_prefixes(request.user, Permission.ROUTING_CHANGE)
    rules = list(RoutingRule.objects.in_force().in_areas(prefixes).for_list())
    groups = [
        (dimension, [rule for rule in rules if rule.dimension == dimension])
        for dimension in DIMENSIONS
    ]
    context = {"groups": groups, "has_rules": bool(rules), "form": form, "crumbs": [SETTINGS]}
    return render(request, "referrals/routing.html", context)


@require_POST
@login_required
def retire(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Use a rule no longer."""
    prefixes = area_prefixes(request.user, Permission.ROUTING_CHANGE)
    rule = get_object_or_404(RoutingRule.objects.in_areas(prefixes), pk=pk)
    try:
        services.retire_routing_rule(rule=rule, by=request.user, at=now())
    except services.UnableToRefer as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "เลิกใช้เกณฑ์นี้แล้ว เรื่องที่ส่งไปแล้วไม่เปลี่ยน")
    return redirect("referrals:routing")


@require_http_methods(["GET", "POST"])
@login_required
def sla(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show how many working days are allowed where; saving makes a new version."""
    check_has_anywhere(request.user, Permission.ROUTING_CHANGE)
    form = SlaForm(
        request.POST if request.method == "POST" else None, terms=services.terms_in_force()
    )

    if form.is_valid():
        if not form.changed:
            messages.info(request, "ไม่มีตัวเลขที่เปลี่ยน จึงไม่ได้บันทึกรุ่นใหม่")
            return redirect("referrals:sla")
        try:
            version = services.set_sla_terms(days=form.changed, by=request.user, at=now())
        except services.UnableToRefer as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, f"บันทึกเป็นรุ่น {version} แล้ว ใช้กับเรื่องที่เปลี่ยนสถานะตั้งแต่นี้ไป")
            return redirect("referrals:sla")

    newest = SlaTerm.objects.aggregate(newest=Max("version"))["newest"]
    latest = SlaTerm.objects.filter(version=newest).select_related("created_by").first()
    context = {"form": form, "latest": latest, "urgencies": list(Urgency), "crumbs": [SETTINGS]}
    return render(request, "referrals/sla.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def holidays(request: AuthenticatedHttpRequest) -> HttpResponse:
    """List the days that are no working days, and add some."""
    check_has_anywhere(request.user, Permission.ROUTING_CHANGE)
    form = HolidaysForm(request.POST if request.method == "POST" else None)

    if form.is_valid():
        try:
            added = services.add_holidays(
                holidays=form.cleaned_data["lines"], by=request.user, at=now()
            )
        except services.UnableToRefer as error:
            form.add_error("lines", str(error))
        else:
            renamed = len(form.cleaned_data["lines"]) - added
            told = f"เพิ่มวันหยุด {added} วัน"
            messages.success(request, f"{told} มีอยู่แล้ว {renamed} วัน ใช้ชื่อใหม่" if renamed else told)
            return redirect("referrals:holidays")

    today = localdate()
    days = list(Holiday.objects.order_by("date"))
    context = {
        "form": form,
        "coming": [day for day in days if day.date >= today],
        "past": [day for day in reversed(days) if day.date < today],
        "crumbs": [SETTINGS],
    }
    return render(request, "referrals/holidays.html", context)


@require_POST
@login_required
def remove_holiday(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Make a day a working day again."""
    check_has_anywhere(request.user, Permission.ROUTING_CHANGE)
    form = RemoveHolidayForm(request.POST)
    holiday = (
        Holiday.objects.filter(date=form.cleaned_data["date"]).first() if form.is_valid() else None
    )
    if holiday is None:
        messages.error(request, "ไม่มีวันหยุดนี้ในรายการแล้ว")
    else:
        services.remove_holiday(holiday=holiday, by=request.user, at=now())
        messages.success(request, "นำวันหยุดออกแล้ว วันนั้นกลับเป็นวันทำการ")
    return redirect("referrals:holidays")
