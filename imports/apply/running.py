"""Compare a batch with the register, and apply it: chunk by chunk, from where it stopped."""

import uuid
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import DatabaseError, transaction

from areas.models import Area
from areas.services import AreaRow, learn_areas
from imports.apply.chunks import (
    Beat,
    StagedLine,
    add_chunk,
    commit_without_waiting,
    context_of,
    last_chunk,
    lines_with_keys,
    mark_rows,
    next_staged,
    plan_with_applied,
    recount,
    units_of,
    waiting_lines,
)
from imports.apply.drafting import draft, is_worthwhile, settle
from imports.apply.figures import plan_left_out
from imports.apply.lines import Line, lines_of
from imports.apply.locking import hold_provinces
from imports.apply.others import others_since_comparison
from imports.apply.plan import Context, Plan
from imports.apply.regrouping import regroup_assessed
from imports.apply.tables import HOUSEHOLDS, PROBLEMS
from imports.apply.unchanged import apply_unchanged
from imports.apply.writing import write
from imports.models import ImportBatch, ImportChange
from imports.workflow import Kind, Phase, State
from jobs.services import JobCancelled
from ppaos.lib.turns import short_turns

_TRANSIENT = {"40001", "40P01", "23505"}  # serialization, deadlock, somebody was first
_TRIES = 3

AREA_TABLE = Area._meta.db_table


def apply_batch(*, batch: ImportBatch, by_id: uuid.UUID, beat: Beat, at: datetime) -> None:
    """Write every accepted line into the register. What is committed stays, however it ends.

    After a crash of the server the latest chunks may wait again; ending the apply, the caller
    commits as always.
    """
    context = context_of(batch, by_id=by_id, at=at)
    apply_unchanged(batch=batch, beat=beat, context=context)
    _Run(batch, Phase.APPLY, context, beat).to_the_end()
    _leave_out(batch, context, beat)


def _leave_out(batch: ImportBatch, context: Context, beat: Beat) -> None:
    """Let figures that the list leaves out not be current any more; safe to repeat."""
    with transaction.atomic():
        plan = plan_left_out(batch, lock=True)
        if plan.updates:
            number, _, done = last_chunk(batch, Phase.APPLY)
            beat(Phase.APPLY.label, done, done)
            write(plan, batch=batch, context=context, chunk=number)


def compare_again(*, batch: ImportBatch, keys: Sequence[str], at: datetime) -> None:
    """Compute anew what the lines of these households will do, and the batch's counts."""
    context = context_of(batch, by_id=batch.uploaded_by_id, at=at)
    lines = lines_with_keys(batch, keys)
    if lines:
        plan = plan_with_applied(batch, lines, context, lock=False)
        mark_rows(batch, plan.outcomes, applied=False)
    recount(batch)


class _Opened(NamedTuple):
    """The lines of a chunk, and what they would do if the register knew nothing of them."""

    lines: list[Line]
    drafted: Plan | None


