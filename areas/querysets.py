from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from areas.models import Area, AreaFigure


def within(prefixes: Iterable[str], *, column: str = "code") -> Q:
    """Return a condition: the area code in `column` starts with one of `prefixes`.

    No prefix, no rows. Prefixes are written as ranges over columns of collation
    C, which the plain B-tree index serves.
    """
    condition = Q(pk__in=[])
    for prefix in prefixes:
        condition |= Q(**{f"{column}__gte": prefix, f"{column}__lt": _after(prefix)})
    return condition


def now_within(prefixes: Iterable[str], *, area: str = "area") -> Q:
    """Fit what was kept under an area that is inside `prefixes`, or has a code in there by now.

    `area` is the foreign key. Two recodes of the same area are followed; the area's row is
    joined, so nothing more is asked.
    """
    prefixes = list(prefixes)
    known_by = (f"{area}_id", f"{area}__successor_id", f"{area}__successor__successor_id")
    condition = Q(pk__in=[])
    for column in known_by:
        condition |= within(prefixes, column=column)
    return condition


def _after(prefix: str) -> str:
    """Return the first code that no longer starts with `prefix` (digits only)."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


class AreaQuerySet(models.QuerySet["Area"]):
    def children_of(self, code: str) -> "AreaQuerySet":
        return self.filter(parent_id=code)

    def under(self, prefixes: Iterable[str]) -> "AreaQuerySet":
        """Narrow to the areas inside the given ones, themselves included."""
        return self.filter(within(prefixes))

    def above(self, codes: Iterable[str]) -> "AreaQuerySet":
        """Narrow to the areas that contain the given ones, themselves included."""
        wanted = {code[:length] for code in codes for length in (2, 4, 6, 8) if len(code) >= length}
        return self.filter(pk__in=wanted)

    def chains(self, codes: Iterable[str]) -> dict[str, "Area"]:
        """Return the given areas and all that contain them by code, linked; one query.

        Each is made once, with level and name only.
        """
        areas = self.above(codes).only("code", "level", "name", "parent_id").order_by("code")
        found: dict[str, Area] = {}
        for area in areas:
            if area.parent_id:
                area.parent = found[area.parent_id]
            found[area.pk] = area
        return found

    def in_force(self) -> "AreaQuerySet":
        return self.filter(valid_to__isnull=True)

    def for_list(self) -> "AreaQuerySet":
        return self.select_related("parent").order_by("code")


class AreaFigureQuerySet(models.QuerySet["AreaFigure"]):
    def under(self, prefixes: Iterable[str]) -> "AreaFigureQuerySet":
        """Narrow to the figures of areas inside the given ones, themselves included."""
        return self.filter(within(prefixes, column="area_id"))

    def current(self) -> "AreaFigureQuerySet":
        """Narrow to what the newest list of each level says."""
        return self.filter(is_current=True)
