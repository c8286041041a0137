"""Keeping what was looked for, the only thing that this app writes; and looking again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from casework.models import StoredQuery
from households.models import Household
from households.services import By, interpret, matching, search_households

KEPT_FOR = timedelta(hours=24)
MOST_FOUND = 50
LONGEST = 100
"""Characters of a search that are looked at."""


@transaction.atomic
def store_query(*, text: str, by: User, at: datetime) -> StoredQuery:
    """Keep a search for a day and record that it was made. Older ones that ran out are deleted.

    Raises PermissionDenied, and households.services.UnableToSearch if nothing can
    be looked for with this text.
    """
    wanted = interpret(text[:LONGEST])
    query = StoredQuery(owner=by, text=text[:LONGEST], created_at=at, expires_at=at + KEPT_FOR)
    search_households(wanted=wanted, by=by, at=at, search_id=query.pk)
    StoredQuery.objects.expired(at=at).delete()
    query.save(force_insert=True)
    return query


@dataclass(frozen=True, slots=True)
class Found:
    """The households that fit a search, the best first; `is_cut` if there were more."""

    by: By
    households: list[Household]
    is_cut: bool


def find(query: StoredQuery, *, by: User) -> Found:
    """Look again for what was looked for: at most MOST_FOUND households, ranked.

    Somebody called exactly so comes before a name that begins so, and that before
    a name that contains it.
    """
    wanted = interpret(query.text or "")
    rows = matching(wanted, by=by).for_list()
    ordered = (
        rows.best_name_first(wanted.value)
        if wanted.by is By.NAME
        else rows.order_by("area_id", "pk")
    )
    households = list(ordered[: MOST_FOUND + 1])
    return Found(wanted.by, households[:MOST_FOUND], is_cut=len(households) > MOST_FOUND)
