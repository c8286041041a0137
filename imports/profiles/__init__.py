"""The kinds of list that can be imported, each as data."""

from collections.abc import Mapping

from imports.profiles.areas import AREA_FIGURES, AREA_FIGURES_LONG, MISSED_COUNTS
from imports.profiles.assistance import ASSISTANCE
from imports.profiles.bmn import BMN, BMN_PERSONS
from imports.profiles.people import (
    HOUSEHOLDS,
    HOUSEHOLDS_BY_CODE,
    MISSED,
    MISSED_HOUSEHOLDS,
    VULNERABLE,
    VULNERABLE_PERSONS,
    WELFARE_CARD,
)
from imports.profiles.pppconnext import PPPCONNEXT, PPPCONNEXT_PERSONS
from imports.profiles.profile import Profile
from imports.profiles.thaiqm import THAIQM, THAIQM_LONG
from imports.profiles.tpmap import TPMAP

PROFILES: Mapping[str, Profile] = {
    profile.key: profile
    for profile in (
        TPMAP,
        *(BMN, BMN_PERSONS),
        *(THAIQM, THAIQM_LONG),
        *(PPPCONNEXT, PPPCONNEXT_PERSONS),
        *(MISSED, MISSED_HOUSEHOLDS, MISSED_COUNTS),
        WELFARE_CARD,
        *(VULNERABLE, VULNERABLE_PERSONS),
        ASSISTANCE,
        *(HOUSEHOLDS, HOUSEHOLDS_BY_CODE),
        *(AREA_FIGURES, AREA_FIGURES_LONG),
    )
}
"""By key. The first profile of a source has the source's name as its key."""

SOURCES: Mapping[str, Profile] = {
    key: profile for key, profile in PROFILES.items() if key == profile.source
}
"""The main profile of each source that can be imported."""


def profiles_of(source: str) -> tuple[Profile, ...]:
    """Return every shape in which a source comes, the main one first."""
    return tuple(profile for profile in PROFILES.values() if profile.source == source)
