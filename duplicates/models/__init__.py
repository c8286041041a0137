"""Pairs that may be one, the searches that find them, merges and what each of them did."""

from duplicates.models.candidate import Candidate, Search
from duplicates.models.merge import Merge, MergeChange

__all__ = ["Candidate", "Merge", "MergeChange", "Search"]
