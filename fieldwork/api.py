"""Field work over the API: who visits what, one's own work, coverage and errors."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.permissions import has_in, home_area, person
from accounts.roles import Permission
from audit.services import record
from fieldwork import permissions, services
from fieldwork.coverage import Coverage, GroupCount, total
from fieldwork.models import Assignment
from ppaos.web.api_errors import Refusal
from ppaos.web.api_paging import PageQuery, check, page_schema, respond_with_page

_AREA = r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{8})$"


class AssignmentIn(serializers.Serializer[Any]):
    """Villages whole, as far as nobody has them, or single households, also again."""

    surveyor = serializers.UUIDField()
    due_on = serializers.DateField()
    villages = serializers.ListField(
        child=serializers.RegexField(r"^([0-9]{6}|[0-9]{8})$"), required=False, max_length=500
    )
    households = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=services.MOST_AT_ONCE
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if bool(attrs.get("villages")) == bool(attrs.get("households")):
            raise ValidationError("ระบุ villages หรือ households อย่างใดอย่างหนึ่ง")
        return attrs


class AssignedOut(serializers.Serializer[Any]):
    assigned = serializers.IntegerField()


class AssignmentOut(serializers.ModelSerializer[Assignment]):
    is_visited = serializers.BooleanField()
    area = serializers.CharField(source="household.area_id")

    class Meta:
        model = Assignment
        fields = ["id", "household", "area", "surveyor", "due_on", "assigned_at", "is_visited"]


class AssignmentQuery(PageQuery):
    area = serializers.RegexField(_AREA, required=False)
    surveyor = serializers.UUIDField(required=False)
    open = serializers.BooleanField(required=False, default=False)


@extend_schema(
    methods=["GET"],
    operation_id="assignments_list",
    summary="งานภาคสนามที่มอบหมาย",
    parameters=[AssignmentQuery],
    responses=page_schema("Assignment", AssignmentOut(many=True)),
)
@extend_schema(
    methods=["POST"],
    operation_id="assignments_create",
    summary="มอบหมายหมู่บ้านหรือครัวเรือน",
    request=AssignmentIn,
    responses={201: AssignedOut},
)
@api_view(["GET", "POST"])
def assignments(request: Request) -> Response:
    if request.method == "POST":
        return _assign(request)
    permissions.check_can_see_work(person(request))
    query = check(AssignmentQuery(data=request.query_params))
    rows = Assignment.objects.visible_to(person(request)).standing().with_visit()
    if query["open"]:
        rows = rows.open()
    if "area" in query:
        rows = rows.in_area(query["area"])
    if "surveyor" in query:
        rows = rows.filter(surveyor=query["surveyor"])
    return _listed(request, rows)


def _listed(request: Request, rows: Any) -> Response:
    response = respond_with_page(
        request,
        rows.select_related("household"),
        order=("due_on", "pk"),
        represent=lambda found: list(AssignmentOut(found, many=True).data),
    )
    user = person(request)
    record(
        event="assignments.listed",
        by=user,
        at=now(),
        area=home_area(user),
        detail={"rows": len(response.data["results"])},
    )
    return response


def _assign(request: Request) -> Response:
    user = person(request)
    permissions.check_can_assign(user)
    data = check(AssignmentIn(data=request.data))
    common = {"due_on": data["due_on"], "by": user, "at": now()}
    try:
        surveyor = _surveyor(data["surveyor"])
        if data.get("villages"):
            given = services.assign_villages(
                village_codes=data["villages"], surveyor=surveyor, **common
            )
        else:
            given = services.assign_households(
                household_ids=data["households"], surveyor=surveyor, **common
            )
    except services.UnableToAssign as error:
        if error.field:
            raise ValidationError({error.field: [str(error)]}) from None
        raise Refusal(code="invalid_state", message=str(error)) from None
    return Response({"assigned": given}, status=status.HTTP_201_CREATED)


def _surveyor(pk: UUID) -> User:
    """Return who is to visit; that nobody works elsewhere is checked by the service."""
    found = User.objects.get_queryset().filter(pk=pk, is_active=True).first()
    if found is None:
        raise services.UnableToAssign("ไม่พบผู้สำรวจคนนี้", field="surveyor")
    return found


@extend_schema(
    operation_id="work_list",
    summary="งานที่ค้างของตนเอง เรียงตามกำหนด",
    parameters=[PageQuery],
    responses=page_schema("WorkList", AssignmentOut(many=True)),
)
@api_view(["GET"])
def work_list(request: Request) -> Response:
    user = person(request)
    permissions.check_can_see_work(user)
    return _listed(request, Assignment.objects.visible_to(user).open().filter(surveyor=user))


# ---- coverage ----------------------------------------------------------------------------
class GroupOut(serializers.Serializer[Any]):
    households = serializers.IntegerField()
    visited = serializers.IntegerField()
    poor = serializers.IntegerField()
    not_poor = serializers.IntegerField()
    coverage = serializers.CharField(allow_null=True)


class CoverageRowOut(serializers.Serializer[Any]):
    """Shares of 1 as text with four decimals; null where there is nothing to divide by."""

    area = serializers.CharField()
    tpmap = GroupOut()
    missed = GroupOut()
    vulnerable = GroupOut()
    everyone = GroupOut()
    poor_outside = serializers.IntegerField()
    inclusion_error = serializers.CharField(allow_null=True)
    exclusion_error = serializers.CharField(allow_null=True)


class CoverageOut(serializers.Serializer[Any]):
    year_be = serializers.IntegerField()
    total = CoverageRowOut()
    areas = CoverageRowOut(many=True)


class CoverageQuery(serializers.Serializer[Any]):
    """`year_be` is the year of the TPMAP list, 0 for every year; the newest if left out."""

    area = serializers.RegexField(_AREA, required=False)
    year_be = serializers.IntegerField(required=False, min_value=0, max_value=2699)


@extend_schema(
    operation_id="coverage_read",
    summary="ความครอบคลุม รั่วไหล และตกหล่น",
    parameters=[CoverageQuery],
    responses=CoverageOut,
)
@api_view(["GET"])
def coverage(request: Request) -> Response:
    user = person(request)
    permissions.check_can_see_work(user)
    query = check(CoverageQuery(data=request.query_params))
    code = query.get("area") or home_area(user)
    if not code or not has_in(user, Permission.HOUSEHOLD_READ, code):
        raise PermissionDenied("ท่านไม่มีสิทธิดูพื้นที่นี้")
    year_be = query.get("year_be", services.newest_list_year(code))
    rows = services.coverage_by_area(area_code=code, year_be=year_be, digits=min(8, len(code) + 2))
    return Response(
        {
            "year_be": year_be,
            "total": _row(total(rows, code=code)),
            "areas": [_row(row) for row in rows],
        }
    )


def _row(row: Coverage) -> Mapping[str, Any]:
    return {
        "area": row.code,
        "tpmap": _group(row.tpmap),
        "missed": _group(row.missed),
        "vulnerable": _group(row.vulnerable),
        "everyone": _group(row.everyone),
        "poor_outside": row.poor_outside,
        "inclusion_error": _text(row.inclusion_error),
        "exclusion_error": _text(row.exclusion_error),
    }


def _group(group: GroupCount) -> Mapping[str, Any]:
    return {
        "households": group.households,
        "visited": group.visited,
        "poor": group.poor,
        "not_poor": group.not_poor,
        "coverage": _text(group.coverage),
    }


def _text(share: Any) -> str | None:
    return None if share is None else str(share)
