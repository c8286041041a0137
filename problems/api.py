"""A household's problems over the API: what a referral can be made of."""

from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import person
from households.models import Household
from ppaos.web.api_paging import PageQuery, page_schema, respond_with_page
from problems.models import Problem


class ProblemOut(serializers.ModelSerializer[Problem]):
    """`members` are those named in it; none means the whole household."""

    need = serializers.CharField(source="need_text", allow_null=True)

    class Meta:
        model = Problem
        fields = [
            "id",
            "dimension",
            "code",
            "status",
            "origin",
            "members",
            "need",
            "opened_on",
            "resolved_on",
            "resolution",
            "version",
        ]


@extend_schema(
    operation_id="households_problems",
    summary="ปัญหาของครัวเรือน",
    parameters=[PageQuery],
    responses=page_schema("Problem", ProblemOut(many=True)),
)
@api_view(["GET"])
def of_household(request: Request, pk: UUID) -> Response:
    household = Household.objects.visible_to(person(request)).filter(pk=pk).first()
    if household is None:
        raise Http404
    return respond_with_page(
        request,
        Problem.objects.of_household(household).prefetch_related("members"),
        order=("-pk",),
        represent=lambda rows: list(ProblemOut(rows, many=True).data),
    )
