"""What lists say beside each other. No Django, no database.

A **signature** tells how many households have the same answer of every list and of the
visit. All numbers of the board are sums of signatures, so they cannot disagree.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from households.workflow import Outcome, Source

FIELD = "ppaos"
"""The list of those whom a visit of ours has reached, whatever it found."""

LABELS: dict[str, str] = {
    **{source.value: str(source.label) for source in Source if source is not Source.AREA_FIGURES},
    FIELD: "PPAOS (สอบทานแล้ว)",
}
LISTS: tuple[str, ...] = tuple(LABELS)
BITS: dict[str, int] = {code: 1 << position for position, code in enumerate(LISTS)}

NAMES_THE_POOR = frozenset(
    {
        Source.TPMAP.value,
        Source.THAIQM.value,
        Source.PPPCONNEXT.value,
        Source.MISSED.value,
        Source.VULNERABLE.value,
    }
)
"""Lists of which a line without a flag still says: poor. The others only name a household."""

# Found by ourselves: no list of anybody else's.
_OURS = BITS[Source.ADD_ON.value] | BITS[FIELD]


@dataclass(frozen=True, slots=True)
class Flags:
    """What lists say outright of one question: the lists that say yes, and that say no."""

    yes: int = 0
    no: int = 0

    def differ(self, a: int, b: int) -> bool:
        return bool((self.yes & a and self.no & b) or (self.no & a and self.yes & b))


NOTHING = Flags()


@dataclass(frozen=True, slots=True)
class Signature:
    """So many households, with so many people, stand on exactly these lists and say this."""

    area: str
    lists: int
    households: int
    people: int
    verdict: str = ""
    poor: Flags = NOTHING
    card: Flags = NOTHING
    registered: Flags = NOTHING

    def on(self, code: str) -> bool:
        return bool(self.lists & BITS[code])

    def claims_poor(self, code: str) -> bool | None:
        """Return what the list says of poverty; None: nothing, or not on the list."""
        bit = BITS[code]
        if not self.lists & bit:
            return None
        if self.poor.yes & bit:
            return True
        if self.poor.no & bit:
            return False
        return True if code in NAMES_THE_POOR else None


@dataclass(frozen=True, slots=True)
class Count:
    households: int = 0
    people: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.households + other.households, self.people + other.people)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two lists: who is on both, on one only, and of whom they (or the visit) disagree."""

    a: str
    b: str
    both: Count
    only_a: Count
    only_b: Count
    conflicting: Count


def count(signatures: Iterable[Signature], fits: Callable[[Signature], bool]) -> Count:
    total = Count()
    for one in signatures:
        if fits(one):
            total += Count(one.households, one.people)
    return total


def conflicts(one: Signature, a: str, b: str) -> bool:
    """Say whether the two lists disagree, or the visit disagrees with one of them.

    A list that says nothing disagrees with nobody. A visit disagrees with a list of the
    poor when it found the household not poor, and with a line "not poor" when it found it poor.
    """
    if one.on(a) and one.on(b):
        bits = BITS[a], BITS[b]
        if any(flag.differ(*bits) for flag in (one.poor, one.card, one.registered)):
            return True
    claims = {one.claims_poor(a), one.claims_poor(b)}
    return (one.verdict == Outcome.NOT_POOR.value and True in claims) or (
        one.verdict == Outcome.POOR.value and False in claims
    )


def pair(signatures: Sequence[Signature], a: str, b: str) -> Pair:
    return Pair(
        a=a,
        b=b,
        both=count(signatures, lambda one: one.on(a) and one.on(b)),
        only_a=count(signatures, lambda one: one.on(a) and not one.on(b)),
        only_b=count(signatures, lambda one: one.on(b) and not one.on(a)),
        conflicting=count(signatures, lambda one: conflicts(one, a, b)),
    )


def pairs(signatures: Sequence[Signature], lists: Sequence[str]) -> list[Pair]:
    return [pair(signatures, a, b) for a, b in combinations(lists, 2)]


def is_field_only(one: Signature) -> bool:
    """Say whether it was found in the field and is on no list of the year."""
    return one.on(Source.ADD_ON.value) and not one.lists & ~_OURS


def lists_there(signatures: Sequence[Signature]) -> list[str]:
    """Return the lists that name anybody here, in their own order."""
    there = 0
    for one in signatures:
        there |= one.lists
    return [code for code in LISTS if BITS[code] & there]


def overlaps(signatures: Sequence[Signature]) -> list[tuple[tuple[str, ...], Count]]:
    """Return each combination of lists that some households are on, the largest first."""
    found: dict[int, Count] = {}
    for one in signatures:
        counted = Count(one.households, one.people)
        found[one.lists] = found.get(one.lists, Count()) + counted
    ordered = sorted(found.items(), key=lambda item: (-item[1].households, item[0]))
    return [(codes_of(mask), counted) for mask, counted in ordered]


def codes_of(mask: int) -> tuple[str, ...]:
    return tuple(code for code in LISTS if BITS[code] & mask)


@dataclass(frozen=True, slots=True)
class Change:
    """One list between two years, in households."""

    code: str
    before: int
    now: int
    stayed: int
    new: int
    again: int
    gone: int
