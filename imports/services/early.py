"""The lines of a file, read from the moment its first ones were seen.

Before a file's lines are staged, all its sheets are surveyed by other code: what stands where,
and how many lines there are. Where the list begins can mostly be told from the first lines, so
that reading it begins beside the survey. Nothing is made of those lines before the survey is
over, and if it shows the list elsewhere they are thrown away.
"""

from collections.abc import Generator
from contextlib import closing
from pathlib import Path

from django.conf import settings

from imports import reading
from imports.models import ImportBatch
from imports.services.choices import choices_of
from imports.services.heads import Head
from imports.services.layouts import tables_in
from ppaos.lib.ahead import Ahead

_MOST_BYTES = 32 * 1024 * 1024
_Place = tuple[str | None, int, reading.Options]
"""A sheet, the line behind which it is read, and how."""


class Reading:
    """Reads the lines of one file. Closing it ends what was begun, whoever wanted it."""

    def __init__(self, batch: ImportBatch, path: Path) -> None:
        self._batch = batch
        self._path = path
        self._place: _Place | None = None
        self._begun: Ahead[reading.Chunk] | None = None

    def begin(self, glance: Head) -> None:
        """Begin where the list seems to be, if only one table can be it."""
        choices = choices_of(self._batch)
        tables = tables_in(glance, choices, self._batch.source)
        if len(tables) == 1 and tables[0].is_certain:
            self._place = tables[0].sheet, tables[0].header_line, choices.options
            self._begun = Ahead(self._read(*self._place), most=_MOST_BYTES, weigh=_weight)

    def lines(self, sheet: str | None, behind: int) -> Generator[reading.Chunk, None, None]:
        """Yield the lines of a sheet from behind one of them, also if others were begun."""
        place = sheet, behind, choices_of(self._batch).options
        begun = self._begun if self._place == place else None
        if begun is None:
            self.close()
            with closing(self._read(*place)) as chunks:
                yield from chunks
        else:
            yield from begun

    def close(self) -> None:
        begun, self._begun = self._begun, None
        if begun is not None:
            begun.close()

    def _read(
        self, sheet: str | None, behind: int, options: reading.Options
    ) -> Generator[reading.Chunk, None, None]:
        limits = reading.Limits(chunk_lines=settings.IMPORT_CHUNK_LINES)
        return reading.read(self._path, sheet=sheet, skip_to=behind, limits=limits, options=options)


def _weight(chunk: reading.Chunk) -> int:
    return sum(map(len, chunk.rows))
