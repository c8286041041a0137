"""Assessments over the API: all answers in one call, the result in one answer."""

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
from ppaos.web.api_errors import Refusal
from ppaos.web.api_paging import PageQuery, check, page_schema, respond_with_page
from slf import services
from slf.instrument import Capital, Group
from slf.models import Assessment, LivelihoodProfile, Questionnaire
from slf.workflow import Period


class AssessmentIn(serializers.Serializer[Any]):
    questionnaire = serializers.CharField(max_length=40)
    version = serializers.IntegerField(min_value=1, max_value=32_767)
    year_be = serializers.IntegerField(min_value=2500, max_value=2699)
    round = serializers.IntegerField(min_value=1, max_value=32_767)
    period = serializers.ChoiceField(choices=Period.choices())
    assessed_on = serializers.DateField(required=False)
    answers = serializers.DictField(
        child=serializers.JSONField(),
        help_text='{"P1": 3, "H1": {"<รหัสสมาชิก>": 2}}',
    )
    amounts = serializers.DictField(child=serializers.JSONField(), required=False)


class AssessmentOut(serializers.Serializer[Any]):
    """The result; scores are strings with two decimals, null without enough answers."""

    id = serializers.UUIDField()
    year_be = serializers.IntegerField()
    round = serializers.IntegerField()
    period = serializers.ChoiceField(choices=Period.choices())
    capitals = serializers.DictField(child=serializers.CharField(allow_null=True))
    overall = serializers.CharField(allow_null=True)
    level = serializers.IntegerField(allow_null=True)
    weakest = serializers.ChoiceField(choices=Capital.choices(), allow_null=True)
    group = serializers.ChoiceField(choices=Group.choices(), allow_null=True)
    reasons = serializers.ListField(child=serializers.CharField())
    incomplete = serializers.BooleanField()


class ItemOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    capital = serializers.CharField(allow_null=True)
    scope = serializers.CharField()
    method = serializers.CharField()
    question = serializers.CharField()
    choices = serializers.ListField(child=serializers.CharField())


class QuestionnaireOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    items = ItemOut(many=True)


@extend_schema(
    methods=["GET"],
    operation_id="assessments_list",
    summary="ผลประเมินทุนดำรงชีพของครัวเรือน",
    parameters=[PageQuery],
    responses=page_schema("Assessment", AssessmentOut(many=True)),
)
@extend_schema(
    methods=["POST"],
    operation_id="assessments_create",
    summary="บันทึกผลประเมินทุนดำรงชีพ",
    request=AssessmentIn,
    responses={201: AssessmentOut},
)
@api_view(["GET", "POST"])
def assessments(request: Request, pk: UUID) -> Response:
    user = person(request)
    household = Household.objects.visible_to(user).filter(pk=pk).first()
    if household is None:
        raise Http404
    if request.method == "POST":
        assessment = _record(request, household)
        return Response(_represent([assessment])[0], status=status.HTTP_201_CREATED)
    complete = Assessment.objects.visible_to(user).of_household(household).complete()
    return respond_with_page(request, complete, order=("-pk",), represent=_represent)


def _record(request: Request, household: Household) -> Assessment:
    data = check(AssessmentIn(data=request.data))
    questionnaire = Questionnaire.objects.filter(
        code=data["questionnaire"], version=data["version"]
    ).first()
    if questionnaire is None:
        raise ValidationError({"questionnaire": ["ไม่มีแบบประเมินรหัสและรุ่นนี้"]})
    try:
        return services.record_assessment(
            household=household,
            questionnaire=questionnaire,
            year_be=data["year_be"],
            round=data["round"],
            period=Period(data["period"]),
            assessed_on=data.get("assessed_on"),
            answers=data["answers"],
            amounts=data.get("amounts", {}),
            by=person(request),
            at=now(),
        )
    except services.InvalidAnswers as error:
        raise ValidationError(error.fields) from None
    except services.UnableToAssessStale as error:
        raise Refusal(code="stale", message=str(error)) from None
    except services.UnableToAssess as error:
        raise Refusal(code="invalid_state", message=str(error)) from None


def _represent(assessments: list[Assessment]) -> list[Any]:
    households = {assessment.household_id for assessment in assessments}
    profiles = {
        profile.household_id: profile
        for profile in LivelihoodProfile.objects.current().filter(household__in=households)
    }
    return [
        AssessmentOut(
            {
                "id": assessment.pk,
                "year_be": assessment.year_be,
                "round": assessment.round,
                "period": assessment.period,
                **services.as_result(assessment, profiles.get(assessment.household_id)),
            }
        ).data
        for assessment in assessments
    ]


@extend_schema(
    operation_id="questionnaires_read", summary="แบบประเมินรุ่นที่ใช้อยู่", responses=QuestionnaireOut
)
@api_view(["GET"])
def questionnaire(request: Request, code: str) -> Response:
    try:
        found = services.active_questionnaire(code)
    except Questionnaire.DoesNotExist:
        raise Http404 from None
    return Response(QuestionnaireOut(services.instrument_of(found)).data)
