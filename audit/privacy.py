"""Which columns tell something about a person, and which do not.

PERSONAL columns are scrubbed in copies and left out of exports without names.
"""

PERSONAL: dict[str, set[str]] = {
    # The person who acted, and what was said as the reason. The trail itself is never scrubbed.
    "Event": {"actor", "ip_address", "reason"},
}

OPEN: dict[str, set[str]] = {
    "Event": {"id", "at", "event", "actor_id", "subject_type", "subject_id", "area", "detail"},
}
