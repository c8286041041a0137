"""What some lines mean for the register: which rows to add, which columns to set.

Nothing is written here and nothing is read, so the preview's forecast and the
apply are the same computation. Three rules protect what people did:

- a value is replaced only in a row that stands exactly as an import left it;
  anything entered, corrected or verified since is kept, and the line says so;
- a list never replaces what a newer list said;
- a blank cell says nothing.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from households.services import identity_columns
from households.workflow import Stage
from imports.apply.lines import Line, household_values, member_values
from imports.apply.matching import DUP_IN_FILE, Match, match
from imports.apply.register import Register
from imports.apply.tables import HOUSEHOLDS, MEMBERS, Row, Table
from imports.verdicts import severity_of
from imports.workflow import Action, Severity
from ppaos.orm import uuid7
from problems.rules import Dimension

KEPT = "W_REGISTER_KEPT"
HOUSE_DIFFERS = "H_HOUSE_DIFFERS"
OUT_OF_SCOPE = "E_AREA_SCOPE"


@dataclass(frozen=True, slots=True)
class Form:
    """An edition of the จปฐ. form, as the reference tables have it."""

    id: uuid.UUID
    size: int
    year_from: int
    year_to: int
    dimensions: Mapping[int, Dimension]


@dataclass(frozen=True, slots=True)
class Context:
    """What all lines of a batch have in common."""

    source: str
    year_be: int
    scope_codes: tuple[str, ...]
    forms: tuple[Form, ...]
    by_id: uuid.UUID
    at: datetime
    today: date


@dataclass(slots=True)
class Outcome:
    """What one line does. A line whose `codes` hold it writes nothing."""

    line: Line
    codes: list[tuple[str, str]] = field(default_factory=list)
    """(code, canonical column) pairs found against the register."""
    member: Row | None = None
    is_new: bool = False
    is_changed: bool = False
    household_id: uuid.UUID | None = None
    household_action: str = ""

    @property
    def stays_out(self) -> bool:
        # Most lines have none, and this is asked several times of each.
        return bool(self.codes) and any(
            severity_of(code) in (Severity.ERROR, Severity.HOLD) for code, _ in self.codes
        )

    @property
    def action(self) -> str:
        if self.stays_out:
            return ""
        if self.is_new:
            return Action.NEW
        return Action.CHANGED if self.is_changed else Action.UNCHANGED

    def note(self, code: str, column: str = "") -> None:
        if code not in self.line.passed and (code, column) not in self.codes:
            self.codes.append((code, column))


@dataclass
class Plan:
    """Rows to add and columns to set, per table name; and what became of each line."""

    inserts: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    updates: dict[str, dict[uuid.UUID, Row]] = field(default_factory=lambda: defaultdict(dict))
    before: dict[str, dict[uuid.UUID, Row]] = field(default_factory=lambda: defaultdict(dict))
    households: dict[tuple[str, uuid.UUID], uuid.UUID] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    areas: set[str] = field(default_factory=set)

    def insert(self, table: Table, row: Row, household_id: uuid.UUID) -> None:
        self.inserts[table.name].append(row)
        self.households[table.name, row["id"]] = household_id

    def update(self, table: Table, row: Row, new: Row, household_id: uuid.UUID) -> None:
        """Set columns of an existing row, and let `row` show them from here on."""
        pk = row["id"]
        self.updates[table.name].setdefault(pk, {}).update(new)
        before = self.before[table.name].setdefault(pk, {})
        for column in new:
            before.setdefault(column, row.get(column))
        self.households[table.name, pk] = household_id
        row.update(new)


@dataclass
class Home:
    """The lines of one household with the household they mean."""

    row: Row | None
    outcomes: list[Outcome]
    is_new: bool = False

    @property
    def taking_part(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if not outcome.stays_out]


def make_homes(
    lines: Sequence[Line], register: Register, context: Context, plan: Plan
) -> Iterator[Home]:
    """Yield each household of the lines after planning its address and its people.

    `lines` are sorted by household key. Households with no line that takes part
    are yielded too, without a row.
    """
    for _, group in groupby(lines, key=lambda line: line.house_key):
        outcomes = [Outcome(line) for line in group]
        plan.outcomes += outcomes
        home = Home(_find_household(outcomes, register), outcomes)
        _check_place(home, context)
        matches = _match_people(home, register, context)
        if home.taking_part:
            _write_household(home, register, context, plan)
            for outcome in home.taking_part:
                _write_member(outcome, matches[outcome.line.row], home, register, context, plan)
            _name_a_head(home, register, plan)
        yield home


# ---- the household ------------------------------------------------------------------
def _find_household(outcomes: Sequence[Outcome], register: Register) -> Row | None:
    first = outcomes[0].line
    if first.house_code:
        return register.by_code.get((first.house_code, first.house_seq))
    for outcome in outcomes:
        for index in outcome.line.indexes:
            member = register.by_index.get(index)
            home = register.households.get(member["household_id"]) if member else None
            if home is not None and home["house_code"] is None:
                return home
    house_no = first.text("house_no")
    return register.by_place.get((first.area_code, house_no)) if house_no else None


def _check_place(home: Home, context: Context) -> None:
    if home.row is None:
        return
    area = home.row["area_id"]
    for outcome in home.outcomes:
        if not area.startswith(context.scope_codes):
            outcome.codes.append((OUT_OF_SCOPE, "house_code"))
        elif area[:6] != outcome.line.area_code[:6]:
            outcome.note(HOUSE_DIFFERS, "house_code")


def _write_household(home: Home, register: Register, context: Context, plan: Plan) -> None:
    said = household_values([outcome.line for outcome in home.taking_part])
    if home.row is None:
        home.row = _new_household(home.taking_part[0].line, said, context)
        home.is_new = True
        plan.insert(HOUSEHOLDS, home.row, home.row["id"])
        action = Action.NEW
    else:
        action = _update_household(home, home.row, said, register, context, plan)
    plan.areas.add(home.row["area_id"])
    for outcome in home.taking_part:
        outcome.household_id = home.row["id"]
        outcome.household_action = action


def _new_household(line: Line, said: Row, context: Context) -> Row:
    pk = uuid7()
    values = {
        "id": pk,
        "house_code": line.house_code,
        "temporary_code": None if line.house_code else _temporary_code(line.area_code, pk),
        "seq": line.house_seq,
        "area_id": line.area_code,
        "phone": line.text("phone") or None,
        "stage": Stage.LISTED.value,
        "stage_date": context.today,
        **said,
    }
    return HOUSEHOLDS.new_row(values, at=context.at)


def _temporary_code(area_code: str, pk: uuid.UUID) -> str:
    """Return `TMP-<tambon>-<8 hex digits of the key's random end>`: 19 characters."""
    return f"TMP-{area_code[:6]}-{pk.hex[-8:].upper()}"


def _update_household(
    home: Home, row: Row, said: Row, register: Register, context: Context, plan: Plan
) -> Action:
    if said.get("area_id") == row["area_id"][:6]:
        # The list knows less than the register: the tambon, not the village.
        del said["area_id"]
    new, kept = _differences(row, said, is_open=_is_open(row, row["id"], register, context))
    if kept:
        home.taking_part[0].note(KEPT, kept[0].removesuffix("_id"))
    if not new:
        return Action.UNCHANGED
    plan.areas.add(row["area_id"])
    plan.update(HOUSEHOLDS, row, new, row["id"])
    home.taking_part[0].is_changed = True
    return Action.CHANGED


def _is_open(row: Row, household_id: uuid.UUID, register: Register, context: Context) -> bool:
    """Say whether a list may replace values of this row."""
    is_newest = register.newest_year.get(household_id, 0) <= context.year_be
    return bool(row.get("open_to_imports")) and is_newest


def _differences(row: Row, said: Row, *, is_open: bool) -> tuple[Row, list[str]]:
    """Return the columns to set, and those that differ but are kept. Blanks are always filled."""
    new: Row = {}
    kept: list[str] = []
    for column, value in said.items():
        present = row[column]
        if _equal(present, value):
            continue
        if present in (None, "") or is_open:
            new[column] = value
        else:
            kept.append(column)
    return new, kept


def _equal(present: Any, value: Any) -> bool:
    if isinstance(present, Decimal):
        return present == Decimal(value).quantize(Decimal("0.000001"))
    return bool(present == value)


# ---- its people ---------------------------------------------------------------------
def _match_people(home: Home, register: Register, context: Context) -> dict[int, Match]:
    """Find each line's person; two lines for one person, after the first, are held."""
    matches: dict[int, Match] = {}
    claimed: set[Any] = set()
    household_id = home.row["id"] if home.row else None
    for outcome in home.taking_part:
        line = outcome.line
        found = match(line, household_id, register)
        if _lives_out_of_scope(found.member, household_id, register, context):
            outcome.codes.append((OUT_OF_SCOPE, "citizen_id"))
        if found.code:
            outcome.note(found.code, "citizen_id" if line.citizen_id else "first_name")
        person = found.member["id"] if found.member else (line.citizen_id or _who(line))
        if person in claimed:
            outcome.note(DUP_IN_FILE, "citizen_id" if line.citizen_id else "first_name")
        claimed.add(person)
        matches[line.row] = found
    return matches


