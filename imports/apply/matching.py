"""Whether a line's person is somebody the register knows. No database here.

A person is found by citizen ID, else by name and birth in the same household; what could
be somebody else is held as a possible duplicate. Whoever is asked answers in the staged
line, and `match` honours it:

- `ImportRow.chosen_member`: the line means this member of the register. They move to the
  line's household; an ID that the register lacks is filled in, another one is kept;
- `ImportRow.is_new_person`: the line means nobody whom the register knows;
- accepted without either (`decision` alone): the person whom the ID names, else a new one.

An answer that cannot be carried out holds the line again: the chosen member is gone, or
the line's ID is another living person's.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from imports.apply.lines import Line
from imports.apply.register import Register
from imports.apply.tables import Row
from ppaos.lib.thai_text import name_key

POSSIBLE_DUP = "H_POSSIBLE_DUP"


@dataclass(frozen=True, slots=True)
class Match:
    """The member found, or None for a new one; and what a person must look at first.

    `is_impossible` says that looking at it does not help: the answer must be another.
    """

    member: Row | None
    code: str = ""
    is_impossible: bool = False


def match(line: Line, household_id: uuid.UUID | None, register: Register) -> Match:
    """Find the person: by what was answered, by citizen ID, or by name and birth.

    Somebody with this ID in another house or under another name, or a namesake
    of the same birth in the tambon, is for a person to decide.
    """
    found = _by_id(line, register)
    if line.chosen_member is not None or line.is_new_person:
        return _answered(line, found, register)
    if found is not None:
        is_here = found["household_id"] == household_id
        return Match(found, "" if is_here and _same_person(line, found) else POSSIBLE_DUP)
    if household_id is not None:
        for member in register.members.get(household_id, []):
            if member["name_key"] == line.name_key and births_agree(line, member):
                other_id = line.citizen_id is not None and member["citizen_id_index"] is not None
                return Match(None, POSSIBLE_DUP) if other_id else Match(member)
    is_doubtful = next(_namesakes(line, household_id, register), None) is not None
    return Match(None, POSSIBLE_DUP if is_doubtful else "")


def _by_id(line: Line, register: Register) -> Row | None:
    return next((register.by_index[i] for i in line.indexes if i in register.by_index), None)


def _answered(line: Line, holder: Row | None, register: Register) -> Match:
    """Follow the answer; `holder` is who has the line's citizen ID in the register."""
    if line.is_new_person:
        return Match(holder, POSSIBLE_DUP if holder else "", is_impossible=holder is not None)
    assert line.chosen_member is not None
    chosen = register.by_id.get(line.chosen_member)
    is_other = chosen is not None and holder is not None and holder["id"] != chosen["id"]
    if chosen is None or is_other:
        return Match(holder, POSSIBLE_DUP, is_impossible=True)
    return Match(chosen)


def candidates(line: Line, household_id: uuid.UUID | None, register: Register) -> list[uuid.UUID]:
    """Return the members whom the line may mean, the likeliest first."""
    found = _by_id(line, register)
    likely = [found["id"]] if found is not None else []
    here = register.members.get(household_id, []) if household_id is not None else []
    likely += [m["id"] for m in here if m["name_key"] == line.name_key and births_agree(line, m)]
    likely += [other["id"] for other in _namesakes(line, household_id, register)]
    return list(dict.fromkeys(likely))


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


def _namesakes(line: Line, household_id: uuid.UUID | None, register: Register) -> Iterator[Row]:
    """Look for the same full name and birth in another house of the tambon, an ID missing."""
    if line.birth_year is None:
        return
    for other in register.namesakes.get(line.name_key, []):
        if (
            other["household_id"] != household_id
            and other["birth_year"] == line.birth_year
            and births_agree(line, other)
            and not (other["has_id"] and line.citizen_id)
        ):
            yield other
