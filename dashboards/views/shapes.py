"""What each card of the page holds."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.views.telling import Bar, Figure, Remark, Value
from ppaos.web.templatetags.components import Part


@dataclass(frozen=True, slots=True)
class Headline:
    """One of the four numbers at the top."""

    label: str
    figure: Figure
    parts: Sequence[Remark]
    tone: str = ""
    pill_tone: str = ""
    pill_text: str = ""


@dataclass(frozen=True, slots=True)
class DimensionLine:
    """One dimension: people, households, and the share of problems that were solved."""

    code: str
    people: Figure
    households: Figure
    solved: Figure
    bar: Value
    longest: Value


@dataclass(frozen=True, slots=True)
class Levels:
    """Households by level; no bar while a level is hidden, else it would tell its length."""

    assessed: Figure
    lines: Sequence[Bar]
    parts: Sequence[Part]
    spoken: str


@dataclass(frozen=True, slots=True)
class CapitalLine:
    """One capital of all the assessed households."""

    label: str
    mean: Figure
    sd: Figure
    change: Figure
    tone: str


@dataclass(frozen=True, slots=True)
class Change:
    """Overall scores before and after help, of who has both."""

    n: Figure
    before: Figure
    after: Figure
    difference: Figure
    improved: Figure


@dataclass(frozen=True, slots=True)
class Referrals:
    total: Figure
    lines: Sequence[Bar]
    agencies: Sequence[Bar]
    late_elsewhere: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class Helped:
    households: Figure
    people: Figure
    episodes: Figure
    baht: Figure
    by_dimension: Sequence[Bar]
    by_kind: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class ExitGroup:
    """Reasons to leave the targets that mean the same for the count."""

    label: str
    meaning: str
    total: Figure | None
    lines: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A share with its formula."""

    label: str
    formula: str
    share: Figure
    part: Figure
    of: Figure
