"""Rows that tie what a merge moved to the survivor, to whom it then belongs for good."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Q

from duplicates.models import MergeChange
from duplicates.services.relinking import dependents
from duplicates.workflow import Act
from households.models import Household, Member

Rows = dict[type[models.Model], set[str]]


def model_of(table: str) -> type[models.Model]:
    return next(
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.db_table == table
    )


def ties(changes: Sequence[MergeChange], *, survivor: UUID) -> Iterator[models.Model]:
    """Yield rows that the merge did not touch, on a row which it moved and on what stays.

    Those that were there at the merge are noted in its ledger, so that afterwards only
    what was made since is found.
    """
    moved: Rows = {}
    for change in changes:
        if change.act == Act.MOVED:
            moved.setdefault(model_of(change.table), set()).add(change.row)
    known = {(change.table, change.row) for change in changes}
    going = moved.get(Member, set())
    for model, keys in moved.items():
        for other, column in dependents(model):
            for row in other._base_manager.filter(_points(other, column, keys)).order_by("pk"):
                if (other._meta.db_table, str(row.pk)) not in known and _stays(
                    row, survivor, going
                ):
                    yield row


def _points(model: type[models.Model], column: str, keys: set[str]) -> Q:
    field = next(field for field in model._meta.concrete_fields if field.column == column)
    return Q(**{f"{field.name}__in": sorted(keys)})


def _stays(row: models.Model, survivor: UUID, going: set[str]) -> bool:
    """Say whether the row also points at the survivor, or at a member who stays with it."""
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if value is None or field.related_model is None:
            continue
        if field.related_model is Household and value == survivor:
            return True
        if field.related_model is Member and str(value) not in going:
            return True
    return False
