"""A figure on a page: its value, how it is written, whether it is hidden, the list behind it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from dashboards.figures import Share, Summary
from dashboards.views.lists import Lists

Value = int | Decimal | None


class Kind(Enum):
    """How a number is written."""

    COUNT = "count"
    PERCENT = "percent"
    BAHT = "baht"
    SCORE = "score"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: None is not known, unless it is hidden. `url` is the list behind it."""

    value: Value
    kind: Kind = Kind.COUNT
    url: str = ""
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A line with a bar: `bar` of `longest`, both 0 if there is nothing to draw."""

    label: str
    figure: Figure
    tone: str = "brand"
    bar: Value = 0
    longest: Value = 0


@dataclass(frozen=True, slots=True)
class Remark:
    """A smaller number under a headline."""

    label: str
    figure: Figure
    unit: str = ""
    share: Figure | None = None


class Teller:
    """Turns the values of a summary into figures: which are hidden, which open a list."""

    def __init__(self, summary: Summary, lists: Lists) -> None:
        self.summary = summary
        self.lists = lists

    def figure(self, value: Value, key: str, kind: Kind = Kind.COUNT, url: str = "") -> Figure:
        return Figure(value, kind, url if value is not None else "", self._is_hidden(value, key))

    def share(self, share: Share, key: str) -> Figure:
        return self.figure(share.percent, key, Kind.PERCENT)

    def _is_hidden(self, value: Value, key: str) -> bool:
        """Say whether a missing value is kept back: it is named, or a part of it is."""
        hidden = self.summary.suppressed
        return value is None and any(name == key or name.startswith(f"{key}.") for name in hidden)

    def bars(
        self,
        values: Mapping[Any, Value],
        labels: Iterable[tuple[Any, str, str]],
        *,
        key: str,
        kind: Kind = Kind.COUNT,
        url: Callable[[Any], str] = lambda code: "",
    ) -> list[Bar]:
        """Return a line for each (code, label, tone), its bar against the longest of them."""
        longest = max((value for value in values.values() if value is not None), default=0)
        return [
            Bar(
                label=label,
                figure=self.figure(values.get(code), f"{key}.{code}", kind, url(code)),
                tone=tone,
                bar=values.get(code) or 0,
                longest=longest,
            )
            for code, label, tone in labels
        ]
