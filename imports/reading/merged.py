"""What becomes of the cells that a merged range covers: no value, or the first cell's."""

from typing import Any

from imports.reading.findings import Merge

_LAST_COLUMN = 255


class Covered:
    """Goes along with the lines of a sheet, and knows which ranges reach over each of them.

    A range's value stands in its first cell alone. Every other cell is marked {"m": ""}; with
    `filled`, the cells below the first one get its value instead, in a line that holds
    something of its own, and the line is put into `filled`. Cells to the right stay marked:
    they belong to another column.
    """

    def __init__(self, merges: list[Merge], filled: set[int] | None = None) -> None:
        self._waiting = sorted(merges, reverse=True)
        self._active: list[Merge] = []
        self._filled = filled
        self._values: dict[Merge, Any] = {}

    def first_needed(self, skip_to: int) -> int:
        """Return the line to read from, when lines up to `skip_to` are not wanted."""
        if self._filled is None:
            return skip_to
        over = [top for top, _, bottom, _ in self._waiting if top <= skip_to < bottom]
        return min([skip_to, *(top - 1 for top in over)])

    def cover(self, line: int, cells: list[Any]) -> None:
        while self._waiting and self._waiting[-1][0] <= line:
            self._active.append(self._waiting.pop())
        if not self._active:
            return
        self._active = [merge for merge in self._active if merge[2] >= line]
        has_own = self._filled is not None and any(cell is not None for cell in cells)
        for merge in self._active:
            self._cover(merge, line, cells, has_own=has_own)

    def _cover(self, merge: Merge, line: int, cells: list[Any], *, has_own: bool) -> None:
        top, left, _, right = merge
        is_filled = False
        if line == top:
            self._values[merge] = cells[left] if left < len(cells) else None
        elif has_own and self._values.get(merge) is not None:
            cells.extend([None] * (left + 1 - len(cells)))
            if cells[left] is None:
                cells[left] = self._values[merge]
                is_filled = True
                self._note(line)
        first = left + 1 if line == top or is_filled else left
        for column in range(first, min(right, _LAST_COLUMN) + 1):
            if column < len(cells) and cells[column] is None:
                cells[column] = {"m": ""}

    def _note(self, line: int) -> None:
        if self._filled is not None:
            self._filled.add(line)
