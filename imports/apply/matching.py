"""Whether a line's person is somebody the register knows. No database here."""

import uuid
from dataclasses import dataclass
from datetime import date

from imports.apply.lines import Line
from imports.apply.register import Register
from imports.apply.tables import Row
from ppaos.lib.thai_text import name_key

POSSIBLE_DUP = "H_POSSIBLE_DUP"
DUP_IN_FILE = "H_DUP_IN_FILE"


@dataclass(frozen=True, slots=True)
class Match:
    """The member found, or None for a new one; and what a person must look at first."""

    member: Row | None
    code: str = ""


def match(line: Line, household_id: uuid.UUID | None, register: Register) -> Match:
    """Find the person: by citizen ID, else by name and birth in the same household.

    Somebody with this ID in another house or under another name, or a namesake
    of the same birth in the tambon, is for a person to decide.
    """
    found = next((register.by_index[i] for i in line.indexes if i in register.by_index), None)
    if found is not None:
        is_here = found["household_id"] == household_id
        return Match(found, "" if is_here and _same_person(line, found) else POSSIBLE_DUP)
    if household_id is not None:
        for member in register.members.get(household_id, []):
            if member["name_key"] == line.name_key and births_agree(line, member):
                other_id = line.citizen_id is not None and member["citizen_id_index"] is not None
                return Match(None, POSSIBLE_DUP) if other_id else Match(member)
    return Match(None, POSSIBLE_DUP if _has_namesake(line, household_id, register) else "")


def _same_person(line: Line, member: Row) -> bool:
    """Two first names under one ID are one person only if the birth date says so."""
    first = name_key(line.text("first_name"))
    if not first or first == name_key(member["first_name"]):
        return True
    return line.birth_date is not None and line.birth_date == member["birth_date"]


def births_agree(line: Line, member: Row) -> bool:
    """Say whether both could be one birth; what is not known does not contradict."""
    day: date | None = member["birth_date"]
    if line.birth_date is not None and day is not None:
        return line.birth_date == day
    year = member["birth_year"]
    return line.birth_year is None or year is None or line.birth_year == year


def _has_namesake(line: Line, household_id: uuid.UUID | None, register: Register) -> bool:
    """Look for the same full name and birth in another house of the tambon, an ID missing."""
    if line.birth_year is None:
        return False
    return any(
        other["household_id"] != household_id
        and other["birth_year"] == line.birth_year
        and births_agree(line, other)
        and not (other["has_id"] and line.citizen_id)
        for other in register.namesakes.get(line.name_key, [])
    )
