"""Keeping searches and views of the register, and writing the register as a sheet."""

from casework.services.exporting import UnableToExport, register_file
from casework.services.finding import KEPT_FOR, MOST_FOUND, Found, FoundRow, find, store_query
from casework.services.keeping import UnableToKeep, choose_columns, delete_view, save_view

__all__ = [
    "KEPT_FOR",
    "MOST_FOUND",
    "Found",
    "FoundRow",
    "UnableToExport",
    "UnableToKeep",
    "choose_columns",
    "delete_view",
    "find",
    "register_file",
    "save_view",
    "store_query",
]
