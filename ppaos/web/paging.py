"""Keyset pages: forward and back from a row, no offset and no count."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)
# How a column refuses what a forged cursor holds. AttributeError: a number where a UUID is due.
_NO_VALUE_OF_ITS_COLUMN = (
    ValueError,
    TypeError,
    OverflowError,
    AttributeError,
    ValidationError,
)


@dataclass(frozen=True, slots=True)
class KeysetPage(Generic[Row]):
    """Some rows in order, and the cursors of the pages before and after (None: no such page)."""

    rows: list[Row]
    next_cursor: str | None
    previous_cursor: str | None


def keyset_page(
    queryset: QuerySet[Row],
    *,
    order: Sequence[str],
    cursor: str | None,
    size: int,
    is_secret: bool = False,
) -> KeysetPage[Row]:
    """Return one page of `queryset`, ordered by `order`, at `cursor`; None is the first page.

    `order` names columns that are never null, all with or all without a leading
    minus, the last of them unique. One query of `size` + 1 rows. With `is_secret` the
    cursor tells only the last column, since addresses are logged; then one query more.

    Raises BadRequest for a cursor that this function did not make.
    """
    descending = order[0].startswith("-")
    names = [name.removeprefix("-") for name in order]
    assert all(name.startswith("-") == descending for name in order)
    told = names[-1:] if is_secret else names
    backwards, values = _decode(cursor, len(told)) if cursor else (False, None)

    towards_smaller = descending != backwards
    sign = "-" if towards_smaller else ""
    try:
        if values is not None and is_secret:
            values = _told_by(queryset, names, values)
        if values is not None:
            queryset = queryset.filter(_beyond(names, values, towards_smaller))
        rows = list(queryset.order_by(*(sign + name for name in names))[: size + 1])
    except _NO_VALUE_OF_ITS_COLUMN as error:
        raise BadRequest("ตำแหน่งหน้าไม่ถูกต้อง") from error
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()

    has_next = bool(rows) and (more if not backwards else True)
    has_previous = bool(rows) and (more if backwards else values is not None)
    return KeysetPage(
        rows=rows,
        next_cursor=_encode(False, _values(rows[-1], told)) if has_next else None,
        previous_cursor=_encode(True, _values(rows[0], told)) if has_previous else None,
    )


def _told_by(queryset: QuerySet[Row], names: list[str], values: list[Any]) -> list[Any]:
    found = queryset.filter(**{names[-1]: values[-1]}).values_list(*names).first()
    if found is None:
        raise BadRequest("แถวที่ดูค้างไว้ไม่อยู่ในรายชื่อนี้แล้ว กรุณาเปิดรายชื่อใหม่")
    return list(found)


def _beyond(names: list[str], values: list[Any], smaller: bool) -> Q:
    """Row comparison, written out so that the index on `names` serves it."""
    lookup = "lt" if smaller else "gt"
    condition = Q()
    for position in range(len(names)):
        equal = dict(zip(names[:position], values[:position], strict=True))
        condition |= Q(**equal, **{f"{names[position]}__{lookup}": values[position]})
    return condition & Q(**{f"{names[0]}__{lookup}e": values[0]})


def _values(row: Model, names: list[str]) -> list[Any]:
    values = []
    for name in names:
        value: Any = row
        for part in name.split("__"):
            value = getattr(value, "pk" if part == "pk" else part)
        values.append(value if isinstance(value, int) else str(value))
    return values


def _encode(backwards: bool, values: list[Any]) -> str:
    text = json.dumps([backwards, *values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(cursor: str, width: int) -> tuple[bool, list[Any]]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        backwards, *values = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise BadRequest("ตำแหน่งหน้าไม่ถูกต้อง") from error
    sound = all(isinstance(value, str | int) and "\0" not in str(value) for value in values)
    if not isinstance(backwards, bool) or len(values) != width or not sound:
        raise BadRequest("ตำแหน่งหน้าไม่ถูกต้อง")
    return backwards, values
