"""The kinds of list that can be imported, each as data."""

from collections.abc import Mapping

from imports.profiles.profile import Profile
from imports.profiles.tpmap import TPMAP

PROFILES: Mapping[str, Profile] = {profile.source: profile for profile in (TPMAP,)}
"""By source code."""
