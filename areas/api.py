from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from areas.models import Area, Level
from ppaos.web.api_paging import PageQuery, check, page_schema, respond_with_page


class AreaOut(serializers.ModelSerializer[Area]):
    # A field of this name hides DRF's own attribute, which its metaclass allows.
    parent = serializers.CharField(source="parent_id", allow_null=True)  # type: ignore[assignment]

    class Meta:
        model = Area
        fields = ["code", "level", "name", "parent", "aliases", "is_municipal", "origin"]


class AreaQuery(PageQuery):
    # As above: the contract's name of the filter is DRF's own attribute.
    parent = serializers.RegexField(r"^[0-9]{2,6}$", required=False)  # type: ignore[assignment]
    level = serializers.ChoiceField(choices=Level.choices, required=False)


@extend_schema(
    operation_id="areas_list",
    summary="พื้นที่การปกครอง",
    parameters=[AreaQuery],
    responses=page_schema("Area", AreaOut(many=True)),
)
@api_view(["GET"])
def collection(request: Request) -> Response:
    query = check(AreaQuery(data=request.query_params))
    areas = Area.objects.in_force()
    if "parent" in query:
        areas = areas.children_of(query["parent"])
    if "level" in query:
        areas = areas.filter(level=query["level"])
    return respond_with_page(request, areas, order=("code",), represent=_represent)


def _represent(areas: list[Area]) -> list[Any]:
    return list(AreaOut(areas, many=True).data)
