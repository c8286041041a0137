"""Narrowing the register by what is not personal; and the lines of the list."""

from casework.filters.columns import COLUMNS, DEFAULT, Column
from casework.filters.lines import Line, for_lines, lines_of
from casework.filters.register import NAMES, SORT, Gap, HouseholdFilter, Order

__all__ = [
    "COLUMNS",
    "DEFAULT",
    "NAMES",
    "SORT",
    "Column",
    "Gap",
    "HouseholdFilter",
    "Line",
    "Order",
    "for_lines",
    "lines_of",
]
