"""Columns of scores from 1 to 4, and what the database holds them to."""

from collections.abc import Iterable
from decimal import Decimal

from django.db import models
from django.db.models import Q

from slf.instrument import Capital


def score_field(label: str) -> "models.DecimalField[Decimal | int | str | None, Decimal | None]":
    return models.DecimalField(label, max_digits=3, decimal_places=2, null=True, blank=True)


SCORE_FIELDS = (*(capital.value for capital in Capital), "overall")


def scores_in_range(names: Iterable[str]) -> Q:
    rule = Q()
    for name in names:
        rule &= Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": 1, f"{name}__lte": 4})
    return rule


def overall_needs_all_capitals() -> Q:
    known = Q(overall__isnull=False, level__isnull=False, weakest__isnull=False)
    for capital in Capital:
        known &= Q(**{f"{capital.value}__isnull": False})
    return known | Q(overall__isnull=True, level__isnull=True, weakest__isnull=True)
