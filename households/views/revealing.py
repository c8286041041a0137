from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from households import permissions, services
from households.forms import ReasonForm
from households.views.finding import household_or_404, member_or_404
from ppaos.web.request import AuthenticatedHttpRequest


@require_POST
@login_required
def reveal(request: AuthenticatedHttpRequest, pk: UUID, member_pk: UUID) -> HttpResponse:
    """Show one citizen ID in full, in this answer only."""
    household = household_or_404(request.user, pk)
    permissions.check_can_reveal(request.user, household)
    form = ReasonForm(request.POST)
    member = member_or_404(household, member_pk)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        digits = services.reveal_citizen_id(member=member, reason=reason, by=request.user, at=now())
    except services.UnableToReveal as error:
        messages.error(request, str(error))
        return redirect("casework:case-file", pk)

    template = "households/_revealed_id.html" if request.htmx else "households/revealed_id.html"
    response = render(
        request, template, {"household": household, "member": member, "digits": digits}
    )
    response["Cache-Control"] = "no-store"
    return response
