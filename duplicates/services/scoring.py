"""How likely two persons, or two households, are one: a score of 0 to 100 with its reasons.

No database here. The weights are a project default, written so that no single likeness is
enough: a name alone, a birthday alone or a near ID alone never makes a pair.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from duplicates.workflow import Clue
from ppaos.lib.thai_names import likeness, same_person_name

ENOUGH = 60
"""From this score on a pair is shown. A default of this system."""

_ALIKE = 0.85
_WITHOUT_NAME = 40


@dataclass(frozen=True, slots=True)
class Person:
    """What is compared of a person; the citizen ID only as its keyed index."""

    id: UUID
    household: UUID
    name: str
    key: str
    birth_date: date | None
    birth_year: int | None
    sex: str
    index: bytes | None
    has_left: bool
    area: str
    house_no: str

    @property
    def mark(self) -> bytes:
        return _mark(
            self.key,
            self.birth_date,
            self.birth_year,
            self.sex,
            self.index.hex() if self.index else "",
            self.household,
            self.area,
            self.house_no,
        )


@dataclass(frozen=True, slots=True)
class Score:
    points: int
    clues: tuple[Clue, ...]


def compare(one: Person, other: Person, *, near_id: bool = False) -> Score:
    """Score two persons. A pair without likeness of name stays below what is shown."""
    has_same_id = one.index is not None and one.index == other.index
    parts = (
        _name(one, other),
        _birth(one, other),
        _place(one, other),
        _ids(one, other, near_id=near_id and not has_same_id, same=has_same_id),
        (-20, (Clue.OTHER_SEX,)) if one.sex and other.sex and one.sex != other.sex else (0, ()),
    )
    points = sum(part[0] for part in parts)
    clues = tuple(clue for part in parts for clue in part[1])
    if not parts[0][0] and not has_same_id:
        points = min(points, _WITHOUT_NAME)
    return Score(max(0, min(100, points)), clues)


Part = tuple[int, tuple[Clue, ...]]


def _name(one: Person, other: Person) -> Part:
    if one.key == other.key:
        return 45, (Clue.SAME_NAME,)
    if same_person_name(one.name, other.name):
        return 35, (Clue.LIKE_NAME,)
    if likeness(one.name, other.name) >= _ALIKE:
        return 25, (Clue.LIKE_NAME,)
    return 0, ()


def _birth(one: Person, other: Person) -> Part:
    if one.birth_date and other.birth_date:
        if one.birth_date == other.birth_date:
            return 30, (Clue.SAME_BIRTHDAY,)
        if one.birth_date.year != other.birth_date.year:
            return -30, ()
        return -5, (Clue.SAME_BIRTH_YEAR,)
    if one.birth_year is None or other.birth_year is None:
        return 0, ()
    if one.birth_year == other.birth_year:
        return 15, (Clue.SAME_BIRTH_YEAR,)
    return (-5 if abs(one.birth_year - other.birth_year) == 1 else -30), ()


def _place(one: Person, other: Person) -> Part:
    if one.household == other.household:
        return 15, (Clue.SAME_HOUSEHOLD,)
    if is_same_house(one.area, one.house_no, other.area, other.house_no):
        return 15, (Clue.SAME_HOUSE,)
    if one.area[:6] == other.area[:6]:
        return 8, (Clue.SAME_AREA,)
    return 0, ()


def _ids(one: Person, other: Person, *, near_id: bool, same: bool) -> Part:
    if same:
        return 70, (Clue.SAME_ID,)
    if near_id:
        return 35, (Clue.NEAR_ID,)
    if one.index is None or other.index is None:
        return 5, (Clue.ONE_WITHOUT_ID,)
    return -40, (Clue.BOTH_IDS,)


def is_same_house(area: str, number: str, other_area: str, other_number: str) -> bool:
    """Say whether two addresses are one house: the village must be known."""
    numbers = _number(number), _number(other_number)
    return len(area) == 8 and area == other_area and numbers[0] == numbers[1] != ""


def _number(text: str) -> str:
    return "".join(text.split()).strip("-")


# ---- households ---------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Home:
    """What is compared of a household."""

    id: UUID
    area: str
    house_no: str
    code: str
    people: tuple[str, ...]

    @property
    def mark(self) -> bytes:
        return _mark(self.area, self.house_no, self.code, *sorted(self.people))


def compare_homes(one: Home, other: Home, *, shared: int) -> Score:
    """Score two households in which `shared` pairs of people may be one."""
    points, clues = 0, []
    if is_same_house(one.area, one.house_no, other.area, other.house_no):
        points += 40
        clues.append(Clue.SAME_HOUSE)
    elif one.area[:6] == other.area[:6]:
        points += 10
        clues.append(Clue.SAME_AREA)
    if shared >= 2:
        clues.append(Clue.SHARED_MEMBERS)
    return Score(min(100, points + 30 * min(shared, 2)), tuple(clues))


def _mark(*parts: object) -> bytes:
    text = "\0".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(text.encode()).digest()[:16]
