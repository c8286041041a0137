"""The trail of one's own area, for those who must be able to look."""

from datetime import date, datetime, time, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import get_current_timezone
from django.views.decorators.http import require_safe

from accounts.forms import AuditFilterForm
from accounts.permissions import area_prefixes, check_has_anywhere
from accounts.roles import Permission
from audit.models import Event
from audit.querysets import EventQuerySet
from ppaos.web.page_links import page_links
from ppaos.web.paging import keyset_page
from ppaos.web.request import AuthenticatedHttpRequest

PAGE_SIZE = 50


@require_safe
@login_required
def collection(request: AuthenticatedHttpRequest) -> HttpResponse:
    """List what happened in one's area, the latest first."""
    check_has_anywhere(request.user, Permission.AUDIT_READ)
    form = AuditFilterForm(request.GET)
    events = Event.objects.in_areas(area_prefixes(request.user, Permission.AUDIT_READ))
    events = _narrowed(events, form) if form.is_valid() else events.none()
    page = keyset_page(
        events, order=("-at", "-pk"), cursor=request.GET.get("cursor"), size=PAGE_SIZE
    )
    context = {
        "form": form,
        "page": page,
        "crumbs": [{"label": "ตั้งค่า", "url": "/settings/"}],
    } | page_links(request, page)
    return render(request, "accounts/audit.html", context)


def _narrowed(events: EventQuerySet, form: AuditFilterForm) -> EventQuerySet:
    wanted = form.cleaned_data
    if wanted["actor"]:
        events = events.filter(actor=wanted["actor"].strip().lower())
    if wanted["subject"]:
        events = events.filter(subject_id=str(wanted["subject"]))
    if wanted["since"]:
        events = events.filter(at__gte=_midnight(wanted["since"]))
    if wanted["until"]:
        events = events.filter(at__lt=_midnight(wanted["until"] + timedelta(days=1)))
    return events


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=get_current_timezone())
