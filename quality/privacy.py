"""Which columns tell something about a person, and which do not."""

PERSONAL: dict[str, set[str]] = {}

OPEN: dict[str, set[str]] = {}
