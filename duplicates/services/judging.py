"""What people say of a pair, and the clusters that open pairs make."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from audit.services import record
from duplicates import permissions
from duplicates.models import Candidate
from duplicates.services.errors import UnableToDecide
from duplicates.workflow import Kind, State
from households.models import Household, Member

MOST_SHOWN = 300
"""Open pairs that are put together into clusters at once, the likeliest."""


@dataclass(slots=True)
class Cluster:
    """Households that may be one, or hold one person twice; with the pairs that say so."""

    households: list[Household]
    pairs: list[Candidate] = field(default_factory=list)

    @property
    def score(self) -> int:
        return max(pair.score for pair in self.pairs)

    @property
    def clues(self) -> list[str]:
        return list(dict.fromkeys(label for pair in self.pairs for label in pair.clue_labels))


def clusters(*, by: User, area: str = "") -> list[Cluster]:
    """Return the open pairs that this person may judge, put together, the likeliest first.

    A fixed number of queries. Raises PermissionDenied.
    """
    permissions.check_can_look(by)
    pairs = list(Candidate.objects.visible_to(by).open().likeliest_first()[:MOST_SHOWN])
    ends = homes_of(pairs)
    pairs = [pair for pair in pairs if pair.pk in ends]
    shown = Household.objects.visible_to(by).filter(
        pk__in={h for two in ends.values() for h in two}
    )
    if area:
        shown = shown.in_area(area)
    found = {household.pk: household for household in shown.for_list()}
    pairs = [pair for pair in pairs if found.keys() & set(ends[pair.pk])]
    return _grouped(pairs, ends, found)


def homes_of(pairs: Iterable[Candidate]) -> dict[UUID, tuple[UUID, UUID]]:
    """Return pair → the two households it is about, which may be one. One query."""
    pairs = list(pairs)
    people = {key for pair in pairs if pair.kind == Kind.PERSON for key in (pair.one, pair.other)}
    home = dict(Member.objects.filter(pk__in=people).values_list("pk", "household_id"))
    return {
        pair.pk: (home.get(pair.one, pair.one), home.get(pair.other, pair.other)) for pair in pairs
    }


def _grouped(
    pairs: list[Candidate],
    ends: Mapping[UUID, tuple[UUID, UUID]],
    found: Mapping[UUID, Household],
) -> list[Cluster]:
    """Put pairs together that share a household, directly or over others (union-find)."""
    root: dict[UUID, UUID] = {}

    def find(key: UUID) -> UUID:
        while root.setdefault(key, key) != key:
            root[key] = root[root[key]]
            key = root[key]
        return key

    for pair in pairs:
        one, other = ends[pair.pk]
        root[find(one)] = find(other)
    members: defaultdict[UUID, set[UUID]] = defaultdict(set)
    inside: defaultdict[UUID, list[Candidate]] = defaultdict(list)
    for pair in pairs:
        one, other = ends[pair.pk]
        members[find(one)] |= {one, other}
        inside[find(one)].append(pair)
    made = [
        Cluster(
            households=sorted(
                (found[key] for key in keys if key in found), key=lambda h: (h.area_id, h.pk)
            ),
            pairs=inside[top],
        )
        for top, keys in members.items()
    ]
    return sorted(made, key=lambda cluster: (-cluster.score, str(cluster.pairs[0].pk)))


@transaction.atomic
def say_distinct(*, candidate: Candidate, reason: str, by: User, at: datetime) -> None:
    """Remember that the two are not the same; they are not proposed again unless one changes.

    Raises PermissionDenied, and UnableToDecide without a reason or if somebody was first.
    """
    households = _households(candidate)
    permissions.check_can_merge(by, *households)
    if not reason.strip():
        raise UnableToDecide("ระบุเหตุผลที่ไม่ใช่รายเดียวกัน เช่น เป็นคู่แฝด หรือตรวจบัตรแล้ว")
    decided = Candidate.objects.open().filter(pk=candidate.pk)
    if (
        decided.update(state=State.DISTINCT, decided_at=at, decided_by=by, reason=reason.strip())
        != 1
    ):
        raise UnableToDecide("มีผู้ตัดสินคู่นี้ไปแล้ว")
    for household in households:
        record(
            event="duplicate.refuted",
            subject=household,
            by=by,
            at=at,
            area=household.area_id,
            reason=reason.strip(),
            detail={"pair": str(candidate.pk), "kind": str(candidate.kind)},
        )


@transaction.atomic
def reopen(*, candidate: Candidate, by: User, at: datetime) -> None:
    """Ask again about a pair that was said to be two. Raises as `say_distinct`."""
    households = _households(candidate)
    permissions.check_can_merge(by, *households)
    changed = Candidate.objects.filter(pk=candidate.pk, state=State.DISTINCT).update(
        state=State.OPEN, decided_at=None, decided_by=None, reason=""
    )
    if changed != 1:
        raise UnableToDecide("คู่นี้รอตรวจอยู่แล้ว")
    for household in households:
        record(
            event="duplicate.reopened",
            subject=household,
            by=by,
            at=at,
            area=household.area_id,
            detail={"pair": str(candidate.pk)},
        )


def _households(candidate: Candidate) -> list[Household]:
    keys = set(homes_of([candidate])[candidate.pk])
    return list(Household.objects.filter(pk__in=keys).order_by("pk"))
