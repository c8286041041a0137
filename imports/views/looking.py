"""What lines change, and whom they may be: side by side."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import area_prefixes
from accounts.roles import Permission
from imports import permissions, services
from imports.forms import WhoForm
from imports.models import ImportBatch
from imports.services.duplicates import DUP_IN_FILE, POSSIBLE_DUP
from imports.views.finding import batch_or_404, filters_of
from imports.workflow import DECIDABLE, Action, Decision, Verdict
from ppaos.web.page_links import page_links
from ppaos.web.paging import keyset_page
from ppaos.web.request import AuthenticatedHttpRequest

_PAIRS, _CHANGES = 10, 25


@require_safe
@login_required
def changes(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Show what the lines change in the register, old → new, and what it keeps."""
    batch = batch_or_404(request, pk)
    page = keyset_page(
        batch.rows.filter(verdict=Verdict.ACCEPTED, action=Action.CHANGED),
        order=("row",),
        cursor=filters_of(request)["cursor"] or None,
        size=_CHANGES,
    )
    return render(
        request,
        "imports/changes.html",
        {
            "batch": batch,
            "rows": services.show_changes(batch, page.rows, by=request.user, at=now()),
            "can_read_households": bool(area_prefixes(request.user, Permission.HOUSEHOLD_READ)),
            **page_links(request, page),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def duplicates(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Show lines beside whom they may be, and take the answer who each of them is."""
    batch = batch_or_404(request, pk)
    permissions.check_can_manage(request.user, batch)
    if request.method == "POST":
        _answer(request, batch)
        return redirect(request.get_full_path())
    alike = batch.rows.to_mend().filter(verdict=Verdict.HELD)
    alike = alike.filter(codes__overlap=[POSSIBLE_DUP, DUP_IN_FILE])
    page = keyset_page(
        alike, order=("row",), cursor=filters_of(request)["cursor"] or None, size=_PAIRS
    )
    return render(
        request,
        "imports/duplicates.html",
        {
            "batch": batch,
            "is_open": batch.state in DECIDABLE,
            "pairs": services.show_pairs(batch, page.rows, by=request.user, at=now()),
            "can_read_households": bool(area_prefixes(request.user, Permission.HOUSEHOLD_READ)),
            **page_links(request, page),
        },
    )


def _answer(request: AuthenticatedHttpRequest, batch: ImportBatch) -> None:
    form = WhoForm(request.POST)
    if not form.is_valid():
        messages.error(request, "เลือกว่าแถวนี้คือใครก่อน แล้วบันทึก")
        return
    row, answer = form.cleaned_data["row"], form.cleaned_data["answer"]
    try:
        line = services.decide_row(
            batch=batch,
            row=row,
            decision=Decision.REJECT if answer == "reject" else Decision.ACCEPT,
            member=form.member(),
            is_new_person=answer == "new",
            by=request.user,
            at=now(),
        )
    except (services.UnableToDecide, services.UnableToMove) as error:
        messages.error(request, str(error))
    else:
        if line.verdict == Verdict.HELD:
            messages.warning(request, "บันทึกแล้ว แต่แถวนี้ยังมีเหตุอื่นที่ต้องดู")
        else:
            messages.success(request, "บันทึกคำตัดสินแล้ว")
