"""Households that several imports say: what an import only said once more is noted nowhere else."""

import uuid

from django.db import connection
from django.db.models import Q

from imports.models import ImportBatch
from imports.workflow import Action, Phase, State

# By the key of the household, which has an index: it is the same in all lists of a kind.
_CONFIRMED = """
    SELECT DISTINCT r.household_id
    FROM imports_importrow m
    JOIN imports_importrow r ON r.batch_id = ANY(%(others)s::uuid[])
        AND r.house_key = m.house_key AND r.household_id = m.household_id
        AND r.is_applied AND r.action = %(unchanged)s
    WHERE m.batch_id = %(batch)s
"""
_LEFT = """
    SELECT DISTINCT a.household_key
    FROM imports_importbatch b
    JOIN imports_importadded a ON a.batch_id = b.id
    JOIN imports_importrow r ON r.household_id = a.household_key AND r.batch_id = %(batch)s
    WHERE b.state = %(undone)s AND a.conflict = %(reason)s AND NOT a.is_undone
    ORDER BY a.household_key
"""
_IN_THE_REGISTER = (State.APPLYING, State.APPLIED)


def confirmed_by_others(batch: ImportBatch) -> set[uuid.UUID]:
    """Return the households of its lines that later imports, and these stand, found unchanged.

    Asked once for a whole undo.
    """
    began = batch.chunks.filter(phase=Phase.APPLY).order_by("number").first()
    if began is None:
        return set()
    standing = ImportBatch.objects.filter(state__in=_IN_THE_REGISTER).exclude(pk=batch.pk)
    later = standing.filter(Q(applied_at__isnull=True) | Q(applied_at__gt=began.committed_at))
    others = [str(key) for key in later.values_list("pk", flat=True)]
    if not others:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            _CONFIRMED,
            {"batch": batch.pk, "others": others, "unchanged": Action.UNCHANGED.value},
        )
        return {key for (key,) in cursor.fetchall()}


def left_for(batch: ImportBatch, *, reason: str) -> list[uuid.UUID]:
    """Return the households of its lines that imports taken back left in the register for it."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, {"batch": batch.pk, "undone": State.UNDONE.value, "reason": reason})
        return [key for (key,) in cursor.fetchall()]
