"""Cut a batch's lines into chunks of whole households, and write down what became of each."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.timezone import localdate

from imports.apply.figures import plan_figures, plan_left_out
from imports.apply.helping import plan_help
from imports.apply.homes import make_homes
from imports.apply.lines import LINE_COLUMNS, Line, lines_of
from imports.apply.plan import Context, Form, Outcome, Plan
from imports.apply.register import Register, load
from imports.apply.results import plan_results
from imports.apply.tables import FIGURES
from imports.models import ImportBatch, ImportChunk
from imports.profiles import PROFILES
from imports.profiles.profile import Unit
from imports.querysets import RowQuerySet
from imports.verdicts import severity_of, verdict_of_codes
from imports.workflow import BITS_OF_LINE, Phase, State, Verdict
from problems.models import IndicatorSet
from problems.services import dimensions_of, income_lines

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
            code=each.code,
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
        income_lines=income_lines(),
    )


StagedLine = tuple[Any, ...]
"""A staged row as LINE_COLUMNS, its payload still sealed."""


def next_staged(batch: ImportBatch, *, phase: Phase, after_key: str) -> list[StagedLine]:
    """Return the lines of the next households in order of key, to be opened; [] at the end.

    To be applied are accepted lines that are not in the register: also those that
    were decided or mended after an earlier round.
    """
    size = settings.IMPORT_CHUNK_LINES
    accepted = _accepted(batch)
    if phase is Phase.APPLY:
        accepted = accepted.filter(is_applied=False)
    rows = list(accepted.filter(house_key__gt=after_key).values_list(*LINE_COLUMNS)[: size + 1])
    if len(rows) > size:
        cut = rows[-1][_KEY]
        whole = [row for row in rows if row[_KEY] != cut]
        rows = whole or list(accepted.filter(house_key=cut).values_list(*LINE_COLUMNS))
    return rows


def waiting_lines(batch: ImportBatch, *, phase: Phase, after_key: str) -> int:
    """Count the lines that `next_staged` has still to give."""
    accepted = _accepted(batch).filter(house_key__gt=after_key)
    return (accepted.filter(is_applied=False) if phase is Phase.APPLY else accepted).count()


def key_of(staged: StagedLine) -> str:
    return str(staged[_KEY])


def lines_with_keys(batch: ImportBatch, keys: Iterable[str]) -> list[Line]:
    """Return the accepted lines of these households that are not in the register yet."""
    rows = _accepted(batch).filter(house_key__in=sorted(set(keys)), is_applied=False)
    return list(lines_of(rows.values_list(*LINE_COLUMNS), units_of(batch)))


def units_of(batch: ImportBatch) -> list[Unit]:
    """Return what a line is about, for each part of the file."""
    return [PROFILES[each["profile"]].unit for each in batch.mapping or []]


def _accepted(batch: ImportBatch) -> RowQuerySet:
    rows: RowQuerySet = batch.rows.filter(verdict=Verdict.ACCEPTED).with_sealed()
    return rows.order_by("house_key", "row")


def plan_lines(
    lines: Sequence[Line], context: Context, *, lock: bool, is_forecast: bool = False
) -> Plan:
    """Read the register and compute what these lines do to it; write nothing.

    A forecast has the outcomes, and not all of the rows.
    """
    plan = Plan(is_forecast=is_forecast)
    living = [line for line in lines if line.unit in (Unit.PERSON, Unit.HOUSEHOLD)]
    if living:
        register = load(living, source=context.source, year_be=context.year_be, lock=lock)
        plan_homes(living, register, context, plan)
    if len(living) < len(lines):
        plan_help([line for line in lines if line.unit is Unit.HELP], context, plan, lock=lock)
        plan_figures([line for line in lines if line.unit is Unit.AREA], context, plan, lock=lock)
    return plan


def plan_homes(lines: Sequence[Line], register: Register, context: Context, plan: Plan) -> None:
    """Add to the plan what lines about people and households do to this register."""
    for home in make_homes(lines, register, context, plan):
        plan_results(home, register, context, plan)


def plan_with_applied(
    batch: ImportBatch, lines: Sequence[Line], context: Context, *, lock: bool
) -> Plan:
    """Plan lines that may follow an applied import.

    What a list says of a household it says in all its lines: those that are applied are
    read again with the ones that follow. They change nothing, and are not told of.
    """
    homes = {line.house_key for line in lines if line.unit is Unit.HOUSEHOLD}
    if batch.applied_at is None or not homes:
        return plan_lines(lines, context, lock=lock)
    rows = _accepted(batch).filter(house_key__in=sorted(homes), is_applied=True)
    before = lines_of(rows.values_list(*LINE_COLUMNS), units_of(batch))
    together = [line for line in before if line.unit is Unit.HOUSEHOLD] + list(lines)
    plan = plan_lines(
        sorted(together, key=lambda line: (line.house_key, line.row)), context, lock=lock
    )
    following = {line.row for line in lines}
    plan.outcomes = [each for each in plan.outcomes if each.line.row in following]
    return plan


def last_chunk(batch: ImportBatch, phase: Phase) -> tuple[int, str, int]:
    """Return number, last key and lines so far of what is committed; (0, "", 0) at the start.

    What is applied stands in the lines, so a second round of it begins at the first key.
    """
    chunks = batch.chunks.filter(phase=phase).order_by("-number")
    latest = chunks.first()
    if latest is None:
        return 0, "", 0
    key = "" if phase is Phase.APPLY else latest.last_key
    return latest.number, key, sum(chunks.values_list("lines", flat=True))


def commit_without_waiting() -> None:
    """Let this chunk's commit not wait for the disk.

    A server that crashes may forget the latest chunks, each whole with its entry in the
    ledger, and they are done again. Whoever ends the work commits as always, and makes
    all of them durable.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")


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
    if not outcomes:
        return
    marks = [_mark_of(noted_of(outcome, applied=applied)) for outcome in outcomes]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE imports_importrow r
            SET verdict = n.verdict, action = n.action, household_action = n.household_action,
                household_id = n.household_id, member_id = n.member_id,
                is_applied = %(applied)s AND n.verdict = %(accepted)s,
                codes = CASE WHEN n.codes = '' THEN r.codes ELSE r.codes || ARRAY(
                    SELECT code::varchar FROM unnest(string_to_array(n.codes, ' ')) code
                    WHERE code <> ALL(r.codes)
                ) END
            FROM unnest(%(rows)s::int[], %(verdicts)s::text[], %(codes)s::text[],
                        %(actions)s::text[], %(household_actions)s::text[],
                        %(households)s::uuid[], %(members)s::uuid[])
                n ("row", verdict, codes, action, household_action, household_id, member_id)
            WHERE r.batch_id = %(batch)s AND r."row" = n."row"
            """,
            {
                "applied": applied,
                "accepted": Verdict.ACCEPTED.value,
                "batch": batch.pk,
                **{
                    name: "{" + ",".join(values) + "}"
                    for name, values in zip(_MARKS, zip(*marks, strict=True), strict=True)
                },
            },
        )
    _add_issues(batch, outcomes)


_MARKS = ("rows", "verdicts", "codes", "actions", "household_actions", "households", "members")


Noted = tuple[
    int, str, list[str], str, str, uuid.UUID | None, uuid.UUID | None  # in the order of _MARKS
]


def noted_of(outcome: Outcome, *, applied: bool) -> Noted:
    """Return what is written beside a line: row, verdict, codes, actions, household, member."""
    codes = list(dict.fromkeys([code for code, _ in outcome.codes]))
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


def _mark_of(noted: Noted) -> tuple[str, ...]:
    """Return the items as PostgreSQL writes them within an array."""
    row, found, codes, action, household_action, household_id, member_id = noted
    return (
        str(row),
        found,
        f'"{" ".join(codes)}"',
        f'"{action}"',
        f'"{household_action}"',
        household_id.hex if household_id is not None else "NULL",
        member_id.hex if member_id is not None else "NULL",
    )


def _add_issues(batch: ImportBatch, outcomes: Sequence[Outcome]) -> None:
    found = [
        (batch.pk, outcome.line.row, column, code, severity_of(code).value)
        for outcome in outcomes
        for code, column in outcome.codes
    ]
    if found:
        with connection.cursor() as cursor:
            cursor.executemany(
                'INSERT INTO imports_rowissue (batch_id, "row", "column", code, severity)'
                " VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                found,
            )


def recount(batch: ImportBatch) -> None:
    """Set the batch's counts from its lines, in one statement: verdicts, warnings, effect."""
    left_out = _left_out(batch)
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
                               FILTER (WHERE verdict = 'accepted' AND part = ANY(%(homes)s)),
                           'members_created', count(*) FILTER (
                               WHERE verdict = 'accepted' AND action = 'new'
                                 AND part = ANY(%(people)s)
                           ),
                           'members_updated', count(*) FILTER (
                               WHERE verdict = 'accepted' AND action = 'changed'
                                 AND part = ANY(%(people)s)
                           ),
                           'lines_new', count(*)
                               FILTER (WHERE verdict = 'accepted' AND action = 'new'),
                           'lines_changed', count(*)
                               FILTER (WHERE verdict = 'accepted' AND action = 'changed'),
                           'unchanged', count(*)
                               FILTER (WHERE verdict = 'accepted' AND action = 'unchanged'),
                           'figures_left_out', %(left_out)s::int,
                           'applied', count(*) FILTER (WHERE is_applied)
                       ) AS effect
                FROM (
                    SELECT *, "row" >> %(bits)s AS part
                    FROM imports_importrow WHERE batch_id = %(batch)s
                ) r
            ) n
            WHERE b.id = %(batch)s
            """,
            {
                "batch": batch.pk,
                "bits": BITS_OF_LINE,
                "homes": _parts_of(batch, Unit.PERSON, Unit.HOUSEHOLD),
                "people": _parts_that_name_people(batch),
                "left_out": left_out,
            },
        )
    batch.refresh_from_db()


def _left_out(batch: ImportBatch) -> int:
    """Return how many figures applying the list makes out of date, or has made."""
    if batch.state in _BEFORE_APPLY:
        return len(plan_left_out(batch, lock=False).updates[FIGURES.name])
    return int(batch.effect.get("figures_left_out", 0))


_BEFORE_APPLY = frozenset({State.STAGING, State.STAGED, State.AWAITING_APPROVAL})


def _parts_of(batch: ImportBatch, *units: Unit) -> list[int]:
    return [number for number, unit in enumerate(units_of(batch)) if unit in units]


def _parts_that_name_people(batch: ImportBatch) -> list[int]:
    """Return the parts whose lines may bring a person: households often name their head."""
    named = {"first_name", "full_name"}
    homes = _parts_of(batch, Unit.PERSON, Unit.HOUSEHOLD)
    return [number for number in homes if named & set((batch.mapping or [])[number]["columns"])]