def _lives_out_of_scope(
    member: Row | None, household_id: uuid.UUID | None, register: Register, context: Context
) -> bool:
    """Say whether taking this person in would take them from a place the import may not touch."""
    if member is None or member["household_id"] == household_id:
        return False
    old_home = register.households[member["household_id"]]
    return not str(old_home["area_id"]).startswith(context.scope_codes)


def _who(line: Line) -> tuple[Any, ...]:
    return (line.name_key, line.birth_date, line.birth_year)


def _write_member(
    outcome: Outcome,
    found: Match,
    home: Home,
    register: Register,
    context: Context,
    plan: Plan,
) -> None:
    assert home.row is not None
    if found.member is None:
        row = _new_member(outcome.line, home, register, context)
        plan.insert(MEMBERS, row, home.row["id"])
        register.members[home.row["id"]].append(row)
        outcome.member, outcome.is_new = row, True
        return
    member = outcome.member = found.member
    said = member_values(outcome.line)
    if outcome.line.birth_date is None and member["birth_date"] is not None:
        said.pop("birth_year", None)
    is_open = _is_open(member, member["household_id"], register, context)
    new, kept = _differences(member, said, is_open=is_open)
    new |= _derived(outcome.line, member, new, home.row)
    if "birth_year" in kept:
        # Day and year are one fact: not the one from here and the other from there.
        new.pop("birth_date", None)
    if member["household_id"] != home.row["id"]:
        new |= _moved(member, home, register)
    if kept:
        outcome.note(KEPT, kept[0])
    if new:
        plan.update(MEMBERS, member, new, home.row["id"])
        outcome.is_changed = True


