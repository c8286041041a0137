"""Lines that an applied import said before, word for word, and households still as it left them.

What a line means does not change while its cells, the mapping, the rules and the places stay:
then its normal form is taken over. A household all of whose lines are such, and of which the
register holds exactly what that import added, untouched since, is not planned again: planning
would find nothing to do. `basis_of` names everything else that the outcome rests on.
"""

import base64
import hashlib
import uuid
import zlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple, Self

import orjson
from django.conf import settings
from django.db import connection, transaction
from psycopg2 import sql

from imports.apply.chunks import Beat, last_chunk
from imports.apply.locking import hold_kept_lines, hold_provinces, share_kept_lines
from imports.apply.looking import looking_up
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
from imports.models import ImportBatch, ImportChunk
from imports.normalise.tracker import Prints
from imports.workflow import Phase, State, Verdict
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
        keyring().current_version,
        [repr(asdict(form)) for form in context.forms],
        repr(context.income_lines),
    ]
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()


class KnownRow(NamedTuple):
    """A line as the earlier import staged and applied it; keys as PostgreSQL writes them."""

    raw_hash: bytes
    id: int
    row: int
    codes: list[str]
    house_key: str
    household_id: str | None
    member_id: str | None
    origin: str
    prints: Prints


Place = list[Any]
"""What lines say of their area, the area's code, and what was found: code, column, raw, detail."""


@dataclass
class Known:
    """The lines of the latest applied import on the same basis, found by their fingerprints.

    `places` are the prints of those places that the areas of today still decide alike.
    """

    batch_id: uuid.UUID
    rows: dict[bytes, int]
    lines_of_home: dict[str, int]
    places: set[int] = field(default_factory=set)

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
        with connection.cursor() as cursor:
            cursor.execute(_HOMES, [earlier.pk])
            return cls(earlier.pk, _marks(earlier.pk), dict(cursor.fetchall()))

    def told_places(self) -> list[Place]:
        """Return the places that its lines say."""
        chunks = ImportChunk.objects.filter(batch_id=self.batch_id, phase=Phase.STAGE)
        counts = chunks.order_by("number").values_list("counts", flat=True)
        return [
            place
            for each in counts
            if "places" in each
            for place in open_places(each["places"], batch_id=self.batch_id)
        ]

    def fetch(self, marks: Iterable[bytes]) -> dict[bytes, KnownRow]:
        """Return fingerprint → row of those lines that are known."""
        keys = [key for mark in marks if (key := self.rows.get(mark[:_HASH_BYTES])) is not None]
        if not keys:
            return {}
        with transaction.atomic(), looking_up() as cursor:
            cursor.execute(_FETCH, [keys])
            rows = [
                KnownRow._make((bytes(mark), *rest, Prints.unpack(prints)))
                for mark, *rest, prints in cursor.fetchall()
            ]
        return {row.raw_hash: row for row in rows}

    def unchanged(self, homes: "dict[str, list[KnownRow]]") -> set[str]:
        """Return the keys of households of which the register holds what these lines left there.

        `homes` is household key → its known lines, which must be all of its accepted lines.
        """
        asked: dict[Pair, str] = {}
        for key, rows in homes.items():
            origins = {(row.origin, row.household_id) for row in rows}
            if len(origins) != 1 or len(rows) != self.lines_of_home[key]:
                continue
            [(origin, household_id)] = origins
            if household_id is not None and all(row.member_id for row in rows):
                asked[origin, household_id] = key
        same = still_same(asked)
        return {key for pair, key in asked.items() if pair in same}

    def is_still_there(self) -> bool:
        """Say whether the values of its lines are kept; until commit nobody empties them."""
        share_kept_lines()
        if ImportBatch.objects.filter(pk=self.batch_id, layout__has_key="is_purged").exists():
            self.rows.clear()
        return bool(self.rows)

    def stage_unchanged(self, batch: ImportBatch, lines: "Sequence[tuple[int, KnownRow]]") -> None:
        """Stage lines, each with its number, that say what is in the register already.

        Their values are not written once more: they are kept in the line they repeat.
        """
        arguments = {
            "batch": batch.pk,
            "known": self.batch_id,
            "rows": [row for row, _ in lines],
            "from": [known.id for _, known in lines],
        }
        with looking_up() as cursor:
            cursor.execute(_STAGE_UNCHANGED, arguments)
            told = [(row, known.row) for row, known in lines if known.codes]
            if told:
                rows, lines_before = zip(*told, strict=True)
                arguments |= {"rows": list(rows), "from": list(lines_before)}
                cursor.execute(_ISSUES_TOO, arguments)


