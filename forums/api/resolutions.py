"""Resolutions over the API: recorded, listed, moved on."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate, now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import person
from forums import permissions, services
from forums.api.incoming import (
    ResolutionDoneIn,
    ResolutionIn,
    ResolutionNoteIn,
    ResolutionQuery,
    ResolutionReasonIn,
    agency_of,
    told,
    visible_forum,
    visible_resolution,
)
from forums.api.outgoing import ResolutionOut, represent, represent_line
from forums.models import AgendaItem, Resolution
from forums.workflow import Action
from ppaos.web.api_paging import check, page_schema, respond_with_page


@extend_schema(
    operation_id="forums_resolve",
    summary="บันทึกมติ",
    request=ResolutionIn,
    responses={201: ResolutionOut},
)
@api_view(["POST"])
def resolve(request: Request, pk: UUID) -> Response:
    forum = visible_forum(request, pk)
    permissions.check_can_manage(person(request), forum)
    data = check(ResolutionIn(data=request.data))
    item = AgendaItem.objects.for_agenda().filter(forum=forum, pk=data["agenda_item"]).first()
    if item is None:
        raise ValidationError({"agenda_item": ["ไม่พบวาระนี้ในเวที"]})
    made = told(
        lambda: services.record_resolution(
            agenda_item=item,
            text=data["text"],
            owner_agency=agency_of(data.get("owner_agency"), field="owner_agency"),
            owner=data.get("owner", ""),
            due_on=data["due_on"],
            by=person(request),
            at=now(),
        ),
        fields=set(data),
    )
    return Response(represent(request, made), status=status.HTTP_201_CREATED)


@extend_schema(
    operation_id="resolutions_list",
    summary="มติ",
    parameters=[ResolutionQuery],
    responses=page_schema("Resolution", ResolutionOut(many=True)),
)
@api_view(["GET"])
def resolutions(request: Request) -> Response:
    user = person(request)
    permissions.check_can_see_forums(user)
    query = check(ResolutionQuery(data=request.query_params))
    rows = Resolution.objects.visible_to(user)
    if "status" in query:
        rows = rows.filter(status=query["status"])
    if query["overdue"] is not None:
        late = Resolution.objects.overdue(on=localdate()).values("pk")
        rows = rows.filter(pk__in=late) if query["overdue"] else rows.exclude(pk__in=late)
    if "agency" in query:
        rows = rows.filter(owner_agency=query["agency"])
    if "area" in query:
        rows = rows.in_area(query["area"])
    return respond_with_page(
        request,
        rows.for_list(),
        order=("-pk",),
        represent=lambda page: [
            represent_line(line)
            for line in services.resolution_lines(page, by=user, on=localdate())
        ],
    )


@extend_schema(operation_id="resolutions_read", summary="มติหนึ่งข้อ", responses=ResolutionOut)
@api_view(["GET"])
def resolution(request: Request, pk: UUID) -> Response:
    return Response(represent(request, visible_resolution(request, pk)))


def _mover(action: Action, form: type[serializers.Serializer[Any]], word: str) -> Any:
    """Return the view of one row of the table of moves; `word` names its text."""
    moves: dict[Action, Callable[..., Resolution]] = {
        Action.PROGRESS: services.progress_resolution,
        Action.FINISH: services.finish_resolution,
        Action.DROP: services.drop_resolution,
        Action.REOPEN: services.reopen_resolution,
    }

    @extend_schema(
        operation_id=f"resolutions_{action.value}",
        summary=action.label,
        request=form,
        responses={200: ResolutionOut},
    )
    @api_view(["POST"])
    def move(request: Request, pk: UUID) -> Response:
        found = visible_resolution(request, pk)
        permissions.check_can_move(person(request), found)
        data = check(form(data=request.data))
        moved = told(
            lambda: moves[action](resolution=found, by=person(request), at=now(), **data),
            fields=set(data),
            renamed={"note": word},
        )
        return Response(represent(request, moved))

    return move


ACTIONS: dict[Action, Any] = {
    Action.PROGRESS: _mover(Action.PROGRESS, ResolutionNoteIn, "note"),
    Action.FINISH: _mover(Action.FINISH, ResolutionDoneIn, "note"),
    Action.DROP: _mover(Action.DROP, ResolutionReasonIn, "reason"),
    Action.REOPEN: _mover(Action.REOPEN, ResolutionReasonIn, "reason"),
}
