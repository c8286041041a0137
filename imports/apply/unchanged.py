"""Apply lines that an earlier import applied, to households that still are as it left them."""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction

from imports.apply.chunks import Beat, last_chunk
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
