"""Lines that an applied import said before, word for word, and households still as it left them.

What a line means does not change while its cells, the mapping, the rules and the places stay:
then its normal form is taken over. A household all of whose lines are such, and of which the
register holds exactly what that import added, untouched since, is not planned again: planning
would find nothing to do. `basis_of` names everything else that the outcome rests on.
"""

import hashlib
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, NamedTuple, Self

import orjson
from django.conf import settings
from django.db import connection, transaction
from psycopg2 import sql

from imports.apply.chunks import Beat, last_chunk
from imports.apply.locking import hold_provinces
from imports.apply.plan import Context
from imports.apply.tables import (
    CAPITALS,
    HOUSEHOLDS,
    LISTINGS,
    MEMBERS,
    NAMED,
    PROBLEMS,
    RESULTS,
    Table,
)
from imports.models import ImportBatch, ImportChunk, ImportRow, payload_context
from imports.workflow import Action, Phase, State, Verdict
from jobs.services import JobCancelled
from ppaos.orm import keyring

_CODE = ("imports", "problems", "households", "slf", "ppaos/lib", "ppaos/orm")
_HASH_BYTES = 16


@lru_cache(maxsize=1)
def _code() -> str:
    """Return the fingerprint of all rules: every line of code by which lines are judged."""
    digest = hashlib.sha256()
    for folder in _CODE:
        for path in sorted((settings.BASE_DIR / folder).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def basis_of(batch: ImportBatch, context: Context) -> str:
    """Return the fingerprint of what all lines of a file rest on, beside their cells and places.

    `context.today` counts by its year: a date that was not in the future will not be.
    """
    parts = [
        _code(),
        batch.source,
        batch.year_be,
        batch.mapping,
        batch.options,
        sorted(context.scope_codes),
        context.today.year,
        [repr(asdict(form)) for form in context.forms],
        repr(context.income_lines),
    ]
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()


class KnownRow(NamedTuple):
    """A line as the earlier import staged and applied it."""

    batch_id: uuid.UUID
    raw_hash: bytes
    row: int
    area_code: str
    codes: list[str]
    payload: memoryview
    citizen_index: memoryview | None
    row_hash: memoryview
    house_key: str
    household_id: uuid.UUID | None
    member_id: uuid.UUID | None
    known_from: uuid.UUID | None

    def plain(self) -> bytes:
        """Return the packed line."""
        return keyring().unseal(self.payload, context=payload_context(self.batch_id, self.row))


_COLUMNS = KnownRow._fields


@dataclass
class Known:
    """The lines of the latest applied import on the same basis, found by their fingerprints."""

    batch_id: uuid.UUID
    rows: dict[bytes, int]
    lines_of_home: Counter[str]

    @classmethod
    def before(cls, batch: ImportBatch, basis: str) -> Self | None:
        """Return what is known for a batch; None if no such import is in the register."""
        earlier = (
            ImportBatch.objects.filter(
                state=State.APPLIED,
                source=batch.source,
                year_be=batch.year_be,
                layout__basis=basis,
            )
            .exclude(pk=batch.pk)
            .order_by("-applied_at", "-pk")
            .first()
        )
        if earlier is None:
            return None
        accepted = earlier.rows.filter(verdict=Verdict.ACCEPTED)
        told = accepted.filter(
            is_applied=True, decision="", raw_hash__isnull=False, is_new_person=False
        )
        found = told.order_by("row").values_list("raw_hash", "row")
        keys = accepted.order_by().values_list("house_key", flat=True)
        return cls(
            earlier.pk,
            {
                bytes(mark[:_HASH_BYTES]): row
                for mark, row in found.iterator(chunk_size=10_000)
                if mark is not None
            },
            Counter(keys.iterator(chunk_size=10_000)),
        )

    def fetch(self, marks: Iterable[bytes]) -> dict[bytes, KnownRow]:
        """Return fingerprint → row of those lines that are known."""
        numbers = [
            number for mark in marks if (number := self.rows.get(mark[:_HASH_BYTES])) is not None
        ]
        if not numbers:
            return {}
        rows = ImportRow.objects.filter(batch_id=self.batch_id, row__in=numbers)
        found = rows.order_by().values_list(*_COLUMNS)
        known = (KnownRow(batch_id, bytes(mark), *rest) for batch_id, mark, *rest in found)
        return {each.raw_hash: each for each in known if each.payload}

    def origin_of(self, row: KnownRow) -> uuid.UUID:
        """Return the import that is to have added the row's household."""
        return row.known_from or self.batch_id

    def unchanged(self, homes: "dict[str, list[KnownRow]]") -> set[str]:
        """Return the keys of households of which the register holds what these lines left there.

        `homes` is household key → its known lines, which must be all of its accepted lines.
        """
        asked: dict[tuple[uuid.UUID, uuid.UUID], str] = {}
        for key, rows in homes.items():
            origins = {(self.origin_of(row), row.household_id) for row in rows}
            if len(origins) != 1 or len(rows) != self.lines_of_home[key]:
                continue
            [(origin, household_id)] = origins
            if household_id is not None and all(row.member_id for row in rows):
                asked[origin, household_id] = key
        same = still_same(asked)
        return {key for pair, key in asked.items() if pair in same}


# ---- what the register holds ------------------------------------------------------------
def still_same(
    pairs: Iterable[tuple[uuid.UUID, uuid.UUID]],
) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """Return those (import, household) of which every row is the one that the import added.

    Not one row more or less, each with the digest with which it was added, and none that
    counts its versions was written again, not even to the same values.
    """
    asked = list(pairs)
    if not asked:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            _SAME,
            {
                "batches": [str(batch_id) for batch_id, _ in asked],
                "homes": [str(home) for _, home in asked],
            },
        )
        return set(cursor.fetchall())


