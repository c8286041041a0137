"""Which columns tell something about a person, and which do not."""

PERSONAL: dict[str, set[str]] = {
    "BackCheck": {"reason", "settled_reason"},
}

OPEN: dict[str, set[str]] = {
    "Assignment": {
        "id",
        "household",
        "surveyor",
        "due_on",
        "assigned_at",
        "assigned_by",
        "taken_over_from",
        "ended",
        "ended_at",
        "ended_by",
    },
    "BackCheckShare": {"id", "area", "surveyor", "percent", "set_at", "set_by"},
    "BackCheckDraw": {
        "id",
        "area",
        "seed",
        "visited_from",
        "visited_to",
        "counts",
        "drawn_at",
        "drawn_by",
    },
    "BackCheck": {
        "id",
        "drawn_in",
        "verification",
        "checker",
        "due_on",
        "outcome",
        "visited_on",
        "is_blind",
        "recorded_at",
        "recorded_by",
        "settled",
        "settled_at",
        "settled_by",
    },
}
