from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from accounts.permissions import has_anywhere
from accounts.roles import Permission
from forums.services import resolutions_of
from households.permissions import can_open_file
from ppaos.web.request import AuthenticatedHttpRequest
from referrals.models import Assistance, Referral
from referrals.permissions import can_record_assistance, can_retract_assistance
from referrals.services import note_read
from referrals.workflow import HELPED_THROUGH


@require_safe
@login_required
def referral(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Show one referral as far as this person may see it, and note that it was looked at."""
    rows = Referral.objects.visible_to(request.user).for_page(request.user)
    found: Any = get_object_or_404(rows, pk=pk)
    note_read(referral=found, by=request.user, at=now())
    context = {"referral": found} | _help(request, found) | _links(request, found)
    response = render(request, "casework/referral.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _help(request: AuthenticatedHttpRequest, referral: Any) -> dict[str, Any]:
    given: list[Assistance] = referral.shown_assistance
    for row in given:
        # The rows come from this referral; asking again would be a query each.
        row.referral = referral
        row.household = referral.household
    standing = [row for row in given if row.retracted_at is None]
    records = can_record_assistance(request.user, referral) and referral.status in HELPED_THROUGH
    return {
        "given": [
            (row, row.retracted_at is None and can_retract_assistance(request.user, row))
            for row in given
        ],
        "baht": sum((row.amount_thb for row in standing), Decimal(0)),
        "has_help": bool(standing),
        "can_record": records,
    }


def _links(request: AuthenticatedHttpRequest, referral: Any) -> dict[str, Any]:
    """Return what hangs on this referral, as far as this person may open it."""
    opens_file = can_open_file(request.user, referral.household)
    visible = Referral.objects.visible_to(request.user).select_related("agency")
    return {
        # An agency has no case file to go to.
        "opens_file": opens_file,
        "before": visible.filter(pk=referral.transferred_from_id).first(),
        "after": visible.filter(transferred_from=referral).first(),
        "resolutions": resolutions_of(referral=referral, by=request.user),
        # An agency reads what it has to carry out here, and has no pages of forums.
        "sees_forums": has_anywhere(request.user, Permission.FORUM_READ),
    }