_BY_HOME = "t.household_id = a.home"
_PRESENT: tuple[tuple[Table, str], ...] = (
    (HOUSEHOLDS, "t.id = a.home"),
    (MEMBERS, _BY_HOME),
    (LISTINGS, _BY_HOME),
    (RESULTS, _BY_HOME),
    (
        RESULTS,
        "t.household_id IS NULL AND t.member_id IN"
        " (SELECT m.id FROM households_member m WHERE m.household_id = a.home)",
    ),
    (PROBLEMS, _BY_HOME),
    (
        NAMED,
        "t.problem_id IN (SELECT p.id FROM problems_problem p WHERE p.household_id = a.home)",
    ),
    (CAPITALS, _BY_HOME),
)
_NOW = sql.SQL(" UNION ALL ").join(
    sql.SQL(
        "SELECT a.batch_id, a.home, {number}::smallint AS number, t.id,"
        " CASE WHEN {untouched} THEN {digest} END AS digest"
        " FROM asked a JOIN {table} t ON {condition}"
    ).format(
        untouched=sql.SQL("t.version = 1" if "version" in table.columns else "true"),
        number=sql.Literal(table.number),
        digest=table.digest("t"),
        table=sql.Identifier(table.name),
        condition=sql.SQL(condition),
    )
    for table, condition in _PRESENT
)
_SAME = sql.SQL("""
    WITH asked AS (
        SELECT * FROM unnest(%(batches)s::uuid[], %(homes)s::uuid[]) a (batch_id, home)
    ), present AS ({now}), added AS (
        SELECT a.batch_id, a.home, n.number, n.id, n.digest
        FROM asked a
        JOIN imports_importadded i ON i.household_key = a.home AND i.batch_id = a.batch_id
             AND NOT i.is_undone AND i.conflict = '',
             unnest(i.tables, i.pks, i.digests) n (number, id, digest)
    )
    SELECT batch_id, home
    FROM present FULL JOIN added USING (batch_id, home, number, id)
    GROUP BY batch_id, home
    HAVING bool_and(coalesce(present.digest = added.digest, false))
""").format(now=_NOW)


# ---- applying ---------------------------------------------------------------------------
def apply_unchanged(*, batch: ImportBatch, beat: Beat, context: Context) -> None:
    """Note as applied the lines of households that still are as an earlier import left them.

    The others lose the mark and are planned like any other. Safe to stop and to repeat.
    """
    waiting = batch.rows.filter(
        verdict=Verdict.ACCEPTED, is_applied=False, known_from__isnull=False
    )
    total = batch.accepted
    while True:
        keys = list(
            waiting.order_by("house_key")
            .values_list("house_key", flat=True)
            .distinct()[: settings.IMPORT_CHUNK_LINES]
        )
        if not keys:
            return
        with transaction.atomic():
            if not ImportBatch.objects.filter(pk=batch.pk, state=State.APPLYING).exists():
                raise JobCancelled
            # Nobody may take back what these lines rest on between the look and the mark.
            held = waiting.filter(house_key__in=keys)
            hold_provinces(held.values_list("area_code", flat=True).distinct())
            number, _, done = last_chunk(batch, Phase.APPLY)
            homes = _homes(batch, keys)
            same = still_same(homes.values())
            marked = [key for key, pair in homes.items() if pair in same]
            left = waiting.filter(house_key__in=marked)
            lines = left.update(is_applied=True)
            waiting.filter(house_key__in=keys).update(known_from=None)
            beat(Phase.APPLY.label, done + lines, total)
            if lines:
                ImportChunk.objects.create(
                    batch=batch,
                    phase=Phase.APPLY,
                    number=number + 1,
                    lines=lines,
                    counts={"held": 0, "inserted": 0, "updated": 0},
                    committed_at=context.at,
                )


def _homes(batch: ImportBatch, keys: Sequence[str]) -> dict[str, tuple[uuid.UUID, uuid.UUID]]:
    """Return household key → (import, household), where all waiting lines say the same."""
    found: dict[str, set[Any]] = {}
    lines = batch.rows.filter(verdict=Verdict.ACCEPTED, is_applied=False, house_key__in=keys)
    for key, origin, home, action, decision in lines.values_list(
        "house_key", "known_from", "household_id", "action", "decision"
    ):
        is_plain = action == Action.UNCHANGED and not decision
        found.setdefault(key, set()).add((origin, home) if is_plain else None)
    return {
        key: next(iter(pairs))
        for key, pairs in found.items()
        if len(pairs) == 1 and None not in pairs and None not in next(iter(pairs))
    }
