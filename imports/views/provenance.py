from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from households import services as households
from households.models import Household
from imports import services
from imports.models import ImportBatch
from ppaos.web.request import AuthenticatedHttpRequest


@require_safe
@login_required
def provenance(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Show where each value of a household came from: a fragment in its file, or a page."""
    household: Any = get_object_or_404(
        Household.objects.visible_to(request.user).for_case_file(), pk=pk
    )
    households.note_read(household=household, by=request.user, at=now())
    present = [member for member in household.all_members if member.left_on is None]
    known = services.provenance_of(household, present)
    batches = {origin.batch for each in known for _, origin in each.fields if origin.batch}
    visible = ImportBatch.objects.visible_to(request.user).filter(pk__in=batches)
    response = render(
        request,
        "imports/_provenance.html" if request.htmx else "imports/provenance.html",
        {
            "household": household,
            "present": present,
            "of_household": known[0],
            "of_members": [(each.row, each.fields) for each in known[1:]],
            "links": set(visible.values_list("pk", flat=True)),
        },
    )
    response["Cache-Control"] = "no-store"
    return response
