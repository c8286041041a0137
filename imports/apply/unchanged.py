"""Apply lines that an earlier import applied, to households that still are as it left them."""

from collections.abc import Generator, Sequence
from contextlib import closing

from django.conf import settings
from django.db import transaction

from imports.apply.beside import asked_ahead
from imports.apply.chunks import Beat, commit_without_waiting, last_chunk
from imports.apply.locking import hold_provinces
from imports.apply.looking import looking_up
from imports.apply.plan import Context
from imports.apply.untouched import Pair, still_same
from imports.models import ImportBatch, ImportChunk
from imports.workflow import Phase, State, Verdict
from jobs.services import JobCancelled


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
    with closing(asked_ahead(_waiting_homes(batch))) as ready:
        for homes, provinces in ready:
            with transaction.atomic():
                if not ImportBatch.objects.filter(pk=batch.pk, state=State.APPLYING).exists():
                    raise JobCancelled
                commit_without_waiting()
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
            number, done = number + bool(lines), done + lines


Homes = tuple[dict[str, Pair | None], set[str]]
"""Household key → (import, household), None where not all lines say the same; the provinces."""


def _waiting_homes(batch: ImportBatch) -> Generator[Homes, None, None]:
    """Yield the known households that wait, in the order of their keys, a chunk at a time.

    Nobody but the apply changes lines of a batch that is being applied, and it only those
    that were yielded before.
    """
    after = ""
    while True:
        with transaction.atomic(), looking_up() as cursor:
            cursor.execute(_NEXT_HOMES, [batch.pk, after, settings.IMPORT_CHUNK_LINES])
            found = cursor.fetchall()
        if not found:
            return
        after = found[-1][0]
        homes = {key: (told, home) if is_whole else None for key, is_whole, told, home, _ in found}
        yield homes, {code for *_, codes in found for code in codes}


_NEXT_HOMES = """
    SELECT r.house_key,
           bool_and(r.action = 'unchanged' AND r.decision = ''
                    AND r.known_from IS NOT NULL AND r.household_id IS NOT NULL)
               AND min(r.known_from::text) = max(r.known_from::text)
               AND min(r.household_id::text) = max(r.household_id::text),
           min(r.known_from::text), min(r.household_id::text),
           array_agg(DISTINCT left(r.area_code, 2))
    FROM imports_importrow r
    WHERE r.batch_id = %s AND r.house_key > %s AND r.verdict = 'accepted' AND NOT r.is_applied
    GROUP BY r.house_key HAVING bool_or(r.known_from IS NOT NULL)
    ORDER BY r.house_key LIMIT %s
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
