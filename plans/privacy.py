"""Which columns tell something about a person, and which do not."""

PERSONAL: dict[str, set[str]] = {
    "HouseholdPlan": {"attitude", "skills", "resources", "way_out"},
}

OPEN: dict[str, set[str]] = {
    "HouseholdPlan": {
        "id",
        "household",
        "number",
        "support",
        "ways",
        "step",
        "prospect",
        "agreed_on",
        "review_on",
        "made_at",
        "made_by",
        "superseded_at",
    },
}
