"""What must hold after an import, whatever struck it: asked of the database in plain SQL.

I1 every line of the file has its verdict, counted by other code than the import's.
I2 every line stands there exactly once.
I3 ledger, staged lines, the batch's totals and the audit trail are one number.
I4 the register is as after an undisturbed run: the caller compares `state_of_register`.
I5 no two living persons share a citizen ID.
I6 every change of state has exactly one event.
I10 no lock, lease, temporary file or "running" is left.
"""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

Ask = Callable[..., list[tuple[Any, ...]]]
"""(statement, values…) → rows."""

_LOOKS = ("import.rows-read", "import.issues-read", "import.errors-exported")
_STAGED = {"import.uploaded": 1, "import.staging-begun": 1, "import.staged": 1}
_APPLIED = _STAGED | {"import.apply-ordered": 1, "import.applied": 1}
_EVENTS = {
    "failed": ({"import.uploaded": 1, "import.staging-begun": 1, "import.failed": 1},),
    "staged": (_STAGED,),
    "applied": (_APPLIED,),
    "undone": (
        _APPLIED | {"import.undo-ordered": 1, "import.undone": 1},
        _STAGED | {"import.apply-ordered": 1, "import.stopped": 1, "import.undone": 1},
    ),
}
_COUNTS = ("accepted", "held", "rejected", "skipped")


def lines_of(content: bytes) -> int:
    """Count the lines below the header from the bytes themselves."""
    records = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    while records and not any(cell.strip() for cell in records[-1]):
        records.pop()
    return len(records) - 1


def check(ask: Ask, batch: str, *, lines: int, temporary: Path | None = None) -> None:
    """Hold the import against every invariant but I4. `lines` is from `lines_of` or the like."""
    state = check_lines(ask, batch, lines=lines)
    check_ledger(ask, batch, lines=lines, state=state)
    check_persons(ask)
    check_events(ask, batch, state=state)
    check_nothing_is_left(ask, batch, temporary=temporary)


def check_lines(ask: Ask, batch: str, *, lines: int) -> str:
    """I1 and I2. Return the state."""
    ((state, read, *counts),) = ask(
        "SELECT state, rows_read, accepted, held, rejected, skipped"
        " FROM imports_importbatch WHERE id = %s",
        batch,
    )
    assert read == lines, "I1: the batch's rows are the file's lines"
    assert sum(counts) == lines, "I1: every line has one verdict"
    ((stood, different, first, last),) = ask(
        'SELECT count(*), count(DISTINCT "row"), min("row"), max("row")'
        " FROM imports_importrow WHERE batch_id = %s",
        batch,
    )
    assert (stood, different) == (lines, lines), "I2: every line once"
    assert last - first + 1 == lines, "I2: none beside the file's"
    verdicts: dict[str, int] = dict(
        ask(
            "SELECT verdict, count(*) FROM imports_importrow WHERE batch_id = %s GROUP BY verdict",
            batch,
        )
    )
    assert [verdicts.get(name, 0) for name in _COUNTS] == counts, "I3: totals are the lines'"
    return str(state)


def check_ledger(ask: Ask, batch: str, *, lines: int, state: str) -> None:
    """I3: ledger, lines and audit."""
    ledger: dict[str, int] = dict(
        ask(
            "SELECT phase, sum(lines) FROM imports_importchunk WHERE batch_id = %s GROUP BY phase",
            batch,
        )
    )
    assert ledger["stage"] == lines, "I3: the ledger has every line"
    ((told, accepted, applied),) = ask(
        "SELECT (SELECT (detail ->> 'rows_read')::int FROM audit_event"
        "        WHERE subject_id = %s AND event = 'import.staged'),"
        "       (SELECT (detail ->> 'accepted')::int FROM audit_event"
        "        WHERE subject_id = %s AND event = 'import.staged'),"
        "       (SELECT (detail ->> 'applied')::int FROM audit_event"
        "        WHERE subject_id = %s AND event = 'import.applied')",
        *(batch, batch, batch),
    )
    assert told == lines, "I3: the audit trail says the same"
    if state == "applied":
        ((written, counted),) = ask(
            "SELECT (SELECT count(*) FROM imports_importrow WHERE batch_id = %s AND is_applied),"
            "       (SELECT (effect ->> 'applied')::int FROM imports_importbatch WHERE id = %s)",
            *(batch, batch),
        )
        assert written == counted == applied, "I3: applied lines, effect and audit are one number"
        assert ledger["apply"] == accepted, "I3: each accepted line was applied in one chunk"


def check_persons(ask: Ask) -> None:
    """I5."""
    doubled = ask(
        "SELECT citizen_id_index FROM households_member"
        " WHERE citizen_id_index IS NOT NULL AND left_on IS NULL"
        " GROUP BY citizen_id_index HAVING count(*) > 1"
    )
    assert doubled == [], "I5: one living person per citizen ID"


def check_events(ask: Ask, batch: str, *, state: str) -> None:
    """I6."""
    told: dict[str, int] = dict(
        ask(
            "SELECT event, count(*) FROM audit_event"
            " WHERE subject_id = %s AND event <> ALL(%s) GROUP BY event",
            *(batch, list(_LOOKS)),
        )
    )
    assert told in _EVENTS[state], "I6: one event per change of state"


def check_nothing_is_left(ask: Ask, batch: str, *, temporary: Path | None = None) -> None:
    """I10."""
    held = ask(
        "SELECT id, state FROM jobs_job WHERE subject_id = %s"
        " AND (lease_token IS NOT NULL OR lease_until IS NOT NULL"
        "      OR state IN ('queued', 'running'))",
        batch,
    )
    assert held == [], "I10: no lease, nothing running"
    # Whoever gives out a turn at this moment holds one for milliseconds.
    locks = ask(
        "SELECT l.classid, l.objid FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
        " WHERE l.locktype = 'advisory' AND l.classid IN (1992, 1993)"
        " AND (a.xact_start IS NULL OR a.xact_start < now() - interval '5 seconds')"
    )
    assert locks == [], "I10: no lock"
    if temporary is not None:
        left = sorted(path.name for path in temporary.iterdir() if path.name.startswith("ppaos"))
        assert left == [], "I10: no temporary file"
