"""The board of the data's quality, and the rows behind it, for programs."""

from typing import Any

from django.http import Http404
from django.utils.timezone import localdate
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import person
from areas.models import Area
from ppaos.web.api_paging import PageQuery, check, page_schema, respond_with_page
from quality import permissions, services
from quality.rules import RULES, Severity
from quality.services.asking import PROVINCE_DIGITS

AREA = r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{8})$"


class QualityQuery(serializers.Serializer[Any]):
    area = serializers.RegexField(AREA, required=False)


class QualityRowsQuery(PageQuery):
    area = serializers.RegexField(AREA, required=False)
    rule = serializers.ChoiceField(choices=sorted(RULES), required=False)


class QualityRuleOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    severity = serializers.ChoiceField(choices=Severity.choices())
    version = serializers.IntegerField()
    threshold = serializers.IntegerField(allow_null=True)
    found = serializers.IntegerField()


class QualityAreaOut(serializers.Serializer[Any]):
    area = serializers.CharField()
    found = serializers.IntegerField()
    serious = serializers.IntegerField()


class QualityOut(serializers.Serializer[Any]):
    area = serializers.CharField()
    counted_at = serializers.DateTimeField(allow_null=True)
    rules = QualityRuleOut(many=True)
    areas = QualityAreaOut(many=True)


class QualityRowOut(serializers.Serializer[Any]):
    """A row that breaks the rule; `member` is null where the rule is about the household."""

    rule = serializers.CharField()
    household = serializers.UUIDField()
    member = serializers.UUIDField(allow_null=True)
    version = serializers.IntegerField()


@extend_schema(
    operation_id="quality_board",
    summary="จำนวนรายการที่ผิดกติกาคุณภาพข้อมูลของพื้นที่",
    parameters=[QualityQuery],
    responses=QualityOut,
)
@api_view(["GET"])
def board(request: Request) -> Response:
    user = person(request)
    permissions.check_can_see(user)
    area = _area(check(QualityQuery(data=request.query_params)), request)
    found = services.board(area=area, by=user)
    return Response(
        {
            "area": area.pk,
            "counted_at": found.counted_at,
            "rules": [
                {
                    "code": line.rule.code,
                    "title": line.rule.title,
                    "severity": line.rule.severity.value,
                    "version": line.rule.version,
                    "threshold": line.standing.threshold if line.rule.threshold else None,
                    "found": line.found,
                }
                for line in found.lines
            ],
            "areas": [
                {"area": line.area.pk, "found": line.found, "serious": line.serious}
                for line in found.areas
            ],
        }
    )


@extend_schema(
    operation_id="quality_rows",
    summary="รายการที่ผิดกติกาคุณภาพข้อมูล",
    parameters=[QualityRowsQuery],
    responses=page_schema("QualityRows", QualityRowOut(many=True)),
)
@api_view(["GET"])
def violations(request: Request) -> Response:
    user = person(request)
    permissions.check_can_see(user)
    query = check(QualityRowsQuery(data=request.query_params))
    area = _area(query, request)
    code = query.get("rule") or next(iter(RULES))
    province = area.pk[:PROVINCE_DIGITS]
    standing = next(one for one in services.standing_rules(province) if one.rule.code == code)
    ask = services.ask_in(standing, [area.pk], today=localdate())
    of_members = standing.rule.of_members
    rows = services.rows_of(standing, ask, user=user)
    return respond_with_page(
        request,
        rows.defer("citizen_id").select_related("household") if of_members else rows,
        order=["household__area_id", "pk"] if of_members else ["area_id", "pk"],
        represent=lambda found: [_row(code, row, of_members=of_members) for row in found],
    )


def _row(code: str, row: Any, *, of_members: bool) -> dict[str, Any]:
    return {
        "rule": code,
        "household": row.household_id if of_members else row.pk,
        "member": row.pk if of_members else None,
        "version": row.version,
    }


def _area(query: dict[str, Any], request: Request) -> Area:
    user = person(request)
    code = query.get("area") or permissions.home_of(user)
    area = Area.objects.filter(pk=code).first()
    if area is None or not permissions.sees_area(user, code):
        raise Http404
    return area