@dataclass
class _Run:
    """One pass over the accepted lines. Its state after each chunk is in the ledger.

    While PostgreSQL writes one chunk, the lines of the next are opened, and if most are new
    planned, beside it.
    """

    batch: ImportBatch
    phase: Phase
    context: Context
    beat: Beat

    def __post_init__(self) -> None:
        self.number, self.after_key, self.done = last_chunk(self.batch, self.phase)
        self.total = self.done + waiting_lines(
            self.batch, phase=self.phase, after_key=self.after_key
        )
        self._ahead: Future[_Opened] | None = None
        self._drafts = is_worthwhile(self.batch)
        self._units = units_of(self.batch)

    def to_the_end(self) -> None:
        beside = ThreadPoolExecutor(1, thread_name_prefix="lines")
        with short_turns(), beside as self._beside:
            while self._with_patience():
                pass

    def _with_patience(self) -> bool:
        """Do one chunk; again from its start if another transaction was in the way."""
        for last_try in (*[False] * (_TRIES - 1), True):
            try:
                return self._one_chunk()
            except DatabaseError as error:
                self._ahead = None
                if last_try or getattr(error.__cause__, "pgcode", "") not in _TRANSIENT:
                    raise
        return False

    def _one_chunk(self) -> bool:
        """Commit the next chunk whole; return False when there is none."""
        with transaction.atomic():
            lines, drafted = self._take()
            if not lines:
                return False
            # First the lease: a worker that lost it must not even wait for the register.
            self.beat(self.phase.label, self.done + len(lines), self.total)
            commit_without_waiting()
            self._check_is_wanted()
            plan = self._carry_out(lines, drafted)
            add_chunk(
                self.batch,
                self.phase,
                number=self.number + 1,
                lines=lines,
                plan=plan,
                at=self.context.at,
            )
        self.number += 1
        self.after_key = lines[-1].house_key
        self.done += len(lines)
        return True

    def _take(self) -> _Opened:
        """Return the lines of this chunk, which may have been opened beside the last one."""
        ahead, self._ahead = self._ahead, None
        return ahead.result() if ahead is not None else self._open(self._staged(self.after_key))

    def _staged(self, after_key: str) -> list[StagedLine]:
        return next_staged(self.batch, phase=self.phase, after_key=after_key)

    def _open_ahead(self, after_key: str) -> None:
        """Fetch the next lines on this connection, and open them in the other thread."""
        self._ahead = self._beside.submit(self._open, self._staged(after_key))

    def _open(self, staged: list[StagedLine]) -> _Opened:
        lines = list(lines_of(staged, self._units))
        return _Opened(lines, draft(lines, self.context) if self._drafts else None)

    def _check_is_wanted(self) -> None:
        """Stop at this edge if what was written is to be taken back. Raises JobCancelled."""
        if self.phase is Phase.APPLY:
            state = ImportBatch.objects.values_list("state", flat=True).get(pk=self.batch.pk)
            if state != State.APPLYING:
                raise JobCancelled

    def _carry_out(self, lines: Sequence[Line], drafted: Plan | None) -> Plan:
        hold_provinces(_places(lines, self.context))
        learn_villages(self.batch, lines, chunk=self.number + 1)
        if drafted is not None:
            plan = settle(drafted, lines, self.context)
        else:
            plan = plan_with_applied(self.batch, lines, self.context, lock=True)
        self._open_ahead(lines[-1].house_key)
        others_since_comparison(self.batch).note(self.batch, plan)
        write(plan, batch=self.batch, context=self.context, chunk=self.number + 1)
        # Nobody has assessed a household that came just now.
        new = {household["id"] for household in plan.inserts[HOUSEHOLDS.name]}
        regroup_assessed(
            {problem["household_id"] for problem in plan.inserts[PROBLEMS.name]} - new,
            by_id=self.context.by_id,
            at=self.context.at,
        )
        mark_rows(self.batch, plan.outcomes, applied=True)
        return plan


def _places(lines: Sequence[Line], context: Context) -> set[str]:
    """Return where the lines may write: a line that names no place, anywhere in the scope."""
    places = {line.area_code for line in lines}
    return places | set(context.scope_codes) if "" in places else places


def learn_villages(batch: ImportBatch, lines: Sequence[Line], *, chunk: int) -> None:
    """Add the villages that the lines name under tambons the tree knows."""
    named: dict[str, str] = {}
    for line in lines:
        if len(line.area_code) == 8:
            name = line.text("village_name") or f"หมู่ที่ {int(line.area_code[6:])}"
            named.setdefault(line.area_code, name[:120])
    learn(batch, named, chunk=chunk)


def learn(batch: ImportBatch, named: dict[str, str], *, chunk: int) -> None:
    """Add areas to the tree and note them as this import's, so that undo takes them back."""
    known = set(Area.objects.filter(pk__in=named).values_list("pk", flat=True))
    fresh = sorted(set(named) - known)
    if not fresh:
        return
    learn_areas(rows=[AreaRow(code=code, name=named[code]) for code in fresh])
    ImportChange.objects.bulk_create(
        [
            ImportChange(
                batch=batch,
                chunk=chunk,
                table=AREA_TABLE,
                pk_value=code,
                kind=Kind.INSERT,
                digest=b"",
            )
            for code in fresh
        ],
        ignore_conflicts=True,
    )
