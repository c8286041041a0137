"""What a visit found, over the API."""

from typing import Any
from uuid import UUID

from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import person
from households import services
from households.api.outgoing import VerificationOut
from households.api.register import visible_household
from households.workflow import Outcome
from ppaos.web.api_errors import Refusal
from ppaos.web.api_paging import check


class VerificationIn(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=Outcome.choices())
    visited_on = serializers.DateField()
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)
    note = serializers.CharField(max_length=4_000, required=False, allow_blank=True)


@extend_schema(
    operation_id="households_verify",
    summary="บันทึกผลสอบทาน",
    request=VerificationIn,
    responses={201: VerificationOut},
)
@api_view(["POST"])
def verifications(request: Request, pk: UUID) -> Response:
    household = visible_household(request, pk)
    data = check(VerificationIn(data=request.data))
    try:
        verification = services.record_verification(
            household=household,
            outcome=Outcome(data["outcome"]),
            visited_on=data["visited_on"],
            reason=data.get("reason", ""),
            note=data.get("note", ""),
            by=person(request),
            at=now(),
        )
    except services.UnableToVerify as error:
        if error.field:
            raise ValidationError({error.field: [str(error)]}) from None
        raise Refusal(code="invalid_state", message=str(error)) from None
    return Response(VerificationOut(verification).data, status=status.HTTP_201_CREATED)
