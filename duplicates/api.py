"""Pairs that may be one, over the API: listed, judged, merged, and merges taken back."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import home_area, person
from audit.services import record
from duplicates import permissions, services
from duplicates.models import Candidate, Merge
from duplicates.services import MERGED, SURVIVOR, Pairing, Wish
from duplicates.workflow import Kind, State
from ppaos.web.api_errors import Refusal
from ppaos.web.api_paging import PageQuery, check, page_schema, respond_with_page

_SIDES = [(SURVIVOR, "รายหลัก"), (MERGED, "รายที่รวมเข้า")]


class CandidateOut(serializers.ModelSerializer[Candidate]):
    """`one` and `other` are members or households, by `kind`; the clues say why."""

    class Meta:
        model = Candidate
        fields = ["id", "kind", "one", "other", "score", "clues", "state", "found_at", "reason"]


class CandidateQuery(PageQuery):
    kind = serializers.ChoiceField(choices=Kind.choices(), required=False)
    state = serializers.ChoiceField(choices=State.choices(), required=False)


class DistinctIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300)


class PairIn(serializers.Serializer[Any]):
    survivor = serializers.UUIDField()
    merged = serializers.UUIDField()
    choices = serializers.DictField(
        child=serializers.ChoiceField(choices=_SIDES), required=False, default=dict
    )


class MergeIn(DistinctIn):
    """`survivor` stays; the versions are those that were read. Choices name fields."""

    survivor = serializers.UUIDField()
    survivor_version = serializers.IntegerField()
    merged_version = serializers.IntegerField()
    choices = serializers.DictField(
        child=serializers.ChoiceField(choices=_SIDES), required=False, default=dict
    )
    members = PairIn(many=True, required=False, default=list)


class MergeOut(serializers.ModelSerializer[Merge]):
    class Meta:
        model = Merge
        fields = [
            *("id", "kind", "survivor", "merged", "survivor_member", "merged_member"),
            *("reason", "merged_at", "undone_at", "undone_reason"),
        ]


@extend_schema(
    operation_id="duplicates_list",
    summary="คู่ที่อาจซ้ำ",
    parameters=[CandidateQuery],
    responses=page_schema("Candidate", CandidateOut(many=True)),
)
@api_view(["GET"])
def collection(request: Request) -> Response:
    permissions.check_can_look(person(request))
    query = check(CandidateQuery(data=request.query_params))
    rows = Candidate.objects.visible_to(person(request)).filter(
        state=query.get("state", State.OPEN)
    )
    if "kind" in query:
        rows = rows.filter(kind=query["kind"])
    response = respond_with_page(
        request,
        rows,
        order=("-score", "-pk"),
        represent=lambda page: list(CandidateOut(page, many=True).data),
    )
    record(
        event="duplicates.listed",
        by=person(request),
        at=now(),
        area=home_area(person(request)),
        detail={"rows": len(response.data["results"])},
    )
    return response


@extend_schema(
    operation_id="duplicates_refute",
    summary="ไม่ใช่รายเดียวกัน",
    request=DistinctIn,
    responses=CandidateOut,
)
@api_view(["POST"])
def distinct(request: Request, pk: UUID) -> Response:
    candidate = _visible(request, pk)
    permissions.check_can_look(person(request))
    data = check(DistinctIn(data=request.data))
    try:
        services.say_distinct(
            candidate=candidate, reason=data["reason"], by=person(request), at=now()
        )
    except services.UnableToDecide as error:
        raise Refusal(code="invalid_state", message=str(error)) from None
    candidate.refresh_from_db()
    return Response(CandidateOut(candidate).data)


@extend_schema(
    operation_id="duplicates_merge",
    summary="รวมเป็นรายเดียว",
    request=MergeIn,
    responses={201: MergeOut},
)
@api_view(["POST"])
def merge(request: Request, pk: UUID) -> Response:
    candidate = _visible(request, pk)
    permissions.check_can_look(person(request))
    data = check(MergeIn(data=request.data))
    wish = Wish(
        survivor=data["survivor"],
        versions=(data["survivor_version"], data["merged_version"]),
        choices=data["choices"],
        pairs=[Pairing(**pair) for pair in data["members"]],
        reason=data["reason"],
    )
    try:
        made = services.merge_pair(candidate=candidate, wish=wish, by=person(request), at=now())
    except services.UnableToMerge as error:
        raise Refusal(code="invalid_state", message=str(error)) from None
    return Response(MergeOut(made).data, status=status.HTTP_201_CREATED)


@extend_schema(
    operation_id="merges_undo",
    summary="แยกกลับเป็นสองราย",
    request=DistinctIn,
    responses=MergeOut,
)
@api_view(["POST"])
def undo(request: Request, pk: UUID) -> Response:
    row = Merge.objects.visible_to(person(request)).for_list().filter(pk=pk).first()
    if row is None:
        raise Http404
    permissions.check_can_look(person(request))
    data = check(DistinctIn(data=request.data))
    try:
        services.unmerge(merge=row, reason=data["reason"], by=person(request), at=now())
    except services.UnableToUnmerge as error:
        message = " ".join([str(error), *error.reasons])
        raise Refusal(code="invalid_state", message=message) from None
    row.refresh_from_db()
    return Response(MergeOut(row).data)


def _visible(request: Request, pk: UUID) -> Candidate:
    found = Candidate.objects.visible_to(person(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
