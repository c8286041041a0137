"""Who counts as poor, and how many: the union rule of TPMAP, counted by distinct people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from problems.rules.dimensions import DIMENSIONS, Dimension


def is_mpi_poor(failed: Iterable[Dimension]) -> bool:
    """Poor in at least one dimension. Source: ศจพ. glossary (NESDC)."""
    return any(True for _ in failed)


def is_target_poor(failed: Iterable[Dimension], *, has_welfare_card: bool | None) -> bool | None:
    """คนจนเป้าหมาย: poor, and holder of the state welfare card; None if the card is unknown.

    Source: ศจพ. glossary (NESDC). A person who is not poor is no target whatever the card.
    """
    if not is_mpi_poor(failed):
        return False
    return has_welfare_card


def intensity(failed: Iterable[Dimension]) -> Decimal:
    """Share of the five dimensions that fail, 0 to 1 (ความเข้มข้นของปัญหา คำนวณในระบบ).

    Not Thailand's national MPI, which weighs twelve other indicators.
    """
    return Decimal(len(set(failed))) / len(DIMENSIONS)


def failed_by_person(
    *,
    household_failed: frozenset[Dimension],
    residents_failed: Mapping[str, frozenset[Dimension]],
    household_counts_everyone: bool = True,
) -> dict[str, frozenset[Dimension]]:
    """Give every resident the dimensions in which the resident is poor.

    `residents_failed` holds every resident, with the dimensions of the person's own
    indicators. A failing household indicator counts every resident unless switched off;
    TPMAP's totals are consistent with that, but it is nowhere stated.
    """
    shared = household_failed if household_counts_everyone else frozenset()
    return {person: failed | shared for person, failed in residents_failed.items()}


@dataclass(frozen=True, slots=True)
class PersonPoverty:
    """One person in the count. `has_welfare_card` None means the lists do not say."""

    person: str
    household: str
    failed: frozenset[Dimension]
    has_welfare_card: bool | None


@dataclass(frozen=True, slots=True)
class DimensionCount:
    people: int
    targets: int
    households: int


@dataclass(frozen=True, slots=True)
class PovertyCounts:
    """Distinct counts. One person may be in several dimensions: never add them up."""

    poor_people: int
    poor_households: int
    target_people: int
    target_households: int
    dimensions: Mapping[Dimension, DimensionCount]


def count_poverty(people: Iterable[PersonPoverty]) -> PovertyCounts:
    """Count distinct people and households, poor and target poor, in all and by dimension.

    A person who appears twice (two lists, two rows) counts once.
    """
    poor: set[str] = set()
    poor_houses: set[str] = set()
    targets: set[str] = set()
    target_houses: set[str] = set()
    in_dimension: dict[Dimension, tuple[set[str], set[str], set[str]]] = {
        dimension: (set(), set(), set()) for dimension in DIMENSIONS
    }
    for person in people:
        if not is_mpi_poor(person.failed):
            continue
        is_target = is_target_poor(person.failed, has_welfare_card=person.has_welfare_card)
        poor.add(person.person)
        poor_houses.add(person.household)
        if is_target:
            targets.add(person.person)
            target_houses.add(person.household)
        for dimension in person.failed:
            persons, dimension_targets, houses = in_dimension[dimension]
            persons.add(person.person)
            houses.add(person.household)
            if is_target:
                dimension_targets.add(person.person)

    return PovertyCounts(
        poor_people=len(poor),
        poor_households=len(poor_houses),
        target_people=len(targets),
        target_households=len(target_houses),
        dimensions={
            dimension: DimensionCount(
                people=len(persons), targets=len(dimension_targets), households=len(houses)
            )
            for dimension, (persons, dimension_targets, houses) in in_dimension.items()
        },
    )


@dataclass(frozen=True, slots=True)
class HouseholdListing:
    """A household and the verdict of its visit; `verified_poor` None means not yet visited."""

    household: str
    on_tpmap: bool
    verified_poor: bool | None


@dataclass(frozen=True, slots=True)
class TargetingErrors:
    """Ratios from 0 to 1, with what they are of; a ratio over nothing is None, never 0."""

    listed_not_poor: int
    listed_verified: int
    poor_not_listed: int
    verified_poor: int

    @property
    def inclusion_ratio(self) -> Decimal | None:
        return _ratio(self.listed_not_poor, self.listed_verified)

    @property
    def exclusion_ratio(self) -> Decimal | None:
        return _ratio(self.poor_not_listed, self.verified_poor)


def targeting_errors(households: Iterable[HouseholdListing]) -> TargetingErrors:
    """Count what the list got wrong, by the standard definitions of targeting errors.

    Inclusion (รั่วไหล): listed and found not poor, of the listed that were verified.
    Exclusion (ตกหล่น): verified poor and not listed, of all that were verified poor.
    """
    seen = {row.household: row for row in households if row.verified_poor is not None}
    listed = [row for row in seen.values() if row.on_tpmap]
    poor = [row for row in seen.values() if row.verified_poor]
    return TargetingErrors(
        listed_not_poor=sum(not row.verified_poor for row in listed),
        listed_verified=len(listed),
        poor_not_listed=sum(not row.on_tpmap for row in poor),
        verified_poor=len(poor),
    )


def _ratio(part: int, whole: int) -> Decimal | None:
    return Decimal(part) / whole if whole else None
