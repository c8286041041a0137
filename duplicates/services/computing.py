"""What rooms above compute of a household is computed again when two become one.

They are named in the settings, since this room knows none of them. What they write is in
the ledger of the merge, so that it goes when the merge is taken back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

from accounts.models import User
from duplicates.models import Merge, MergeChange
from duplicates.services.ledger import Ledger, put_back, row_values
from duplicates.workflow import Act
from households.models import Household


@dataclass(frozen=True, slots=True)
class Computed:
    """A table of what is computed, how, and the column of when a person decided otherwise."""

    model: type[models.Model]
    again: str
    decided_at: str

    def rows_of(self, household: object) -> Any:
        return self.model._base_manager.filter(household=household).order_by("pk")

    def compute(self, household: Household, *, by: User, at: datetime) -> None:
        import_string(self.again)(household=household, by=by, at=at)


def all_computed() -> Iterator[Computed]:
    for label, names in settings.COMPUTED_OF_HOUSEHOLDS.items():
        yield Computed(apps.get_model(label), names["again"], names["decided_at"])


def compute_again(ledger: Ledger, household: Household, *, by: User, at: datetime) -> None:
    """Compute all of the household, and note what that wrote."""
    for each in all_computed():
        columns = [
            str(field.column)
            for field in each.model._meta.concrete_fields
            if not (field.primary_key or field.generated)
        ]
        before = {
            row.pk: row_values(each.model, row.pk, columns) for row in each.rows_of(household)
        }
        for key in before:
            if not ledger.knows(each.model, key):
                ledger.kept(each.model, key)
        each.compute(household, by=by, at=at)
        for row in each.rows_of(household):
            if row.pk not in before:
                ledger.added(row)
            else:
                ledger.changed_by_others(each.model, row.pk, columns, before=before[row.pk])


def compute(household: Household, *, by: User, at: datetime) -> None:
    """Compute all of the household."""
    for each in all_computed():
        each.compute(household, by=by, at=at)


def is_computed(change: MergeChange) -> bool:
    """Say whether the line is of what a merge computed, not of what it moved."""
    tables = {each.model._meta.db_table for each in all_computed()}
    return change.table in tables and change.act in (Act.ADDED, Act.CHANGED)


def decided_since(merge: Merge, changes: Sequence[MergeChange]) -> list[str]:
    """Say where a person decided otherwise since: that is not lost by taking a merge back."""
    return [
        f"{each.model._meta.verbose_name}: มีผู้กำหนดเองหลังจากรวม ให้ยกเลิกการกำหนดนั้นก่อน"
        for each in all_computed()
        if any(
            (getattr(row, each.decided_at) or merge.merged_at) > merge.merged_at
            for row in _since(each, merge, changes)
        )
    ]


def forget_computed(merge: Merge, changes: Sequence[MergeChange]) -> bool:
    """Put back what stood before the merge; True if more was computed since."""
    is_stale = False
    for each in all_computed():
        since = _since(each, merge, changes)
        written = [c for c in changes if is_computed(c) and c.table == each.model._meta.db_table]
        is_stale |= {str(row.pk) for row in since} != {
            change.row for change in written if change.act == Act.ADDED
        }
        each.model._base_manager.filter(pk__in=[row.pk for row in since]).delete()
        for change in written:
            if change.act == Act.CHANGED:
                assert change.before is not None
                put_back(each.model, change.row, change.columns, change.before)
    return is_stale


def _since(each: Computed, merge: Merge, changes: Sequence[MergeChange]) -> list[Any]:
    """Return what was computed of the survivor in the merge and after it.

    What another merge moved here was computed of another household.
    """
    table = each.model._meta.db_table
    stood = {c.row for c in changes if c.table == table and c.act != Act.ADDED}
    others = MergeChange.objects.filter(
        merge__in=Merge.objects.standing().exclude(pk=merge.pk).filter(survivor=merge.survivor_id),
        table=table,
        act=Act.MOVED,
    )
    stood |= set(others.values_list("row", flat=True))
    return [row for row in each.rows_of(merge.survivor_id) if str(row.pk) not in stood]
