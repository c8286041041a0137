"""Keeping what was looked for, and looking again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from areas.models import Area
from casework.models import StoredQuery
from households.models import Household
from households.services import (
    By,
    Hit,
    interpret,
    ranked,
    search_households,
    villages_named,
)
from ppaos.lib.thai_names import matched_span

KEPT_FOR = timedelta(hours=24)
MOST_FOUND = 50
MOST_VILLAGES = 5
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
class FoundRow:
    """A household that fits, and the person by whose name, if it was by name.

    `name` is in three parts: before what fits, what fits, and after. `is_survivor`: the
    code or ID is that of a household which was merged into this one.
    """

    household: Household
    title: str
    name: tuple[str, str, str]
    is_survivor: bool = False

    @property
    def has_name(self) -> bool:
        return any(self.name)

    @property
    def full_name(self) -> str:
        return f"{self.title}{''.join(self.name)}"


@dataclass(frozen=True, slots=True)
class Found:
    """What fits a search, the best first; `is_cut` if there was more.

    `is_alike`: nobody is called so, these are called nearly so. `villages` are called so too.
    """

    by: By
    rows: list[FoundRow]
    is_cut: bool
    is_alike: bool
    villages: list[Area]

    @property
    def households(self) -> list[Household]:
        return [row.household for row in self.rows]


def find(query: StoredQuery, *, by: User, is_near: bool = False) -> Found:
    """Look again for what was looked for: at most MOST_FOUND households, ranked.

    `is_near` looks for names that are nearly so, also where somebody is called exactly so.
    """
    text = query.text or ""
    wanted = interpret(text)
    best = ranked(wanted, by=by, most=MOST_FOUND, is_near=is_near)
    rows = Household.objects.visible_to(by).for_list()
    there = {each.pk: each for each in rows.filter(pk__in=[h.household_id for h in best.hits])}
    by_place = wanted.by in (By.NAME, By.VILLAGE)
    return Found(
        by=wanted.by,
        rows=[_row(there[h.household_id], h) for h in best.hits if h.household_id in there],
        is_cut=best.is_cut,
        is_alike=best.is_alike,
        villages=villages_named(text, by=by, most=MOST_VILLAGES) if by_place else [],
    )


def _row(household: Household, hit: Hit) -> FoundRow:
    span = matched_span(hit.name, hit.key) if hit.key else None
    begin, end = span or (len(hit.name), len(hit.name))
    parts = (hit.name[:begin], hit.name[begin:end], hit.name[end:])
    return FoundRow(household, hit.title, parts, is_survivor=hit.is_survivor)
