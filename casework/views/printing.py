from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from casework.services.printing import note_printed
from casework.views.file_parts import parts_of
from casework.views.file_sheet import sheet_of
from households.models import Household
from ppaos.web.request import AuthenticatedHttpRequest
from ppaos.web.typesetting import to_pdf


@require_safe
@login_required
def file_pdf(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Answer with the household's file as an A4 PDF that says who printed it and when."""
    household = get_object_or_404(Household.objects.visible_to(request.user).for_case_file(), pk=pk)
    moment = now()
    parts = parts_of(household, user=request.user, at=moment)
    sheet = sheet_of(household, parts, printed_by=request.user.name, printed_at=moment)
    made = to_pdf("casework/household_file.typ", sheet)
    if request.method == "GET":
        note_printed(household=household, by=request.user, at=moment)
    response = HttpResponse(made, content_type="application/pdf")
    # The name of a file stands in lists of downloads, so it names neither person nor house.
    response["Content-Disposition"] = f'inline; filename="household-{pk.hex[-8:]}.pdf"'
    response["Cache-Control"] = "no-store"
    return response
