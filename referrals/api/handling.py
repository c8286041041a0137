"""Referrals over the API: the list, a new draft, one referral."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.timezone import localdate, now
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import api_view
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import check_has_anywhere, home_area, person
from accounts.roles import Permission
from audit.services import record
from ppaos.web.api_errors import Refusal
from ppaos.web.api_paging import PageQuery, check, page_schema, respond_with_page
from problems.models import Problem
from referrals import permissions, services
from referrals.api.incoming import Narrowing, ReferralIn, agency_of
from referrals.api.outgoing import ReferralBrief, ReferralOut
from referrals.models import Referral
from referrals.querysets import ReferralQuerySet
from referrals.workflow import Urgency


class ReferralQuery(PageQuery, Narrowing):
    pass


@extend_schema(
    methods=["GET"],
    operation_id="referrals_list",
    summary="เรื่องส่งต่อ",
    parameters=[ReferralQuery],
    responses=page_schema("Referral", ReferralBrief(many=True)),
)
@extend_schema(
    methods=["POST"],
    operation_id="referrals_create",
    summary="ร่างเรื่องส่งต่อ",
    request=ReferralIn,
    responses={201: ReferralOut},
)
@api_view(["GET", "POST"])
def collection(request: Request) -> Response:
    if request.method == "POST":
        made = _create(request)
        return Response(represent(request, made.pk), status=status.HTTP_201_CREATED)
    user = person(request)
    permissions.check_can_see_list(user)
    query = check(ReferralQuery(data=request.query_params))
    found = _narrowed(Referral.objects.visible_to(user), query)
    response = respond_with_page(
        request, found.for_list(), order=("-pk",), represent=_represent_briefly
    )
    record(
        event="referrals.listed",
        by=user,
        at=now(),
        area=home_area(user),
        detail={"rows": len(response.data["results"])},
    )
    return response


def _narrowed(referrals: ReferralQuerySet, by: dict[str, Any]) -> ReferralQuerySet:
    if "status" in by:
        referrals = referrals.filter(status=by["status"])
    if "agency" in by:
        referrals = referrals.filter(agency__code=by["agency"])
    if "household" in by:
        referrals = referrals.filter(household=by["household"])
    if by["overdue"] is None:
        return referrals
    overdue = Referral.objects.overdue(on=localdate())
    if by["overdue"]:
        return referrals.filter(pk__in=overdue.values("pk"))
    return referrals.exclude(pk__in=overdue.values("pk"))


def _represent_briefly(referrals: list[Referral]) -> list[Any]:
    return list(ReferralBrief(referrals, many=True).data)


def _create(request: Request) -> Referral:
    user = person(request)
    check_has_anywhere(user, Permission.REFERRAL_DRAFT)
    data = check(ReferralIn(data=request.data))
    problem = (
        Problem.objects.visible_to(user)
        .select_related("household")
        .filter(pk=data["problem"], household=data["household"])
        .first()
    )
    if problem is None:
        raise ValidationError({"problem": ["ไม่พบปัญหานี้ของครัวเรือนในพื้นที่ของท่าน"]})
    try:
        return services.create_referral(
            problem=problem,
            agency=agency_of(data.get("agency"), by=user),
            urgency=Urgency(data.get("urgency", Urgency.NORMAL)),
            need=data.get("note", ""),
            by=user,
            at=now(),
        )
    except services.UnableToRefer as error:
        raise refusal(error) from None


@extend_schema(operation_id="referrals_read", summary="เรื่องส่งต่อหนึ่งเรื่อง", responses=ReferralOut)
@api_view(["GET"])
def detail(request: Request, pk: UUID) -> Response:
    referral = visible_referral(request, pk)
    services.note_read(referral=referral, by=person(request), at=now())
    return Response(represent(request, referral.pk))


def visible_referral(request: Request, pk: UUID) -> Referral:
    """Return the referral, or raise Http404."""
    visible = Referral.objects.visible_to(person(request)).select_related("household", "problem")
    referral = visible.filter(pk=pk).first()
    if referral is None:
        raise Http404
    return referral


def represent(request: Request, pk: UUID) -> Any:
    """Return a referral as it stands now, also where a move has just taken it from the caller."""
    user = person(request)
    referral = Referral.objects.for_page(user).get(pk=pk)
    return ReferralOut(referral, context={"user": user}).data


# What the contract calls some of the facts that services name.
_CONTRACT = {"helped_on": "help_date", "closing_reason": "reason"}


def refusal(error: services.UnableToRefer) -> Exception:
    """Return what the contract answers: who was late, the wrong state, or the missing fact."""
    if isinstance(error, services.Taken):
        return Refusal(code="taken", message=str(error))
    if isinstance(error, services.WrongState) or not error.field:
        return Refusal(code="invalid_state", message=str(error))
    field = _CONTRACT.get(error.field, error.field)
    return ValidationError({field: [str(error)]})
