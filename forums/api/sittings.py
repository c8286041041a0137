"""Forums over the API: planned, read, their agenda, held."""

from typing import Any
from uuid import UUID

from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import api_view
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Agency
from accounts.permissions import person
from forums import permissions, services
from forums.api.incoming import AgendaIn, ForumIn, HoldIn, agency_of, rows_of, told, visible_forum
from forums.api.outgoing import AddedOut, ForumFull, ForumOut, represent_forum
from forums.models import COUNTS, Forum, Resolution
from forums.services import ForumPlan, NewItem
from forums.workflow import Format, ItemKind, Level, Sector
from ppaos.web.api_paging import PageQuery, check, page_schema, respond_with_page
from problems.rules import Dimension
from referrals.models import Referral


@extend_schema(
    methods=["GET"],
    operation_id="forums_list",
    summary="เวที",
    parameters=[PageQuery],
    responses=page_schema("Forum", ForumOut(many=True)),
)
@extend_schema(
    methods=["POST"],
    operation_id="forums_create",
    summary="นัดเวที",
    request=ForumIn,
    responses={201: ForumFull},
)
@api_view(["GET", "POST"])
def collection(request: Request) -> Response:
    if request.method == "POST":
        return Response(_plan(request), status=status.HTTP_201_CREATED)
    permissions.check_can_see_forums(person(request))
    return respond_with_page(
        request,
        Forum.objects.visible_to(person(request)).defer("summary"),
        order=("-held_on", "-pk"),
        represent=lambda rows: list(ForumOut(rows, many=True).data),
    )


def _plan(request: Request) -> Any:
    permissions.check_can_plan(person(request))
    data = check(ForumIn(data=request.data))
    plan = ForumPlan(
        title=data["title"],
        format=Format(data["format"]),
        level=Level(data["level"]),
        area_code=data["area"],
        held_on=data["held_on"],
        starts_at=data.get("starts_at"),
        place=data["place"],
        organiser_agency=agency_of(data.get("organiser_agency"), field="organiser_agency"),
        organiser=data.get("organiser", ""),
    )
    forum = told(
        lambda: services.plan_forum(plan=plan, by=person(request), at=now()), fields=set(data)
    )
    return represent_forum(request, forum)


@extend_schema(operation_id="forums_read", summary="เวทีและวาระ", responses=ForumFull)
@api_view(["GET"])
def detail(request: Request, pk: UUID) -> Response:
    return Response(represent_forum(request, visible_forum(request, pk)))


@extend_schema(
    operation_id="forums_take_up",
    summary="เพิ่มเรื่องเข้าวาระ",
    request=AgendaIn,
    responses={201: AddedOut},
)
@api_view(["POST"])
def agenda(request: Request, pk: UUID) -> Response:
    """Put cases, resolutions and other things on the agenda; what is on it stays once."""
    forum = visible_forum(request, pk)
    permissions.check_can_manage(person(request), forum)
    data = check(AgendaIn(data=request.data))
    others = [
        NewItem(
            title=item["title"],
            kind=ItemKind(item.get("kind", ItemKind.OTHER)),
            dimension=Dimension(item["dimension"]) if "dimension" in item else None,
            area_code=item.get("area", ""),
        )
        for item in data.get("items", [])
    ]
    added = told(
        lambda: services.take_up(
            forum=forum,
            referrals=rows_of(Referral.objects.visible_to(person(request)), data, "referrals"),
            resolutions=rows_of(
                Resolution.objects.visible_to(person(request)), data, "resolutions"
            ),
            others=others,
            by=person(request),
            at=now(),
        ),
        fields=set(data),
        renamed={"title": "items", "kind": "items", "area": "items"},
    )
    body = AddedOut({"added": [item.pk for item in added]}).data
    return Response(body, status=status.HTTP_201_CREATED)


@extend_schema(
    operation_id="forums_hold",
    summary="บันทึกว่าจัดแล้ว",
    request=HoldIn,
    responses={200: ForumFull},
)
@api_view(["POST"])
def hold(request: Request, pk: UUID) -> Response:
    forum = visible_forum(request, pk)
    permissions.check_can_manage(person(request), forum)
    data = check(HoldIn(data=request.data))
    counts = {Sector(name): count for name, count in data["participants"].items()}
    agencies = Agency.objects.filter(pk__in=data.get("agencies", []))
    if len(agencies) < len(set(data.get("agencies", []))):
        raise ValidationError({"agencies": ["ไม่พบหน่วยงานบางรายการ"]})
    held = told(
        lambda: services.hold_forum(
            forum=forum,
            counts=counts,
            agencies=agencies,
            summary=data.get("summary", ""),
            by=person(request),
            at=now(),
        ),
        fields=set(data),
        renamed=dict.fromkeys(COUNTS.values(), "participants"),
    )
    return Response(represent_forum(request, held))
