"""A file on its way into the register: its lines, what was wrong, what it changed."""

from imports.models.batch import ImportBatch, SavedMapping
from imports.models.changes import HouseholdTouch, ImportAdded, ImportChange, ImportChunk
from imports.models.rows import (
    PAYLOAD_COLUMNS,
    ImportRow,
    RowIssue,
    open_payload,
    open_values,
    payload_context,
    seal_packed,
    seal_payload,
)

__all__ = [
    "PAYLOAD_COLUMNS",
    "HouseholdTouch",
    "ImportAdded",
    "ImportBatch",
    "ImportChange",
    "ImportChunk",
    "ImportRow",
    "RowIssue",
    "SavedMapping",
    "open_payload",
    "open_values",
    "payload_context",
    "seal_packed",
    "seal_payload",
]
