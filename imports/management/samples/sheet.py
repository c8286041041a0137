"""Lays people and faults out as the lines of a sheet, with the truth about each line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from imports.management.samples.entry import Entry
from imports.management.samples.faults.fault import (
    ACCEPTED,
    BLANK_LINE,
    EXTRA_LINES,
    HEADER_LINE,
    IN_THE_SAME_HOUSE,
    REPEATED_LINE,
    SKIPPED,
    TOTAL_LINE,
    Fault,
    Line,
)
from imports.management.samples.kinds import KINDS, Kind
from imports.management.samples.people import Person, dice
from imports.management.samples.template import Raw
from imports.workflow import row_of

_HEADER_LINES = 1


@dataclass(frozen=True)
class Truth:
    """What one line must become. `row` is the number that a spreadsheet program shows.

    `codes` decide the verdict; F_ notes about repairs may come on top. `normalised` holds every
    canonical column of the template whose value is certain, in the normal forms of the API.
    """

    row: int
    fault: str | None
    verdict: str
    codes: Sequence[str]
    normalised: dict[str, Any]


@dataclass(frozen=True)
class SheetLine:
    cells: list[Raw]
    truth: Truth


@dataclass(frozen=True)
class _Planted:
    """`extra` is a line behind the person's own; else `fault` is planted in it."""

    fault: Fault | None = None
    extra: str = ""
    partner: Entry | None = None


class Sheet:
    """The lines behind the header, in order. Iterating twice gives the same lines."""

    def __init__(
        self,
        people: Sequence[Person],
        *,
        indicators: int,
        dirty: float,
        seed: int,
        is_csv: bool,
        kind: Kind = KINDS["tpmap"][0],
        part: int = 0,
    ) -> None:
        self.headers = kind.headers_with(indicators)
        self.name = kind.sheet
        self._kind = kind
        self._columns = tuple(self.headers.values())
        self._entries = kind.entries(people)
        self._seed = seed
        self._is_csv = is_csv
        self._first_row = row_of(part, _HEADER_LINES)
        self._planted = _plan(self._entries, kind.faults, dirty, dice("plan", seed, part))

    @property
    def faults(self) -> int:
        return len(self._planted)

    def __iter__(self) -> Iterator[SheetLine]:
        random = dice("faults", self._seed)
        row = self._first_row
        for entry in self._entries:
            planted = self._planted.get(entry.index)
            row += 1
            if planted is None or planted.fault is None:
                yield self._plain(entry, row)
            else:
                yield self._faulty(planted, entry, row, random)
            if planted is not None and planted.extra:
                row += 1
                yield self._extra(planted.extra, entry, row)

    def _line(self, entry: Entry, random: Random) -> Line:
        return Line(
            entry,
            random,
            self._is_csv,
            cells=self._kind.written(entry, self._columns),
            values=self._kind.meant(entry, self._columns),
        )

    def _plain(self, entry: Entry, row: int) -> SheetLine:
        truth = Truth(row, None, ACCEPTED, (), self._kind.meant(entry, self._columns))
        return SheetLine(self._in_order(self._kind.written(entry, self._columns)), truth)

    def _faulty(self, planted: _Planted, entry: Entry, row: int, random: Random) -> SheetLine:
        fault = planted.fault
        assert fault is not None
        line = self._line(entry, random)
        if planted.partner is not None:
            line.partner = self._line(planted.partner, random)
        fault.plant(line)
        truth = Truth(row, fault.kind, fault.verdict, fault.codes, line.values)
        return SheetLine(self._in_order(line.cells), truth)

    def _extra(self, extra: str, entry: Entry, row: int) -> SheetLine:
        cells: list[Raw] = [None] * len(self.headers)
        if extra == HEADER_LINE:
            cells = list(self.headers)
        elif extra == TOTAL_LINE:
            cells[0], cells[-1] = self._kind.total, entry.index + 1
        elif extra == REPEATED_LINE:
            cells = self._in_order(self._kind.written(entry, self._columns))
        else:
            assert extra == BLANK_LINE
        return SheetLine(cells, Truth(row, extra, SKIPPED, (EXTRA_LINES[extra],), {}))

    def _in_order(self, cells: dict[str, Raw]) -> list[Raw]:
        return [cells[column] for column in self._columns]


def _plan(
    entries: Sequence[Entry], faults: Sequence[Fault], dirty: float, random: Random
) -> dict[int, _Planted]:
    """Choose which lines get which fault. Raises ValueError if there are too few lines for it."""
    kinds: list[Fault | str] = [*faults, *EXTRA_LINES]
    random.shuffle(kinds)
    wanted = _number_of_faults(len(entries), dirty, kinds)
    free = [entry.index for entry in entries]
    random.shuffle(free)
    places = _Places(entries, free)
    planted: dict[int, _Planted] = {}
    passed = 0
    number = 0
    while len(planted) < wanted:
        kind = kinds[number % len(kinds)]
        number += 1
        found = places.take_for(kind)
        if found is None:
            passed += 1
            if passed > len(kinds):
                raise ValueError(f"too few lines for {wanted} faults")
            continue
        passed = 0
        person, partner = found
        if isinstance(kind, Fault):
            planted[person] = _Planted(fault=kind, partner=partner)
        else:
            planted[person] = _Planted(extra=kind)
    return planted


def _number_of_faults(lines: int, dirty: float, kinds: Sequence[Fault | str]) -> int:
    """Return how many lines of all are faulty, counting the lines that faults add."""
    share_of_extras = len(EXTRA_LINES) / len(kinds)
    return round(lines * dirty / (1 - dirty * share_of_extras))


class _Places:
    """Hands out lines, each once; a partner stays faultless."""

    def __init__(self, entries: Sequence[Entry], free: list[int]) -> None:
        self._entries = entries
        self._free = free
        self._used: set[int] = set()
        # Where the search for each kind of place goes on; a passed line never fits again.
        self._next: dict[str, int] = {}

    def take_for(self, kind: Fault | str) -> tuple[int, Entry | None] | None:
        name = kind.kind if isinstance(kind, Fault) else kind
        while self._next.get(name, 0) < len(self._free):
            index = self._free[self._next.get(name, 0)]
            self._next[name] = self._next.get(name, 0) + 1
            if index in self._used or not self._fits(kind, index):
                continue
            partner = None
            if isinstance(kind, Fault) and kind.partner:
                partner = self._partner(index, kind.partner)
                if partner is None:
                    continue
                self._used.add(partner.index)
            self._used.add(index)
            return index, partner
        return None

    def _fits(self, kind: Fault | str, index: int) -> bool:
        if isinstance(kind, Fault):
            return kind.fits(self._entries[index])
        # A blank line behind the last one would not be a line.
        return index < len(self._entries) - 1

    def _partner(self, index: int, where: str) -> Entry | None:
        """Find a faultless line before this one, so that the later line is the odd one."""
        entry = self._entries[index]
        for earlier in reversed(self._entries[max(0, index - 50) : index]):
            is_same_house = earlier.household == entry.household
            if is_same_house == (where == IN_THE_SAME_HOUSE) and earlier.index not in self._used:
                return earlier
        return None
