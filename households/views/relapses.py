"""Households that left the targets a year ago: who is to be looked at again, and what was found."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import check_has_anywhere
from accounts.roles import Permission
from households import permissions, services
from households.forms.verifying import RelapseForm
from households.models import Exit
from ppaos.web.page_links import page_links
from ppaos.web.paging import keyset_page
from ppaos.web.request import AuthenticatedHttpRequest

PAGE_SIZE = 50
DONE_SHOWN = 20


@require_safe
@login_required
def relapses(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show who is due for the look after a year, and the latest results."""
    check_has_anywhere(request.user, Permission.HOUSEHOLD_READ)
    today = localdate()
    visible = Exit.objects.visible_to(request.user)
    due = visible.due_for_relapse_check(on=today)
    page = keyset_page(
        due.for_list(),
        order=("relapse_check_on", "pk"),
        cursor=request.GET.get("cursor"),
        size=PAGE_SIZE,
    )
    checked = visible.filter(relapse_check__isnull=False).select_related(
        "relapse_check__recorded_by"
    )
    upcoming = visible.to_be_checked_again().filter(relapse_check_on__gt=today)
    context = {
        "rows": page.rows,
        "due": due.count(),
        "upcoming": upcoming.count(),
        "checked": checked.for_list().order_by("-relapse_check__recorded_at", "-pk")[:DONE_SHOWN],
        "today": today,
        "months": settings.RELAPSE_CHECK_MONTHS,
    }
    response = render(request, "households/relapses.html", context | page_links(request, page))
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
@login_required
def relapse(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Take what somebody found a year after."""
    proposal = get_object_or_404(Exit.objects.visible_to(request.user).for_list(), pk=pk)
    permissions.check_can_verify(request.user, proposal.household)
    form = RelapseForm(request.POST or None, initial={"checked_on": localdate()})
    if form.is_valid():
        try:
            check = services.record_relapse_check(
                proposal=proposal,
                fell_back=form.cleaned_data["found"] == "fell_back",
                checked_on=form.cleaned_data["checked_on"],
                note=form.cleaned_data["note"],
                by=request.user,
                at=now(),
            )
        except services.UnableToExit as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                "บันทึกแล้ว ครัวเรือนกลับเป็นเป้าหมายอีกครั้ง"
                if check.fell_back
                else "บันทึกแล้ว ครัวเรือนยังพ้นความยากจน",
            )
            return redirect("households:relapses")
    response = render(
        request,
        "households/relapse.html",
        {"exit": proposal, "household": proposal.household, "form": form},
    )
    response["Cache-Control"] = "no-store"
    return response
