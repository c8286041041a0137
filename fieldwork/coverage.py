"""How much of a list was visited, and how far the list was right. Checked by hand.

The one definition of these figures: the pages of field work and the dashboards use it.

    coverage          listed households whose visit settled something ÷ listed households
    inclusion error   listed households found not poor ÷ listed households found poor or not poor
    exclusion error   households found poor that are not listed ÷ all households found poor

A visit settles something if it found the household poor, not poor, moved or deceased. Who was
not met or refused is still to be visited. What was found last of poor and not poor counts.

A household is counted once: on the list TPMAP of the year or not, missed (found in the
field or on a list of missed households, and not in TPMAP), vulnerable.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from households.workflow import STAGE_AFTER, Outcome

FOUND_POOR = Outcome.POOR.value
FOUND_NOT_POOR = Outcome.NOT_POOR.value
JUDGING = (FOUND_POOR, FOUND_NOT_POOR)
SETTLING = tuple(outcome.value for outcome, stage in STAGE_AFTER.items() if stage is not None)

_TENTH = Decimal("0.1")
_FOUR_DECIMALS = Decimal("0.0001")


def percent_of(part: int | None, whole: int | None) -> Decimal | None:
    """Return 0–100 with one decimal; None over nothing, or if either is not known."""
    if part is None or not whole:
        return None
    return (Decimal(part) * 100 / whole).quantize(_TENTH, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, both kept, so that nobody wonders what the percentage is of."""

    numerator: int | None
    denominator: int | None

    @property
    def percent(self) -> Decimal | None:
        return percent_of(self.numerator, self.denominator)

    @property
    def fraction(self) -> Decimal | None:
        """The share of 1 with four decimals; None of nothing, which is not zero."""
        if self.numerator is None or not self.denominator:
            return None
        exact = Decimal(self.numerator) / self.denominator
        return exact.quantize(_FOUR_DECIMALS, rounding=ROUND_HALF_UP)


def coverage_of(*, settled: int, listed: int) -> Share:
    """Return how many of the listed households had a visit that settled something."""
    return Share(settled, listed)


def inclusion_error_of(*, poor: int, not_poor: int) -> Share:
    """Return how many of the listed households that were judged are not poor (รั่วไหล)."""
    return Share(not_poor, poor + not_poor)


def exclusion_error_of(*, poor_listed: int, poor_outside: int) -> Share:
    """Return how many of the households found poor are not listed (ตกหล่น)."""
    return Share(poor_outside, poor_listed + poor_outside)


@dataclass(frozen=True, slots=True)
class Tally:
    """So many households of one area that are alike. `outcome` is None without a visit."""

    code: str
    in_tpmap: bool
    in_missed: bool
    in_vulnerable: bool
    outcome: str | None
    households: int


@dataclass(frozen=True, slots=True)
class GroupCount:
    """Of one target group: how many there are, were visited, settled, found poor and not poor."""

    households: int = 0
    visited: int = 0
    settled: int = 0
    poor: int = 0
    not_poor: int = 0

    @property
    def coverage(self) -> Decimal | None:
        return coverage_of(settled=self.settled, listed=self.households).fraction

    def __add__(self, other: "GroupCount") -> "GroupCount":
        return GroupCount(
            self.households + other.households,
            self.visited + other.visited,
            self.settled + other.settled,
            self.poor + other.poor,
            self.not_poor + other.not_poor,
        )


@dataclass(frozen=True, slots=True)
class Coverage:
    """The figures of one area."""

    code: str
    tpmap: GroupCount
    missed: GroupCount
    vulnerable: GroupCount
    everyone: GroupCount

    @property
    def poor_outside(self) -> int:
        """Households found poor that TPMAP does not list."""
        return self.everyone.poor - self.tpmap.poor

    @property
    def inclusion_error(self) -> Decimal | None:
        listed = self.tpmap
        return inclusion_error_of(poor=listed.poor, not_poor=listed.not_poor).fraction

    @property
    def exclusion_error(self) -> Decimal | None:
        found = exclusion_error_of(poor_listed=self.tpmap.poor, poor_outside=self.poor_outside)
        return found.fraction


def of_areas(tallies: Iterable[Tally]) -> list[Coverage]:
    """Add the tallies up, one row for each area, by code."""
    found: dict[str, dict[str, GroupCount]] = {}
    for tally in tallies:
        groups = found.setdefault(tally.code, dict.fromkeys(_GROUPS, GroupCount()))
        for name in _groups_of(tally):
            groups[name] += _counted(tally)
    return [Coverage(code, **groups) for code, groups in sorted(found.items())]


def total(rows: Iterable[Coverage], *, code: str) -> Coverage:
    """Add areas up to the one that holds them."""
    groups = dict.fromkeys(_GROUPS, GroupCount())
    for row in rows:
        for name in _GROUPS:
            groups[name] += getattr(row, name)
    return Coverage(code, **groups)


_GROUPS = ("tpmap", "missed", "vulnerable", "everyone")


def _groups_of(tally: Tally) -> list[str]:
    names = ["everyone"]
    if tally.in_tpmap:
        names.append("tpmap")
    elif tally.in_missed:
        names.append("missed")
    if tally.in_vulnerable:
        names.append("vulnerable")
    return names


def _counted(tally: Tally) -> GroupCount:
    number = tally.households
    return GroupCount(
        households=number,
        visited=number if tally.outcome is not None else 0,
        settled=number if tally.outcome in SETTLING else 0,
        poor=number if tally.outcome == FOUND_POOR else 0,
        not_poor=number if tally.outcome == FOUND_NOT_POOR else 0,
    )
