from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from households.models import Household
from ppaos.web.request import AuthenticatedHttpRequest
from problems import permissions, services
from problems.models import Problem


@require_safe
@login_required
def household_panel(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Show the problems of a household, the open ones first, as a fragment of a case file."""
    household = get_object_or_404(Household.objects.visible_to(request.user), pk=pk)
    return render(
        request,
        "problems/_household.html",
        {
            "household": household,
            "problems": Problem.objects.of_household(household).for_panel(),
            "listed": services.listed_dimensions(household),
            "can_record": permissions.can_record(request.user, household),
        },
    )
