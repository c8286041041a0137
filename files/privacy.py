"""Which columns tell something about a person, and which do not.

PERSONAL columns are scrubbed in copies and left out of exports without names.
"""

PERSONAL: dict[str, set[str]] = {
    # A file of a household may be named after its head.
    "StoredFile": {"name"},
    "FileChunk": {"sealed"},
}

OPEN: dict[str, set[str]] = {
    "StoredFile": {
        "id",
        "purpose",
        "content_type",
        "size",
        "sha256",
        "created_at",
        "created_by",
        "purge_on",
        "purged_at",
    },
    "FileChunk": {"id", "file", "number"},
}
