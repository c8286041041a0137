"""Leaving the targets over the API: proposed by one person, decided by another, taken back.

Who has risen out of poverty is proposed by the rule, so this stands above the register.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import check_has_anywhere, home_area, person
from accounts.roles import Permission
from audit.services import record
from households import services as households
from households.api import ExitOut, visible_household
from households.models import Exit
from households.querysets import ExitQuerySet
from households.workflow import ExitReason, ExitState
from ppaos.web.api_errors import Refusal
from ppaos.web.api_paging import PageQuery, check, page_schema, respond_with_page
from referrals import services


class CriterionOut(serializers.Serializer[Any]):
    """One thing that was asked; `met` is null where it was not known."""

    code = serializers.CharField()
    met = serializers.BooleanField(allow_null=True)
    figures = serializers.DictField(child=serializers.CharField())


class MeasuredOut(serializers.Serializer[Any]):
    assessment = serializers.UUIDField()
    year_be = serializers.IntegerField()
    round = serializers.IntegerField()
    assessed_on = serializers.DateField()
    overall = serializers.CharField(allow_null=True)
    level = serializers.IntegerField(allow_null=True)
    capitals = serializers.DictField(child=serializers.CharField(allow_null=True))


class EvidenceOut(serializers.Serializer[Any]):
    """What the rule found on the day of the proposal: codes and figures, no text on people."""

    rule_version = serializers.IntegerField()
    reason = serializers.ChoiceField(choices=ExitReason.choices())
    reason_suggested = serializers.ChoiceField(choices=ExitReason.choices())
    group = serializers.CharField(allow_null=True)
    criteria = CriterionOut(many=True)
    before = MeasuredOut(allow_null=True)
    after = MeasuredOut(allow_null=True)


class ExitFull(ExitOut):
    """An exit with its household and what it rests on; no evidence where none was asked."""

    evidence = serializers.SerializerMethodField()

    class Meta(ExitOut.Meta):
        fields = [*ExitOut.Meta.fields, "household", "evidence"]

    @extend_schema_field(EvidenceOut(allow_null=True))
    def get_evidence(self, row: Exit) -> Any:
        return row.evidence or None


class ExitIn(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(choices=ExitReason.choices())
    note = serializers.CharField(max_length=4_000, required=False, allow_blank=True)


class ReasonIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300)


class ExitQuery(PageQuery):
    state = serializers.ChoiceField(choices=ExitState.choices(), required=False)
    area = serializers.RegexField(r"^[0-9]{2,8}$", required=False)


@extend_schema(
    operation_id="households_propose_exit",
    summary="เสนอให้พ้นเป้าหมาย",
    description="graduated และ continuing_care ต้องครบเกณฑ์ หลักฐานถูกเก็บไว้กับข้อเสนอ",
    request=ExitIn,
    responses={201: ExitFull},
)
@api_view(["POST"])
def propose(request: Request, pk: UUID) -> Response:
    household = visible_household(request, pk)
    data = check(ExitIn(data=request.data))
    try:
        proposal = services.propose_leaving(
            household=household,
            reason=ExitReason(data["reason"]),
            note=data.get("note", ""),
            by=person(request),
            at=now(),
        )
    except households.UnableToExit as error:
        raise Refusal(code="invalid_state", message=str(error)) from None
    return Response(ExitFull(proposal).data, status=status.HTTP_201_CREATED)


@extend_schema(
    operation_id="exits_list",
    summary="การพ้นเป้าหมาย",
    parameters=[ExitQuery],
    responses=page_schema("Exit", ExitFull(many=True)),
)
@api_view(["GET"])
def collection(request: Request) -> Response:
    user = person(request)
    check_has_anywhere(user, Permission.HOUSEHOLD_READ)
    query = check(ExitQuery(data=request.query_params))
    response = respond_with_page(
        request,
        _narrowed(Exit.objects.visible_to(user), query),
        order=("-pk",),
        represent=_represent,
    )
    record(
        event="exits.listed",
        by=user,
        at=now(),
        area=home_area(user),
        detail={"rows": len(response.data["results"])},
    )
    return response


def _represent(rows: list[Exit]) -> list[Any]:
    return list(ExitFull(rows, many=True).data)


def _narrowed(exits: ExitQuerySet, by: dict[str, Any]) -> ExitQuerySet:
    if "state" in by:
        exits = exits.filter(state=by["state"])
    if "area" in by:
        exits = exits.in_area(by["area"])
    return exits


@extend_schema(operation_id="exits_read", summary="การพ้นเป้าหมายหนึ่งครั้ง", responses=ExitFull)
@api_view(["GET"])
def detail(request: Request, pk: UUID) -> Response:
    proposal = _visible(request, pk)
    households.note_read(household=proposal.household, by=person(request), at=now())
    return Response(ExitFull(proposal).data)


def _visible(request: Request, pk: UUID, *, own: bool = False) -> Exit:
    user = person(request)
    rows = Exit.objects.visible_to(user).select_related("household")
    found = (rows.filter(proposed_by=user) if own else rows).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _carry_out(
    act: Callable[..., None], proposal: Exit, request: Request, **facts: str
) -> Response:
    try:
        act(proposal=proposal, by=person(request), at=now(), **facts)
    except households.UnableToExit as error:
        raise Refusal(code="taken", message=str(error)) from None
    return Response(ExitFull(proposal).data)


@extend_schema(
    operation_id="exits_approve", summary="อนุมัติให้พ้นเป้าหมาย", request=None, responses=ExitFull
)
@api_view(["POST"])
def approve(request: Request, pk: UUID) -> Response:
    return _carry_out(households.approve_exit, _visible(request, pk), request)


@extend_schema(
    operation_id="exits_reject",
    summary="ไม่อนุมัติให้พ้นเป้าหมาย",
    request=ReasonIn,
    responses=ExitFull,
)
@api_view(["POST"])
def reject(request: Request, pk: UUID) -> Response:
    proposal = _visible(request, pk)
    data = check(ReasonIn(data=request.data))
    return _carry_out(households.reject_exit, proposal, request, reason=data["reason"])


@extend_schema(
    operation_id="exits_withdraw",
    summary="ถอนข้อเสนอของตนเอง",
    request=None,
    responses=ExitFull,
)
@api_view(["POST"])
def withdraw(request: Request, pk: UUID) -> Response:
    return _carry_out(households.withdraw_exit, _visible(request, pk, own=True), request)


@extend_schema(
    operation_id="exits_revoke",
    summary="ยกเลิกการพ้นเป้าหมาย",
    request=ReasonIn,
    responses=ExitFull,
)
@api_view(["POST"])
def revoke(request: Request, pk: UUID) -> Response:
    proposal = _visible(request, pk)
    data = check(ReasonIn(data=request.data))
    return _carry_out(households.revoke_exit, proposal, request, reason=data["reason"])
