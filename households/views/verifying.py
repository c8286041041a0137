from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_safe

from files.services import UnableToOpen, pieces
from households import permissions, services
from households.forms import ReasonForm
from households.forms.verifying import VisitForm
from households.models import Household
from households.views.finding import household_or_404, verification_or_404
from households.workflow import EXIT_PROPOSED_BY, STAGE_AFTER, Outcome, Stage
from ppaos.web.request import AuthenticatedHttpRequest


@require_http_methods(["GET", "POST"])
@login_required
def verify(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Take the verdict of a visit."""
    household = household_or_404(request.user, pk, rows=Household.objects.for_list())
    permissions.check_can_verify(request.user, household)
    is_post = request.method == "POST"
    form = VisitForm(
        request.POST if is_post else None,
        request.FILES if is_post else None,
        initial={"visited_on": localdate()},
    )

    if form.is_valid():
        outcome = Outcome(form.cleaned_data["outcome"])
        try:
            services.record_verification(
                household=household,
                outcome=outcome,
                visited_on=form.cleaned_data["visited_on"],
                reason=form.cleaned_data["reason"],
                note=form.cleaned_data["note"],
                photos=form.pictures(),
                position=form.position(),
                by=request.user,
                at=now(),
            )
        except services.UnableToVerify as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, f"บันทึกผลสอบทานแล้ว: {outcome.label}")
            return redirect("casework:case-file", pk)

    return render(
        request,
        "households/verify.html",
        {"household": household, "form": form, "has_left": household.stage == Stage.EXITED},
    )


@require_http_methods(["GET", "POST"])
@login_required
def retract(request: AuthenticatedHttpRequest, pk: UUID, verification_pk: UUID) -> HttpResponse:
    """Take a verdict back, its effect shown first."""
    household = household_or_404(request.user, pk)
    verification = verification_or_404(household, verification_pk)
    permissions.check_can_retract(request.user, verification, now())
    form = ReasonForm(request.POST or None)

    if form.is_valid():
        try:
            services.retract_verification(
                verification=verification,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=now(),
            )
        except services.UnableToRetract as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "ถอนผลสอบทานแล้ว ประวัติยังอยู่ในแฟ้ม")
            return redirect("casework:case-file", pk)

    return render(
        request,
        "households/retract.html",
        {
            "household": household,
            "verification": verification,
            "form": form,
            "effects": _effects(verification.outcome, verification.stage_before),
        },
    )


@require_safe
@login_required
def photo(
    request: AuthenticatedHttpRequest, pk: UUID, verification_pk: UUID, photo_pk: UUID
) -> HttpResponse:
    """Show a photo of a visit to who sees the household."""
    household = household_or_404(request.user, pk)
    verification = verification_or_404(household, verification_pk)
    found = get_object_or_404(verification.photos.select_related("file"), pk=photo_pk)
    try:
        content = b"".join(pieces(found.file))
    except UnableToOpen as error:
        raise Http404(str(error)) from error
    response = HttpResponse(content, content_type="image/jpeg")
    response["Cache-Control"] = "no-store, private"
    response["Content-Disposition"] = "inline"
    return response


def _effects(outcome: str, stage_before: str) -> list[str]:
    effects = ["ผลนี้ยังอยู่ในประวัติ พร้อมชื่อผู้ถอนและเหตุผล"]
    if STAGE_AFTER[Outcome(outcome)] is not None:
        effects.insert(0, f"ถ้าไม่มีผลที่ใหม่กว่า ครัวเรือนกลับไปเป็น “{Stage(stage_before).label}”")
    if Outcome(outcome) in EXIT_PROPOSED_BY:
        effects.insert(1, "ข้อเสนอให้พ้นเป้าหมายที่เกิดจากผลนี้ถูกถอนไปด้วย")
    return effects
