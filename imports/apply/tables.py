"""The tables of the register that an import writes, and how a row is fingerprinted."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from operator import itemgetter
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault
from psycopg2 import sql

from areas.models import AreaFigure
from households.models import Household, Member, SourceListing
from imports.apply.copying import copy_lines, copy_rows, encode_rows
from imports.apply.looking import looking_up
from problems.models import IndicatorResult, Problem, ProblemMember
from referrals.models import Assistance
from slf.models import ListedCapitals

Row = dict[str, Any]
"""A row as column → value; keys are column names, not field names."""

_NOT_COMPARED = frozenset({"version", "created_at", "updated_at"})


@dataclass(frozen=True)
class Table:
    """One table. `watched` are the columns whose values tell that somebody worked on a row.

    They are named one by one, so that a column added later does not make every
    imported row look touched. Sealed cells stand by whether they are filled:
    sealing the same text anew gives other bytes. `number` stands for the table in
    imports.models.ImportAdded and is never given to another one.
    """

    number: int
    model: type[models.Model]
    watched: tuple[str, ...]
    sealed: tuple[str, ...] = ()

    @cached_property
    def name(self) -> str:
        return self.model._meta.db_table

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Every column that can be written, in the order of the model."""
        return tuple(self._by_column)

    @cached_property
    def _by_column(self) -> "Mapping[str, models.Field[Any, Any]]":
        fields = self.model._meta.local_concrete_fields
        return {field.column: field for field in fields if field.column and not field.generated}

    @cached_property
    def compared(self) -> tuple[str, ...]:
        """Columns that hold data, for proving that undo gives the same state."""
        return tuple(column for column in self.columns if column not in _NOT_COMPARED)

    def new_row(self, values: Mapping[str, Any], *, at: datetime) -> Row:
        """Return a whole row: `values` with its key, and the model's defaults for the rest."""
        return {**self._defaults, **dict.fromkeys(self._stamps, at), **values}

    @cached_property
    def _defaults(self) -> Row:
        return {c: _default_of(field) for c, field in self._by_column.items() if c != "id"}

    @cached_property
    def _stamps(self) -> tuple[str, ...]:
        return tuple(column for column in ("created_at", "updated_at") if column in self.columns)

    def choices_of(self, column: str) -> Mapping[Any, Any]:
        """Return what the values of a column are called; {} if they stand for themselves."""
        return dict(self._by_column[column].flatchoices)

    def label_of(self, column: str) -> str:
        """Return what people call a column."""
        return str(self._by_column[column].verbose_name)

    def digest(self, alias: str) -> sql.Composable:
        """Return an expression: 16 bytes that change when a watched column does."""
        parts: list[sql.Composable] = [sql.Identifier(alias, column) for column in self.watched]
        parts += [sql.SQL("{} IS NULL").format(sql.Identifier(alias, c)) for c in self.sealed]
        return sql.SQL("decode(md5(jsonb_build_array({})::text), 'hex')").format(
            sql.SQL(", ").join(parts)
        )

    def encode(self, rows: Iterable[Row]) -> list[str]:
        """Return whole rows as `insert` takes them."""
        return encode_rows(map(itemgetter(*self.columns), rows))

    def insert(self, lines: Sequence[str]) -> None:
        """COPY new rows. Their keys grow with time, so that two imports cannot lock crosswise."""
        copy_lines(self.name, self.columns, lines)

    def update(self, changes: Mapping[uuid.UUID, Row], *, at: datetime) -> None:
        """Set the given columns of each row, and count its version up."""
        if not changes:
            return
        columns = sorted({column for row in changes.values() for column in row})
        with connection.cursor() as cursor:
            cursor.execute(_MAKE_INCOMING.format(table=sql.Identifier(self.name)))
            copy_rows(
                "incoming_change",
                ["id", *columns, "changed"],
                (
                    [pk, *(row.get(column) for column in columns), list(row)]
                    for pk, row in sorted(changes.items(), key=lambda item: str(item[0]))
                ),
            )
        with looking_up() as cursor:
            cursor.execute(
                _SET_INCOMING.format(table=sql.Identifier(self.name), sets=self._sets(columns)),
                {"at": at},
            )

    def _sets(self, columns: Sequence[str]) -> sql.Composable:
        """Set each column of the rows that name it; count versions up."""
        sets: list[sql.Composable] = [
            sql.SQL("{c} = CASE WHEN {name} = ANY(n.changed) THEN n.{c} ELSE t.{c} END").format(
                c=sql.Identifier(column), name=sql.Literal(column)
            )
            for column in columns
        ]
        if "version" in self.columns:
            sets.append(sql.SQL("version = t.version + 1"))
        if "updated_at" in self.columns:
            sets.append(sql.SQL("updated_at = %(at)s"))
        return sql.SQL(", ").join(sets)

    def delete(self, ids: Iterable[Any]) -> int:
        """Delete rows by key, in the order of the keys; return how many there were."""
        statement = sql.SQL("DELETE FROM {} WHERE id = ANY(%s)").format(sql.Identifier(self.name))
        with connection.cursor() as cursor:
            cursor.execute(statement, [sorted(ids, key=str)])
            return int(cursor.rowcount)


