"""The one list shape of the API: {"next", "previous", "results"}."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from ppaos.web.paging import keyset_page

Row = TypeVar("Row", bound=Model)
PAGE_SIZE = 50
MAX_PAGE_SIZE = 1_000


class PageQuery(serializers.Serializer[Any]):
    """The query parameters that every list takes."""

    page_size = serializers.IntegerField(min_value=1, required=False)
    cursor = serializers.CharField(max_length=500, required=False)


def respond_with_page(
    request: Request,
    queryset: QuerySet[Row],
    *,
    order: Sequence[str],
    represent: Callable[[list[Row]], list[Any]],
    max_page_size: int = MAX_PAGE_SIZE,
) -> Response:
    """Answer with one keyset page of `queryset`; sizes over the limit become the limit."""
    query = PageQuery(data=request.query_params)
    query.is_valid(raise_exception=True)
    size = min(query.validated_data.get("page_size", PAGE_SIZE), max_page_size)
    cursor = query.validated_data.get("cursor")
    page = keyset_page(queryset, order=order, cursor=cursor, size=size)
    return Response(
        {
            "next": _link(request, page.next_cursor),
            "previous": _link(request, page.previous_cursor),
            "results": represent(page.rows),
        }
    )


def _link(request: Request, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    return replace_query_param(request.build_absolute_uri(), "cursor", cursor)


def page_schema(name: str, item: serializers.BaseSerializer[Any]) -> serializers.Serializer[Any]:
    """Return the serializer that documents a page of `item`."""
    fields = {
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": item,
    }
    page: type[serializers.Serializer[Any]] = type(f"{name}Page", (serializers.Serializer,), fields)
    return page()


def check(serializer: serializers.Serializer[Any]) -> dict[str, Any]:
    """Return the validated data, or raise the 400 of the contract."""
    serializer.is_valid(raise_exception=True)
    data = serializer.validated_data
    if not isinstance(data, dict):
        raise ValidationError("ต้องเป็นวัตถุ JSON")
    return data
