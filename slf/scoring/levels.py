"""Rounding, bands, the 0–100 scale, and before against after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ppaos.lib.labelled import LabelledEnum
from slf.instrument import Band, Capital

LOWEST, HIGHEST = Decimal(1), Decimal(4)
_CENT = Decimal("0.01")
_NOTICEABLE = Decimal(2)  # points on the 0–100 scale


class InvalidScore(Exception):
    """A score outside 1.00 to 4.00 that is not the 0 of "no data"."""


def shown(value: Decimal) -> Decimal:
    """Round to two decimals, half up: the form in which scores are stored and banded."""
    return value.quantize(_CENT, rounding=ROUND_HALF_UP)


def level_of(score: Decimal | None, bands: Sequence[Band]) -> int | None:
    """Return the level of a score, or None where there is no data (None or 0).

    The score is rounded first, since the published bands leave a gap between 1.74 and
    1.75; each band holds its lower bound. Raises InvalidScore outside 1 to 4.
    """
    if score is None or score == 0:
        return None
    if not LOWEST <= score <= HIGHEST:
        raise InvalidScore(f"คะแนนต้องอยู่ระหว่าง 1.00 ถึง 4.00 แต่พบ {score}")
    rounded = shown(score)
    return max(band.level for band in bands if band.min_score <= rounded)


def to_scale_100(score: Decimal) -> Decimal:
    """Put a 1–4 score on 0–100, unrounded."""
    return (score - LOWEST) * 100 / 3


def from_scale_100(value: Decimal) -> Decimal:
    """Put a 0–100 value on 1–4, unrounded; the inverse of `to_scale_100`."""
    return LOWEST + value * 3 / 100


class Change(LabelledEnum):
    """What became of a capital between two assessments."""

    BETTER = "better", "ดีขึ้น"
    SAME = "same", "คงที่"
    WORSE = "worse", "แย่ลง"


@dataclass(frozen=True, slots=True)
class Comparison:
    """`changes` and `points` hold only capitals known both times; points are of 0–100.

    `mobility` is level after minus level before, −3 to +3, or None if either is unknown.
    """

    changes: Mapping[Capital, Change]
    points: Mapping[Capital, Decimal]
    mobility: int | None


def compare(
    *,
    before: Mapping[Capital, Decimal | None],
    after: Mapping[Capital, Decimal | None],
    level_before: int | None,
    level_after: int | None,
) -> Comparison:
    """Compare two sets of capital scores (1–4, best unrounded).

    Better above +2.0 points of 100, worse below −2.0, else the same. Source: scoring
    service of a Nakhon Ratchasima SLF project.
    """
    points = {}
    for capital, earlier in before.items():
        later = after.get(capital)
        if earlier is not None and later is not None:
            points[capital] = (later - earlier) * 100 / 3
    return Comparison(
        changes={capital: _change(difference) for capital, difference in points.items()},
        points=points,
        mobility=None
        if level_before is None or level_after is None
        else level_after - level_before,
    )


def _change(points: Decimal) -> Change:
    if points > _NOTICEABLE:
        return Change.BETTER
    return Change.WORSE if points < -_NOTICEABLE else Change.SAME
