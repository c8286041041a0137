"""What the register holds about the households and people of some lines, read in few queries."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db import connection
from psycopg2 import sql
from psycopg2.extensions import new_type, register_type

from imports.apply.lines import Line
from imports.apply.tables import (
    CAPITALS,
    HOUSEHOLDS,
    LISTINGS,
    MEMBERS,
    PROBLEMS,
    RESULTS,
    Row,
    Table,
)
from imports.profiles.profile import Unit

_OPEN_TO_IMPORTS = sql.SQL("""
    EXISTS (
        SELECT 1 FROM imports_importadded a
        WHERE a.household_key = {household} AND NOT a.is_undone
          AND a.digests[array_position(a.pks, t.id)] = {digest}
    ) OR EXISTS (
        SELECT 1 FROM imports_importchange c
        WHERE c.pk_value = t.id::text AND c."table" = {name} AND NOT c.is_undone
          AND c.digest = {digest}
    ) AS open_to_imports
""")


@dataclass
class Register:
    """A snapshot: rows by the keys under which lines look for them.

    A household or member row carries `open_to_imports`: it stands exactly as an
    import left it, so no person has entered, corrected or verified it since. Listings and
    results stand under the key of their person, or of their household.
    """

    households: dict[uuid.UUID, Row] = field(default_factory=dict)
    by_code: dict[tuple[str, int], Row] = field(default_factory=dict)
    by_place: dict[tuple[str, str], Row] = field(default_factory=dict)
    coded_places: set[tuple[str, str]] = field(default_factory=set)
    members: dict[uuid.UUID, list[Row]] = field(default_factory=lambda: defaultdict(list))
    by_index: dict[bytes, Row] = field(default_factory=dict)
    by_id: dict[uuid.UUID, Row] = field(default_factory=dict)
    namesakes: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    listings: dict[uuid.UUID, Row] = field(default_factory=dict)
    results: dict[uuid.UUID, Row] = field(default_factory=dict)
    capitals: dict[uuid.UUID, Row] = field(default_factory=dict)
    problems: dict[tuple[uuid.UUID, str], Row] = field(default_factory=dict)
    named: dict[uuid.UUID, set[uuid.UUID]] = field(default_factory=dict)
    newest_year: dict[uuid.UUID, int] = field(default_factory=dict)


def load(lines: Sequence[Line], *, source: str, year_be: int, lock: bool) -> Register:
    """Read what the register knows of these lines; with `lock` hold the rows until commit.

    Rows are locked table by table in the order of their keys, the same in every
    import, so that two imports wait for each other and never deadlock.
    """
    register = Register()
    tail = sql.SQL("ORDER BY t.id FOR NO KEY UPDATE OF t" if lock else "ORDER BY t.id")
    known = _people(lines)
    _load_households(register, lines, {row["household_id"] for row in known}, tail)
    _load_members(register, tail)
    _load_namesakes(register, lines)
    member_ids = [m["id"] for rows in register.members.values() for m in rows]
    for table, target in ((LISTINGS, register.listings), (RESULTS, register.results)):
        where = sql.SQL("t.member_id = ANY(%s) AND t.source = %s AND t.year_be = %s")
        for row in _select(table, where, [member_ids, source, year_be], tail):
            target[row["member_id"]] = row
    if any(line.unit is Unit.HOUSEHOLD for line in lines):
        _load_of_households(register, source, year_be, tail)
    where = sql.SQL("t.household_id = ANY(%s)")
    for row in _select(PROBLEMS, where, [sorted(register.households, key=str)], tail):
        _keep_problem(register, row)
    register.named = _named([row["id"] for row in register.problems.values()])
    register.newest_year = _newest_years(register.households)
    return register


def _load_of_households(
    register: Register, source: str, year_be: int, tail: sql.Composable
) -> None:
    """Read what this list of this year said of the households themselves."""
    arguments = [sorted(register.households, key=str), source, year_be]
    where = sql.SQL("t.household_id = ANY(%s) AND t.source = %s AND t.year_be = %s")
    nobody = where + sql.SQL(" AND t.member_id IS NULL")
    for table, target, condition in (
        (LISTINGS, register.listings, nobody),
        (RESULTS, register.results, nobody),
        (CAPITALS, register.capitals, where),
    ):
        for row in _select(table, condition, arguments, tail):
            target[row["household_id"]] = row


def _people(lines: Sequence[Line]) -> list[Row]:
    """Return the living members whom the lines mean: by citizen ID under any known key, or chosen.

    Not locked: households come first, as in every service that edits people.
    """
    indexes = [index for line in lines for index in line.indexes]
    chosen = [line.chosen_member for line in lines if line.chosen_member]
    where = sql.SQL("t.citizen_id_index = ANY(%s) AND t.left_on IS NULL")
    found = _select(MEMBERS, where, [indexes], sql.SQL(""))
    if chosen:
        where = sql.SQL("t.id = ANY(%s) AND t.left_on IS NULL")
        found += _select(MEMBERS, where, [chosen], sql.SQL(""))
    return found


def _load_households(
    register: Register, lines: Sequence[Line], holding: set[uuid.UUID], tail: sql.Composable
) -> None:
    codes = sorted({line.house_code for line in lines if line.house_code})
    areas = sorted({line.area_code for line in lines if line.area_code and not line.house_code})
    where = sql.SQL(
        "(t.house_code = ANY(%s) OR t.id = ANY(%s)"
        " OR (t.house_code IS NULL AND t.area_id = ANY(%s)))"
    )
    merged = _merged(codes, areas)
    arguments = [codes, sorted(holding | set(merged.values()), key=str), areas]
    rows = {row["id"]: row for row in _select(HOUSEHOLDS, where, arguments, tail, with_state=True)}
    for row in rows.values():
        # What a list says of a merged household, it says of the one that took it in.
        home = rows.get(merged.get(row["id"], row["id"]), row)
        register.households[home["id"]] = home
        if row["house_code"]:
            register.by_code[row["house_code"], row["seq"]] = home
        elif row["house_no"]:
            register.by_place.setdefault((row["area_id"], row["house_no"]), home)
    if areas:
        register.coded_places = _coded_places(areas)


def _merged(codes: list[str], areas: list[str]) -> dict[uuid.UUID, uuid.UUID]:
    """Return merged household → survivor, of those that the lines may name."""
    with _reading() as cursor:
        cursor.execute(
            "SELECT id, merged_into_id FROM households_household"
            " WHERE merged_into_id IS NOT NULL AND (house_code = ANY(%s)"
            " OR (house_code IS NULL AND area_id = ANY(%s)))",
            [codes, areas],
        )
        return dict(cursor.fetchall())


def _coded_places(areas: list[str]) -> set[tuple[str, str]]:
    """Return area and house number of the households there that have a house code."""
    with _reading() as cursor:
        cursor.execute(
            "SELECT area_id, house_no FROM households_household"
            " WHERE area_id = ANY(%s) AND house_code IS NOT NULL AND house_no <> ''",
            [areas],
        )
        return set(cursor.fetchall())


def _load_members(register: Register, tail: sql.Composable) -> None:
    where = sql.SQL("t.household_id = ANY(%s) AND t.left_on IS NULL")
    ids = sorted(register.households, key=str)
    for row in _select(MEMBERS, where, [ids], tail, with_state=True):
        register.members[row["household_id"]].append(row)
        register.by_id[row["id"]] = row
        if row["citizen_id_index"] is not None:
            register.by_index[bytes(row["citizen_id_index"])] = row


def _load_namesakes(register: Register, lines: Sequence[Line]) -> None:
    """Find people of the same name in the same tambon, of whom one could be the other.

    Of two who both have a citizen ID neither is the other: where all lines have one, only
    the few people of the register without are looked at.
    """
    names = {line.name_key for line in lines if line.names_someone}
    without_id = {line.name_key for line in lines if line.names_someone and not line.citizen_id}
    tambons = sorted({line.area_code[:6] for line in lines})
    found = _namesakes(tambons, names, sql.SQL("m.citizen_id_index IS NULL"))
    if without_id:
        found += _namesakes(tambons, without_id, sql.SQL("m.citizen_id_index IS NOT NULL"))
    for row in sorted(found, key=lambda row: row["id"].int):
        register.namesakes[row["name_key"]].append(row)


def _namesakes(tambons: list[str], names: set[str], which: sql.Composable) -> list[Row]:
    # The planner compares each item of an array with every frequent name; of a set it does not.
    statement = sql.SQL("""
        SELECT m.id, m.household_id, m.name_key, m.birth_date, m.birth_year,
               m.citizen_id_index IS NOT NULL AS has_id
        FROM households_household h
        JOIN households_member m ON m.household_id = h.id
        WHERE h.subdistrict_code = ANY(%s) AND m.left_on IS NULL AND {which}
              AND m.name_key IN (SELECT unnest(%s::text[]))
    """).format(which=which)
    with _reading() as cursor:
        cursor.execute(statement, [tambons, sorted(names)])
        return _dictionaries(cursor)


def _keep_problem(register: Register, row: Row) -> None:
    """Keep the open problem of a dimension; without one, the latest that was solved."""
    key = (row["household_id"], row["dimension"])
    kept = register.problems.get(key)
    if (
        kept is None
        or row["status"] == "open"
        or (kept["status"] != "open" and row["resolved_on"] > kept["resolved_on"])
    ):
        register.problems[key] = row


def _named(problems: list[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    named: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    with _reading() as cursor:
        cursor.execute(
            "SELECT problem_id, member_id FROM problems_problemmember WHERE problem_id = ANY(%s)",
            [problems],
        )
        for problem, member in cursor.fetchall():
            named[problem].add(member)
    return named


def _newest_years(households: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    with _reading() as cursor:
        cursor.execute(
            "SELECT household_id, max(year_be) FROM households_sourcelisting"
            " WHERE household_id = ANY(%s) GROUP BY 1",
            [sorted(households, key=str)],
        )
        return dict(cursor.fetchall())


def _select(
    table: Table,
    where: sql.Composable,
    arguments: list[Any],
    tail: sql.Composable,
    *,
    with_state: bool = False,
) -> list[Row]:
    columns: list[sql.Composable] = [sql.Identifier("t", column) for column in table.columns]
    if with_state:
        columns.append(
            _OPEN_TO_IMPORTS.format(
                name=sql.Literal(table.name),
                digest=table.digest("t"),
                household=sql.Identifier("t", "id" if table is HOUSEHOLDS else "household_id"),
            )
        )
    statement = sql.SQL("SELECT {columns} FROM {table} t WHERE {where} {tail}").format(
        columns=sql.SQL(", ").join(columns),
        table=sql.Identifier(table.name),
        where=where,
        tail=tail,
    )
    with _reading() as cursor:
        cursor.execute(statement, arguments)
        return _dictionaries(cursor)


@lru_cache(maxsize=50_000)
def _uuid(text: str) -> uuid.UUID:
    return uuid.UUID(text)


_UUID_OID = 2950
# The same keys come in row after row; making each anew was a tenth of a comparison's time.
_SHARED_UUIDS = new_type(
    (_UUID_OID,), "SHARED_UUID", lambda text, _: None if text is None else _uuid(text)
)


@contextmanager
def _reading() -> Iterator[Any]:
    """Yield a cursor whose equal UUIDs are one object."""
    with connection.cursor() as cursor:
        register_type(_SHARED_UUIDS, cursor.cursor)
        yield cursor


def _dictionaries(cursor: Any) -> list[Row]:
    names = [column.name for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
