"""Which columns tell something about a person, and which do not.

PERSONAL columns are scrubbed in copies and left out of exports without names. What is
typed about an item or as a resolution may be about a household.
"""

PERSONAL: dict[str, set[str]] = {
    "Forum": {"summary", "cancelled_reason"},
    "AgendaItem": {"title", "note"},
    "Resolution": {"text", "owner", "dropped_reason"},
    "ResolutionEvent": {"note"},
}

OPEN: dict[str, set[str]] = {
    "Forum": {
        "id",
        "title",
        "format",
        "level",
        "area",
        "held_on",
        "starts_at",
        "place",
        "organiser_agency",
        "organiser",
        "state",
        "count_state",
        "count_private",
        "count_civil_society",
        "count_academic",
        "count_people",
        "agencies",
        "planned_at",
        "planned_by",
        "held_at",
        "held_by",
        "cancelled_at",
        "cancelled_by",
        "version",
    },
    "AgendaItem": {
        "id",
        "forum",
        "position",
        "kind",
        "referral",
        "resolution",
        "dimension",
        "area",
        "outcome",
        "added_at",
        "added_by",
    },
    "Resolution": {
        "id",
        "forum",
        "agenda_item",
        "referral",
        "number",
        "owner_agency",
        "due_on",
        "status",
        "recorded_at",
        "recorded_by",
        "ended_at",
        "ended_by",
        "version",
    },
    "ResolutionEvent": {
        "id",
        "resolution",
        "action",
        "from_status",
        "to_status",
        "at",
        "by",
    },
}