def _new_member(line: Line, home: Home, register: Register, context: Context) -> Row:
    assert home.row is not None
    said = member_values(line)
    derived = identity_columns(
        first_name=said.get("first_name", ""),
        last_name=said.get("last_name", ""),
        citizen_id=line.citizen_id,
        area_code=home.row["area_id"],
    )
    values = {
        "id": uuid7(),
        "household_id": home.row["id"],
        "seq": _next_seq(register.members.get(home.row["id"], [])),
        "citizen_id": line.citizen_id,
        "citizen_id_index": derived.citizen_id_index,
        "key_version": derived.key_version,
        "name_key": derived.name_key,
        "province_code": derived.province_code,
        **said,
    }
    return MEMBERS.new_row(values, at=context.at)


def _next_seq(members: Sequence[Row]) -> int:
    return max((member["seq"] for member in members), default=0) + 1


def _derived(line: Line, member: Row, new: Row, home: Row) -> Row:
    """Return what follows: the name key, the province, and an ID that was missing."""
    after = {**member, **new}
    fills_id = line.citizen_id is not None and member["citizen_id_index"] is None
    columns = identity_columns(
        first_name=after["first_name"],
        last_name=after["last_name"],
        citizen_id=line.citizen_id if fills_id else None,
        area_code=home["area_id"],
    )
    wanted: Row = {"name_key": columns.name_key, "province_code": columns.province_code}
    derived = {column: value for column, value in wanted.items() if member[column] != value}
    if fills_id:
        derived |= {
            "citizen_id": line.citizen_id,
            "citizen_id_index": columns.citizen_id_index,
            "key_version": columns.key_version,
        }
    return derived


def _moved(member: Row, home: Home, register: Register) -> Row:
    """Let a person decided to be the same live in this household from now on."""
    assert home.row is not None
    old = register.members.get(member["household_id"], [])
    old[:] = [other for other in old if other["id"] != member["id"]]
    here = register.members[home.row["id"]]
    seq = _next_seq(here)
    here.append(member)
    return {"household_id": home.row["id"], "seq": seq, "is_head": False}


def _name_a_head(home: Home, register: Register, plan: Plan) -> None:
    """Make the person numbered 1, else the first line's, the head if there is none."""
    assert home.row is not None
    members = register.members.get(home.row["id"], [])
    if any(member["is_head"] for member in members):
        return
    people = [o for o in home.taking_part if o.member is not None]
    numbered = [o for o in people if str(o.line.values.get("member_seq") or "") == "1"]
    head = (numbered or people)[0]
    assert head.member is not None
    if head.is_new:
        head.member["is_head"] = True
    else:
        plan.update(MEMBERS, head.member, {"is_head": True}, home.row["id"])
        head.is_changed = True
