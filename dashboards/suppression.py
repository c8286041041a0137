"""Which numbers a reader without the files may not see. No Django, no database.

A **table** is some parts and their total, in each area of a level: households by stage, or
one number alone. A reader sees tables of an area, of the areas around it and inside it, and
may add and subtract them. What is never shown, nor to be computed from what is shown, is any
number from 1 to `smallest` − 1. The reader is taken to know that counts are not negative.

The rule, from the outermost area inwards, for each table by itself:

1. An area with a small number among its parts shows none of them; the total stays, unless it
   is small itself.
2. If in just one area of a level the parts (or the total) are hidden while the level above
   shows its own, the area with the next smallest total hides its too: else subtraction tells.
3. Where parts (or the total) are hidden, they are hidden in every area inside too: else
   addition tells.

Why that is enough: two areas that hide a whole table can exchange a household between two
columns, and no total shown anywhere changes; so no hidden number has but one possible value.
tests/dashboards/test_suppression.py tries all tables that would look the same.

Not covered: who writes figures down on two days, or holds two years against each other, can
subtract one from the other.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hidden:
    """Whether the parts, and whether the total, of one area's table are hidden."""

    parts: bool
    total: bool


SHOWN = Hidden(parts=False, total=False)
Parts = Sequence[int]


def is_small(number: int, *, smallest: int) -> bool:
    return 0 < number < smallest


def hide_alone(parts: Parts, *, smallest: int, also: bool = False) -> Hidden:
    """Decide for the outermost area, with whose neighbours nothing is added up."""
    total = is_small(sum(parts), smallest=smallest)
    some = also or any(is_small(part, smallest=smallest) for part in parts)
    return Hidden(parts=some or total, total=total)


def hide_inside(
    parent: Hidden,
    tables: Mapping[str, Parts],
    *,
    smallest: int,
    also: Collection[str] = (),
) -> dict[str, Hidden]:
    """Decide for the areas that add up to one whose decision is `parent`.

    `also` names areas whose parts must be hidden for another table's sake.
    """
    alone = {
        area: hide_alone(parts, smallest=smallest, also=area in also)
        for area, parts in tables.items()
    }
    sizes = {area: sum(parts) for area, parts in tables.items()}
    totals = (
        set(tables)
        if parent.total
        else _with_a_second({area for area, found in alone.items() if found.total}, sizes)
    )
    parts = (
        set(tables)
        if parent.parts
        else _with_a_second({area for area, found in alone.items() if found.parts} | totals, sizes)
    )
    return {area: Hidden(parts=area in parts, total=area in totals) for area in tables}


def _with_a_second(hidden: set[str], sizes: Mapping[str, int]) -> set[str]:
    """Add the smallest other area that has anything to one that would be hidden alone."""
    there = {area for area in hidden if sizes[area]}
    if len(there) != 1:
        return hidden
    others = sorted((size, area) for area, size in sizes.items() if size and area not in hidden)
    return hidden | {others[0][1]} if others else hidden
