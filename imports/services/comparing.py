"""How a file's columns differ from last year's file of the same list."""

from collections.abc import Sequence
from dataclasses import dataclass

from imports.models import ImportBatch
from imports.profiles.headers import header_key
from imports.services.parts import Part, parts_of
from imports.workflow import OVER


@dataclass(frozen=True, slots=True)
class Renamed:
    """One column under last year's header and under this year's. `column` is canonical."""

    column: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Compared:
    """What is new, what is missing, and what has another name, against the file of `year_be`."""

    year_be: int
    new: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    renamed: tuple[Renamed, ...] = ()

    @property
    def is_same(self) -> bool:
        return not (self.new or self.missing or self.renamed)


def compared_with_last_year(
    batch: ImportBatch, parts: Sequence[Part] | None = None
) -> Compared | None:
    """Compare with the latest file of an earlier year of the list; None if there is none.

    Headers that differ only in spaces, dots or brackets are the same. One query.
    """
    last = (
        ImportBatch.objects.filter(
            source=batch.source, year_be__lt=batch.year_be, mapping__isnull=False
        )
        .exclude(state__in=sorted(OVER))
        .order_by("-year_be", "-uploaded_at", "-pk")
        .first()
    )
    now_parts = parts_of(batch) if parts is None else list(parts)
    if last is None or not now_parts:
        return None
    before, now = _headers(parts_of(last)), _headers(now_parts)
    renamed = _renamed(parts_of(last), now_parts, before, now)
    old = {header_key(each.before) for each in renamed}
    new = {header_key(each.now) for each in renamed}
    return Compared(
        year_be=last.year_be,
        new=tuple(text for key, text in now.items() if key not in before and key not in new),
        missing=tuple(text for key, text in before.items() if key not in now and key not in old),
        renamed=renamed,
    )


def _headers(parts: Sequence[Part]) -> dict[str, str]:
    return {
        header_key(text): text for part in parts for text in part.guess.headers if header_key(text)
    }


def _renamed(
    last: Sequence[Part], now: Sequence[Part], before: dict[str, str], after: dict[str, str]
) -> tuple[Renamed, ...]:
    old, new = _by_column(last), _by_column(now)
    return tuple(
        Renamed(column, old[column], header)
        for column, header in new.items()
        if column in old
        and header_key(header) not in before
        and header_key(old[column]) not in after
    )


def _by_column(parts: Sequence[Part]) -> dict[str, str]:
    """Return canonical column → header, as the file is read."""
    found: dict[str, str] = {}
    for part in parts:
        mapping = part.mapping or part.guess
        for column, index in mapping.columns.items():
            if index < len(mapping.headers) and mapping.headers[index]:
                found.setdefault(column, mapping.headers[index])
    return found
