"""The kinds of list that can be imported, each as data."""

from collections.abc import Mapping

from imports.profiles.profile import Profile
from imports.profiles.tpmap import TPMAP

PROFILES: Mapping[str, Profile] = {profile.key: profile for profile in (TPMAP,)}
"""By key. The first profile of a source has the source's name as its key."""

SOURCES: Mapping[str, Profile] = {
    key: profile for key, profile in PROFILES.items() if key == profile.source
}
"""The main profile of each source that can be imported."""


def profiles_of(source: str) -> tuple[Profile, ...]:
    """Return every shape in which a source comes, the main one first."""
    return tuple(profile for profile in PROFILES.values() if profile.source == source)
