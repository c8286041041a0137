"""Where a code or an ID leads that belongs to something which was merged into another."""

from collections.abc import Iterable
from uuid import UUID

from households.models import Household, Member

MOST_MERGES = 20
"""Merges upon merges that are followed."""


def homes_of_merged_ids(indexes: Iterable[bytes]) -> set[UUID]:
    """Return the households of the people whom these IDs were merged into, for no person.

    The caller narrows them to what somebody may read.
    """
    people = Member.objects.filter(citizen_id_index__in=indexes, merged_into__isnull=False)
    found = set(people.values_list("pk", flat=True))
    if not found:
        return set()
    ends = _ends(Member, found)
    homes = Member.objects.filter(pk__in=ends).values_list("household", flat=True)
    return _ends(Household, set(homes))


def homes_of_merged_code(**code: str) -> set[UUID]:
    """Return the households that took in those of this house code or temporary code."""
    gone = Household.objects.filter(**code, merged_into__isnull=False)
    return _ends(Household, {pk for pk in gone.values_list("merged_into", flat=True) if pk})


def _ends(model: type[Household] | type[Member], found: set[UUID]) -> set[UUID]:
    """Follow each row to the one that it is part of by now; most are."""
    for _ in range(MOST_MERGES):
        rows = model._default_manager.filter(pk__in=found, merged_into__isnull=False)
        onward = {pk: into for pk, into in rows.values_list("pk", "merged_into") if into}
        if not onward:
            break
        found = (found - onward.keys()) | set(onward.values())
    return found
