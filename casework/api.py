"""Lists and search over the API: they filter by what any room of the house knows."""

from typing import Any

from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.exceptions import Throttled, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import home_area, person
from audit.services import record
from households import api as households_api
from households import services
from households.api import HouseholdBrief, HouseholdIn, HouseholdOut
from households.models import Household
from households.querysets import HouseholdQuerySet
from households.services import Wanted
from households.workflow import Stage
from ppaos.web.api_paging import PageQuery, check, page_schema, respond_with_page
from problems.models import Problem
from problems.rules import Dimension
from slf.instrument import Group
from slf.models import LivelihoodProfile

NEWEST_FIRST = ("-pk",)


class Narrowing(serializers.Serializer[Any]):
    """What lists and search can be narrowed by."""

    area = serializers.RegexField(r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{8})$", required=False)
    stage = serializers.ChoiceField(choices=Stage.choices(), required=False)
    group = serializers.ChoiceField(choices=Group.choices(), required=False)
    dimension = serializers.ChoiceField(choices=Dimension.choices(), required=False)
    level = serializers.IntegerField(min_value=1, max_value=4, required=False)


class ListQuery(PageQuery, Narrowing):
    house_code = serializers.CharField(max_length=20, required=False)


class SearchIn(Narrowing):
    """Exactly one of the first four."""

    q = serializers.CharField(max_length=100, required=False)
    house_code = serializers.CharField(max_length=20, required=False)
    citizen_id = serializers.CharField(max_length=40, required=False)
    name = serializers.CharField(max_length=100, required=False)


def narrowed(households: HouseholdQuerySet, by: dict[str, Any]) -> HouseholdQuerySet:
    """Narrow to an area, a stage, a livelihood group or level, or an open problem."""
    if "area" in by:
        households = households.in_area(by["area"])
    if "stage" in by:
        households = households.filter(stage=by["stage"])
    if "group" in by or "level" in by:
        profiles = LivelihoodProfile.objects.current()
        if "group" in by:
            profiles = profiles.filter(group=by["group"])
        if "level" in by:
            profiles = profiles.filter(assessment__level=by["level"])
        households = households.filter(pk__in=profiles.values("household"))
    if "dimension" in by:
        open_problems = Problem.objects.open().filter(dimension=by["dimension"])
        households = households.filter(pk__in=open_problems.values("household"))
    return households


@extend_schema(
    methods=["GET"],
    operation_id="households_list",
    summary="รายชื่อครัวเรือน",
    parameters=[ListQuery],
    responses=page_schema("Household", HouseholdBrief(many=True)),
)
@extend_schema(
    methods=["POST"],
    operation_id="households_register",
    summary="เพิ่มครัวเรือนตกหล่น",
    request=HouseholdIn,
    responses={201: HouseholdOut},
)
@api_view(["GET", "POST"])
def collection(request: Request) -> Response:
    if request.method == "POST":
        return households_api.create(request)
    query = check(ListQuery(data=request.query_params))
    households = Household.objects.visible_to(person(request))
    if "house_code" in query:
        households = services.matching(
            _understood(services.as_house_code, query["house_code"], "house_code"),
            by=person(request),
        )
    return _page(request, narrowed(households, query), query)


@extend_schema(
    operation_id="households_search",
    summary="ค้นหาครัวเรือน",
    parameters=[PageQuery],
    request=SearchIn,
    responses=page_schema("FoundHousehold", HouseholdBrief(many=True)),
)
@api_view(["POST"])
def search(request: Request) -> Response:
    query = check(SearchIn(data=request.data))
    try:
        found = services.search_households(wanted=_wanted(query), by=person(request), at=now())
    except services.UnableToSearchSoOften as error:
        raise Throttled(wait=services.HOUR.total_seconds(), detail=str(error)) from None
    return _page(request, narrowed(found, query), query)


def _wanted(query: dict[str, Any]) -> Wanted:
    readings = {
        "q": services.interpret,
        "house_code": services.as_house_code,
        "citizen_id": services.as_citizen_id,
        "name": services.as_name,
    }
    given = [name for name in readings if name in query]
    if len(given) != 1:
        raise ValidationError({"q": ["ระบุ q, house_code, citizen_id หรือ name อย่างใดอย่างหนึ่ง"]})
    return _understood(readings[given[0]], query[given[0]], given[0])


def _understood(read: Any, text: str, field: str) -> Wanted:
    try:
        wanted: Wanted = read(text)
    except services.UnableToSearch as error:
        raise ValidationError({field: [str(error)]}) from None
    return wanted


def _page(request: Request, households: HouseholdQuerySet, query: dict[str, Any]) -> Response:
    """Answer with a page of the list, and record that it was read."""
    response = respond_with_page(
        request, households.for_list(), order=NEWEST_FIRST, represent=_represent
    )
    record(
        event="households.listed",
        by=person(request),
        at=now(),
        area=query.get("area") or home_area(person(request)),
        detail={"rows": len(response.data["results"])},
    )
    return response


def _represent(households: list[Household]) -> list[Any]:
    return list(HouseholdBrief(households, many=True).data)
