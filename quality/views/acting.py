"""Excusing a row, ending that, and setting the rules of a province."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import area_prefixes
from accounts.roles import Permission
from areas.models import Area
from households.models import Household
from ppaos.web.request import AuthenticatedHttpRequest
from quality import permissions, services
from quality.forms import ExcuseForm, RuleForm
from quality.models import Exemption
from quality.rules import RULES
from quality.services.asking import PROVINCE_DIGITS


@require_http_methods(["GET", "POST"])
@login_required
def excuse(request: AuthenticatedHttpRequest, rule: str, pk: UUID) -> HttpResponse:
    """Say why a row is right although it breaks the rule."""
    if rule not in RULES:
        raise Http404("ไม่รู้จักกติกานี้")
    subject = services.subject_of(RULES[rule], pk, user=request.user)
    if subject is None:
        raise Http404("ไม่พบรายการนี้ หรืออยู่นอกพื้นที่ของท่าน")
    household = subject if isinstance(subject, Household) else subject.household
    permissions.check_can_excuse(request.user, household.area_id)
    form = ExcuseForm(request.POST or None)
    back = f"/quality/rows/?rule={rule}&area={household.area_id}"

    if form.is_valid():
        try:
            services.excuse(
                rule=RULES[rule],
                subject=subject,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=now(),
            )
        except services.UnableToExcuse as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "ยกเว้นรายการนี้แล้ว จะกลับมาตรวจอีกเมื่อข้อมูลเปลี่ยน")
            return redirect(back)

    context = {
        "title": "ยกเว้นจากกติกานี้",
        "rule": RULES[rule],
        "row": subject,
        "household": household,
        "form": form,
        "back_url": back,
    }
    return render(request, "quality/excuse.html", context)


@require_POST
@login_required
def end_exemption(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    exemption = get_object_or_404(
        Exemption.objects.visible_to(request.user).select_related("household"), pk=pk
    )
    permissions.check_can_excuse(request.user, exemption.household.area_id)
    try:
        services.end_exemption(exemption=exemption, by=request.user, at=now())
    except services.UnableToExcuse as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "ยกเลิกข้อยกเว้นแล้ว รายการนี้ถูกตรวจตามกติกาอีกครั้ง")
    return redirect(f"/quality/rows/?rule={exemption.rule}&area={exemption.household.area_id}")


@require_http_methods(["GET", "POST"])
@login_required
def rules(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Switch rules of the province on and off, and set their thresholds."""
    permissions.check_can_set_rules(request.user)
    province = _own_province(request)
    standing = services.standing_rules(province.pk)
    forms = [RuleForm(request.POST or None, standing=one) for one in standing]

    if request.method == "POST" and all(form.is_valid() for form in forms):
        changed = [form for form in forms if form.is_changed()]
        for form in changed:
            services.set_rule(
                province=province,
                rule=form.standing.rule,
                is_on=form.cleaned_data["is_on"],
                threshold=form.cleaned_data.get("threshold"),
                by=request.user,
                at=now(),
            )
        messages.success(request, f"บันทึกแล้ว เปลี่ยน {len(changed)} กติกา")
        return redirect(f"/quality/rules/?province={province.pk}")

    context = {"title": f"กติกาคุณภาพข้อมูล {province}", "province": province, "forms": forms}
    return render(request, "quality/rules.html", context)


def _own_province(request: AuthenticatedHttpRequest) -> Area:
    """Return the province whose rules the person sets; 404 for another one's."""
    own = {
        code[:PROVINCE_DIGITS]
        for code in area_prefixes(request.user, Permission.QUALITY_RULES_SET)
        if len(code) == PROVINCE_DIGITS
    }
    wanted = request.GET.get("province") or min(own, default="")
    if wanted not in own:
        raise Http404("ไม่พบจังหวัดนี้ หรืออยู่นอกพื้นที่ของท่าน")
    return get_object_or_404(Area, pk=wanted)
