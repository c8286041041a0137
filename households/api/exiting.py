"""Leaving the targets over the API: proposed by one person, decided by another."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import person
from households import services
from households.api.outgoing import ExitOut
from households.api.register import visible_household
from households.models import Exit, Household
from households.workflow import ExitReason
from ppaos.web.api_errors import Refusal
from ppaos.web.api_paging import check


class ExitIn(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(choices=ExitReason.choices())
    note = serializers.CharField(max_length=4_000, required=False, allow_blank=True)


class RejectIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500)


@extend_schema(
    operation_id="households_propose_exit",
    summary="เสนอให้พ้นเป้าหมาย",
    request=ExitIn,
    responses={201: ExitOut},
)
@api_view(["POST"])
def exits(request: Request, pk: UUID) -> Response:
    household = visible_household(request, pk)
    data = check(ExitIn(data=request.data))
    try:
        proposal = services.propose_exit(
            household=household,
            reason=ExitReason(data["reason"]),
            note=data.get("note", ""),
            by=person(request),
            at=now(),
        )
    except services.UnableToExit as error:
        raise Refusal(code="invalid_state", message=str(error)) from None
    return Response(ExitOut(proposal).data, status=status.HTTP_201_CREATED)


def _visible_exit(request: Request, pk: UUID) -> Exit:
    seen = Household.objects.visible_to(person(request))
    found = Exit.objects.select_related("household").filter(pk=pk, household__in=seen).first()
    if found is None:
        raise Http404
    return found


@extend_schema(
    operation_id="exits_approve", summary="อนุมัติให้พ้นเป้าหมาย", request=None, responses=ExitOut
)
@api_view(["POST"])
def approve_exit(request: Request, pk: UUID) -> Response:
    proposal = _visible_exit(request, pk)
    try:
        services.approve_exit(proposal=proposal, by=person(request), at=now())
    except services.UnableToExit as error:
        raise Refusal(code="taken", message=str(error)) from None
    return Response(ExitOut(proposal).data)


@extend_schema(
    operation_id="exits_reject",
    summary="ไม่อนุมัติให้พ้นเป้าหมาย",
    request=RejectIn,
    responses=ExitOut,
)
@api_view(["POST"])
def reject_exit(request: Request, pk: UUID) -> Response:
    proposal = _visible_exit(request, pk)
    data = check(RejectIn(data=request.data))
    try:
        services.reject_exit(proposal=proposal, by=person(request), at=now(), reason=data["reason"])
    except services.UnableToExit as error:
        raise Refusal(code="taken", message=str(error)) from None
    return Response(ExitOut(proposal).data)
