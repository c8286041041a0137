from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_POST, require_safe

from casework import services
from casework.models import StoredQuery
from households import permissions
from households.services import UnableToSearch
from ppaos.web.request import AuthenticatedHttpRequest

NEXT = {"list": "casework:households", "new": "casework:new"}


@require_POST
@login_required
def search(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Keep what was typed, and show the results under an address that does not tell it."""
    permissions.check_can_search(request.user)
    page = reverse(NEXT.get(request.POST.get("for", ""), NEXT["list"]))
    try:
        query = services.store_query(text=request.POST.get("q", ""), by=request.user, at=now())
    except UnableToSearch as error:
        messages.error(request, str(error))
        return redirect(page)
    return redirect(f"{page}?query={query.pk}")


def query_of(request: AuthenticatedHttpRequest) -> StoredQuery | None:
    """Return the person's own search named in the address; None without one, 404 for another's."""
    text = request.GET.get("query", "")
    if not text:
        return None
    try:
        pk = UUID(text)
    except ValueError:
        pk = UUID(int=0)
    return get_object_or_404(StoredQuery.objects.of(request.user, at=now()), pk=pk)


@require_safe
@login_required
def new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """First step of adding: look whether the household is there already."""
    permissions.check_can_add(request.user)
    query = query_of(request)
    found = services.find(query, by=request.user) if query else None
    return render(request, "casework/new.html", {"query": query, "found": found})
