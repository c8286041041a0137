from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods

from forums import permissions, services
from forums.forms import DiscussForm, MinutesForm, initial_minutes
from forums.services import AgendaLine
from forums.views.finding import add_error, forum_or_404, item_or_404
from forums.workflow import ForumState, ItemOutcome
from ppaos.web.request import AuthenticatedHttpRequest


@require_http_methods(["GET", "POST"])
@login_required
def hold(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Record that the sitting took place and who came, in numbers; later, correct that."""
    forum = forum_or_404(request.user, pk)
    permissions.check_can_manage(request.user, forum)
    is_held = forum.state == ForumState.HELD
    form = MinutesForm(
        request.POST or None, forum=forum, initial=initial_minutes(forum) if is_held else None
    )
    if form.is_valid():
        act = services.amend_minutes if is_held else services.hold_forum
        try:
            act(
                forum=forum,
                counts=form.counts(),
                agencies=form.cleaned_data["agencies"],
                summary=form.cleaned_data["summary"],
                by=request.user,
                at=now(),
            )
        except services.UnableToConvene as error:
            add_error(form, error)
        else:
            said = "แก้ไขบันทึกแล้ว" if is_held else "บันทึกว่าจัดแล้ว ต่อไปลงมติทีละวาระ"
            messages.success(request, said)
            return redirect("forums:detail", pk)
    return render(
        request,
        "forums/hold.html",
        {
            "form": form,
            "forum": forum,
            "is_held": is_held,
            "is_early": not is_held and forum.held_on > localdate(),
        },
    )


@require_http_methods(["GET", "POST"])
@login_required
def discuss(request: AuthenticatedHttpRequest, pk: UUID, item_pk: UUID) -> HttpResponse:
    """Write down what the sitting said about an item."""
    forum = forum_or_404(request.user, pk)
    permissions.check_can_manage(request.user, forum)
    item = item_or_404(forum, item_pk)
    form = DiscussForm(
        request.POST or None,
        has_resolution=item.resolutions.exists(),
        initial={"outcome": item.outcome, "note": item.note},
    )
    if form.is_valid():
        outcome = form.cleaned_data["outcome"]
        try:
            services.discuss_item(
                item=item,
                outcome=ItemOutcome(outcome) if outcome else None,
                note=form.cleaned_data["note"],
                by=request.user,
                at=now(),
            )
        except services.UnableToConvene as error:
            add_error(form, error)
        else:
            messages.success(request, "บันทึกการหารือแล้ว")
            return redirect(f"{reverse('forums:detail', args=[pk])}#item-{item.pk}")
    return render(
        request,
        "forums/discuss.html",
        {"form": form, "forum": forum, "line": line_of(request, pk, item_pk)},
    )


def line_of(request: AuthenticatedHttpRequest, pk: UUID, item_pk: UUID) -> AgendaLine:
    """Return the item as this person may read it."""
    forum = forum_or_404(request.user, pk)
    lines = services.agenda_of(forum=forum, by=request.user, on=localdate())
    return next(line for line in lines if line.item.pk == item_pk)
