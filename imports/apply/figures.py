"""Lines of figures: what a list counts in an area, source and year.

A list of a level takes the place of the one before it: figures that it leaves out are not
current any more. They stay, as what was said before, and undo makes them current again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from psycopg2 import sql

from imports.apply.lines import Line
from imports.apply.plan import DUP_IN_FILE, OUT_OF_SCOPE, Context, Outcome, Plan
from imports.apply.tables import FIGURES, Row
from imports.models import ImportBatch
from imports.profiles import PROFILES
from imports.profiles.columns import FIGURE_COLUMNS
from imports.profiles.profile import Unit
from ppaos.orm import uuid7

NOTHING_COUNTED = "H_NO_FIGURE"
_ITEM_VALUE = "figure_value"

Key = tuple[str, int, str]
"""Area, year and measure."""


@dataclass
class _Known:
    """The figures of this source and year in the lines' areas; and who claims which here."""

    rows: dict[Key, Row] = field(default_factory=dict)
    claimed: dict[Key, int] = field(default_factory=dict)


def plan_figures(lines: Sequence[Line], context: Context, plan: Plan, *, lock: bool) -> None:
    """Add what is new, set what is another number, and make it current."""
    if not lines:
        return
    known = _Known(_load([line.area_code for line in lines], context, lock=lock))
    for line in lines:
        outcome = Outcome(line)
        plan.outcomes.append(outcome)
        said = {(line.area_code, _year(line, context), m): v for m, v in figures_of(line)}
        _check(outcome, said, known, context)
        if not outcome.stays_out:
            plan.areas.add(line.area_code)
            for key, value in said.items():
                _write(outcome, key, value, known, context, plan)


def _year(line: Line, context: Context) -> int:
    """Return the year of the line: a series has many in one file."""
    return int(line.values.get("survey_year") or context.year_be)


def figures_of(line: Line) -> Iterator[tuple[str, int]]:
    """Yield measure and number. A long list names the item in each line, a wide one in its head."""
    item = line.text("figure_item")
    for column in FIGURE_COLUMNS:
        value = line.values.get(column)
        if value is not None:
            yield (item[:120] if column == _ITEM_VALUE and item else column), int(value)


def _check(outcome: Outcome, said: dict[Key, int], known: _Known, context: Context) -> None:
    area = outcome.line.area_code
    if not area.startswith(context.scope_codes):
        outcome.insist(OUT_OF_SCOPE, "tambon_name")
    if not said:
        outcome.insist(NOTHING_COUNTED)
    if any(known.claimed.setdefault(key, value) != value for key, value in said.items()):
        outcome.note(DUP_IN_FILE)


def _write(
    outcome: Outcome, key: Key, value: int, known: _Known, context: Context, plan: Plan
) -> None:
    area, year_be, measure = key
    present = known.rows.get(key)
    if present is None:
        values = {
            "id": uuid7(),
            "area_id": area,
            "source": context.source,
            "year_be": year_be,
            "measure": measure,
            "unit": outcome.line.text("figure_unit")[:60],
            "value": value,
            "is_current": True,
            "recorded_at": context.at,
        }
        row = known.rows[key] = FIGURES.new_row(values, at=context.at)
        plan.insert(FIGURES, row, row["id"])
        outcome.is_new = True
        return
    wanted: Row = {"value": value, "is_current": True}
    new = {column: each for column, each in wanted.items() if present[column] != each}
    if new:
        plan.update(FIGURES, present, {**new, "recorded_at": context.at}, present["id"])
        outcome.is_changed = True


# ---- what the register has --------------------------------------------------------------
_COLUMNS = sql.SQL(", ").join(sql.Identifier("t", column) for column in FIGURES.columns)
_SELECT = sql.SQL("""
    SELECT {columns} FROM {table} t
    WHERE t.source = %(source)s AND {which} ORDER BY t.id {lock}
""")
_IN_AREAS = sql.SQL("t.area_id = ANY(%(areas)s)")
# Areas of a level and province of which the list has lines, but none of this one.
_LEFT_OUT = sql.SQL("""
    t.is_current AND t.year_be = %(year)s AND t.measure = ANY(%(measures)s)
    AND EXISTS (
        SELECT 1 FROM imports_importrow r
        WHERE r.batch_id = %(batch)s
          AND r.verdict = 'accepted' AND length(r.area_code) = length(t.area_id)
          AND left(r.area_code, 2) = left(t.area_id, 2)
    ) AND NOT EXISTS (
        SELECT 1 FROM imports_importrow r
        WHERE r.batch_id = %(batch)s AND r.area_code = t.area_id
    )
""")


def _load(areas: Sequence[str], context: Context, *, lock: bool) -> dict[Key, Row]:
    arguments = {"source": context.source, "areas": sorted(set(areas))}
    rows = _select(_IN_AREAS, arguments, lock=lock)
    return {(row["area_id"], row["year_be"], row["measure"]): row for row in rows}


def plan_left_out(batch: ImportBatch, *, lock: bool) -> Plan:
    """Return what a list leaves out: figures of areas of its level of which it has no line.

    For lists that have a column for each figure. An area whose line is held or refused is
    not left out.
    """
    plan = Plan()
    measures = _measures(batch)
    if not measures:
        return plan
    arguments = {
        "source": batch.source,
        "year": batch.year_be,
        "batch": batch.pk,
        "measures": measures,
    }
    for row in _select(_LEFT_OUT, arguments, lock=lock):
        if str(row["area_id"]).startswith(tuple(batch.scope_codes)):
            plan.areas.add(row["area_id"])
            plan.update(FIGURES, row, {"is_current": False}, row["id"])
    return plan


def _measures(batch: ImportBatch) -> list[str]:
    columns = {
        column
        for part in batch.mapping or []
        if PROFILES[part["profile"]].unit is Unit.AREA and "figure_item" not in part["columns"]
        for column in part["columns"]
    }
    return [column for column in FIGURE_COLUMNS if column in columns]


def _select(which: sql.Composable, arguments: dict[str, Any], *, lock: bool) -> list[Row]:
    statement = _SELECT.format(
        columns=_COLUMNS,
        table=sql.Identifier(FIGURES.name),
        which=which,
        lock=sql.SQL("FOR NO KEY UPDATE OF t" if lock else ""),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
