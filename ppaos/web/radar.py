"""Geometry of the five-sided chart. Plain arithmetic; the template draws it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import cos, pi, sin

AXIS_MAX = 4
CENTRE_X = 170.0
CENTRE_Y = 134.0
RADIUS = 94.0
WIDTH = 340
HEIGHT = 256
# Beyond the outer ring, to where the two lines of a label begin.
LABEL_GAP = 14.0


@dataclass(frozen=True)
class Corner:
    """One axis: its name and value, its place on the chart, its label's place."""

    name: str
    text: str
    value: Decimal | None
    weakest: bool
    x: str
    y: str
    end_x: str
    end_y: str
    label_x: str
    label_y: str
    value_y: str
    anchor: str


@dataclass(frozen=True)
class Radar:
    corners: list[Corner]
    rings: list[str]
    area: str
    before: str


def point(index: int, value: float) -> tuple[float, float]:
    """Return x and y of `value` (0 to 4) on axis `index` (0 = top, clockwise)."""
    angle = 2 * pi * index / 5 - pi / 2
    length = RADIUS * value / AXIS_MAX
    return CENTRE_X + length * cos(angle), CENTRE_Y + length * sin(angle)


def polygon(values: Sequence[Decimal | float | None]) -> str:
    """Return the `points` of the figure through five values, "" if one is missing."""
    known = [float(value) for value in values if value is not None]
    if len(known) != 5:
        return ""
    return " ".join(
        f"{x:.1f},{y:.1f}" for x, y in (point(index, value) for index, value in enumerate(known))
    )


def build(
    *,
    names: Sequence[str],
    values: Sequence[Decimal | None],
    before: Sequence[Decimal | None] = (),
) -> Radar:
    """Lay out a chart of five values from 1.00 to 4.00; None is a value nobody knows.

    The weakest corner is marked only if all five are known and one is lowest.
    Raises ValueError unless there are five names and five values within 0 to 4.
    """
    if len(names) != 5 or len(values) != 5:
        raise ValueError("a radar has five axes")
    known = [value for value in (*values, *before) if value is not None]
    if any(not 0 <= value <= AXIS_MAX for value in known):
        raise ValueError("a value lies outside the axis, 0 to 4")

    weakest = _only_lowest(values)
    return Radar(
        corners=[
            _corner(index, name, value, weakest=index == weakest)
            for index, (name, value) in enumerate(zip(names, values, strict=True))
        ],
        rings=[polygon([ring] * 5) for ring in range(1, AXIS_MAX + 1)],
        area=polygon(values),
        before=polygon(before),
    )


def _only_lowest(values: Sequence[Decimal | None]) -> int | None:
    known = [value for value in values if value is not None]
    if len(known) != 5 or known.count(min(known)) != 1:
        return None
    return known.index(min(known))


def _corner(index: int, name: str, value: Decimal | None, *, weakest: bool) -> Corner:
    x, y = point(index, float(value or 0))
    end_x, end_y = point(index, AXIS_MAX)
    label_x, label_y, anchor = _label(index, end_x, end_y)
    return Corner(
        name=name,
        text="ไม่มีข้อมูล" if value is None else f"{value:.2f}",
        value=value,
        weakest=weakest,
        x=f"{x:.1f}",
        y=f"{y:.1f}",
        end_x=f"{end_x:.1f}",
        end_y=f"{end_y:.1f}",
        label_x=f"{label_x:.1f}",
        label_y=f"{label_y:.1f}",
        value_y=f"{label_y + 17:.1f}",
        anchor=anchor,
    )


def _label(index: int, end_x: float, end_y: float) -> tuple[float, float, str]:
    """Return where a label starts: above the top corner, beside or below the others."""
    if index == 0:
        return end_x, end_y - 24, "middle"
    if index in (2, 3):
        return end_x, end_y + LABEL_GAP + 6, "middle"
    side = LABEL_GAP / 2 if index == 1 else -LABEL_GAP / 2
    return end_x + side, end_y - 4, "start" if index == 1 else "end"
