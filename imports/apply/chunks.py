"""Cut a batch's lines into chunks of whole households, and write down what became of each."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils.timezone import localdate

from imports.apply.copying import copy_rows
from imports.apply.homes import make_homes
from imports.apply.lines import LINE_COLUMNS, Line, lines_of
from imports.apply.plan import Context, Form, Outcome, Plan
from imports.apply.register import load
from imports.apply.results import plan_results
from imports.models import ImportBatch, ImportChunk
from imports.querysets import RowQuerySet
from imports.verdicts import severity_of, verdict_of_codes
from imports.workflow import Phase, Verdict
from problems.models import IndicatorSet
from problems.services import dimensions_of

_KEY = LINE_COLUMNS.index("house_key")

Beat = Callable[[str, int, int | None], None]
"""(stage, done, total) → renew the lease. Called inside each chunk's transaction; may raise."""


def context_of(batch: ImportBatch, *, by_id: uuid.UUID, at: datetime) -> Context:
    forms = [
        Form(
            id=each.pk,
            size=each.size,
            year_from=each.year_from,
            year_to=each.year_to,
            dimensions=dimensions_of(each),
        )
        # Of two versions of a form the newer comes first.
        for each in IndicatorSet.objects.order_by("year_from", "-version", "pk")
    ]
    return Context(
        source=batch.source,
        year_be=batch.year_be,
        scope_codes=tuple(batch.scope_codes),
        forms=tuple(forms),
        by_id=by_id,
        at=at,
        today=localdate(at),
    )


def next_lines(batch: ImportBatch, *, after_key: str) -> list[Line]:
    """Return the accepted lines of the next households in order of key; [] at the end."""
    size = settings.IMPORT_CHUNK_LINES
    accepted = _accepted(batch)
    rows = list(accepted.filter(house_key__gt=after_key).values_list(*LINE_COLUMNS)[: size + 1])
    if len(rows) > size:
        cut = rows[-1][_KEY]
        whole = [row for row in rows if row[_KEY] != cut]
        rows = whole or list(accepted.filter(house_key=cut).values_list(*LINE_COLUMNS))
    return list(lines_of(rows))


def lines_with_keys(batch: ImportBatch, keys: Iterable[str]) -> list[Line]:
    """Return the accepted lines of these households that are not in the register yet."""
    rows = _accepted(batch).filter(house_key__in=sorted(set(keys)), is_applied=False)
    return list(lines_of(rows.values_list(*LINE_COLUMNS)))


def _accepted(batch: ImportBatch) -> RowQuerySet:
    rows: RowQuerySet = batch.rows.filter(verdict=Verdict.ACCEPTED)
    return rows.order_by("house_key", "row")


def plan_lines(lines: Sequence[Line], context: Context, *, lock: bool) -> Plan:
    """Read the register and compute what these lines do to it; write nothing."""
    register = load(lines, source=context.source, year_be=context.year_be, lock=lock)
    plan = Plan()
    for home in make_homes(lines, register, context, plan):
        plan_results(home, register, context, plan)
    return plan


def last_chunk(batch: ImportBatch, phase: Phase) -> tuple[int, str, int]:
    """Return number, last key and lines so far of what is committed; (0, "", 0) at the start."""
    chunks = batch.chunks.filter(phase=phase).order_by("-number")
    latest = chunks.first()
    if latest is None:
        return 0, "", 0
    return latest.number, latest.last_key, sum(chunks.values_list("lines", flat=True))


def add_chunk(
    batch: ImportBatch,
    phase: Phase,
    *,
    number: int,
    lines: Sequence[Line],
    plan: Plan,
    at: datetime,
) -> None:
    """Enter a chunk into the ledger; a second one of the same number is refused."""
    ImportChunk.objects.create(
        batch=batch,
        phase=phase,
        number=number,
        last_row=max(line.row for line in lines),
        last_key=lines[-1].house_key,
        lines=len(lines),
        counts={
            "held": sum(outcome.stays_out for outcome in plan.outcomes),
            "inserted": sum(len(rows) for rows in plan.inserts.values()),
            "updated": sum(len(rows) for rows in plan.updates.values()),
        },
        committed_at=at,
    )


