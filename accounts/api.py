"""Signing in programs: a token for a password, and what the token's person may do."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.timezone import localdate, now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import (
    api_view,
    authentication_classes,
    permission_classes,
)
from rest_framework.exceptions import Throttled
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import limits, services
from accounts.models import Agency, ApiToken, Scope
from accounts.permissions import check_has_anywhere, has_anywhere, person
from accounts.roles import Permission, Role
from ppaos.web.api_errors import Refusal
from ppaos.web.api_paging import PageQuery, check, page_schema, respond_with_page


class TokenIn(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=60)
    password = serializers.CharField(max_length=128, trim_whitespace=False)
    otp = serializers.CharField(max_length=20, required=False, allow_blank=True)


class TokenOut(serializers.ModelSerializer[ApiToken]):
    class Meta:
        model = ApiToken
        fields = ["id", "created_at", "expires_at"]


class NewTokenOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    token = serializers.CharField(help_text="แสดงครั้งเดียว")
    expires_at = serializers.DateTimeField()


class ScopeOut(serializers.ModelSerializer[Scope]):
    role = serializers.ChoiceField(choices=Role.choices())
    agency = serializers.CharField(source="agency.code", allow_null=True, default=None)
    area = serializers.CharField(source="area_id")

    class Meta:
        model = Scope
        fields = ["role", "agency", "area", "valid_until"]


class AgencyOut(serializers.ModelSerializer[Agency]):
    area = serializers.CharField(source="area_id")

    class Meta:
        model = Agency
        fields = ["id", "code", "name", "short_name", "area", "phone"]


class MeOut(serializers.Serializer[Any]):
    username = serializers.CharField()
    name = serializers.CharField()
    scopes = ScopeOut(many=True)


@extend_schema(
    operation_id="token_create",
    summary="เข้าสู่ระบบ รับกุญแจ 12 ชั่วโมง",
    request=TokenIn,
    responses={201: NewTokenOut},
    auth=[],
)
@api_view(["POST"])
@authentication_classes([])
@permission_classes([AllowAny])
def token(request: Request) -> Response:
    data = check(TokenIn(data=request.data))
    try:
        issued = services.sign_in_by_api(
            request=request._request,
            username=data["username"],
            password=data["password"],
            otp=data.get("otp", ""),
            at=now(),
        )
    except limits.TooManyTries:
        raise Throttled(wait=limits.RETRY_AFTER) from None
    except services.UnableToSignIn as error:
        raise Refusal(
            code="not_authenticated",
            message=str(error),
            status_code=status.HTTP_401_UNAUTHORIZED,
        ) from None
    except services.UnableToIssue as error:
        raise Refusal(code="invalid_state", message=str(error)) from None
    answer = {"id": issued.row.pk, "token": issued.token, "expires_at": issued.row.expires_at}
    return Response(NewTokenOut(answer).data, status=status.HTTP_201_CREATED)


@extend_schema(
    operation_id="tokens_list",
    summary="กุญแจของฉันที่ยังใช้ได้",
    parameters=[PageQuery],
    responses=page_schema("Token", TokenOut(many=True)),
)
@api_view(["GET"])
def tokens(request: Request) -> Response:
    own = ApiToken.objects.live(now()).filter(user=person(request))
    return respond_with_page(
        request, own, order=("-pk",), represent=lambda rows: list(TokenOut(rows, many=True).data)
    )


@extend_schema(operation_id="tokens_delete", summary="เพิกถอนกุญแจ", responses={204: None})
@api_view(["DELETE"])
def token_detail(request: Request, pk: UUID) -> Response:
    own = ApiToken.objects.filter(user=person(request), revoked_at__isnull=True, pk=pk).first()
    if own is None:
        raise Http404
    services.revoke_token(token=own, by=person(request), at=now())
    return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(operation_id="me", summary="ฉันคือใคร ทำอะไรได้ที่ไหน", responses=MeOut)
@api_view(["GET"])
def me(request: Request) -> Response:
    user = person(request)
    scopes = Scope.objects.filter(user=user).in_force(localdate()).select_related("agency")
    answer = {"username": user.username, "name": user.name, "scopes": scopes.order_by("area", "pk")}
    return Response(MeOut(answer).data)


@extend_schema(
    operation_id="agencies_list",
    summary="หน่วยงานที่รับเรื่องในพื้นที่ของท่าน",
    parameters=[PageQuery],
    responses=page_schema("Agency", AgencyOut(many=True)),
)
@api_view(["GET"])
def agencies(request: Request) -> Response:
    if not has_anywhere(person(request), Permission.REFERRAL_ANSWER):
        check_has_anywhere(person(request), Permission.REFERRAL_READ)
    return respond_with_page(
        request,
        Agency.objects.active().for_referrals_of(person(request)),
        order=("code",),
        represent=lambda rows: list(AgencyOut(rows, many=True).data),
    )
