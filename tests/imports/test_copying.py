"""What was encoded for COPY is read back as it was."""

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from imports.apply.copying import copy_rows, encode_rows
from imports.apply.lines import make_line
from imports.profiles.columns import INDICATOR_COLUMNS
from problems.rules import pack

KEY = uuid.UUID(int=7)
ROWS: list[tuple[Any, ...]] = [
    (
        1,
        "ก\tข\\",
        True,
        KEY,
        date(2026, 11, 21),
        b"\x00\xff",
        None,
        ["W_A", 'a"b'],
        Decimal("1.50"),
    ),
    (1, "\n", True, KEY, None, b"\x00\xff", None, [], Decimal("1.50")),
    (1, "", False, None, None, b"", None, ["W_A", 'a"b'], Decimal(2)),
]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 2, 3])
def test_rows_are_read_back_as_they_were(count: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE tried (a int, b text, c bool, d uuid, e date, f bytea, g text,"
            " h text[], i numeric) ON COMMIT DROP"
        )
        assert copy_rows("tried", "abcdefghi", ROWS[:count]) == count
        cursor.execute("SELECT * FROM tried")
        found = [
            tuple(bytes(each) if isinstance(each, memoryview) else each for each in row)
            for row in cursor.fetchall()
        ]

    assert found == ROWS[:count]


def test_equal_values_of_other_types_stay_what_they_are() -> None:
    assert encode_rows([(1,), (True,), (1,)]) == ["1", "t", "1"]
    assert encode_rows([]) == []
    at = datetime(2026, 11, 21, tzinfo=UTC)
    assert encode_rows([(at, None), (at, None)]) == [f"{at.isoformat()}\t\\N"] * 2


@given(st.lists(st.sampled_from([None, 0, 1]), min_size=38, max_size=38))
def test_indicators_of_a_line_are_packed_as_everywhere(results: list[int | None]) -> None:
    values = dict(zip(INDICATOR_COLUMNS, results, strict=False))
    line = make_line(row=1, house_key="", area_code="", values=values)

    named = {number: None if each is None else bool(each) for number, each in enumerate(results, 1)}
    assert line.indicators == pack(named)
