"""Finding what may be one, judging it, merging, and taking a merge back."""

from duplicates.services.choosing import (
    MERGED,
    SURVIVOR,
    Field,
    compare_households,
    compare_members,
)
from duplicates.services.errors import UnableToDecide, UnableToMerge, UnableToUnmerge
from duplicates.services.folding import Pairing
from duplicates.services.judging import Cluster, clusters, homes_of, reopen, say_distinct
from duplicates.services.merging import merge_households, merge_members
from duplicates.services.searching import (
    SEARCH_TASK,
    ask_for_search,
    look_for_duplicates,
    order_search,
    order_search_after_much,
    run_search,
    search_work,
)
from duplicates.services.showing import Comparison, Wish, compare_pair, merge_pair
from duplicates.services.unmerging import counts_of, unmerge

__all__ = [
    "MERGED",
    "SEARCH_TASK",
    "SURVIVOR",
    "Cluster",
    "Comparison",
    "Field",
    "Pairing",
    "UnableToDecide",
    "UnableToMerge",
    "UnableToUnmerge",
    "Wish",
    "ask_for_search",
    "clusters",
    "compare_households",
    "compare_members",
    "compare_pair",
    "counts_of",
    "homes_of",
    "look_for_duplicates",
    "merge_households",
    "merge_members",
    "merge_pair",
    "order_search",
    "order_search_after_much",
    "reopen",
    "run_search",
    "say_distinct",
    "search_work",
    "unmerge",
]