def hand_on_lines(batch: ImportBatch) -> None:
    """Give the payloads of a batch, whose time is up, to the lines of others that refer to them."""
    hold_kept_lines()
    with connection.cursor() as cursor:
        cursor.execute(_HAND_ON, {"batch": batch.pk, "source": batch.source, "year": batch.year_be})
        cursor.execute(_FORGET_PLACES, [batch.pk])


_FORGET_PLACES = "UPDATE imports_importchunk SET counts = counts - 'places' WHERE batch_id = %s"
_HAND_ON = """
    UPDATE imports_importrow n SET payload = o.payload
    FROM imports_importrow o
    WHERE o.batch_id = %(batch)s AND n.kept_row = o."row" AND n.kept_in = %(batch)s
      AND n.payload = '' AND n.batch_id IN (
          SELECT id FROM imports_importbatch
          WHERE source = %(source)s AND year_be = %(year)s AND id <> %(batch)s
            AND NOT layout ? 'is_purged'
      )
"""
_HOMES = """
    SELECT house_key, count(*) FROM imports_importrow
    WHERE batch_id = %s AND verdict = 'accepted' GROUP BY house_key
"""
_MARKS_AT_ONCE = 50_000
_MARKS = """
    SELECT substring(raw_hash FOR 16), id, "row" FROM imports_importrow
    WHERE batch_id = %s AND "row" > %s AND verdict = 'accepted' AND is_applied AND decision = ''
      AND NOT is_new_person AND raw_hash IS NOT NULL AND prints IS NOT NULL
    ORDER BY "row" LIMIT %s
"""
_FETCH = """
    SELECT raw_hash, id, "row", codes, house_key, household_id::text, member_id::text,
           coalesce(known_from, batch_id)::text, prints
    FROM imports_importrow
    WHERE id = ANY(%s) AND (payload <> '' OR kept_in IS NOT NULL)
"""
# A payload that was moved from where it was sealed goes along.
_STAGE_UNCHANGED = """
    INSERT INTO imports_importrow
        (batch_id, "row", verdict, codes, payload, kept_in, kept_row, prints, citizen_index,
         row_hash, raw_hash, known_from, house_key, area_code, action, household_action,
         household_id, member_id, is_applied, decision, is_new_person)
    SELECT %(batch)s, n."row", r.verdict, r.codes,
           CASE WHEN r.kept_in IS NULL THEN '' ELSE r.payload END,
           coalesce(r.kept_in, r.batch_id), coalesce(r.kept_row, r."row"),
           r.prints, r.citizen_index, r.row_hash, r.raw_hash, coalesce(r.known_from, r.batch_id),
           r.house_key, r.area_code, 'unchanged', 'unchanged', r.household_id, r.member_id,
           false, '', false
    FROM unnest(%(rows)s::int[], %(from)s::bigint[]) n ("row", told)
    JOIN imports_importrow r ON r.id = n.told
    ORDER BY n."row"
"""
_ISSUES_TOO = """
    INSERT INTO imports_rowissue (batch_id, "row", "column", code, severity)
    SELECT %(batch)s, n."row", i."column", i.code, i.severity
    FROM unnest(%(rows)s::int[], %(from)s::int[]) n ("row", told)
    JOIN imports_rowissue i ON i.batch_id = %(known)s AND i."row" = n.told
"""


def _marks(batch_id: uuid.UUID) -> dict[bytes, int]:
    """Return the fingerprint of each line that may be known → its key."""
    marks: dict[bytes, int] = {}
    latest = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_MARKS, [batch_id, latest, _MARKS_AT_ONCE])
            found = cursor.fetchall()
        if not found:
            return marks
        marks.update((bytes(mark), pk) for mark, pk, _ in found)
        latest = found[-1][2]


# ---- what lines say of their areas ------------------------------------------------------
def seal_places(places: Sequence[Place], *, batch_id: uuid.UUID) -> str:
    """Return the places as the ledger keeps them: they are cells of the file."""
    plain = zlib.compress(orjson.dumps(places))
    sealed = keyring().seal(plain, context=f"import places {batch_id}")
    return base64.b64encode(sealed).decode()


def open_places(sealed: str, *, batch_id: uuid.UUID) -> list[Place]:
    blob = base64.b64decode(sealed)
    plain = keyring().unseal(blob, context=f"import places {batch_id}")
    places: list[Place] = orjson.loads(zlib.decompress(plain))
    return places


# ---- what the register holds ------------------------------------------------------------
Pair = tuple[str, str]
"""An import and a household that it is to have added, both as PostgreSQL writes them."""


