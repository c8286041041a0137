"""Finding what may be one, judging it, merging, and taking a merge back."""

from duplicates.services.choosing import (
    MERGED,
    SURVIVOR,
    Field,
    compare_households,
    compare_members,
)
from duplicates.services.errors import UnableToDecide, UnableToMerge, UnableToUnmerge
from duplicates.services.merging import Pairing, merge_households, merge_members
from duplicates.services.unmerging import unmerge

__all__ = [
    "MERGED",
    "SURVIVOR",
    "Field",
    "Pairing",
    "UnableToDecide",
    "UnableToMerge",
    "UnableToUnmerge",
    "compare_households",
    "compare_members",
    "merge_households",
    "merge_members",
    "unmerge",
]
