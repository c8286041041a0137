"""What a page needs to put two households, or two people, side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.models import User
from audit.services import record
from duplicates import permissions
from duplicates.models import Candidate, Merge
from duplicates.services.checking import GONE
from duplicates.services.choosing import Field, compare_households, compare_members
from duplicates.services.errors import UnableToMerge
from duplicates.services.folding import Pairing
from duplicates.services.judging import homes_of
from duplicates.services.merging import merge_households, merge_members
from duplicates.workflow import Kind
from households.models import Household, Member
from households.workflow import Stage

_VERIFIED = (Stage.VERIFIED_POOR, Stage.VERIFIED_NOT_POOR, Stage.IN_HELP)


@dataclass(frozen=True, slots=True)
class Match:
    """A member of the household that goes, and who of the survivor's that may be."""

    merged: Member
    suggested: Member | None
    fields: tuple[Field, ...]

    @property
    def prefix(self) -> str:
        """Return what stands before the names of the choices of this pair."""
        return f"of-{self.merged.pk}-"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two households side by side; or, when both are one, two of its members."""

    candidate: Candidate
    survivor: Household
    merged: Household
    fields: tuple[Field, ...]
    staying: tuple[Member, ...]
    matches: tuple[Match, ...]

    @property
    def is_of_people(self) -> bool:
        """Say whether the pair are two people of one household."""
        return self.survivor.pk == self.merged.pk


def compare_pair(
    *, candidate: Candidate, survivor: UUID | None, by: User, at: datetime
) -> Comparison:
    """Return both sides of a pair, and note that both were looked at.

    `survivor` names the household (or, inside one household, the member) that stays; by
    rule it is the verified one, then the one with a house code, then the older.
    Raises PermissionDenied.
    """
    ends = homes_of([candidate])[candidate.pk]
    rows = Household.objects.visible_to(by).select_related("area").filter(pk__in=set(ends))
    homes = sorted(rows, key=_keeps_first)
    permissions.check_can_merge(by, *homes)
    for household in homes:
        record(event="household.read", subject=household, by=by, at=at, area=household.area_id)
    if len(homes) == 1:
        return _of_people(candidate, homes[0], survivor)
    if survivor == homes[1].pk:
        homes.reverse()
    return _of_households(candidate, homes[0], homes[1])


def _keeps_first(household: Household) -> tuple[bool, bool, datetime, UUID]:
    return (
        household.stage not in _VERIFIED,
        household.house_code is None,
        household.created_at,
        household.pk,
    )


def _of_people(candidate: Candidate, home: Household, survivor: UUID | None) -> Comparison:
    two = list(Member.objects.filter(pk__in=[candidate.one, candidate.other]).order_by("seq", "pk"))
    two.sort(key=lambda member: (member.left_on is not None, member.citizen_id is None))
    if survivor == two[1].pk and two[1].left_on is None:
        two.reverse()
    for member in two:
        member.household = home
    match = Match(two[1], two[0], tuple(compare_members(two[0], two[1])))
    return Comparison(candidate, home, home, (), (two[0],), (match,))


def _of_households(candidate: Candidate, survivor: Household, merged: Household) -> Comparison:
    staying, coming = _people(survivor), _people(merged)
    likely = _likely(staying, coming)
    matches = [
        Match(
            member,
            likely.get(member.pk),
            tuple(compare_members(likely[member.pk], member)) if member.pk in likely else (),
        )
        for member in coming
    ]
    return Comparison(
        candidate,
        survivor,
        merged,
        tuple(compare_households(survivor, merged)),
        tuple(staying),
        tuple(matches),
    )


def _people(household: Household) -> list[Member]:
    rows = Member.objects.filter(household=household, merged_into__isnull=True)
    people = list(rows.order_by("left_on", "-is_head", "seq", "pk"))
    for member in people:
        member.household = household
    return people


def _likely(staying: Sequence[Member], coming: Sequence[Member]) -> Mapping[UUID, Member]:
    """Return merged member → the survivor's member that pairs, or one name and birth, suggest."""
    by_key = {member.pk: member for member in (*staying, *coming)}
    ours = {member.pk for member in staying}
    theirs = {member.pk for member in coming}
    found: dict[UUID, Member] = {}
    taken: set[UUID] = set()
    pairs = [
        *Candidate.objects.open()
        .filter(kind=Kind.PERSON, one__in=by_key.keys(), other__in=by_key.keys())
        .likeliest_first()
        .values_list("one", "other"),
        *((a.pk, b.pk) for a in staying for b in coming if _is_alike(a, b)),
    ]
    for one, other in pairs:
        mine, their = (one, other) if one in ours else (other, one)
        if mine not in ours or their not in theirs or mine in taken or their in found:
            continue
        if by_key[mine].left_on is not None and by_key[their].left_on is None:
            continue
        found[their] = by_key[mine]
        taken.add(mine)
    return found


def _is_alike(one: Member, other: Member) -> bool:
    return (
        one.search_key == other.search_key
        and (one.birth_date or other.birth_date) == (other.birth_date or one.birth_date)
        and (one.birth_year or other.birth_year) == (other.birth_year or one.birth_year)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What was chosen on the page: who stays, which values, who is whom."""

    survivor: UUID
    versions: tuple[int, int]
    choices: Mapping[str, str]
    pairs: Sequence[Pairing]
    reason: str


def merge_pair(*, candidate: Candidate, wish: Wish, by: User, at: datetime) -> Merge:
    """Merge the two of a pair: their households, or two members of one household.

    Raises PermissionDenied and UnableToMerge.
    """
    ends = homes_of([candidate])[candidate.pk]
    if ends[0] == ends[1]:
        return _merge_people(candidate, wish, by=by, at=at)
    if wish.survivor not in ends:
        raise UnableToMerge(GONE)
    other = ends[1] if wish.survivor == ends[0] else ends[0]
    return merge_households(
        survivor=Household.objects.get(pk=wish.survivor),
        merged=Household.objects.get(pk=other),
        versions=wish.versions,
        choices=wish.choices,
        pairs=wish.pairs,
        reason=wish.reason,
        by=by,
        at=at,
    )


def _merge_people(candidate: Candidate, wish: Wish, *, by: User, at: datetime) -> Merge:
    two = {candidate.one, candidate.other}
    if wish.survivor not in two:
        raise UnableToMerge(GONE)
    rows = Member.objects.select_related("household").in_bulk(list(two))
    (other,) = two - {wish.survivor}
    return merge_members(
        survivor=rows[wish.survivor],
        merged=rows[other],
        versions=wish.versions,
        choices=wish.choices,
        reason=wish.reason,
        by=by,
        at=at,
    )
