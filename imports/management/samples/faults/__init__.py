"""The faults that real lists have, one function each, and what a line with it must become.

Sources: published open-data spreadsheets of poverty lists, and their import scripts, show house
numbers turned into dates, IDs in scientific notation, status words under อำเภอ, total rows.
"""

from imports.management.samples.faults.dates import DATE_FAULTS
from imports.management.samples.faults.fault import EXTRA_LINES, Fault
from imports.management.samples.faults.identity import IDENTITY_FAULTS
from imports.management.samples.faults.names import NAME_FAULTS
from imports.management.samples.faults.places import AREA_FAULTS, MARKS_IN_WORDS, year_faults

FAULTS = (
    *IDENTITY_FAULTS,
    *DATE_FAULTS,
    *NAME_FAULTS,
    *AREA_FAULTS,
    *year_faults("tpmap_year", other="bmn_year", lag=1),
    MARKS_IN_WORDS,
)
"""Those of the TPMAP person list."""

__all__ = [
    "AREA_FAULTS",
    "DATE_FAULTS",
    "EXTRA_LINES",
    "FAULTS",
    "IDENTITY_FAULTS",
    "NAME_FAULTS",
    "Fault",
    "year_faults",
]
