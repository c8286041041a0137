"""The least that any import could do: read the sheet, COPY the rows into the same tables."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from django.db import connection, transaction
from psycopg2 import sql
from python_calamine import CalamineWorkbook

from imports.apply.tables import TABLES, Table


def read_workbook(path: Path) -> int:
    """Read every cell of the first sheet with calamine; return the number of lines."""
    return len(CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python())


def read_csv(path: Path) -> int:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return sum(1 for _ in csv.reader(stream))


def dump_register() -> dict[str, bytes]:
    """Return the rows of every table of the register that an import writes, as COPY writes them."""
    dumped = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            buffer = io.BytesIO()
            cursor.copy_expert(_copy(table, "TO STDOUT"), buffer)
            dumped[table.name] = buffer.getvalue()
    return dumped


def copy_register(dumped: Mapping[str, bytes]) -> None:
    """COPY the rows into the same tables, with their indexes and constraints, and commit."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.copy_expert(_copy(table, "FROM STDIN"), io.BytesIO(dumped[table.name]))


def _copy(table: Table, direction: str) -> sql.Composable:
    return sql.SQL("COPY {} ({}) {}").format(
        sql.Identifier(table.name),
        sql.SQL(", ").join(map(sql.Identifier, table.columns)),
        sql.SQL(direction),
    )


def empty_tables() -> None:
    """Forget every household, import, file and job; areas and users stay."""
    names = [
        "households_household",
        "imports_importbatch",
        "files_storedfile",
        "jobs_job",
        "areas_areachange",
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(map(sql.Identifier, names)))
        )
