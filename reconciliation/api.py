"""The board of lists of an area and year, for programs."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import person
from areas.models import Area
from ppaos.web.api_paging import check
from reconciliation import figures, permissions, queries
from reconciliation.figures import LISTS, Count

EARLIEST_YEAR_BE, LATEST_YEAR_BE = 2500, 2699


class ReconciliationQuery(serializers.Serializer[Any]):
    area = serializers.RegexField(r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{8})$", required=False)
    year_be = serializers.IntegerField(
        min_value=EARLIEST_YEAR_BE,
        max_value=LATEST_YEAR_BE,
        required=False,
        help_text="ปีของบัญชี ไม่ระบุ = ปีล่าสุดที่มีบัญชี",
    )


class ListCountOut(serializers.Serializer[Any]):
    """`people` are the members of those households now."""

    households = serializers.IntegerField()
    people = serializers.IntegerField()


class ListOut(ListCountOut):
    code = serializers.ChoiceField(choices=LISTS)


class ListPairOut(serializers.Serializer[Any]):
    """`conflicting` counts households of the other numbers once more."""

    a = serializers.ChoiceField(choices=LISTS)
    b = serializers.ChoiceField(choices=LISTS)
    both = ListCountOut()
    only_a = ListCountOut()
    only_b = ListCountOut()
    conflicting = ListCountOut()


class ListOverlapOut(ListCountOut):
    lists = serializers.ListField(child=serializers.ChoiceField(choices=LISTS))


class ReconciliationOut(serializers.Serializer[Any]):
    area = serializers.CharField()
    year_be = serializers.IntegerField(allow_null=True)
    lists = ListOut(many=True)
    pairs = ListPairOut(many=True)
    overlaps = ListOverlapOut(many=True)
    field_only = ListCountOut()


@extend_schema(
    operation_id="reconciliation_board",
    summary="กระทบยอดบัญชีของพื้นที่และปี",
    parameters=[ReconciliationQuery],
    responses=ReconciliationOut,
)
@api_view(["GET"])
def board(request: Request) -> Response:
    user = person(request)
    permissions.check_can_see(user)
    query = check(ReconciliationQuery(data=request.query_params))
    code = query.get("area") or permissions.home_of(user)
    if not permissions.sees_area(user, code) or not Area.objects.filter(pk=code).exists():
        raise Http404
    year_be = query.get("year_be") or next(iter(queries.years_in(queries.list_figures(code))), None)
    signs = queries.signatures(code, year_be) if year_be else []
    there = figures.lists_there(signs)
    return Response(
        {
            "area": code,
            "year_be": year_be,
            "lists": [{"code": one} | _count(_on(signs, one)) for one in there],
            "pairs": [
                {
                    "a": one.a,
                    "b": one.b,
                    "both": _count(one.both),
                    "only_a": _count(one.only_a),
                    "only_b": _count(one.only_b),
                    "conflicting": _count(one.conflicting),
                }
                for one in figures.pairs(signs, there)
            ],
            "overlaps": [
                {"lists": list(codes)} | _count(found) for codes, found in figures.overlaps(signs)
            ],
            "field_only": _count(figures.count(signs, figures.is_field_only)),
        }
    )


def _on(signs: list[figures.Signature], code: str) -> Count:
    return figures.count(signs, lambda one: one.on(code))


def _count(found: Count) -> dict[str, int]:
    return {"households": found.households, "people": found.people}
