"""What people said about the columns of a list, kept per source and year for later files."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from imports.models import ImportBatch, SavedMapping
from imports.profiles import PROFILES
from imports.profiles.headers import header_key
from imports.profiles.profile import Mapping, UnableToMap, confirm
from imports.services.parts import Part

_NEARLY_SAME = 0.7
"""Which share of the headers must be the same before an earlier mapping is a start."""
_LOOKED_AT = 50
_KEPT_CHOICES = ("hidden_rows", "merged")


@dataclass(frozen=True, slots=True)
class Saved:
    """A mapping that somebody confirmed for a list of that year, as it fits this file."""

    mapping: Mapping
    year_be: int
    choices: dict[str, Any]


def save_mapping(
    batch: ImportBatch, part: Part, mapping: Mapping, *, by: User, at: datetime
) -> None:
    """Keep what somebody said, in the caller's transaction."""
    chosen: dict[str, Any] = batch.options.get("reading", {})
    SavedMapping.objects.create(
        source=batch.source,
        year_be=batch.year_be,
        profile=mapping.profile,
        headers=list(part.guess.headers),
        columns=dict(mapping.columns),
        polarity={
            "one_is_problem": mapping.one_is_problem,
            "one_is_passed": mapping.one_is_passed,
        },
        choices={name: chosen[name] for name in _KEPT_CHOICES if name in chosen},
        by=by,
        at=at,
    )


def same_mapping(batch: ImportBatch, part: Part) -> Saved | None:
    """Return what was said of the very same headers: this year, else the latest year before."""
    headers = list(part.guess.headers)
    kept = _earlier(batch).filter(headers=headers)
    return next((saved for each in kept if (saved := _fitting(each, part))), None)


def near_mapping(batch: ImportBatch, part: Part) -> Saved | None:
    """Return what was said of nearly the same headers, moved to where they stand now."""
    own = {header_key(header) for header in part.guess.headers if header}
    best: tuple[float, SavedMapping] | None = None
    for each in _earlier(batch)[:_LOOKED_AT]:
        theirs = {header_key(header) for header in each.headers if header}
        share = len(own & theirs) / max(len(own | theirs), 1)
        if share >= _NEARLY_SAME and (best is None or share > best[0]):
            best = share, each
    return _moved(best[1], part) if best else None


def use_saved_choices(batch: ImportBatch, saved: Saved) -> None:
    """Read hidden rows and merged cells as before, unless somebody chose; the caller saves it."""
    chosen = batch.options.get("reading", {})
    batch.options = {
        **batch.options,
        "reading": {**saved.choices, **chosen},
        "remembered_year": saved.year_be,
    }


def _earlier(batch: ImportBatch) -> Any:
    return SavedMapping.objects.filter(source=batch.source, year_be__lte=batch.year_be).order_by(
        "-year_be", "-pk"
    )


def _fitting(each: SavedMapping, part: Part) -> Saved | None:
    """Return it if the profile still knows all of its columns."""
    if each.profile not in PROFILES:
        return None
    try:
        mapping = confirm(PROFILES[each.profile], part.guess.headers, each.columns, **each.polarity)
    except UnableToMap:
        return None
    return Saved(mapping, each.year_be, each.choices)


def _moved(each: SavedMapping, part: Part) -> Saved | None:
    if each.profile not in PROFILES:
        return None
    return Saved(
        Mapping(
            profile=each.profile,
            headers=part.guess.headers,
            columns=dict(_placed(each, part)),
            **each.polarity,
        ),
        each.year_be,
        each.choices,
    )


def _placed(each: SavedMapping, part: Part) -> Iterator[tuple[str, int]]:
    """Yield where each column stands now; what the headers say by themselves fills the rest."""
    now: dict[str, int] = {}
    for index, header in enumerate(part.guess.headers):
        now.setdefault(header_key(header), index)
    taken: set[int] = set()
    found: dict[str, int] = {}
    for name, index in each.columns.items():
        place = now.get(header_key(each.headers[index])) if index < len(each.headers) else None
        if place is not None and name in PROFILES[each.profile].accepts and place not in taken:
            found[name] = place
            taken.add(place)
    for name, place in part.guess.columns.items():
        if name not in found and place not in taken and name in PROFILES[each.profile].accepts:
            found[name] = place
            taken.add(place)
    yield from found.items()
