"""One move of a referral: its form as a page of its own, and what is posted."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods

from ppaos.web.request import AuthenticatedHttpRequest
from referrals import permissions, services
from referrals.forms.moving import FORMS, MoveForm
from referrals.models import Referral
from referrals.views.finding import referral_or_404
from referrals.workflow import MOVE_OF, Action, Status

SERVICES: dict[Action, Callable[..., Any]] = {
    Action.SUBMIT: services.submit,
    Action.RECEIVE: services.receive,
    Action.ACCEPT: services.accept,
    Action.RETURN: services.return_referral,
    Action.REJECT: services.reject,
    Action.START: services.start,
    Action.REPORT_HELP: services.report_help,
    Action.CHECK: services.check,
    Action.CLOSE: services.close,
    Action.REOPEN: services.reopen,
    Action.CANCEL: services.cancel,
    Action.TRANSFER: services.transfer,
}
DONE: dict[Action, str] = {
    Action.SUBMIT: "ส่งต่อแล้ว หน่วยงานเห็นเรื่องนี้ทันที",
    Action.RECEIVE: "รับเรื่องแล้ว",
    Action.ACCEPT: "รับดำเนินการแล้ว",
    Action.RETURN: "ส่งกลับแล้ว ศจพ. เห็นเหตุผลของท่านทันที",
    Action.REJECT: "แจ้งว่าไม่อยู่ในภารกิจแล้ว ศจพ. จะส่งให้หน่วยงานอื่น",
    Action.START: "บันทึกว่าเริ่มดำเนินการแล้ว",
    Action.REPORT_HELP: "แจ้งผลแล้ว ต่อไปผู้สอบทานจะไปดูที่บ้าน",
    Action.CLOSE: "ปิดเรื่องแล้ว",
    Action.REOPEN: "เปิดเรื่องใหม่แล้ว หน่วยงานเดิมดำเนินการต่อ",
    Action.CANCEL: "ยกเลิกเรื่องนี้แล้ว",
    Action.TRANSFER: "เปลี่ยนหน่วยงานแล้ว",
}
BACK = {"inbox": "referrals:referrals"}
"""Where a form of another page leads back to, by the word it posts."""


@require_http_methods(["GET", "POST"])
@login_required
def move(request: AuthenticatedHttpRequest, pk: UUID, action: Action) -> HttpResponse:
    """Ask for what the move needs, and make it."""
    referral = referral_or_404(request.user, pk)
    permissions.check_can_move(request.user, referral, action)
    form = FORMS[action](request.POST if request.method == "POST" else None, referral=referral)
    if not form.is_bound and action is Action.CHECK:
        form.initial["checked_on"] = localdate()

    if form.is_valid():
        try:
            moved = SERVICES[action](
                referral=referral, by=request.user, at=now(), **form.cleaned_data
            )
        except services.UnableToRefer as error:
            referral = _refuse(request, form, referral, error)
        else:
            return _done(request, referral, action, moved)

    context = {
        "referral": referral,
        "form": form,
        "action": action,
        "is_open": referral.status in MOVE_OF[action].sources,
        "answer": _answer(referral) if action is Action.SUBMIT else "",
        "back": request.POST.get("next", "") if request.POST.get("next") in BACK else "",
    }
    name = "referrals/check.html" if action is Action.CHECK else "referrals/move.html"
    response = render(request, name, context)
    response["Cache-Control"] = "no-store"
    return response


def _answer(referral: Any) -> str:
    """Return why the agency sent it back or refused it, "" where it did not."""
    if referral.status not in (Status.RETURNED, Status.REJECTED):
        return ""
    told = (e.note for e in reversed(referral.shown_events) if e.to_status == referral.status)
    return next(told, None) or ""


def _refuse(
    request: AuthenticatedHttpRequest,
    form: MoveForm,
    referral: Referral,
    error: services.UnableToRefer,
) -> Referral:
    """Put the error where it belongs; return the referral as it is now."""
    field = error.field if error.field in form.fields else None
    form.add_error(field, str(error))
    if not isinstance(error, services.Taken | services.WrongState):
        return referral
    fresh = referral_or_404(request.user, referral.pk)
    # Who reads what happened meanwhile, and presses again, means the referral as it is now.
    form.show_version(fresh.version)
    return fresh


def _done(
    request: AuthenticatedHttpRequest, referral: Referral, action: Action, result: Any
) -> HttpResponse:
    if action is Action.CHECK:
        remains = result.problem_remains
        messages.success(
            request,
            "บันทึกแล้ว ปัญหายังอยู่ เรื่องกลับไปให้หน่วยงานดำเนินการต่อ"
            if remains
            else "บันทึกแล้ว ปัญหาหมดไป เรื่องนี้ปิดแล้ว",
        )
    else:
        messages.success(request, f"{referral.number}: {DONE[action]}")
    if request.POST.get("next") in BACK:
        return redirect(BACK[request.POST["next"]])
    shown = result if action is Action.TRANSFER else referral
    return redirect("casework:referral", shown.pk)
