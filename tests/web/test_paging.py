import base64
import json

import pytest
from django.core.exceptions import BadRequest

from areas.models import Area, Level
from audit.models import Event
from ppaos.web.paging import KeysetPage, keyset_page

pytestmark = pytest.mark.django_db
CODES = [f"{number}" for number in range(10, 23)]


@pytest.fixture(autouse=True)
def provinces() -> None:
    Area.objects.bulk_create(
        Area(code=code, level=Level.PROVINCE, name="คู่" if code < "16" else "คี่") for code in CODES
    )


def page(cursor: str | None, order: tuple[str, ...], size: int = 5) -> KeysetPage[Area]:
    return keyset_page(Area.objects.all(), order=order, cursor=cursor, size=size)


@pytest.mark.parametrize("order", [("pk",), ("-pk",), ("name", "code"), ("-name", "-code")])
def test_walking_forward_and_back_meets_every_row_once(order: tuple[str, ...]) -> None:
    expected = list(Area.objects.order_by(*order).values_list("pk", flat=True))

    there, cursor, pages = [], None, []
    while True:
        shown = page(cursor, order)
        pages.append(shown)
        there += [row.pk for row in shown.rows]
        cursor = shown.next_cursor
        if cursor is None:
            break
    assert there == expected
    assert pages[0].previous_cursor is None

    back = [row.pk for row in pages[-1].rows]
    cursor = pages[-1].previous_cursor
    while cursor is not None:
        shown = page(cursor, order)
        back = [row.pk for row in shown.rows] + back
        cursor = shown.previous_cursor
    assert back == expected


def test_one_query_and_no_page_after_the_last_row(django_assert_num_queries: object) -> None:
    assert page(None, ("pk",), size=13).next_cursor is None
    assert page(None, ("pk",), size=12).next_cursor is not None
    Area.objects.all().delete()
    empty = page(None, ("pk",))
    assert (empty.rows, empty.next_cursor, empty.previous_cursor) == ([], None, None)


@pytest.mark.parametrize("cursor", ["x", "!!", "e30", "W10", "WzEsMl0", "W2ZhbHNlLG51bGxd", "ก"])
def test_a_cursor_from_elsewhere_is_refused(cursor: str) -> None:
    with pytest.raises(BadRequest):
        page(cursor, ("pk",))


def forged(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps([False, *values]).encode()).decode()


@pytest.mark.parametrize("value", ["zz", "\ud800", 10**300, "-1"])
def test_a_cursor_whose_values_no_column_takes_is_refused(value: object) -> None:
    for order in (("-at", "-pk"), ("pk",)):
        with pytest.raises(BadRequest):
            keyset_page(
                Event.objects.all(), order=order, cursor=forged(*[value] * len(order)), size=5
            )


def test_a_cursor_of_endless_brackets_is_refused() -> None:
    with pytest.raises(BadRequest):
        page(base64.urlsafe_b64encode(b"[" * 100_000).decode(), ("pk",))
