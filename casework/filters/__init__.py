"""Narrowing the register by what is not personal; it may stand in an address."""

from casework.filters.columns import COLUMNS, DEFAULT, Column, with_columns
from casework.filters.register import NAMES, SORT, Gap, HouseholdFilter, Order

__all__ = [
    "COLUMNS",
    "DEFAULT",
    "NAMES",
    "SORT",
    "Column",
    "Gap",
    "HouseholdFilter",
    "Order",
    "with_columns",
]
