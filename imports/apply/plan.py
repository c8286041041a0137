"""What some lines mean for the register: which rows to add, which columns to set.

Nothing is written and nothing is read while a plan is made, so the preview's forecast
and the apply are the same computation. Three rules protect what people did:

- a value is replaced only in a row that stands exactly as an import left it;
  anything entered, corrected or verified since is kept, and the line says so;
- a list never replaces what a newer list said;
- a blank cell says nothing.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from imports.apply.lines import Line
from imports.apply.register import Register
from imports.apply.tables import Row, Table
from imports.verdicts import severity_of
from imports.workflow import Action, Severity
from problems.rules import Dimension, DimensionBits, IncomeLine, PackedResults

KEPT = "W_REGISTER_KEPT"
DUP_IN_FILE = "H_DUP_IN_FILE"
HOUSE_DIFFERS = "H_HOUSE_DIFFERS"
HOUSE_UNKNOWN = "H_HOUSE_UNKNOWN"
OUT_OF_SCOPE = "E_AREA_SCOPE"


@dataclass(frozen=True, slots=True)
class Form:
    """An edition of the จปฐ. form, as the reference tables have it."""

    id: uuid.UUID
    size: int
    year_from: int
    year_to: int
    dimensions: Mapping[int, Dimension]
    code: str = ""


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
    income_lines: tuple[IncomeLine, ...] = ()
    """Those of the newest version first."""
    derived: dict[tuple[uuid.UUID, PackedResults], DimensionBits] = field(default_factory=dict)
    """What forms make of indicators, once it was asked: many people fail in the same few."""


@dataclass(slots=True)
class Outcome:
    """What one line does. A line whose `codes` hold it writes nothing.

    `is_new` says that the line brings its person into the register; a line that names
    nobody, its household, help or figures.
    """

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
        """Say something of the line, unless somebody looked at it and let the line through."""
        if code not in self.line.passed:
            self.insist(code, column)

    def insist(self, code: str, column: str = "") -> None:
        """Say what nobody can let through: the line cannot be carried out as it stands."""
        if (code, column) not in self.codes:
            self.codes.append((code, column))


@dataclass
class Plan:
    """Rows to add and columns to set, per table name; and what became of each line."""

    inserts: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    updates: dict[str, dict[uuid.UUID, Row]] = field(default_factory=lambda: defaultdict(dict))
    before: dict[str, dict[uuid.UUID, Row]] = field(default_factory=lambda: defaultdict(dict))
    added_for: dict[str, list[uuid.UUID]] = field(default_factory=lambda: defaultdict(list))
    """The household of each row of `inserts`, in the same order; without one, the row itself."""
    households: dict[tuple[str, uuid.UUID], uuid.UUID | None] = field(default_factory=dict)
    """(table, key of a changed row) → its household."""
    outcomes: list[Outcome] = field(default_factory=list)
    areas: set[str] = field(default_factory=set)
    lines: dict[str, list[str]] = field(default_factory=dict)
    """The rows of `inserts` as COPY reads them, sealed, once they are ready to be written."""
    is_forecast: bool = False
    """Only the outcomes are wanted: rows of households that are all new are not made."""
    _new: set[int] = field(default_factory=set)

    def insert(self, table: Table, row: Row, household_id: uuid.UUID | None) -> None:
        self.inserts[table.name].append(row)
        self.added_for[table.name].append(household_id or row["id"])
        self._new.add(id(row))

    def update(self, table: Table, row: Row, new: Row, household_id: uuid.UUID | None) -> None:
        """Set columns of an existing row, and let `row` show them from here on."""
        if id(row) in self._new:
            row.update(new)
            return
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


def is_open(row: Row, household_id: uuid.UUID, register: Register, context: Context) -> bool:
    """Say whether a list may replace values of this row."""
    is_newest = register.newest_year.get(household_id, 0) <= context.year_be
    return bool(row.get("open_to_imports")) and is_newest


def settle(row: Row, said: Row, *, is_open: bool) -> tuple[Row, list[str]]:
    """Return the columns to set, and those that differ but are kept. Blanks are always filled."""
    new: Row = {}
    kept: list[str] = []
    for column, value in said.items():
        present = row[column]
        if is_equal(present, value):
            continue
        if present in (None, "") or is_open:
            new[column] = value
        else:
            kept.append(column)
    return new, kept


def is_equal(present: Any, value: Any) -> bool:
    if isinstance(present, Decimal):
        return value is not None and present == Decimal(value).quantize(present)
    return bool(present == value)
