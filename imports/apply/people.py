"""The people whom some lines name: found, made, and brought up to date."""

from collections.abc import Sequence
from typing import Any

from households.services import IdentityColumns, identity_columns
from imports.apply.lines import Line, member_values
from imports.apply.matching import Match, match
from imports.apply.plan import (
    DUP_IN_FILE,
    HOUSE_DIFFERS,
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
from imports.apply.tables import MEMBERS, Row
from imports.profiles.profile import Unit
from ppaos.orm import keyring, uuid7

_HEAD = frozenset({"หัวหน้าครัวเรือน", "หัวหน้าครอบครัว"})


def match_people(home: Home, register: Register, context: Context) -> dict[int, Match]:
    """Find each line's person; two lines for one person, after the first, are held.

    Lines about a household may name the same head again and again.
    """
    matches: dict[int, Match] = {}
    claimed: set[Any] = set()
    heads: set[Any] = set()
    household_id = home.row["id"] if home.row else None
    for outcome in home.taking_part:
        line = outcome.line
        if not line.names_someone:
            continue
        found = matches[line.row] = match(line, household_id, register)
        _say_what_was_found(outcome, found)
        if _lives_out_of_scope(found.member, household_id, register, context):
            outcome.insist(OUT_OF_SCOPE, "citizen_id")
        person = found.member["id"] if found.member else (line.citizen_id or _who(line))
        if person in claimed and line.unit is Unit.PERSON:
            outcome.note(DUP_IN_FILE, "citizen_id" if line.citizen_id else "first_name")
        claimed.add(person)
        if _is_head(line):
            if heads - {person}:
                outcome.note(HOUSE_DIFFERS, "house_code")
            heads.add(person)
    return matches


def _say_what_was_found(outcome: Outcome, found: Match) -> None:
    column = "citizen_id" if outcome.line.citizen_id else "first_name"
    if found.is_impossible:
        outcome.insist(found.code, column)
    elif found.code:
        outcome.note(found.code, column)


def _lives_out_of_scope(
    member: Row | None, household_id: Any, register: Register, context: Context
) -> bool:
    """Say whether taking this person in would take them from a place the import may not touch."""
    if member is None or member["household_id"] == household_id:
        return False
    old_home = register.households[member["household_id"]]
    return not str(old_home["area_id"]).startswith(context.scope_codes)


def _who(line: Line) -> tuple[Any, ...]:
    return (line.name_key, line.birth_date, line.birth_year)


def _is_head(line: Line) -> bool:
    """Say whether the line says so itself. Two of them are two households under one code."""
    is_first = str(line.values.get("member_seq") or "") == "1"
    return line.unit is Unit.HOUSEHOLD or is_first or line.text("relation") in _HEAD


def write_member(
    outcome: Outcome,
    found: Match,
    home: Home,
    register: Register,
    context: Context,
    plan: Plan,
) -> None:
    assert home.row is not None
    member = found.member or _same_person_above(outcome, home)
    if member is None:
        row = _new_member(outcome.line, home, register, context)
        plan.insert(MEMBERS, row, home.row["id"])
        register.members[home.row["id"]].append(row)
        outcome.member, outcome.is_new = row, True
        return
    outcome.member = member
    if found.member is not None:
        _update_member(outcome, member, home, register, context, plan)


def _same_person_above(outcome: Outcome, home: Home) -> Row | None:
    """Return the new person of an earlier line about the household that names the same one."""
    line = outcome.line
    if line.unit is not Unit.HOUSEHOLD:
        return None
    for other in home.taking_part:
        if other.line.row >= line.row or other.member is None:
            continue
        if (other.line.citizen_id, _who(other.line)) == (line.citizen_id, _who(line)):
            return other.member
    return None


def _update_member(
    outcome: Outcome, member: Row, home: Home, register: Register, context: Context, plan: Plan
) -> None:
    assert home.row is not None
    line = outcome.line
    said = member_values(line)
    if line.birth_date is None and member["birth_date"] is not None:
        said.pop("birth_year", None)
    is_free = is_open(member, member["household_id"], register, context)
    new, kept = settle(member, said, is_open=is_free)
    new |= _derived(line, member, new, home.row)
    if "birth_year" in kept:
        # Day and year are one fact: not the one from here and the other from there.
        new.pop("birth_date", None)
    if member["household_id"] != home.row["id"]:
        new |= _moved(member, home, register)
    for column in kept:
        outcome.note(KEPT, "birth_date" if column == "birth_year" else column)
    if line.indexes and not {None, *line.indexes} & {_index_of(member)}:
        outcome.note(KEPT, "citizen_id")
    if new:
        plan.update(MEMBERS, member, new, home.row["id"])
        outcome.is_changed = True


def _index_of(member: Row) -> bytes | None:
    index = member["citizen_id_index"]
    return None if index is None else bytes(index)


def _new_member(line: Line, home: Home, register: Register, context: Context) -> Row:
    assert home.row is not None
    said = member_values(line)
    derived = _identity(line, said, home.row["area_id"])
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


def _identity(line: Line, said: Row, area_code: str) -> IdentityColumns:
    """Return what identity_columns would, which the line has computed to look for the person."""
    first, last = said.get("first_name", ""), said.get("last_name", "")
    if (first, last) != (line.text("first_name"), line.text("last_name")):
        # The register has no room for the whole name.
        return identity_columns(
            first_name=first, last_name=last, citizen_id=line.citizen_id, area_code=area_code
        )
    return IdentityColumns(
        name_key=line.name_key,
        province_code=area_code[:2],
        citizen_id_index=line.indexes[0] if line.indexes else None,
        key_version=keyring().current_version if line.indexes else None,
    )


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


def name_a_head(home: Home, register: Register, plan: Plan) -> None:
    """Make the person numbered 1, else the first line's, the head if there is none."""
    assert home.row is not None
    members = register.members.get(home.row["id"], [])
    people = [o for o in home.taking_part if o.member is not None]
    if not people or any(member["is_head"] for member in members):
        return
    said = [o for o in people if _is_head(o.line)]
    head = (said or people)[0]
    assert head.member is not None
    if head.is_new:
        head.member["is_head"] = True
    else:
        plan.update(MEMBERS, head.member, {"is_head": True}, home.row["id"])
        head.is_changed = True
