"""A measured figure beside the goal it should reach, and the table of them. No Django here."""

import math
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter


def seconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` (0–1) of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def load() -> str:
    return " ".join(f"{value:.1f}" for value in os.getloadavg())


@dataclass(frozen=True)
class Figure:
    """One line of the table. `reach` and `then` are the goals; None if there is none.

    A figure is good when it is small, or when it is large if `is_more_better`.
    `unit` follows the number: ×, ms, MB, s.
    """

    name: str
    value: float
    unit: str
    detail: str
    reach: float | None = None
    then: float | None = None
    is_more_better: bool = False

    @property
    def verdict(self) -> str:
        if self.reach is None:
            return ""
        if self.then is not None and self._is_met(self.then):
            return "reached, then too"
        return "reached" if self._is_met(self.reach) else "NOT reached"

    def _is_met(self, goal: float) -> bool:
        return self.value >= goal if self.is_more_better else self.value <= goal


def ratio(
    name: str,
    work: Sequence[float],
    base: Sequence[float],
    *,
    reach: float | None = None,
    then: float | None = None,
) -> Figure:
    """Compare the medians of two lists of seconds."""
    return Figure(
        name,
        median(work) / median(base),
        "×",
        f"{median(work):.2f} s ÷ {median(base):.2f} s",
        reach=reach,
        then=then,
    )


def faster(
    name: str, ours: Sequence[float], theirs: Sequence[float], *, reach: float, then: float
) -> Figure:
    """Say how many times faster our median is than theirs."""
    return Figure(
        name,
        median(theirs) / median(ours),
        "×",
        f"{median(theirs):.2f} s ÷ {median(ours):.2f} s",
        reach=reach,
        then=then,
        is_more_better=True,
    )


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as a Markdown table."""
    lines = [
        "| what | measured | from | reach | then | |",
        "|---|---:|---|---:|---:|---|",
    ]
    for each in figures:
        sign = "≥" if each.is_more_better else "≤"
        reach, then = (f"{sign} {_number(g)}" if g is not None else "" for g in _goals(each))
        lines.append(
            f"| {each.name} | {_number(each.value)} {each.unit} | {each.detail} "
            f"| {reach} | {then} | {each.verdict} |"
        )
    return "\n".join(lines)


def _goals(figure: Figure) -> tuple[float | None, float | None]:
    return figure.reach, figure.then


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:,.2f}"
