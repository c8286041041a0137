"""What the board asks the register."""

from reconciliation.queries.rows import SHOWN, Wanted, households_of
from reconciliation.queries.summing import (
    ListFigure,
    Published,
    changes,
    list_figures,
    published,
    signatures,
    years_in,
)

__all__ = [
    "SHOWN",
    "ListFigure",
    "Published",
    "Wanted",
    "changes",
    "households_of",
    "list_figures",
    "published",
    "signatures",
    "years_in",
]
