"""How much of a list was visited, and how far the list was right. Checked by hand.

A household is counted once: on the list TPMAP of the year or not, missed (found in the
field or on a list of missed households, and not in TPMAP), vulnerable, and what the last
visit found.

    coverage          listed households found poor or not poor ÷ listed households
    inclusion error   listed households found not poor ÷ listed households found poor or not poor
    exclusion error   households found poor that are not listed ÷ all households found poor
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

FOUND_POOR = "poor"
FOUND_NOT_POOR = "not_poor"


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
    """Of one target group: how many there are, were visited, were found poor and not poor."""

    households: int = 0
    visited: int = 0
    poor: int = 0
    not_poor: int = 0

    @property
    def verified(self) -> int:
        return self.poor + self.not_poor

    @property
    def coverage(self) -> Decimal | None:
        return share(self.verified, self.households)

    def __add__(self, other: "GroupCount") -> "GroupCount":
        return GroupCount(
            self.households + other.households,
            self.visited + other.visited,
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
        return share(self.tpmap.not_poor, self.tpmap.verified)

    @property
    def exclusion_error(self) -> Decimal | None:
        return share(self.poor_outside, self.everyone.poor)


def share(part: int, whole: int) -> Decimal | None:
    """Return a share of 1 with four decimals; None of nothing, which is not zero."""
    if whole == 0:
        return None
    return (Decimal(part) / whole).quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)


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
        poor=number if tally.outcome == FOUND_POOR else 0,
        not_poor=number if tally.outcome == FOUND_NOT_POOR else 0,
    )
