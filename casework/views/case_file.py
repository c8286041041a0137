from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from casework.views.file_parts import parts_of
from households import services
from households.models import Household
from ppaos.web.request import AuthenticatedHttpRequest

MOST_SURVIVORS = 20
"""Merges upon merges that are followed."""


@require_safe
@login_required
def case_file(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Show all that is known of one household, and note that it was looked at."""
    household = Household.objects.visible_to(request.user).for_case_file().filter(pk=pk).first()
    if household is None:
        return _to_survivor(request, pk)
    services.note_read(household=household, by=request.user, at=now())
    context = {"household": household} | parts_of(household, user=request.user, at=now())
    response = render(request, "casework/case_file.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _to_survivor(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Lead from a household that was merged to the one that took it in; else answer 404."""
    found = pk
    for _ in range(MOST_SURVIVORS):
        into = Household.objects.filter(pk=found).values_list("merged_into", flat=True).first()
        if into is None:
            break
        found = into
    if found == pk or not Household.objects.visible_to(request.user).filter(pk=found).exists():
        raise Http404
    messages.info(request, "แฟ้มที่เปิดถูกรวมเข้ากับครัวเรือนนี้แล้ว")
    return redirect("casework:case-file", found)
