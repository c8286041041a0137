"""The header of a table: where it stands, and what it says when it takes two lines. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from imports.profiles.headers import column_of, find_header
from imports.reading import Line
from ppaos.lib.thai_text import clean

Merge = tuple[int, int, int, int]
_AMONG_LINES = 15
_FEWEST_TEXTS = 3


@dataclass(frozen=True, slots=True)
class Heading:
    """`first` and `last` are lines as the spreadsheet shows them; the same if it is one line."""

    first: int
    last: int
    texts: tuple[str, ...]


def find_heading(lines: Sequence[Line], merges: Sequence[Merge] = ()) -> Heading | None:
    """Return the header among the first lines, or None if none has headers that are known."""
    index = find_header([cells for _, cells in lines])
    if index is None:
        return None
    if index + 1 < len(lines) and _is_upper(lines[index][1], lines[index + 1][1]):
        return _joined(lines, index, index + 1, merges)
    return _ending_at(lines, index, merges)


def heading_at(lines: Sequence[Line], line: int, merges: Sequence[Merge] = ()) -> Heading | None:
    """Return the header whose last line is this one; None if it is not among the lines."""
    for index, (number, _) in enumerate(lines):
        if number == line:
            return _ending_at(lines, index, merges)
    return None


def likely_heading(lines: Sequence[Line], merges: Sequence[Merge] = ()) -> Heading | None:
    """Return the first line that is as full of texts as any, though none of them is known."""
    texts = [sum(_is_text(cell) for cell in cells) for _, cells in lines[:_AMONG_LINES]]
    most = max(texts, default=0)
    return _ending_at(lines, texts.index(most), merges) if most >= _FEWEST_TEXTS else None


def _ending_at(lines: Sequence[Line], index: int, merges: Sequence[Merge]) -> Heading:
    if index and _is_upper(lines[index - 1][1], lines[index][1]):
        return _joined(lines, index - 1, index, merges)
    number, cells = lines[index]
    texts = _spread(number, cells, lines[index + 1 :], merges)
    return Heading(number, number, tuple(texts))


def _is_upper(upper: Sequence[Any], lower: Sequence[Any]) -> bool:
    """Say whether two lines are one header: groups above, their columns below.

    A known header above stands over nothing, since it reaches down over both lines; and what
    stands below stands under a group, not under a header of one column that is known.
    """
    below = [_text(cell) for cell in lower]
    above = [_text(cell) for cell in upper]
    width = max(len(above), len(below))
    below += [""] * (width - len(below))
    above += [""] * (width - len(above))
    reaching = [a for a, b in zip(above, below, strict=True) if a and not b and column_of(a)]
    groups = _groups(above, below)
    under = [
        bool(column_of(f"{group} {b}") or column_of(b))
        for group, b in zip(groups, below, strict=True)
        if b
    ]
    clash = any(
        a and b and column_of(a) and not _is_group(above, below, index)
        for index, (a, b) in enumerate(zip(above, below, strict=True))
    )
    return bool(reaching) and len(under) >= 2 and any(under) and not clash


def _is_group(above: Sequence[str], below: Sequence[str], index: int) -> bool:
    """Say whether the text above stands over the next column too."""
    return index + 1 < len(above) and not above[index + 1] and bool(below[index + 1])


def _joined(lines: Sequence[Line], upper: int, lower: int, merges: Sequence[Merge]) -> Heading:
    above = [_text(cell) for cell in lines[upper][1]]
    below = [_text(cell) for cell in lines[lower][1]]
    width = max(len(above), len(below))
    above += [""] * (width - len(above))
    below += [""] * (width - len(below))
    groups = _groups(above, below)
    texts = [
        _name(group, b, is_single=below.count(b) == 1) if b else a
        for a, b, group in zip(above, below, groups, strict=True)
    ]
    return Heading(lines[upper][0], lines[lower][0], tuple(texts))


def _groups(above: Sequence[str], below: Sequence[str]) -> list[str]:
    """Return the group over each column: its text stands over the first of its columns."""
    groups: list[str] = []
    current = ""
    for a, b in zip(above, below, strict=True):
        current = a or (current if b else "")
        groups.append(current)
    return groups


def _name(group: str, text: str, *, is_single: bool) -> str:
    """Name a column of a group: by itself where that is clear, otherwise with its group."""
    whole = f"{group} {text}".strip()
    if column_of(whole) or not (is_single and column_of(text)):
        return whole
    return text


def _spread(
    number: int, cells: Sequence[Any], below: Sequence[Line], merges: Sequence[Merge]
) -> list[str]:
    """Give a header that was merged over several columns to each of them that has values."""
    texts = [_text(cell) for cell in cells]
    for top, left, bottom, right in merges:
        if not top <= number <= bottom or left >= len(texts) or not texts[left]:
            continue
        texts += [""] * (right + 1 - len(texts))
        for column in range(left + 1, right + 1):
            if not texts[column] and _has_values(column, below):
                texts[column] = texts[left]
    return texts


def _has_values(column: int, lines: Sequence[Line]) -> bool:
    return any(column < len(cells) and _text(cells[column]) for _, cells in lines)


def _text(cell: Any) -> str:
    return "" if cell is None else clean(str(cell))


def _is_text(cell: Any) -> bool:
    """Say whether a cell could be a header: words, not a number or a date."""
    text = _text(cell) if isinstance(cell, str) else ""
    return bool(text) and not text.replace(",", "").replace(".", "").replace("-", "").isdigit()
