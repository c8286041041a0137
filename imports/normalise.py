"""One raw line of a list → one record in normal form with what was found on the way.

A pure module.
"""

from dataclasses import dataclass
from typing import Any

from imports.verdicts import Finding


@dataclass(frozen=True, slots=True)
class Record:
    """A line in normal form: every canonical column of the profile, None where blank.

    Values are what JSON can carry: citizen_id and codes as digit strings, birth_date
    `YYYY-MM-DD` or `YYYY`, sex ชาย/หญิง, title in its long form, place names without
    prefix, booleans, indicators 1 or 0, years as Buddhist integers, money as a string with
    two decimals.
    """

    values: dict[str, Any]
    findings: tuple[Finding, ...] = ()
