"""The figures of one area and year, as values. No Django: pages, API and exports read these.

None means "not known" or "hidden", never zero; what is hidden is named in `suppressed`.
What each figure counts is written in dashboards.services.counting.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from fieldwork.coverage import Share as Share
from fieldwork.coverage import percent_of as percent_of

KPI_GOAL_PERCENT = 80
"""ร้อยละ 80 of the target households. Source: guideline of ศจพ.มท. (2563)."""

_HUNDREDTH = Decimal("0.01")


NO_SHARE = Share(None, None)


@dataclass(frozen=True, slots=True)
class Targets:
    """Target households: on the TPMAP list, or found poor though the list has no target."""

    total: int | None
    listed: int | None
    added: int | None


@dataclass(frozen=True, slots=True)
class DimensionFigures:
    """One of the five dimensions. `solved_households` had it solved in the year, for good."""

    households: int | None
    people: int | None
    targets: int | None
    solved_households: int | None

    @property
    def solved(self) -> Share:
        """Of the households in which it is open, or was solved in the year."""
        if self.households is None or self.solved_households is None:
            return NO_SHARE
        return Share(self.solved_households, self.households + self.solved_households)


@dataclass(frozen=True, slots=True)
class CapitalFigures:
    """Mean and standard deviation (of a sample, n − 1) of one capital, 1.00–4.00."""

    mean: Decimal | None
    sd: Decimal | None
    n: int | None
    change_from_last_year: Decimal | None


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """Households assessed after help in the year, against their latest one before."""

    n: int | None
    before: Decimal | None
    after: Decimal | None
    improved: int | None

    @property
    def change(self) -> Decimal | None:
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class ReferralFigures:
    """Referrals under way or ended in the year; what is overdue is counted today."""

    total: int | None
    by_status: Mapping[str, int | None]
    overdue: int | None
    oldest_overdue_days: int | None
    """Working days since the day on which somebody had to act."""
    overdue_by_agency: tuple[tuple[str, int], ...]
    """Short name of the agency, and how many are overdue; the most first. Agency's turn only."""


@dataclass(frozen=True, slots=True)
class HelpPart:
    """Help in one dimension."""

    households: int | None
    people: int | None
    episodes: int | None
    baht: Decimal | None


@dataclass(frozen=True, slots=True)
class HelpKind:
    """Help of one kind."""

    episodes: int | None
    baht: Decimal | None


@dataclass(frozen=True, slots=True)
class HelpFigures:
    """Help given in the year and not taken back. Households and people count once in all."""

    households: int | None
    people: int | None
    episodes: int | None
    baht: Decimal | None
    by_dimension: Mapping[str, HelpPart]
    by_kind: Mapping[str, HelpKind]


@dataclass(frozen=True, slots=True)
class KpiFigures:
    """Reading A: helped in one failing dimension; B: in every one. The KPI is A."""

    a: Share
    b: Share
    goal: int = KPI_GOAL_PERCENT


@dataclass(frozen=True, slots=True)
class TargetingErrors:
    """What the TPMAP list got wrong, as verification found."""

    inclusion: Share
    exclusion: Share


@dataclass(frozen=True, slots=True)
class ForumFigures:
    """Sittings of the year in the area, and resolutions that are open today."""

    held: int
    planned: int
    open_resolutions: int
    overdue_resolutions: int


@dataclass(frozen=True, slots=True)
class Freshness:
    """How current the cells are, and whether the last full recount agreed with them."""

    as_of: datetime | None
    waiting: int
    checked_at: datetime | None
    differences: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything that the page of one area and year shows."""

    area: str
    year_be: int
    freshness: Freshness
    households: int | None
    people: int | None
    stages: Mapping[str, int | None]
    targets: Targets
    levels: Mapping[int, int | None]
    assessed: int | None
    dimensions: Mapping[str, DimensionFigures]
    people_total: int | None
    capitals: Mapping[str, CapitalFigures]
    change: BeforeAfter
    groups: Mapping[str, int | None]
    referrals: ReferralFigures
    helped: HelpFigures
    kpi: KpiFigures
    errors: TargetingErrors
    coverage: Share
    exits: Mapping[str, int | None]
    exits_with_evidence: int | None
    """Graduated in the year, with an assessment before and one after."""
    forums: ForumFigures | None
    suppressed: frozenset[str] = field(default_factory=frozenset)

    @property
    def as_of(self) -> datetime | None:
        return self.freshness.as_of


@dataclass(frozen=True, slots=True)
class Row:
    """The main figures of one area inside the chosen one.

    `is_own` marks the households that the area itself knows no smaller area of.
    """

    area: str
    name: str
    is_own: bool
    households: int | None
    targets: int | None
    people_total: int | None
    coverage: Share
    kpi_a: Share
    kpi_b: Share
    helped_households: int | None
    baht: Decimal | None
    overdue: int | None
    exits: int | None
    """Who graduated in the year."""
    suppressed: frozenset[str] = field(default_factory=frozenset)


def mean_of(total: Decimal, n: int) -> Decimal | None:
    """Return the mean with two decimals, None of nothing."""
    if not n:
        return None
    return (total / n).quantize(_HUNDREDTH, rounding=ROUND_HALF_UP)


def deviation_of(total: Decimal, squares: Decimal, n: int) -> Decimal | None:
    """Return the standard deviation of a sample with two decimals; None below two values."""
    if n < 2:
        return None
    variance = (squares - total * total / n) / (n - 1)
    return max(variance, Decimal(0)).sqrt().quantize(_HUNDREDTH, rounding=ROUND_HALF_UP)