def mark_rows(batch: ImportBatch, outcomes: Sequence[Outcome], *, applied: bool) -> None:
    """Write each line's outcome beside it: action, codes, verdict, and where it went.

    Before apply a new household or person has no row yet, so no key is noted.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TABLE IF EXISTS pg_temp.incoming_outcome;"
            "CREATE TEMP TABLE incoming_outcome ("
            ' "row" int PRIMARY KEY, verdict text, codes text[], action text,'
            " household_action text, household_id uuid, member_id uuid) ON COMMIT DROP"
        )
        copy_rows(
            "incoming_outcome",
            ["row", "verdict", "codes", "action", "household_action", "household_id", "member_id"],
            (_outcome_row(outcome, applied) for outcome in outcomes),
        )
        cursor.execute(
            """
            UPDATE imports_importrow r
            SET verdict = n.verdict, action = n.action, household_action = n.household_action,
                household_id = n.household_id, member_id = n.member_id,
                is_applied = %(applied)s AND n.verdict = %(accepted)s,
                codes = r.codes || ARRAY(
                    SELECT code::varchar FROM unnest(n.codes) code WHERE code <> ALL(r.codes)
                )
            FROM incoming_outcome n WHERE r.batch_id = %(batch)s AND r."row" = n."row"
            """,
            {"applied": applied, "accepted": Verdict.ACCEPTED.value, "batch": batch.pk},
        )
    _add_issues(batch, outcomes)


def _outcome_row(outcome: Outcome, applied: bool) -> tuple[object, ...]:
    codes = list(dict.fromkeys(code for code, _ in outcome.codes))
    household_id, member = outcome.household_id, outcome.member
    known_house = applied or outcome.household_action != "new"
    known_member = member is not None and (applied or not outcome.is_new)
    return (
        outcome.line.row,
        verdict_of_codes(codes).value,
        codes,
        outcome.action,
        outcome.household_action,
        household_id if known_house else None,
        member["id"] if member is not None and known_member else None,
    )


def _add_issues(batch: ImportBatch, outcomes: Sequence[Outcome]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            'INSERT INTO imports_rowissue (batch_id, "row", "column", code, severity)'
            " VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [
                (batch.pk, outcome.line.row, column, code, severity_of(code).value)
                for outcome in outcomes
                for code, column in outcome.codes
            ],
        )


def recount(batch: ImportBatch) -> None:
    """Set the batch's counts from its lines, in one statement: verdicts, warnings, effect."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE imports_importbatch b
            SET rows_read = n.total, accepted = n.accepted, held = n.held,
                rejected = n.rejected, skipped = n.skipped, warned = n.warned, effect = n.effect
            FROM (
                SELECT count(*) AS total,
                       count(*) FILTER (WHERE verdict = 'accepted') AS accepted,
                       count(*) FILTER (WHERE verdict = 'held') AS held,
                       count(*) FILTER (WHERE verdict = 'rejected') AS rejected,
                       count(*) FILTER (WHERE verdict = 'skipped') AS skipped,
                       count(*) FILTER (
                           WHERE verdict = 'accepted' AND array_to_string(codes, ',') ~ '(^|,)W_'
                       ) AS warned,
                       jsonb_build_object(
                           'households_created', count(DISTINCT house_key)
                               FILTER (WHERE verdict = 'accepted' AND household_action = 'new'),
                           'households_updated', count(DISTINCT house_key)
                               FILTER (WHERE verdict = 'accepted' AND household_action = 'changed'),
                           'households', count(DISTINCT house_key)
                               FILTER (WHERE verdict = 'accepted'),
                           'members_created', count(*)
                               FILTER (WHERE verdict = 'accepted' AND action = 'new'),
                           'members_updated', count(*)
                               FILTER (WHERE verdict = 'accepted' AND action = 'changed'),
                           'unchanged', count(*)
                               FILTER (WHERE verdict = 'accepted' AND action = 'unchanged'),
                           'applied', count(*) FILTER (WHERE is_applied)
                       ) AS effect
                FROM imports_importrow WHERE batch_id = %(batch)s
            ) n
            WHERE b.id = %(batch)s
            """,
            {"batch": batch.pk},
        )
    batch.refresh_from_db()
