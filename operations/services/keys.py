"""Bring everything that is sealed or indexed under the current key."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.db import connection, transaction

from accounts.services import reseal_second_factors
from files.services import reseal_chunks
from households.models import Member
from households.services import CITIZEN_ID_PURPOSE
from imports.services import reseal_images, reseal_lines, reseal_samples
from operations.services.sealed import SealedColumn, key_versions_in_use, sealed_columns
from ppaos.orm import keyring, seal_cell, unseal_cell

BATCH = 500
CHUNK_BATCH = 8


@dataclass(frozen=True, slots=True)
class RotationReport:
    """What a rotation changed, and which key versions are still in use afterwards."""

    cells: int
    indexes: int
    file_chunks: int
    key_versions: list[int]


def rotate_keys() -> RotationReport:
    """Re-seal every cell and file, and re-index every person, under the current key.

    Works in small transactions and only on what is not current yet, so it can be
    interrupted and repeated while people work. An old key may be taken away when
    the report names the current version alone.
    """
    indexes = _until_none(_reindex_people)
    cells = sum(_until_none(partial(_reseal, column)) for column in sealed_columns())
    cells += _until_none(partial(reseal_lines, batch=BATCH))
    cells += _until_none(partial(reseal_images, batch=BATCH))
    cells += reseal_samples() + reseal_second_factors()
    chunks = _until_none(partial(reseal_chunks, batch=CHUNK_BATCH))
    with connection.cursor() as cursor:
        versions = key_versions_in_use(cursor)
    return RotationReport(cells=cells, indexes=indexes, file_chunks=chunks, key_versions=versions)


def _until_none(step: Callable[[], int]) -> int:
    total = 0
    while done := step():
        total += done
    return total


@transaction.atomic
def _reseal(column: SealedColumn) -> int:
    """Re-seal up to BATCH cells of one column. The caller repeats until 0."""
    table, name, current = column.table, column.column, keyring().current_version
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT id, "{name}" FROM "{table}" '  # noqa: S608 - names come from the models
            f'WHERE get_byte("{name}", 0) <> %s ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED',
            [current, BATCH],
        )
        cells = cursor.fetchall()
        for pk, blob in cells:
            text = unseal_cell(blob, table=table, column=name, pk=pk)
            cursor.execute(
                f'UPDATE "{table}" SET "{name}" = %s WHERE id = %s',  # noqa: S608
                [seal_cell(text, table=table, column=name, pk=pk), pk],
            )
    return len(cells)


@transaction.atomic
def _reindex_people() -> int:
    ring = keyring()
    stale = Member.objects.filter(citizen_id_index__isnull=False).exclude(
        key_version=ring.current_version
    )
    people = list(stale.select_for_update(skip_locked=True).order_by("pk")[:BATCH])
    for person in people:
        assert person.citizen_id is not None
        person.citizen_id_index = ring.index(person.citizen_id, purpose=CITIZEN_ID_PURPOSE)
        person.key_version = ring.current_version
    Member.objects.bulk_update(people, ["citizen_id_index", "key_version"])
    return len(people)
