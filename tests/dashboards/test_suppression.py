"""What is hidden cannot be computed from what is shown: tried out, table by table."""

import itertools
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dashboards.suppression import SHOWN, Hidden, hide_alone, hide_inside, is_small

SMALLEST = 3
"""Lower than in the product, so that every table that could be can be tried."""

Row = tuple[int, ...]


def rows_like(row: Row, hidden: Hidden, *, most: int) -> Iterator[Row]:
    """Yield every row a reader must hold possible who sees the row as it is shown."""
    if not hidden.parts:
        yield row
        return
    totals = range(most + 1) if hidden.total else (sum(row),)
    for total in totals:
        yield from _sums(total, len(row))


def _sums(total: int, parts: int) -> Iterator[Row]:
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in _sums(total - first, parts - 1):
            yield (first, *rest)


def agrees(row: Row, shown: Row, hidden: Hidden) -> bool:
    if not hidden.parts and row != shown:
        return False
    return hidden.total or sum(row) == sum(shown)


def worlds(rows: Sequence[Row], around: Hidden, inside: Sequence[Hidden]) -> Iterator[list[Row]]:
    """Yield every level of areas that looks the same as `rows`, summed up to one area."""
    whole = tuple(map(sum, zip(*rows, strict=True)))
    most = sum(whole) + 1
    *first, last = range(len(rows))
    for chosen in itertools.product(
        *(rows_like(rows[index], inside[index], most=most) for index in first)
    ):
        for row in rows_like(rows[last], inside[last], most=most):
            sums = tuple(map(sum, zip(*chosen, row, strict=True)))
            if agrees(sums, whole, around):
                yield [*chosen, row]


def decide(rows: Sequence[Row]) -> tuple[Hidden, list[Hidden]]:
    whole = [sum(column) for column in zip(*rows, strict=True)]
    around = hide_alone(whole, smallest=SMALLEST)
    inside = hide_inside(
        around, {str(index): row for index, row in enumerate(rows)}, smallest=SMALLEST
    )
    return around, [inside[str(index)] for index in range(len(rows))]


def given_away(rows: Sequence[Row]) -> set[tuple[int, int]]:
    """Return the small numbers of `rows` that have one possible value for a reader.

    (area, column); the column behind the last is the total.
    """
    around, inside = decide(rows)
    width = len(rows[0])
    possible: dict[tuple[int, int], set[int]] = {}
    small = {
        (index, column)
        for index, row in enumerate(rows)
        for column, number in enumerate((*row, sum(row)))
        if is_small(number, smallest=SMALLEST)
    }
    for world in worlds(rows, around, inside):
        for index, column in small:
            row = world[index]
            value = sum(row) if column == width else row[column]
            possible.setdefault((index, column), set()).add(value)
        if all(len(values) > 1 for values in possible.values()) and len(possible) == len(small):
            return set()
    return {cell for cell in small if len(possible[cell]) == 1}


TWO_COLUMNS = list(itertools.product(range(5), repeat=2))


def test_of_all_pairs_of_areas_none_gives_a_small_number_away() -> None:
    told = {
        pair: cells
        for pair in itertools.combinations_with_replacement(TWO_COLUMNS, 2)
        if (cells := given_away(pair))
    }
    assert told == {}


@settings(max_examples=150, deadline=None)
@given(
    st.integers(1, 3).flatmap(
        lambda width: st.lists(
            st.tuples(*[st.integers(0, 4)] * width), min_size=2, max_size=4 if width < 3 else 2
        )
    )
)
def test_no_level_of_areas_gives_a_small_number_away(rows: list[Row]) -> None:
    assume(sum(map(sum, rows)) <= 18)
    assert given_away(rows) == set()


@pytest.mark.parametrize(
    "rows",
    [[(2, 9), (8, 9), (7, 7)], [(0, 1), (0, 9)], [(2,), (7,), (9,)]],
    ids=str,
)
def test_without_a_second_area_subtraction_would_tell(
    rows: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert given_away(rows) == set()
    monkeypatch.setattr("dashboards.suppression._with_a_second", lambda hidden, sizes: hidden)
    assert given_away(rows) != set()


def is_tiny(number: int) -> bool:
    return is_small(number, smallest=SMALLEST)


def three_levels(
    provinces: Sequence[Sequence[Row]],
) -> tuple[Hidden, list[Hidden], list[list[Hidden]]]:
    """Decide for an area, the areas inside it, and the areas inside those."""
    middle = [tuple(map(sum, zip(*rows, strict=True))) for rows in provinces]
    around, inside = decide(middle)
    leaves = []
    for parent, rows in zip(inside, provinces, strict=True):
        named = {str(index): row for index, row in enumerate(rows)}
        found = hide_inside(parent, named, smallest=SMALLEST)
        leaves.append([found[str(index)] for index in range(len(rows))])
    return around, inside, leaves


def deep_worlds(groups: Sequence[Sequence[Row]]) -> Iterator[list[list[Row]]]:
    around, inside, leaves = three_levels(groups)
    middle = [tuple(map(sum, zip(*rows, strict=True))) for rows in groups]
    whole = tuple(map(sum, zip(*middle, strict=True)))
    choices = [
        list(worlds(rows, parent, hidden))
        for rows, parent, hidden in zip(groups, inside, leaves, strict=True)
    ]
    for chosen in itertools.product(*choices):
        sums = [tuple(map(sum, zip(*rows, strict=True))) for rows in chosen]
        if agrees(tuple(map(sum, zip(*sums, strict=True))), whole, around):
            yield list(chosen)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(*[st.integers(0, 4)] * 2), min_size=2, max_size=2),
        min_size=2,
        max_size=2,
    )
)
def test_no_two_levels_together_give_a_small_number_away(groups: list[list[Row]]) -> None:
    assume(sum(sum(row) for rows in groups for row in rows) <= 14)
    small = {
        (group, area, column)
        for group, rows in enumerate(groups)
        for area, row in enumerate(rows)
        for column, number in enumerate(row)
        if is_tiny(number)
    }
    open_ = set(small)
    seen: dict[tuple[int, int, int], int] = {}
    for world in deep_worlds(groups):
        for cell in list(open_):
            group, area, column = cell
            value = world[group][area][column]
            if seen.setdefault(cell, value) != value:
                open_.discard(cell)
        if not open_:
            break
    assert open_ == set()


@given(st.lists(st.integers(0, 60), min_size=1, max_size=6), st.integers(2, 10))
def test_a_small_number_is_never_shown(parts: list[int], smallest: int) -> None:
    hidden = hide_alone(parts, smallest=smallest)
    if any(is_small(part, smallest=smallest) for part in parts):
        assert hidden.parts
    if is_small(sum(parts), smallest=smallest):
        assert hidden == Hidden(parts=True, total=True)


def test_what_is_large_or_nothing_is_shown() -> None:
    assert hide_alone([0, 5, 12], smallest=5) == SHOWN
    assert hide_inside(SHOWN, {"a": [5, 0], "b": [0, 0], "c": [9, 7]}, smallest=5) == {
        "a": SHOWN,
        "b": SHOWN,
        "c": SHOWN,
    }


def test_the_second_area_is_the_smallest_that_has_anything() -> None:
    found = hide_inside(SHOWN, {"a": [2, 9], "b": [30, 9], "c": [8, 8], "d": [0, 0]}, smallest=5)
    assert {area for area, hidden in found.items() if hidden.parts} == {"a", "c"}
    assert {area for area, hidden in found.items() if hidden.total} == set()
