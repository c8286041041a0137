"""What the lines of a chunk will do to the register, found out while the chunk is staged.

A household is planned from all its lines at once. One whose lines may stand in several
chunks waits: its lines are staged without an action, and compared once all are there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import transaction

from imports.apply.chunks import (
    Beat,
    add_chunk,
    context_of,
    last_chunk,
    lines_with_keys,
    mark_rows,
    plan_lines,
)
from imports.apply.lines import Line
from imports.apply.plan import Outcome
from imports.models import PAYLOAD_COLUMNS, ImportBatch, ImportRow, RowIssue
from imports.verdicts import verdict_of_codes
from imports.workflow import Phase, Verdict

_SCATTERED_SHARE = 4
"""If more than a fourth of a chunk's households came before, the list is not in their order."""
_HOME = 4
"""Lines of a household, about."""


@dataclass
class Comparer:
    """Compares the households of one chunk after the other. Remembers which came before."""

    batch: ImportBatch
    at: datetime
    is_scattered: bool = False
    seen: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.context = context_of(self.batch, by_id=self.batch.uploaded_by_id, at=self.at)
        # Python's hash is keyed anew in every process; two keys of one hash only wait together.
        keys = self.batch.rows.exclude(house_key="").values_list("house_key", flat=True)
        self.seen.update(map(hash, keys.order_by().distinct().iterator(chunk_size=10_000)))

    def ready(self, keys: Sequence[str]) -> set[str]:
        """Return those households of the next chunk that are whole in it, as far as one can tell.

        `keys` are those of all lines of the chunk in the order of the file, also of lines
        that were not accepted.
        """
        here = {key: hash(key) for key in keys}
        again = {key for key, mark in here.items() if mark in self.seen}
        self.seen.update(here.values())
        if len(again) * _SCATTERED_SHARE > len(here):
            self.is_scattered = True
        if again:
            forget(self.batch, again)
        # The last household of the chunk may go on in the next one.
        return set() if self.is_scattered else here.keys() - again - {keys[-1]}

    def compare(self, lines: Iterable[Line]) -> dict[int, Outcome]:
        """Return row → outcome of the accepted lines of whole households."""
        ordered = sorted(lines, key=lambda line: (line.house_key, line.row))
        plan = plan_lines(ordered, self.context, lock=False, is_forecast=True)
        return {outcome.line.row: outcome for outcome in plan.outcomes}


def compare_waiting(*, batch: ImportBatch, beat: Beat, at: datetime) -> None:
    """Compare the households that waited, now that all their lines are staged."""
    context = context_of(batch, by_id=batch.uploaded_by_id, at=at)
    waiting = batch.rows.filter(verdict=Verdict.ACCEPTED, action="")
    number, after_key, done = last_chunk(batch, Phase.COMPARE)
    total = done + waiting.count()
    while True:
        ahead = waiting.filter(house_key__gt=after_key).order_by("house_key")
        keys = ahead.values_list("house_key", flat=True).distinct()
        lines = lines_with_keys(batch, keys[: max(1, settings.IMPORT_CHUNK_LINES // _HOME)])
        if not lines:
            return
        number, after_key, done = number + 1, lines[-1].house_key, done + len(lines)
        with transaction.atomic():
            beat(Phase.COMPARE.label, done, total)
            plan = plan_lines(lines, context, lock=False, is_forecast=True)
            mark_rows(batch, plan.outcomes, applied=False)
            add_chunk(batch, Phase.COMPARE, number=number, lines=lines, plan=plan, at=at)


def forget(batch: ImportBatch, keys: Iterable[str]) -> None:
    """Let the lines of these households stand as their cells alone make them."""
    rows = batch.rows.filter(house_key__in=sorted(keys)).exclude(verdict=Verdict.SKIPPED)
    compared = rows.exclude(verdict=Verdict.ACCEPTED, action="").order_by("row")
    own: dict[int, set[tuple[str, str]]] = {}
    changed = []
    for row in compared.only("batch_id", "row", "verdict", "codes", *PAYLOAD_COLUMNS):
        notes = row.open_payload()["notes"]
        if verdict_of_codes(note[0] for note in notes) is not Verdict.ACCEPTED:
            continue
        own[row.row] = {(note[1], note[0]) for note in notes}
        row.verdict, row.codes = Verdict.ACCEPTED.value, list(dict.fromkeys(n[0] for n in notes))
        row.action = row.household_action = ""
        row.household_id = row.member_id = row.known_from = None
        changed.append(row)
    columns = ["verdict", "codes", "action", "household_action", "household", "member"]
    ImportRow.objects.bulk_update(changed, [*columns, "known_from"], batch_size=500)
    issues = batch.issues.filter(row__in=list(own)).order_by("pk")
    found = [each.pk for each in issues if (each.column, each.code) not in own[each.row]]
    RowIssue.objects.filter(pk__in=found).delete()
