"""Other imports at work in the same households at the same time: who was first, and where."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Max, Q, QuerySet

from imports.apply.copying import array_of
from imports.apply.plan import Outcome, Plan
from imports.models import PAYLOAD_COLUMNS, ImportBatch
from imports.workflow import Action, Phase, State

OTHER_IMPORT = "W_OTHER_IMPORT"
_WROTE = (State.APPLYING, State.APPLIED, State.FAILED)


@dataclass(frozen=True, slots=True)
class Others:
    """The imports that wrote, or may have, since this one was compared with the register."""

    batches: dict[uuid.UUID, str]
    """Key → its name for people."""

    def note(self, batch: ImportBatch, plan: Plan) -> None:
        """Say on each line whose forecast another import has overtaken which one it was."""
        keys = {o.household_id for o in plan.outcomes if o.household_id is not None}
        writers = _writers(self.batches, keys)
        if not writers:
            return
        forecast = _forecast(batch, plan.outcomes)
        named: dict[int, str] = {}
        for outcome in plan.outcomes:
            writer = _writer_before(outcome, forecast, writers)
            if writer is not None:
                outcome.note(OTHER_IMPORT)
                named[outcome.line.row] = self.batches[writer]
        _add_details(batch, named)


def others_since_comparison(batch: ImportBatch) -> Others:
    staged = batch.chunks.filter(phase__in=[Phase.STAGE, Phase.COMPARE])
    since = staged.aggregate(at=Max("committed_at"))["at"] or batch.uploaded_at
    wrote = _beside(batch).filter(Q(applied_at__isnull=True) | Q(applied_at__gte=since))
    return Others({each.pk: name_of(each) for each in wrote.select_related("uploaded_by", "file")})


def _beside(batch: ImportBatch) -> "QuerySet[ImportBatch]":
    return ImportBatch.objects.filter(state__in=_WROTE).exclude(pk=batch.pk).order_by("uploaded_at")


def name_of(batch: ImportBatch) -> str:
    """Name an import as people know it: its file and who sent it."""
    return f"{batch.file.name} โดย {batch.uploaded_by.name or batch.uploaded_by.username}"[:200]


def _writers(batches: "dict[uuid.UUID, str]", keys: "set[uuid.UUID]") -> dict[uuid.UUID, uuid.UUID]:
    """Return row of the register → the latest of these imports that wrote it."""
    if not batches or not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT pk, batch_id FROM (
                SELECT unnest(a.pks) AS pk, a.batch_id, a.id AS number
                FROM imports_importadded a
                WHERE a.household_key = ANY(%(keys)s::uuid[]) AND NOT a.is_undone
                  AND a.batch_id = ANY(%(batches)s::uuid[])
                UNION ALL
                SELECT c.pk_value::uuid, c.batch_id, c.id
                FROM imports_importchange c
                WHERE c.batch_id = ANY(%(batches)s::uuid[]) AND NOT c.is_undone
                  AND c.household_key = ANY(%(keys)s::uuid[])
            ) w
            """,
            {"keys": array_of(keys), "batches": array_of(batches)},
        )
        return dict(cursor.fetchall())


Forecast = dict[int, tuple[str, str]]
"""Row → action and household action, as they were foretold."""


def _forecast(batch: ImportBatch, outcomes: Sequence[Outcome]) -> Forecast:
    rows = batch.rows.filter(row__in=[outcome.line.row for outcome in outcomes])
    return {
        row: (action, household_action)
        for row, action, household_action in rows.values_list("row", "action", "household_action")
    }


def _writer_before(
    outcome: Outcome, forecast: Forecast, writers: "dict[uuid.UUID, uuid.UUID]"
) -> uuid.UUID | None:
    """Return the other import because of which the line does something else than foretold."""
    wrote_member = writers.get(outcome.member["id"]) if outcome.member is not None else None
    if wrote_member is not None:
        return wrote_member
    wrote_home = writers.get(outcome.household_id) if outcome.household_id is not None else None
    if wrote_home is None:
        return None
    is_other = forecast.get(outcome.line.row) != (outcome.action, outcome.household_action)
    return wrote_home if is_other or outcome.household_action == Action.CHANGED else None


def _add_details(batch: ImportBatch, named: dict[int, str]) -> None:
    """Keep, sealed with the line, which import it was."""
    if not named:
        return
    rows = list(batch.rows.filter(row__in=list(named)).only("batch_id", "row", *PAYLOAD_COLUMNS))
    for row in rows:
        if not row.sealed:
            continue
        payload = row.open_payload()
        kept = [note for note in payload["notes"] if note[0] != OTHER_IMPORT]
        payload["notes"] = [*kept, [OTHER_IMPORT, "", "", named[row.row]]]
        row.reseal(payload)
    batch.rows.bulk_update(rows, PAYLOAD_COLUMNS, batch_size=500)


# ---- the whole batch ----------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Overlap:
    """Another import that wrote into the same households while this one was on its way."""

    batch: ImportBatch
    households: int
    was_first: bool
    """Whether it wrote into them before this one did, so that this one stands on top."""
    lines: int
    """Lines of this import that say so."""

    @property
    def name(self) -> str:
        return name_of(self.batch)


def overlaps(batch: ImportBatch) -> list[Overlap]:
    """Return the imports beside this one, the earliest first. Two queries, and one for each."""
    beside = _beside(batch).select_related("uploaded_by", "file")
    until: datetime | None = batch.applied_at
    if until is not None:
        beside = beside.filter(uploaded_at__lte=until)
    since = batch.uploaded_at
    beside = beside.filter(Q(applied_at__isnull=True) | Q(applied_at__gte=since))
    found = []
    lines = batch.issues.filter(code=OTHER_IMPORT).values("row").distinct().count()
    for other in beside:
        first, later = _shared(batch, other)
        if first:
            found.append(Overlap(other, first, was_first=True, lines=lines))
        if later:
            found.append(Overlap(other, later, was_first=False, lines=0))
    return found


def _shared(batch: ImportBatch, other: ImportBatch) -> tuple[int, int]:
    """Count the households both wrote into: those where the other was first, and the rest.

    Chunks of one province are committed one after the other, in the order of their keys.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH written AS (
                SELECT batch_id, household_key, k.id AS place FROM (
                    SELECT batch_id, household_key, chunk FROM imports_importadded
                    WHERE batch_id IN (%(one)s, %(other)s)
                    UNION
                    SELECT batch_id, household_key, chunk FROM imports_importchange
                    WHERE batch_id IN (%(one)s, %(other)s) AND household_key IS NOT NULL
                ) w JOIN imports_importchunk k USING (batch_id)
                WHERE k.phase = %(apply)s AND k.number = w.chunk
            ), shared AS (
                SELECT a.household_key, min(a.place) AS ours, min(b.place) AS theirs
                FROM written a JOIN written b USING (household_key)
                WHERE a.batch_id = %(one)s AND b.batch_id = %(other)s
                GROUP BY 1
            )
            SELECT count(*) FILTER (WHERE theirs < ours), count(*) FILTER (WHERE theirs >= ours)
            FROM shared
            """,
            {"one": batch.pk, "other": other.pk, "apply": Phase.APPLY.value},
        )
        first, later = cursor.fetchone()
    return first, later
