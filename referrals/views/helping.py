"""What the household got: recorded by the agency with photos, and taken back if it was wrong."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_safe

from files.services import UnableToOpen, pieces
from ppaos.web.request import AuthenticatedHttpRequest
from referrals import permissions, services
from referrals.forms.helping import AssistanceForm, RetractForm
from referrals.models import Assistance, Referral
from referrals.views.finding import referral_or_404
from referrals.workflow import HELPED_THROUGH


@require_http_methods(["GET", "POST"])
@login_required
def assistance(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Take one help; if it was the last, report the result with it."""
    referral = referral_or_404(request.user, pk)
    permissions.check_can_record_assistance(request.user, referral)
    is_post = request.method == "POST"
    form = AssistanceForm(
        request.POST if is_post else None, request.FILES if is_post else None, referral=referral
    )
    if not is_post:
        form.initial["helped_on"] = localdate()

    if form.is_valid():
        try:
            _record(request, referral, form)
        except services.UnableToRefer as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            referral = referral_or_404(request.user, pk)
            form.show_version(referral.version)
        else:
            return redirect("casework:referral", pk)

    response = render(
        request,
        "referrals/assistance.html",
        {
            "referral": referral,
            "form": form,
            "is_open": referral.status in HELPED_THROUGH,
            "standing": [row for row in given(referral) if row.retracted_at is None],
        },
    )
    response["Cache-Control"] = "no-store"
    return response


def _record(request: AuthenticatedHttpRequest, referral: Referral, form: AssistanceForm) -> None:
    result = form.cleaned_data.get("result")
    moment = now()
    # Both or neither: a result that is refused must not leave the help recorded twice.
    with transaction.atomic():
        services.record_assistance(referral=referral, **form.help_given, by=request.user, at=moment)
        if result is not None:
            services.report_help(
                referral=referral,
                result=result,
                note=form.cleaned_data["note"],
                version=form.cleaned_data["version"],
                by=request.user,
                at=moment,
            )
    if result is None:
        messages.success(request, f"{referral.number}: บันทึกความช่วยเหลือแล้ว เรื่องยังอยู่กับหน่วยงานของท่าน")
    else:
        messages.success(request, f"{referral.number}: แจ้งผลแล้ว ต่อไปผู้สอบทานจะไปดูที่บ้าน")


def given(referral: Referral) -> list[Assistance]:
    """Return the help of a fetched referral that its reader may see."""
    rows: list[Assistance] = referral.shown_assistance  # type: ignore[attr-defined]
    return rows


@require_http_methods(["GET", "POST"])
@login_required
def retract(request: AuthenticatedHttpRequest, pk: UUID, assistance_pk: UUID) -> HttpResponse:
    """Take a help back, the effect shown first."""
    referral = referral_or_404(request.user, pk)
    wrong = next((row for row in given(referral) if row.pk == assistance_pk), None)
    if wrong is None:
        raise Http404
    wrong.referral = referral
    wrong.household = referral.household
    permissions.check_can_retract_assistance(request.user, wrong)
    form = RetractForm(request.POST if request.method == "POST" else None)

    if form.is_valid():
        try:
            services.retract_assistance(
                assistance=wrong, reason=form.cleaned_data["reason"], by=request.user, at=now()
            )
        except services.UnableToRefer as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, "ถอนรายการนี้แล้ว ประวัติยังอยู่")
            return redirect("casework:referral", pk)

    context = {
        "referral": referral,
        "assistance": wrong,
        "form": form,
        "effects": [
            "รายการนี้ไม่นับเป็นความช่วยเหลือและไม่รวมในยอดเงินอีก",
            "รายการยังอยู่ในประวัติ พร้อมชื่อผู้ถอนและเหตุผล",
        ],
    }
    response = render(request, "referrals/retract.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@login_required
def photo(request: AuthenticatedHttpRequest, pk: UUID, photo_pk: UUID) -> HttpResponse:
    """Show a photo of help to who sees the help it belongs to."""
    referral = referral_or_404(request.user, pk)
    shown = (image for row in given(referral) for image in row.photos.all())
    found = next((image for image in shown if image.pk == photo_pk), None)
    if found is None:
        raise Http404
    try:
        content = b"".join(pieces(found.file))
    except UnableToOpen as error:
        raise Http404(str(error)) from error
    response = HttpResponse(content, content_type="image/jpeg")
    response["Cache-Control"] = "no-store, private"
    response["Content-Disposition"] = "inline"
    return response
