"""The figures of an area and year, read from the cells."""

from areas.models import Area
from dashboards.figures import Freshness, Row, Summary
from dashboards.permissions import Person


def years() -> list[int]:
    """Return the years (พ.ศ.) that have figures, the latest first."""
    raise NotImplementedError


def freshness() -> Freshness:
    """Say how current the figures are."""
    raise NotImplementedError


def summary(*, area: Area, year_be: int, user: Person) -> Summary:
    """Return everything about an area and year; small numbers are hidden from who must not see.

    Raises PermissionDenied for who sees no figures, and Area.DoesNotExist outside their area.
    """
    raise NotImplementedError


def breakdown(*, area: Area, year_be: int, user: Person) -> list[Row]:
    """Return the main figures of each area inside `area`, by code."""
    raise NotImplementedError