def still_same(pairs: Iterable[Pair]) -> set[Pair]:
    """Return those (import, household) of which every row is the one that the import added.

    First those of which nothing was noted since: no other import, nobody's work. Of the
    others every row is looked at: not one more or less, each with the digest with which
    it was added, and none that counts its versions was written again, not even to the
    same values.
    """
    asked = set(pairs)
    if not asked:
        return set()
    with looking_up() as cursor:
        cursor.execute(_UNTOUCHED, _arrays(asked))
        same: set[Pair] = set(cursor.fetchall())
    if same == asked:
        return same
    with connection.cursor() as cursor:
        cursor.execute(_SAME, _arrays(asked - same))
        return same | set(cursor.fetchall())


def _arrays(pairs: Collection[Pair]) -> dict[str, str]:
    """Write the pairs as two arrays: a list of thousands would take longer to write."""
    batches, homes = zip(*pairs, strict=True)
    return {"batches": f"{{{','.join(batches)}}}", "homes": f"{{{','.join(homes)}}}"}


# The import created the household, so nothing was there before; what came since was noted.
_UNTOUCHED = """
    SELECT a.batch_id::text, a.home::text
    FROM unnest(%(batches)s::uuid[], %(homes)s::uuid[]) a (batch_id, home)
    JOIN imports_importadded i ON i.household_key = a.home
    WHERE NOT EXISTS (SELECT FROM imports_householdtouch t WHERE t.household_key = a.home)
    GROUP BY a.batch_id, a.home
    HAVING bool_and(i.batch_id = a.batch_id AND NOT i.is_undone AND i.conflict = '')
       AND bool_or(a.home = ANY(i.pks))
"""
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
    SELECT batch_id::text, home::text
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
    if not waiting.exists():
        return
    number, _, done = last_chunk(batch, Phase.APPLY)
    after = ""
    while True:
        with transaction.atomic():
            if not ImportBatch.objects.filter(pk=batch.pk, state=State.APPLYING).exists():
                raise JobCancelled
            homes, provinces = _next_homes(batch, after)
            if not homes:
                return
            # Nobody may take back what these lines rest on between the look and the mark.
            hold_provinces(provinces)
            same = still_same(pair for pair in homes.values() if pair is not None)
            lines = _mark(batch, [key for key, pair in homes.items() if pair in same])
            changed = [key for key, pair in homes.items() if pair not in same]
            if changed:
                waiting.filter(house_key__in=changed).update(known_from=None)
            beat(Phase.APPLY.label, done + lines, batch.accepted)
            if lines:
                ImportChunk.objects.create(
                    batch=batch,
                    phase=Phase.APPLY,
                    number=number + 1,
                    lines=lines,
                    counts={"held": 0, "inserted": 0, "updated": 0},
                    committed_at=context.at,
                )
        number, done, after = number + bool(lines), done + lines, max(homes)


def _next_homes(batch: ImportBatch, after: str) -> tuple[dict[str, Pair | None], set[str]]:
    """Return household key → (import, household), and the provinces of the next known households.

    None where not all waiting lines say the same.
    """
    with looking_up() as cursor:
        cursor.execute(_NEXT_KEYS, [batch.pk, after, settings.IMPORT_CHUNK_LINES])
        keys = [key for (key,) in cursor.fetchall()]
        cursor.execute(_HOMES_OF_KEYS, [batch.pk, keys])
        found = cursor.fetchall()
    homes = {key: (origin, home) if is_whole else None for key, is_whole, origin, home, _ in found}
    return homes, {code for *_, codes in found for code in codes}


_NEXT_KEYS = """
    SELECT DISTINCT house_key FROM imports_importrow
    WHERE batch_id = %s AND house_key > %s AND verdict = 'accepted'
      AND NOT is_applied AND known_from IS NOT NULL
    ORDER BY house_key LIMIT %s
"""
_HOMES_OF_KEYS = """
    SELECT r.house_key,
           count(DISTINCT (r.known_from, r.household_id)) = 1
               AND bool_and(r.action = 'unchanged' AND r.decision = ''
                            AND r.known_from IS NOT NULL AND r.household_id IS NOT NULL),
           min(r.known_from::text), min(r.household_id::text),
           array_agg(DISTINCT left(r.area_code, 2))
    FROM imports_importrow r
    WHERE r.batch_id = %s AND r.house_key = ANY(%s) AND r.verdict = 'accepted' AND NOT r.is_applied
    GROUP BY r.house_key
"""


def _mark(batch: ImportBatch, keys: Sequence[str]) -> int:
    with looking_up() as cursor:
        cursor.execute(
            """
            UPDATE imports_importrow SET is_applied = true
            WHERE batch_id = %s AND house_key = ANY(%s) AND verdict = 'accepted'
              AND NOT is_applied AND known_from IS NOT NULL
            """,
            [batch.pk, list(keys)],
        )
        return int(cursor.rowcount)
