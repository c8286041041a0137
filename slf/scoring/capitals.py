"""From items to the five capitals and the overall score."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from slf.instrument import CAPITALS, Band, Capital, Instrument
from slf.scoring.answers import Amounts, Answers, Person
from slf.scoring.items import Case, ItemScore, State, score_items
from slf.scoring.levels import level_of, shown, to_scale_100


@dataclass(frozen=True, slots=True)
class CapitalScore:
    """One capital.

    `mean` is unrounded, 1 to 4, or None where too little was answered; `score` is the
    mean as it is shown; `answered_ratio` is the answered share (0–1) of the weight that
    applies to this household, None if nothing applies.
    """

    capital: Capital
    mean: Decimal | None
    level: int | None
    answered_ratio: Decimal | None
    reason: str

    @property
    def score(self) -> Decimal | None:
        return None if self.mean is None else shown(self.mean)

    @property
    def scale_100(self) -> Decimal | None:
        return None if self.mean is None else shown(to_scale_100(self.mean))


@dataclass(frozen=True, slots=True)
class Result:
    """A scored assessment. Overall, its level and the weakest need all five capitals."""

    items: tuple[ItemScore, ...]
    capitals: Mapping[Capital, CapitalScore]
    overall_mean: Decimal | None
    level: int | None
    weakest: Capital | None

    @property
    def overall(self) -> Decimal | None:
        return None if self.overall_mean is None else shown(self.overall_mean)

    @property
    def is_incomplete(self) -> bool:
        return self.overall_mean is None

    def item(self, code: str) -> ItemScore:
        return next(item for item in self.items if item.code == code)


def score_assessment(
    *,
    instrument: Instrument,
    answers: Answers,
    amounts: Amounts,
    people: Sequence[Person],
    line_thb: Decimal,
    bands: Sequence[Band],
) -> Result:
    """Score a household: items, capitals, overall, level and weakest capital.

    Members are averaged over those who live there. A capital is the weighted mean of its
    answered items and needs 60 % of the weight that applies; the overall score is the
    plain mean of the five unrounded capitals. `line_thb` is the income line per person
    and year. Source: step and scale rules of a Nakhon Ratchasima SLF scoring service; the
    share and the treatment of residents are defaults of this system.
    """
    case = Case(instrument, answers, amounts, people, line_thb)
    items = score_items(case)
    capitals = {
        capital: _score_capital(
            capital, [item for item in items if item.capital == capital], instrument, bands
        )
        for capital in CAPITALS
    }
    overall = overall_mean(score.mean for score in capitals.values())
    return Result(
        items=items,
        capitals=capitals,
        overall_mean=overall,
        level=level_of(overall, bands),
        weakest=None if overall is None else _weakest(capitals),
    )


def overall_mean(capitals: Iterable[Decimal | None]) -> Decimal | None:
    """Return the mean of the five capitals, unrounded; None unless all five are known."""
    means = [mean for mean in capitals if mean is not None]
    if len(means) != len(CAPITALS):
        return None
    return sum(means, Decimal(0)) / len(means)


def _score_capital(
    capital: Capital, items: Sequence[ItemScore], instrument: Instrument, bands: Sequence[Band]
) -> CapitalScore:
    applicable = [item for item in items if item.state != State.NOT_APPLICABLE]
    weight = sum((item.weight for item in applicable), Decimal(0))
    if weight == 0:
        return CapitalScore(capital, None, None, None, "ไม่มีข้อที่เกี่ยวข้องกับครัวเรือนนี้")
    answered = sum((item.weight * (item.answered_ratio or 0) for item in applicable), Decimal(0))
    ratio = answered / weight
    percent = int(ratio * 100)
    if ratio < instrument.minimum_ratio:
        needed = int(instrument.minimum_ratio * 100)
        reason = f"ตอบแล้ว {percent}% ของข้อที่เกี่ยวข้อง ต้องตอบอย่างน้อย {needed}% จึงคิดคะแนนได้"
        return CapitalScore(capital, None, None, ratio, reason)
    scored = [(item.score, item.weight) for item in applicable if item.score is not None]
    total = sum((weight for _, weight in scored), Decimal(0))
    mean = sum((score * weight for score, weight in scored), Decimal(0)) / total
    level = level_of(mean, bands)
    name = next(band.name for band in bands if band.level == level)
    reason = f"เฉลี่ย {len(scored)} ข้อได้ {shown(mean)} อยู่ในระดับ {level} {name}"
    return CapitalScore(capital, mean, level, ratio, reason)


def _weakest(capitals: Mapping[Capital, CapitalScore]) -> Capital:
    """Return the lowest capital; of equals the first in the order of the radar."""
    return min(CAPITALS, key=lambda capital: capitals[capital].mean or Decimal(0))
