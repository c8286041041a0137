"""What a line becomes."""

from typing import Any, NamedTuple

from imports.normalise.areas import LearntArea
from imports.profiles.profile import Unit
from imports.verdicts import Finding


class Record(NamedTuple):
    """A line in normal form: every canonical column of the profile, None where blank.

    Values are what JSON can carry: citizen_id and codes as digit strings, birth_date
    `YYYY-MM-DD` or `YYYY` of the common era, sex ชาย or หญิง, title in its long form, place
    names without prefix, flags and dimensions as booleans, indicators 1 or 0, years as
    Buddhist integers, money and degrees as decimal strings, counts as integers. Which of
    them matter is told by `unit`, see there.

    `area_code` is the tambon, or the village if its moo is known, and of figures perhaps a
    district or a province; None if it was refused, the line names none, or no resolver was
    asked. `new_areas` are those it would need, parents first.
    """

    values: dict[str, Any]
    findings: tuple[Finding, ...] = ()
    area_code: str | None = None
    new_areas: tuple[LearntArea, ...] = ()
    unit: Unit = Unit.PERSON
