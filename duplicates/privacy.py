"""Which columns tell something about a person, and which do not."""

PERSONAL: dict[str, set[str]] = {
    "Candidate": {"one", "other", "mark_one", "mark_other", "reason"},
    "Merge": {"survivor_member", "merged_member", "reason", "undone_reason"},
    "MergeChange": {"row", "before", "after"},
}

OPEN: dict[str, set[str]] = {
    "Candidate": {
        "id",
        "kind",
        "score",
        "clues",
        "state",
        "found_at",
        "decided_at",
        "decided_by",
    },
    "Search": {
        "id",
        "asked_at",
        "asked_by",
        "state",
        "looked_at",
        "reached_at",
        "reached_id",
        "people",
        "found",
    },
    "Merge": {
        "id",
        "kind",
        "survivor",
        "merged",
        "merged_at",
        "merged_by",
        "undone_at",
        "undone_by",
    },
    "MergeChange": {"id", "merge", "number", "table", "act", "columns"},
}
