"""How field work ends, how visits are drawn to be repeated, and how far two visits agree."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ppaos.lib.labelled import LabelledEnum

LEAST_DRAWN = 1
"""Of a surveyor with any visit, at least so many are made again. A project default."""


class Ended(LabelledEnum):
    """Why an assignment is over before its visit was made."""

    HANDED_OVER = "handed_over", "ส่งมอบให้ผู้อื่น"
    TAKEN_BACK = "taken_back", "เรียกคืน"
    AGAIN = "again", "มอบหมายให้เยี่ยมใหม่"


class Settled(LabelledEnum):
    """Which of two visits that disagree was right."""

    FIRST = "first", "ผลครั้งแรกถูกต้อง"
    SECOND = "second", "ผลตรวจซ้ำถูกต้อง"


class Group(LabelledEnum):
    """The three groups of households that a province looks for."""

    TPMAP = "tpmap", "ในระบบ TPMAP"
    MISSED = "missed", "ตกหล่นจากระบบ"
    VULNERABLE = "vulnerable", "ครัวเรือนเปราะบาง"


# ---- drawing -----------------------------------------------------------------------------
def how_many(visits: int, *, percent: int) -> int:
    """Return how many of so many visits are made again: the share, rounded up, at least one."""
    if visits == 0 or percent == 0:
        return 0
    return max(LEAST_DRAWN, -(-visits * percent // 100))


def draw(keys: Iterable[str], *, seed: str, count: int) -> list[str]:
    """Return `count` of the keys, as the seed alone decides, whatever order they come in."""
    return sorted(keys, key=lambda key: (_lot(seed, key), key))[:count]


def _lot(seed: str, key: str) -> str:
    return hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()


# ---- agreement ---------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the visits of one surveyor agree with those made again, as shares of 1.

    `kappa` (Cohen) takes off what chance alone would give; it is None where chance
    would agree always, or nothing was compared.
    """

    compared: int
    agreed: int
    rate: Decimal | None
    kappa: Decimal | None


def agreement(pairs: Sequence[tuple[str, str]]) -> Agreement:
    """Compare pairs of verdicts: what the first visit found, and the second."""
    compared = len(pairs)
    agreed = sum(first == second for first, second in pairs)
    if compared == 0:
        return Agreement(0, 0, None, None)
    observed = Decimal(agreed) / compared
    firsts = Counter(first for first, _ in pairs)
    seconds = Counter(second for _, second in pairs)
    by_chance = sum(
        (Decimal(firsts[name] * seconds[name]) for name in firsts), Decimal(0)
    ) / Decimal(compared**2)
    kappa = None if by_chance == 1 else (observed - by_chance) / (1 - by_chance)
    return Agreement(
        compared, agreed, _rounded(observed), None if kappa is None else _rounded(kappa)
    )


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)


# ---- sharing out -------------------------------------------------------------------------
def share_for(
    area_code: str,
    surveyor: str,
    shares: Iterable[tuple[str, str | None, int]],
    *,
    otherwise: int,
) -> int:
    """Return the percent that holds for a surveyor of an area.

    `shares` are (area, surveyor or None, percent), the newest first. One that names the
    surveyor wins over one of the area; a smaller area wins over a larger one.
    """
    fitting = [row for row in shares if area_code.startswith(row[0]) and row[1] in (None, surveyor)]
    if not fitting:
        return otherwise
    best = max(fitting, key=lambda row: (row[1] is not None, len(row[0])))
    return next(row[2] for row in fitting if row[:2] == best[:2])
