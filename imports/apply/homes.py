"""The households that some lines mean: found, made, and brought up to date."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from households.workflow import Stage
from imports.apply.lines import Line, household_values
from imports.apply.matching import POSSIBLE_DUP, Match
from imports.apply.people import match_people, name_a_head, write_member
from imports.apply.plan import (
    HOUSE_DIFFERS,
    HOUSE_UNKNOWN,
    KEPT,
    OUT_OF_SCOPE,
    Context,
    Home,
    Outcome,
    Plan,
    is_open,
    settle,
)
from imports.apply.register import Register
from imports.apply.results import NO_DIMENSION
from imports.apply.saying import has_homeless_text
from imports.apply.tables import HOUSEHOLDS, Row
from imports.profiles.profile import Unit
from imports.workflow import Action
from ppaos.orm import uuid7


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
        _check_place(home, register, context)
        matches = match_people(home, register, context)
        if home.row is None:
            _check_is_somewhere(home)
        if plan.is_forecast and _is_all_new(home, matches):
            _foresee(home)
        elif home.taking_part:
            _write_home(home, matches, register, context, plan)
        yield home


def _is_all_new(home: Home, matches: dict[int, Match]) -> bool:
    """Say whether the register knows neither the household nor any of its people."""
    return home.row is None and all(
        outcome.line.unit is Unit.PERSON
        and outcome.line.names_someone
        and matches[outcome.line.row].member is None
        for outcome in home.taking_part
    )


def _foresee(home: Home) -> None:
    """Say of each line what planning the new rows would say of it, without making them."""
    for outcome in home.taking_part:
        outcome.is_new = True
        outcome.household_action = Action.NEW
        if has_homeless_text(outcome.line):
            outcome.note(NO_DIMENSION, "problem_text")


def _write_home(
    home: Home, matches: dict[int, Match], register: Register, context: Context, plan: Plan
) -> None:
    _write_household(home, register, context, plan)
    for outcome in home.taking_part:
        if outcome.line.names_someone:
            write_member(outcome, matches[outcome.line.row], home, register, context, plan)
        elif home.is_new:
            outcome.is_new = True
    name_a_head(home, register, plan)


# ---- which household ----------------------------------------------------------------
def _find_household(outcomes: Sequence[Outcome], register: Register) -> Row | None:
    first = outcomes[0].line
    if first.house_code:
        return register.by_code.get((first.house_code, first.house_seq))
    for outcome in outcomes:
        for member in _known_people(outcome.line, register):
            home = register.households.get(member["household_id"])
            if home is not None and (home["house_code"] is None or outcome.line.chosen_member):
                return home
    house_no = first.text("house_no")
    return register.by_place.get((first.area_code, house_no)) if house_no else None


def _known_people(line: Line, register: Register) -> Iterator[Row]:
    if line.chosen_member in register.by_id:
        yield register.by_id[line.chosen_member]
    for index in line.indexes:
        if index in register.by_index:
            yield register.by_index[index]


def _check_place(home: Home, register: Register, context: Context) -> None:
    if home.row is None:
        for outcome in home.outcomes:
            _check_new_place(outcome, register)
        return
    area = home.row["area_id"]
    for outcome in home.outcomes:
        said = outcome.line.area_code
        if not area.startswith(context.scope_codes):
            outcome.insist(OUT_OF_SCOPE, "house_code")
        elif said and area[:6] != said[:6]:
            outcome.note(HOUSE_DIFFERS, "house_code")


def _check_new_place(outcome: Outcome, register: Register) -> None:
    """Hold a line without a house code that may mean a household that has one."""
    line = outcome.line
    place = (line.area_code, line.text("house_no"))
    if line.house_code is None and not line.names_someone and place in register.coded_places:
        outcome.note(POSSIBLE_DUP, "house_no")


def _check_is_somewhere(home: Home) -> None:
    """Hold the lines of a household that nobody knows and that is nowhere."""
    if not any(outcome.line.area_code for outcome in home.taking_part):
        for outcome in home.taking_part:
            outcome.insist(HOUSE_UNKNOWN, "house_code")


# ---- what the register has of it ----------------------------------------------------
def _write_household(home: Home, register: Register, context: Context, plan: Plan) -> None:
    said = household_values([outcome.line for outcome in home.taking_part])
    if home.row is None:
        home.row = _new_household([o.line for o in home.taking_part], said, context)
        home.is_new = True
        plan.insert(HOUSEHOLDS, home.row, home.row["id"])
        action = Action.NEW
    else:
        action = _update_household(home, home.row, said, register, context, plan)
    plan.areas.add(home.row["area_id"])
    for outcome in home.taking_part:
        outcome.household_id = home.row["id"]
        outcome.household_action = action


def _new_household(lines: Sequence[Line], said: Row, context: Context) -> Row:
    pk = uuid7()
    line = lines[0]
    values = {
        "id": pk,
        "house_code": line.house_code,
        "temporary_code": None if line.house_code else _temporary_code(line.area_code, pk),
        "seq": line.house_seq,
        "phone": next((each.text("phone") for each in lines if each.text("phone")), None),
        "stage": Stage.LISTED.value,
        "stage_date": context.today,
        **said,
    }
    return HOUSEHOLDS.new_row(values, at=context.at)


def _temporary_code(area_code: str, pk: Any) -> str:
    """Return `TMP-<tambon>-<8 hex digits of the key's random end>`: 19 characters."""
    return f"TMP-{area_code[:6]}-{pk.hex[-8:].upper()}"


def _update_household(
    home: Home, row: Row, said: Row, register: Register, context: Context, plan: Plan
) -> Action:
    if said.get("area_id") == row["area_id"][:6]:
        # The list knows less than the register: the tambon, not the village.
        del said["area_id"]
    new, kept = settle(row, said, is_open=is_open(row, row["id"], register, context))
    first = home.taking_part[0]
    for column in kept:
        first.note(KEPT, column.removesuffix("_id"))
    if not new:
        return Action.UNCHANGED
    plan.areas.add(row["area_id"])
    plan.update(HOUSEHOLDS, row, new, row["id"])
    first.is_changed = True
    return Action.CHANGED
