"""Household plans over the API: every version, and making the next one."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import person
from households.models import Household
from households.services import note_read
from plans import services
from plans.models import HouseholdPlan
from plans.workflow import Prospect, Step, Support, Way
from ppaos.web.api_errors import Refusal
from ppaos.web.api_paging import PageQuery, check, page_schema, respond_with_page

LONGEST = 2000


def _words(**options: Any) -> serializers.CharField:
    return serializers.CharField(max_length=LONGEST, **options)


class PlanIn(serializers.Serializer[Any]):
    """`number` is the version that the program has seen, 0 for none."""

    number = serializers.IntegerField(min_value=0, max_value=32_767)
    attitude = _words(required=False, allow_blank=True, default="")
    skills = _words(required=False, allow_blank=True, default="")
    resources = _words(required=False, allow_blank=True, default="")
    way_out = _words()
    support = serializers.ChoiceField(choices=Support.choices())
    ways = serializers.ListField(
        child=serializers.ChoiceField(choices=Way.choices()), required=False, default=list
    )
    step = serializers.ChoiceField(choices=Step.choices())
    prospect = serializers.ChoiceField(
        choices=Prospect.choices(), required=False, allow_null=True, default=None
    )
    agreed_on = serializers.DateField()
    review_on = serializers.DateField(required=False, allow_null=True, default=None)


class PlanOut(serializers.ModelSerializer[HouseholdPlan]):
    attitude = serializers.CharField()
    skills = serializers.CharField()
    resources = serializers.CharField()
    way_out = serializers.CharField()

    class Meta:
        model = HouseholdPlan
        fields = [
            "id",
            "number",
            "attitude",
            "skills",
            "resources",
            "way_out",
            "support",
            "ways",
            "step",
            "prospect",
            "agreed_on",
            "review_on",
            "made_at",
            "superseded_at",
        ]


@extend_schema(
    methods=["GET"],
    operation_id="households_plans",
    summary="แผนครัวเรือนทุกฉบับ",
    parameters=[PageQuery],
    responses=page_schema("HouseholdPlan", PlanOut(many=True)),
)
@extend_schema(
    methods=["POST"],
    operation_id="households_plans_create",
    summary="ทำแผนครัวเรือนฉบับใหม่",
    request=PlanIn,
    responses={201: PlanOut},
)
@api_view(["GET", "POST"])
def of_household(request: Request, pk: UUID) -> Response:
    household = Household.objects.visible_to(person(request)).filter(pk=pk).first()
    if household is None:
        raise Http404
    if request.method == "POST":
        plan = _make(request, household)
        return Response(PlanOut(plan).data, status=status.HTTP_201_CREATED)
    note_read(household=household, by=person(request), at=now())
    return respond_with_page(
        request,
        HouseholdPlan.objects.of_household(household),
        order=("-number",),
        represent=lambda rows: list(PlanOut(rows, many=True).data),
    )


def _make(request: Request, household: Household) -> HouseholdPlan:
    data = check(PlanIn(data=request.data))
    draft = services.PlanDraft(
        attitude=data["attitude"],
        skills=data["skills"],
        resources=data["resources"],
        way_out=data["way_out"],
        support=Support(data["support"]),
        ways=tuple(Way(code) for code in data["ways"]),
        step=Step(data["step"]),
        prospect=Prospect(data["prospect"]) if data["prospect"] else None,
        agreed_on=data["agreed_on"],
        review_on=data["review_on"],
    )
    try:
        return services.make_plan(
            household=household,
            number_seen=data["number"],
            draft=draft,
            by=person(request),
            at=now(),
        )
    except services.UnableToPlanStale as error:
        raise Refusal(code="stale", message=str(error)) from None
    except services.UnableToPlan as error:
        if error.fields:
            raise ValidationError(error.fields) from None
        raise Refusal(code="invalid_state", message=str(error)) from None
