"""Lists to import: those of `make_sample`, and the same list of a moment later."""

from collections.abc import Iterator
from pathlib import Path

from imports.management.commands.make_sample import DEFAULT_PLACES
from imports.management.samples.people import Population
from imports.management.samples.sheet import Sheet, SheetLine
from imports.management.samples.writing import write_sample

YEAR_BE = 2566
INDICATORS = 38
DIRTY = 0.01
SEED = 1
_MEMBERS = 3.71
"""People of a household on average, from the weights of the generator."""


def write_list(path: Path, *, persons: int, changed_share: float = 0.0) -> int:
    """Write about `persons` people as .xlsx or .csv; return the number of lines.

    `changed_share` of the faultless lines, spread evenly, say something else than
    without it: the last indicator and the welfare card.
    """
    population = Population(
        seed=SEED, places=DEFAULT_PLACES, year_be=YEAR_BE, indicators=INDICATORS
    )
    population.add_households(max(1, round(persons / _MEMBERS)))
    sheet = Sheet(
        population.people,
        indicators=INDICATORS,
        dirty=DIRTY,
        seed=SEED,
        is_csv=path.suffix == ".csv",
    )
    names = list(sheet.headers.values())
    places = names.index("welfare_card"), names.index(f"ind_{INDICATORS}")
    lines = _changed(sheet, changed_share, places) if changed_share else iter(sheet)
    return write_sample(path, headers=sheet.headers, lines=lines, truth=None)


def _changed(sheet: Sheet, share: float, columns: tuple[int, ...]) -> Iterator[SheetLine]:
    every = round(1 / share)
    for number, line in enumerate(sheet):
        if number % every == 0 and line.truth.fault is None:
            for column in columns:
                line.cells[column] = 0 if line.cells[column] == 1 else 1
        yield line
