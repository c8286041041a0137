from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods

from accounts.permissions import area_prefixes, common_area
from accounts.roles import Permission
from forums import permissions, services
from forums.forms import ForumForm, ReasonForm, initial_of
from forums.views.finding import add_error, forum_or_404
from ppaos.web.request import AuthenticatedHttpRequest


@require_http_methods(["GET", "POST"])
@login_required
def new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Plan a sitting."""
    permissions.check_can_plan(request.user)
    prefixes = area_prefixes(request.user, Permission.FORUM_MANAGE)
    form = ForumForm(
        request.POST or None, prefixes=prefixes, initial={"area": common_area(prefixes)}
    )
    if form.is_valid():
        try:
            forum = services.plan_forum(plan=form.plan(), by=request.user, at=now())
        except services.UnableToConvene as error:
            add_error(form, error)
        else:
            carried = forum.items.count()
            more = f" มติที่ยังไม่เสร็จ {carried} เรื่องอยู่ในวาระแล้ว" if carried else ""
            messages.success(request, f"นัดเวทีแล้ว{more}")
            return redirect("forums:agenda", forum.pk)
    return render(request, "forums/new.html", {"form": form})


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Change what was planned."""
    forum = forum_or_404(request.user, pk)
    permissions.check_can_manage(request.user, forum)
    prefixes = area_prefixes(request.user, Permission.FORUM_MANAGE)
    form = ForumForm(request.POST or None, prefixes=prefixes, initial=initial_of(forum))
    if form.is_valid():
        try:
            services.update_forum(
                forum=forum,
                plan=form.plan(),
                version=form.cleaned_data["version"],
                by=request.user,
                at=now(),
            )
        except services.UnableToConvene as error:
            add_error(form, error)
        else:
            messages.success(request, "แก้ไขเวทีแล้ว")
            return redirect("forums:detail", pk)
    return render(request, "forums/edit.html", {"form": form, "forum": forum})


@require_http_methods(["GET", "POST"])
@login_required
def cancel(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Call a sitting off, its effect shown first."""
    forum = forum_or_404(request.user, pk)
    permissions.check_can_manage(request.user, forum)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            services.cancel_forum(
                forum=forum, reason=form.cleaned_data["reason"], by=request.user, at=now()
            )
        except services.UnableToConvene as error:
            add_error(form, error)
        else:
            messages.success(request, "ยกเลิกเวทีแล้ว")
            return redirect("forums:detail", pk)
    effects = [
        "เวทีนี้อยู่ในประวัติ พร้อมชื่อผู้ยกเลิกและเหตุผล",
        "เรื่องส่งต่อในวาระเสนอเข้าวาระของเวทีอื่นได้",
        "มติที่ยังไม่เสร็จจะอยู่ในวาระของเวทีครั้งถัดไป",
    ]
    return render(request, "forums/cancel.html", {"form": form, "forum": forum, "effects": effects})
