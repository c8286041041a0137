"""Pages that belong to no app: the gallery of components, the page without a signal."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ppaos.web import gallery
from ppaos.web.request import AuthenticatedHttpRequest


@require_safe
@login_required
def components(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show every component with invented contents, for those who make pages."""
    if not request.user.is_staff:
        raise PermissionDenied("หน้านี้สำหรับผู้ดูแลระบบ")
    return render(request, "web/components.html", gallery.context())


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The page a phone shows when the one it asked for cannot be reached."""
    return render(request, "offline.html")
