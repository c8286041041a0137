"""The best of what fits a search, with the part of a name that fits."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from accounts.models import User
from households.models import Household, Member
from households.querysets import HouseholdQuerySet, MemberQuerySet
from households.services.searching import (
    By,
    Wanted,
    bearing,
    matching,
    name_readings,
    provinces_of,
    survivors_of,
)
from ppaos.lib.thai_names import fold, part_likeness
from ppaos.lib.thai_text import name_key

_CANDIDATES = 400
"""People looked at for one question; of more, nobody reads the list."""
_TRIGRAM_LIKENESS = 0.45
"""Share of the typed trigrams (0–1) that a part of a name must hold to be looked at."""
_LEAST_LIKENESS = 0.78
"""From which a part of a name is a slip of the typed one and not another name."""
_COLUMNS = (
    "household_id",
    "household__area_id",
    "name_key",
    "search_key",
    "title",
    "first_name",
    "last_name",
)


class _Person(NamedTuple):
    household_id: UUID
    area_id: str
    name_key: str
    search_key: str
    title: str
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A household that fits; who of it by name, and which key of the name was looked for.

    `is_survivor`: another fits, which was merged into this one.
    """

    household_id: UUID
    title: str = ""
    name: str = ""
    key: str = ""
    is_survivor: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """The hits, the best first. `is_cut`: there are more. `is_alike`: none fits as typed."""

    hits: list[Hit]
    is_cut: bool
    is_alike: bool = False


def ranked(wanted: Wanted, *, by: User, most: int, is_near: bool = False) -> Ranked:
    """Return at most `most` households that `by` may read, the best first.

    A name that is so, then begins so, then contains it, as it is spelled before as it
    sounds. When nobody is called so, or with `is_near`, names that are like it.
    """
    if wanted.by is not By.NAME:
        return _by_mark(wanted, by=by, most=most)
    people = MemberQuerySet(Member).present()
    people = people.filter(household__in=Household.objects.visible_to(by))
    if provinces := provinces_of(by):
        people = people.filter(province_code__in=provinces)
    if not is_near:
        for key in name_readings(wanted):
            if candidates := _called(people, key):
                return _best(candidates, wanted.value, key, most)
    return _alike(people, fold(wanted.value), most)


def _by_mark(wanted: Wanted, *, by: User, most: int) -> Ranked:
    """Return the households of a code, an ID or a place, then those that took in such a one."""
    visible = Household.objects.visible_to(by)
    is_place = wanted.by in (By.HOUSE_NUMBER, By.VILLAGE)
    own = matching(wanted, by=by) if is_place else bearing(visible, wanted)
    pks = _first(own, most)
    hits = [Hit(pk) for pk in pks]
    if survivors := survivors_of(wanted) - set(pks):
        hits += [Hit(pk, is_survivor=True) for pk in _first(visible.filter(pk__in=survivors), most)]
    return Ranked(hits[:most], is_cut=len(hits) > most)


def _first(households: HouseholdQuerySet, most: int) -> list[UUID]:
    rows = households.order_by("area_id", "house_no", "pk").values_list("pk", flat=True)
    return list(rows[: most + 1])


def _called(people: MemberQuerySet, key: str) -> list[_Person]:
    """Return people whose names contain `key`, as many as are looked at.

    Of too many, those first whose names begin so.
    """
    found = _people(people.with_name_part(key))
    if len(found) < _CANDIDATES:
        return found
    return [*_people(people.filter(search_key__startswith=key)), *found][:_CANDIDATES]


def _people(members: MemberQuerySet) -> list[_Person]:
    return [_Person(*row) for row in members.values_list(*_COLUMNS)[:_CANDIDATES]]


def _best(people: Iterable[_Person], typed: str, key: str, most: int) -> Ranked:
    ordered = sorted(people, key=lambda each: (_rank(each, typed, key), *_place(each)))
    return _cut([_hit(each, key) for each in ordered], most)


def _rank(person: _Person, typed: str, key: str) -> int:
    """Return 0 for the whole name, then beginnings, then parts; by sound after by letter."""
    by_letter = (
        person.name_key == typed,
        typed in (name_key(person.first_name), name_key(person.last_name)),
        person.name_key.startswith(typed),
        typed in person.name_key,
        person.search_key == key,
        person.search_key.startswith(key),
    )
    return by_letter.index(True) if True in by_letter else len(by_letter)


def _place(person: _Person) -> tuple[str, UUID]:
    return person.area_id, person.household_id


def _alike(people: MemberQuerySet, key: str, most: int) -> Ranked:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)",
                [str(_TRIGRAM_LIKENESS)],
            )
        found = _people(people.filter(search_key__trigram_word_similar=key))
    scored = [(part_likeness(key, each.search_key), each) for each in found]
    ordered = sorted(
        (pair for pair in scored if pair[0] >= _LEAST_LIKENESS),
        key=lambda pair: (-pair[0], *_place(pair[1])),
    )
    hits = [_hit(each, key) for _, each in ordered]
    cut = _cut(hits, most)
    return Ranked(cut.hits, cut.is_cut, is_alike=True)


def _cut(hits: list[Hit], most: int) -> Ranked:
    """Keep the best hit of each household."""
    once: dict[UUID, Hit] = {}
    for hit in hits:
        once.setdefault(hit.household_id, hit)
    best = list(once.values())
    return Ranked(best[:most], is_cut=len(best) > most)


def _hit(person: _Person, key: str) -> Hit:
    name = f"{person.first_name} {person.last_name}".strip()
    return Hit(person.household_id, person.title, name, key)
