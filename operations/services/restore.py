"""Bring a backup back, or prove on a scratch database that it could be."""

import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
from django.db import DatabaseError, connection

from operations.services import manifest, programs
from operations.services.manifest import Manifest
from operations.services.sealed import SealedColumn, sealed_columns
from ppaos.lib.crypto import UnableToUnseal
from ppaos.orm import unseal_cell

SAMPLE = 1_000


class UnableToRestore(Exception):
    """The backup is not sound, or could not be brought back. The message is for the operator."""


def verify(*, dump: Path) -> Manifest:
    """Restore into a scratch database, compare it with the manifest, open sealed cells, drop it.

    The database in use is not touched. Raises UnableToRestore for a dump that is
    truncated or altered, rows that are missing, or keys that do not fit.
    """
    kept = _checked_manifest(dump)
    with _scratch_database() as address:
        _load(dump, address, clean=False)
        with closing(psycopg2.connect(**address)) as scratch, scratch.cursor() as cursor:
            _check(kept, cursor)
    return kept


def restore(*, dump: Path) -> Manifest:
    """Replace everything in the database by the backup, in one transaction.

    Raises UnableToRestore; a dump that does not load leaves the database as it was.
    """
    kept = _checked_manifest(dump)
    address = programs.own_address()
    # Our own connection must not hold what is to be dropped.
    connection.close()
    _load(dump, address, clean=True)
    with connection.cursor() as cursor:
        _check(kept, cursor)
    return kept


def _checked_manifest(dump: Path) -> Manifest:
    if not dump.is_file():
        raise UnableToRestore(f"ไม่พบไฟล์ {dump}")
    try:
        kept = Manifest.read(manifest.path_of(dump))
    except (OSError, ValueError, TypeError) as error:
        raise UnableToRestore(
            f"อ่านใบกำกับ {manifest.path_of(dump).name} ไม่ได้ ต้องมีไฟล์ .json คู่กับไฟล์ .dump"
        ) from error
    if dump.stat().st_size != kept.size or manifest.sha256_of(dump) != kept.sha256:
        raise UnableToRestore("ไฟล์สำรองถูกตัดหรือถูกเปลี่ยน (SHA-256 ไม่ตรงกับใบกำกับ) ใช้ไฟล์อื่น")
    return kept


@contextmanager
def _scratch_database() -> Iterator[dict[str, Any]]:
    """Make an empty database beside ours, lend its address, and drop it after."""
    name = f"ppaos_verify_{secrets.token_hex(4)}"
    with connection.cursor() as cursor:
        try:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        except DatabaseError as error:
            raise UnableToRestore(
                "บัญชีฐานข้อมูลไม่มีสิทธิสร้างฐานข้อมูลทดลอง ให้สิทธิด้วย ALTER ROLE … CREATEDB"
            ) from error
    try:
        yield {**programs.own_address(), "dbname": name}
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _load(dump: Path, address: programs.Address, *, clean: bool) -> None:
    arguments = ["--no-owner", "--exit-on-error", "--single-transaction"]
    if clean:
        arguments += ["--clean", "--if-exists"]
    try:
        programs.run(
            "pg_restore",
            [*arguments, f"--dbname={address['dbname']}", str(dump)],
            address=address,
        )
    except programs.ProgramFailed as error:
        raise UnableToRestore(str(error)) from error


def _check(kept: Manifest, cursor: programs.Cursor) -> None:
    found = manifest.count_rows(cursor)
    differing = [
        f"{table}: {found.get(table)} แทน {rows}"
        for table, rows in kept.rows.items()
        if found.get(table) != rows
    ]
    if differing:
        raise UnableToRestore("จำนวนแถวไม่ตรงกับใบกำกับ: " + ", ".join(differing[:5]))
    for column in sealed_columns():
        _open_cells(column, cursor)


def _open_cells(column: SealedColumn, cursor: programs.Cursor) -> None:
    """Open up to SAMPLE cells with the keys of this installation."""
    cursor.execute(
        f'SELECT id, "{column.column}" FROM "{column.table}" '  # noqa: S608
        f'WHERE "{column.column}" IS NOT NULL ORDER BY id LIMIT {SAMPLE}'
    )
    for pk, blob in cursor.fetchall():
        try:
            unseal_cell(blob, table=column.table, column=column.column, pk=pk)
        except UnableToUnseal as error:
            raise UnableToRestore(
                f"เปิด {column.table}.{column.column} ไม่ได้ด้วยกุญแจของเครื่องนี้ "
                "นำ PPAOS_FIELD_KEYS ของชุดที่สำรองมาใช้"
            ) from error
