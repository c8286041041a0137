"""Which kind of list a table seems to be, from its headers.

Most headers are known to many lists, so the share of known ones says little. A list is told
by its marks, the columns that others do not have, and by what the form of it would carry.
"""

from collections.abc import Sequence

from imports.profiles import PROFILES, profiles_of
from imports.profiles.columns import INDICATOR_COLUMNS
from imports.profiles.headers import guess
from imports.profiles.profile import Mapping, Profile

_INDICATORS = frozenset(INDICATOR_COLUMNS)
_CLEARLY, _A_LITTLE = 0.4, 0.15
"""By how much another list must fit better before a person is asked: less if it knows more."""


def best_guess(
    headers: Sequence[object], samples: Sequence[Sequence[object]], source: str
) -> Mapping:
    """Return how the headers are read under that shape of the source which fits best."""
    return max(
        (guess(headers, profile, samples=samples) for profile in profiles_of(source)),
        key=lambda mapping: (not mapping.missing, fit(mapping)),
    )


def fit(mapping: Mapping) -> float:
    """Return how well the columns fit the mapping's list, 0 to 3."""
    profile = PROFILES[mapping.profile]
    # The indicators may stand in a person list too, and would outweigh all else.
    found = set(mapping.columns) - _INDICATORS
    marks = set(profile.marks)
    usual = {column.column for column in profile.template} - _INDICATORS
    return (
        mapping.confidence
        + (len(marks & set(mapping.columns)) / len(marks) if marks else 0.0)
        + len(usual & found) / len(usual | found)
    )


def other_list(
    chosen: Mapping, headers: Sequence[object], samples: Sequence[Sequence[object]]
) -> Profile | None:
    """Return the list of another source that the table rather seems to be, if there is one."""
    source = PROFILES[chosen.profile].source
    others = [
        (fit(mapping), len(mapping.unknown), profile.key)
        for profile in PROFILES.values()
        if profile.source != source
        for mapping in (guess(headers, profile, samples=samples),)
        if not mapping.missing
    ]
    if not others:
        return None
    score, unknown, key = max(others)
    needed = _A_LITTLE if unknown < len(chosen.unknown) else _CLEARLY
    return PROFILES[key] if score > fit(chosen) + needed else None
