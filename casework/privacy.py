"""Which columns tell something about a person, and which do not."""

PERSONAL: dict[str, set[str]] = {
    "StoredQuery": {"text"},
}

OPEN: dict[str, set[str]] = {
    "StoredQuery": {"id", "owner", "created_at", "expires_at"},
    "SavedView": {"id", "owner", "name", "query", "area", "saved_at"},
    "ListColumns": {"owner", "columns"},
}