def _default_of(field: "models.Field[Any, Any]") -> Any:
    """Return the value of a column that nobody names, also if it is the database's default."""
    default = field.get_default()
    if not isinstance(default, DatabaseDefault):
        return default
    assert not hasattr(field.db_default, "as_sql"), f"{field} needs an expression"
    return field.db_default


_MAKE_INCOMING = sql.SQL("""
    DROP TABLE IF EXISTS pg_temp.incoming_change;
    CREATE TEMP TABLE incoming_change ON COMMIT DROP AS
    SELECT t.*, '{{}}'::text[] AS changed FROM {table} t WITH NO DATA
""")
_SET_INCOMING = sql.SQL("""
    UPDATE {table} t SET {sets} FROM incoming_change n WHERE t.id = n.id
""")

HOUSEHOLDS = Table(
    1,
    Household,
    watched=(
        "house_code",
        "temporary_code",
        "seq",
        "house_no",
        "village_name",
        "soi",
        "road",
        "area_id",
        "lat",
        "lon",
        "stage",
        "stage_date",
        "consent",
    ),
    sealed=("phone",),
)
MEMBERS = Table(
    2,
    Member,
    watched=(
        "household_id",
        "seq",
        "is_head",
        "title",
        "first_name",
        "last_name",
        "birth_date",
        "birth_year",
        "sex",
        "relation",
        "residence",
        "left_on",
        "left_reason",
    ),
    sealed=("citizen_id",),
)
LISTINGS = Table(
    3,
    SourceListing,
    watched=(
        "household_id",
        "member_id",
        "source",
        "year_be",
        "bmn_year_be",
        "welfare_year_be",
        "is_mpi_poor",
        "is_registered",
        "has_welfare_card",
    ),
)
RESULTS = Table(
    4,
    IndicatorResult,
    watched=(
        "household_id",
        "member_id",
        "source",
        "year_be",
        "indicator_set_id",
        "known_bits",
        "passed_bits",
        "dimension_known_bits",
        "dimension_failed_bits",
    ),
)
PROBLEMS = Table(
    5,
    Problem,
    watched=("household_id", "dimension", "code", "status", "origin", "opened_on", "resolved_on"),
    sealed=("need_text",),
)
NAMED = Table(6, ProblemMember, watched=("problem_id", "member_id"))
CAPITALS = Table(
    7,
    ListedCapitals,
    watched=(
        "household_id",
        "source",
        "year_be",
        "human",
        "physical",
        "financial",
        "natural",
        "social",
    ),
)
HELP = Table(
    8,
    Assistance,
    watched=(
        "household_id",
        "referral_id",
        "dimension",
        "agency_id",
        "kind",
        "amount_thb",
        "helped_on",
        "people",
        "retracted_at",
    ),
    sealed=("description",),
)
FIGURES = Table(
    9,
    AreaFigure,
    watched=("area_id", "source", "year_be", "measure", "unit", "value", "is_current"),
)

TABLES: tuple[Table, ...] = (
    HOUSEHOLDS,
    MEMBERS,
    LISTINGS,
    RESULTS,
    PROBLEMS,
    NAMED,
    CAPITALS,
    HELP,
    FIGURES,
)
"""In the order of writing: what is pointed to comes first. Undo goes the other way."""
BY_NAME: Mapping[str, Table] = {table.name: table for table in TABLES}
