"""Which columns tell something about a person, and which do not.

PERSONAL columns are scrubbed in copies and left out of exports without names.
"""

PERSONAL: dict[str, set[str]] = {}

OPEN: dict[str, set[str]] = {
    "Job": {
        "id",
        "kind",
        "subject_id",
        "queue",
        "state",
        "created_at",
        "created_by",
        "sent_at",
        "started_at",
        "finished_at",
        "turn_at",
        "waits_until",
        "attempts",
        "resumed",
        "lease_token",
        "lease_until",
        "stage",
        "done",
        "total",
        "speed",
        "error",
    },
}
