from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from forums import permissions, services
from forums.forms import MoveForm, ResolutionForm
from forums.models import AgendaItem, Resolution, ResolutionEvent
from forums.views.finding import add_error, forum_or_404, item_or_404, resolution_or_404
from forums.views.holding import line_of
from forums.workflow import MOVES, Action, Status, actions_from
from ppaos.web.request import AuthenticatedHttpRequest


@require_http_methods(["GET", "POST"])
@login_required
def resolve(request: AuthenticatedHttpRequest, pk: UUID, item_pk: UUID) -> HttpResponse:
    """Record what the sitting resolved about an item."""
    forum = forum_or_404(request.user, pk)
    permissions.check_can_manage(request.user, forum)
    item = item_or_404(forum, item_pk)
    line = line_of(request, pk, item_pk)
    agency = line.case.referral.agency_id if line.case else None
    form = ResolutionForm(request.POST or None, forum=forum, initial={"owner_agency": agency})
    if form.is_valid():
        try:
            resolution = services.record_resolution(
                agenda_item=item, by=request.user, at=now(), **form.cleaned_data
            )
        except services.UnableToConvene as error:
            add_error(form, error)
        else:
            messages.success(request, f"บันทึกมติที่ {resolution.number} แล้ว")
            return redirect("forums:detail", pk)
    return render(request, "forums/resolve.html", {"form": form, "forum": forum, "line": line})


@require_safe
@login_required
def resolution(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Show a resolution, how it went on, and what can be done with it."""
    found = resolution_or_404(request.user, pk)
    return _page(request, found)


def _page(
    request: AuthenticatedHttpRequest,
    found: Resolution,
    *,
    refused: Action | None = None,
    form: MoveForm | None = None,
) -> HttpResponse:
    line = services.resolution_lines([found], by=request.user, on=localdate())[0]
    may = line.is_open and permissions.can_move(request.user, found)
    story = (
        ResolutionEvent.objects.story_of(found) if line.is_open else ResolutionEvent.objects.none()
    )
    carried = AgendaItem.objects.filter(resolution=found).select_related("forum")
    response = render(
        request,
        "forums/resolution.html",
        {
            "line": line,
            "resolution": found,
            "events": list(story),
            "carried": list(carried.order_by("forum__held_on", "forum_id")),
            "moves": [
                {
                    "action": action,
                    "needs": MOVES[action].needs,
                    "url": reverse(f"forums:resolution-{action.value}", args=[found.pk]),
                    "form": form if action is refused and form else _form(found, action),
                    "is_open": action is refused,
                }
                for action in actions_from(Status(found.status))
                if may
            ],
        },
    )
    response["Cache-Control"] = "no-store"
    return response


def _form(found: Resolution, action: Action) -> MoveForm:
    return MoveForm(initial={"version": found.version}, auto_id=f"{action.value}-%s")


@require_POST
@login_required
def move(request: AuthenticatedHttpRequest, pk: UUID, action: Action) -> HttpResponse:
    """Make one move of the table."""
    found = resolution_or_404(request.user, pk)
    permissions.check_can_move(request.user, found)
    form = MoveForm(request.POST, auto_id=f"{action.value}-%s")
    if not form.is_valid():
        return _page(request, found, refused=action, form=form)
    try:
        _act(found, action, by=request.user, **form.cleaned_data)
    except services.Stale as error:
        messages.error(request, str(error))
    except services.WrongState as error:
        messages.error(request, str(error))
    except services.UnableToConvene as error:
        add_error(form, error)
        return _page(request, found, refused=action, form=form)
    else:
        messages.success(request, f"บันทึกแล้ว: มตินี้{MOVES[action].to.label}")
    return redirect("forums:resolution", pk)


def _act(found: Resolution, action: Action, *, by: User, note: str, version: int | None) -> None:
    at = now()
    if action is Action.PROGRESS:
        services.progress_resolution(resolution=found, note=note, by=by, at=at, version=version)
    elif action is Action.FINISH:
        services.finish_resolution(resolution=found, note=note, by=by, at=at, version=version)
    elif action is Action.DROP:
        services.drop_resolution(resolution=found, reason=note, by=by, at=at, version=version)
    else:
        services.reopen_resolution(resolution=found, reason=note, by=by, at=at, version=version)
