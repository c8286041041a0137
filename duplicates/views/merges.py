from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from duplicates import permissions, services
from duplicates.forms import ReasonForm
from duplicates.models import Merge
from ppaos.web.request import AuthenticatedHttpRequest


@never_cache
@require_http_methods(["GET", "POST"])
@login_required
def merge(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Show what a merge did, and take it back."""
    row = get_object_or_404(Merge.objects.visible_to(request.user).for_list(), pk=pk)
    permissions.check_can_look(request.user)
    form = ReasonForm(request.POST or None)
    reasons: list[str] = []

    if form.is_valid():
        try:
            services.unmerge(
                merge=row, reason=form.cleaned_data["reason"], by=request.user, at=now()
            )
        except services.UnableToUnmerge as error:
            reasons = error.reasons
            form.add_error(None, str(error))
        else:
            messages.success(request, "แยกกลับแล้ว ทั้งสองรายกลับเป็นอย่างก่อนรวม")
            return redirect("duplicates:merge-done", pk)

    return render(
        request,
        "duplicates/merge.html",
        {
            "merge": row,
            "form": form,
            "reasons": reasons,
            "counts": services.counts_of(row),
            "can_undo": row.undone_at is None
            and permissions.can_merge(request.user, row.survivor, row.merged),
        },
    )
