from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_POST

from forums import permissions, services
from forums.forms import ItemForm
from forums.models import Forum, Resolution
from forums.views.finding import add_error, forum_or_404, item_or_404
from ppaos.web.request import AuthenticatedHttpRequest
from referrals.models import Referral


@require_http_methods(["GET", "POST"])
@login_required
def agenda(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Tick what the sitting takes up."""
    forum = forum_or_404(request.user, pk)
    permissions.check_can_manage(request.user, forum)
    if request.method == "POST":
        return _take_up(request, forum)
    return _page(request, forum, ItemForm(forum=forum))


def _take_up(request: AuthenticatedHttpRequest, forum: Forum) -> HttpResponse:
    referrals = _ticked(request, "referral")
    resolutions = _ticked(request, "resolution")
    if referrals is None or resolutions is None:
        return HttpResponseBadRequest("ไม่รู้จักรายการที่เลือก")
    if not referrals and not resolutions:
        messages.error(request, "ยังไม่ได้เลือกเรื่องใด ทำเครื่องหมายหน้าเรื่องที่จะเข้าวาระก่อน")
        return redirect("forums:agenda", forum.pk)
    found = Referral.objects.visible_to(request.user).filter(pk__in=referrals)
    carried = Resolution.objects.visible_to(request.user).filter(pk__in=resolutions)
    try:
        added = services.take_up(
            forum=forum,
            referrals=found.order_by("due_on", "pk"),
            resolutions=carried.order_by("due_on", "pk"),
            by=request.user,
            at=now(),
        )
    except services.UnableToConvene as error:
        messages.error(request, str(error))
        return redirect("forums:agenda", forum.pk)
    messages.success(request, f"เพิ่มเข้าวาระ {len(added):,} เรื่อง")
    return redirect("forums:detail", forum.pk)


def _ticked(request: AuthenticatedHttpRequest, name: str) -> list[UUID] | None:
    """Return the ticked keys; None if one of them is no key."""
    try:
        return [UUID(text) for text in request.POST.getlist(name)]
    except ValueError:
        return None


def _page(request: AuthenticatedHttpRequest, forum: Forum, form: ItemForm) -> HttpResponse:
    today = localdate()
    offered = services.suggestions(forum=forum, by=request.user, on=today)
    context: dict[str, Any] = {
        "forum": forum,
        "form": form,
        "offered": offered,
        "item_count": forum.items.count(),
        "resolutions": services.resolution_lines(offered.resolutions, by=request.user, on=today),
        "today": today,
    }
    response = render(request, "forums/agenda.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@login_required
def add(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Write something else on the agenda."""
    forum = forum_or_404(request.user, pk)
    permissions.check_can_manage(request.user, forum)
    form = ItemForm(request.POST, forum=forum)
    if form.is_valid():
        try:
            services.take_up(forum=forum, others=[form.new_item()], by=request.user, at=now())
        except services.UnableToConvene as error:
            add_error(form, error)
        else:
            messages.success(request, "เพิ่มเข้าวาระ 1 เรื่อง")
            return redirect("forums:agenda", pk)
    return _page(request, forum, form)


@require_POST
@login_required
def move(request: AuthenticatedHttpRequest, pk: UUID, item_pk: UUID) -> HttpResponse:
    """Let an item change places with its neighbour."""
    forum = forum_or_404(request.user, pk)
    permissions.check_can_manage(request.user, forum)
    item = item_or_404(forum, item_pk)
    try:
        services.move_item(item=item, up=request.POST.get("to") == "up", by=request.user, at=now())
    except services.UnableToConvene as error:
        messages.error(request, str(error))
    return redirect("forums:detail", pk)


@require_POST
@login_required
def remove(request: AuthenticatedHttpRequest, pk: UUID, item_pk: UUID) -> HttpResponse:
    """Take an item off the agenda."""
    forum = forum_or_404(request.user, pk)
    permissions.check_can_manage(request.user, forum)
    item = item_or_404(forum, item_pk)
    try:
        services.remove_item(item=item, by=request.user, at=now())
    except services.UnableToConvene as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "นำออกจากวาระแล้ว")
    return redirect("forums:detail", pk)
