"""Counting the register, and keeping the count."""

from dashboards.services.aggregating import (
    Difference,
    aggregate,
    check_and_mend,
    compare,
    rebuild,
)
from dashboards.services.counting import count_cells

__all__ = [
    "Difference",
    "aggregate",
    "check_and_mend",
    "compare",
    "count_cells",
    "rebuild",
]
