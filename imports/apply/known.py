"""Lines that an applied import said before, word for word, and households still as it left them.

What a line means does not change while its cells, the mapping, the rules and the places stay:
then its normal form is taken over. A household all of whose lines are such, and of which the
register holds exactly what that import added, untouched since, is not planned again: planning
would find nothing to do. `basis_of` names everything else that the outcome rests on.
"""

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import NamedTuple, Self

import orjson
from django.conf import settings
from django.db import connection, transaction

from imports.apply.locking import hold_kept_lines, share_kept_lines
from imports.apply.looking import looking_up
from imports.apply.places import Place, open_places
from imports.apply.plan import Context
from imports.apply.untouched import Pair, still_same
from imports.models import ImportBatch, ImportChunk
from imports.normalise.tracker import Prints
from imports.workflow import Phase, State
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
