"""The part of a case file that this app owns."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from households.models import Household
from ppaos.web.request import AuthenticatedHttpRequest
from slf import permissions, services
from slf.models import Assessment
from slf.views.results import current_profile, scores_of


@require_safe
@login_required
def household_panel(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Show the newest complete assessment and the group, as a fragment."""
    household = get_object_or_404(Household.objects.visible_to(request.user), pk=pk)
    assessment = Assessment.objects.of_household(household).complete().newest_first().first()
    return render(
        request,
        "slf/_household.html",
        {
            "household": household,
            "assessment": assessment,
            "scores": scores_of(assessment) if assessment else None,
            "view": services.read_view(assessment) if assessment else None,
            "profile": current_profile(household),
            "can_assess": permissions.can_assess(request.user, household),
        },
    )
