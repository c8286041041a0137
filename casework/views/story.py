from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from accounts.models import User
from audit.models import Event
from casework import querysets
from casework.querysets import StoryKind
from households import services
from households.models import Household, Member
from ppaos.web.page_links import page_links
from ppaos.web.paging import keyset_page
from ppaos.web.request import AuthenticatedHttpRequest

PAGE = 25


@require_safe
@login_required
def story(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Tell everything that happened to a household, the latest first, by kind if asked."""
    present = Member.objects.present().defer("citizen_id").order_by("-is_head", "seq", "pk")
    household = get_object_or_404(
        Household.objects.visible_to(request.user).prefetch_related(
            Prefetch("members", queryset=present, to_attr="present_members")
        ),
        pk=pk,
    )
    services.note_read(household=household, by=request.user, at=now())
    asked = request.GET.get("kind", "")
    kind = next((k for k in StoryKind if k.value == asked), None)
    page = keyset_page(
        querysets.story_of(household, kind=kind),
        order=("-at", "-pk"),
        cursor=request.GET.get("cursor"),
        size=PAGE,
    )
    context = {
        "household": household,
        "events": page.rows,
        "actors": names_of_actors(page.rows),
        "next_url": page_links(request, page)["next_url"],
    }
    if not request.htmx:
        context |= {
            "tabs": _tabs(kind),
            "is_first": "cursor" not in request.GET,
            "kind": kind,
        }
    template = "casework/_story.html" if request.htmx else "casework/story.html"
    response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    return response


def names_of_actors(events: list[Event]) -> dict[UUID, str]:
    """Return what people are called who acted, by key; one query."""
    acted = {event.actor_id for event in events if event.actor_id}
    return dict(User.objects.filter(pk__in=acted).values_list("pk", "name"))


def _tabs(kind: StoryKind | None) -> list[dict[str, object]]:
    every: list[tuple[str, str, bool]] = [("?", "ทั้งหมด", kind is None)]
    every += [(f"?kind={k.value}", k.label, k is kind) for k in StoryKind]
    return [
        {"label": label, "url": url, "current": current, "count": None}
        for url, label, current in every
    ]
