"""Lines to mend as a grid: the columns in question first, each with why it is in question."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from accounts.models import User
from audit.services import record
from imports.models import ImportBatch, ImportRow, RowIssue
from imports.services.closing import CLOSED, Closed, closed_to
from imports.services.corrections import texts_in
from imports.services.holding import stamp_of
from imports.services.parts import Part, parts_of, place_of
from imports.verdicts import CATALOGUE, severity_of
from imports.workflow import Decision, Severity, Verdict, part_number_of

# What somebody must see to mend the first of them.
_TOGETHER = (
    ("house_code", "house_no"),
    ("citizen_id", "first_name", "last_name"),
    ("first_name", "last_name", "full_name"),
    ("tambon_name", "amphoe_name", "province_name", "tambon_code", "village_code"),
)
_USUAL = ("house_code", "citizen_id", "first_name", "full_name", "last_name", "house_no")
_MOST_COLUMNS = 6


@dataclass(frozen=True, slots=True)
class Why:
    """Why a cell, or a whole line, is in question."""

    column: str
    header: str
    code: str
    reason: str
    detail: str
    cure: str


@dataclass(frozen=True, slots=True)
class GridCell:
    column: str
    header: str
    text: str
    is_in_question: bool
    is_corrected: bool


@dataclass(frozen=True, slots=True)
class GridRow:
    """One line: who it is about, why it waits, its cells, and what may be done with it."""

    row: int
    place: str
    verdict: str
    who: str
    whys: tuple[Why, ...]
    cells: tuple[GridCell, ...]
    can_accept: bool
    is_duplicate: bool
    stamp: str


@dataclass(frozen=True, slots=True)
class CodeCount:
    """A reason with how many lines wait for it."""

    code: str
    reason: str
    cure: str
    severity: str
    lines: int


def to_mend_by_code(batch: ImportBatch) -> list[CodeCount]:
    """Return why lines wait and how many for each reason, the most frequent first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT code, count(*) FROM imports_importrow r, unnest(r.codes) AS code
            WHERE r.batch_id = %s AND r.verdict IN (%s, %s) AND r.decision <> %s
              AND (code LIKE 'E\\_%%' OR code LIKE 'H\\_%%')
            GROUP BY code ORDER BY count(*) DESC, code
            """,
            [batch.pk, Verdict.HELD.value, Verdict.REJECTED.value, Decision.REJECT.value],
        )
        found = cursor.fetchall()
    return [
        CodeCount(code, rule.reason, rule.cure, rule.severity.value, lines)
        for code, lines in found
        for rule in (CATALOGUE[code],)
    ]


def open_grid(
    batch: ImportBatch,
    rows: Sequence[ImportRow],
    *,
    code: str,
    more: Sequence[str],
    by: User,
    at: datetime,
    columns: Sequence[str] = (),
) -> list[GridRow]:
    """Return the lines with the columns in question, and those of `more` besides.

    `columns` are those of the page that a line goes back into.
    For whoever imports for the area: whole IDs are in the cells. One audit event.
    """
    if not rows:
        return []
    record(
        event="import.rows-read",
        subject=batch,
        area=batch.area_code,
        by=by,
        at=at,
        detail={
            "first": rows[0].row,
            "last": rows[-1].row,
            "rows": len(rows),
            "whole_ids": True,
        },
    )
    issues: dict[int, list[RowIssue]] = {row.row: [] for row in rows}
    for issue in batch.issues.filter(row__in=list(issues)).order_by("row", "pk"):
        if severity_of(issue.code) in (Severity.ERROR, Severity.HOLD):
            issues[issue.row].append(issue)
    parts = parts_of(batch)
    part = parts[part_number_of(rows[0].row)]
    known = (part.mapping or part.guess).columns
    shown = [column for column in columns if column in known]
    shown = shown or _columns(part, issues.values(), code, more)
    closed = closed_to(by, batch=batch, rows=rows)
    return [
        _grid_row(batch, row, parts[part_number_of(row.row)], issues[row.row], shown, closed)
        for row in rows
    ]


def _columns(
    part: Part, issues: Iterable[Sequence[RowIssue]], code: str, more: Sequence[str]
) -> list[str]:
    """Return the columns to show: those of the code, with what belongs to them, then others."""
    mapped = (part.mapping or part.guess).columns
    asked: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for of_row in issues:
        for issue in of_row:
            (asked if issue.code == code else others)[issue.column] += 1
    chosen = [column for column, _ in asked.most_common() if column in mapped]
    chosen += [
        other
        for column in list(chosen)
        for group in _TOGETHER
        if column in group
        for other in group
    ]
    chosen += [column for column, _ in others.most_common()]
    if not chosen or "" in asked:
        chosen += _USUAL
    known = [column for column in dict.fromkeys(chosen) if column in mapped][:_MOST_COLUMNS]
    return list(dict.fromkeys([*known, *(column for column in more if column in mapped)]))


def _grid_row(
    batch: ImportBatch,
    row: ImportRow,
    part: Part,
    issues: Sequence[RowIssue],
    columns: list[str],
    closed: Closed,
) -> GridRow:
    mapping = part.mapping or part.guess
    payload = closed.payload_of(row)
    is_closed = row.row in closed.lines
    texts = texts_in(payload, mapping.columns)
    details = {(note[0], note[1]): note[3] for note in payload["notes"]}
    doubted = {issue.column for issue in issues}
    corrected = payload.get("corrected", {})
    whys = [
        Why(
            issue.column,
            mapping.header_of(issue.column) if issue.column else "",
            issue.code,
            CATALOGUE[issue.code].reason,
            details.get((issue.code, issue.column), ""),
            CATALOGUE[issue.code].cure,
        )
        for issue in issues
    ]
    return GridRow(
        row=row.row,
        place=place_of(batch, row.row),
        verdict=row.verdict,
        who=CLOSED if is_closed else who(payload["normalised"]) or _as_written(texts),
        whys=tuple(whys),
        cells=tuple(
            GridCell(
                column,
                mapping.header_of(column),
                texts.get(column, ""),
                column in doubted,
                column in corrected,
            )
            for column in columns
        ),
        can_accept=row.verdict == Verdict.HELD
        and not is_closed
        and not any(
            severity_of(code) is Severity.ERROR or code in ("H_AREA_NEW", "H_POSSIBLE_DUP")
            for code in row.codes
        ),
        is_duplicate="H_POSSIBLE_DUP" in row.codes or "H_DUP_IN_FILE" in row.codes,
        stamp=stamp_of(row),
    )


def who(values: Mapping[str, object]) -> str:
    """Return the name that the line gives, "" if it gives none."""
    names = (values.get("title"), values.get("first_name"), values.get("last_name"))
    return " ".join(str(name) for name in names if name)


def _as_written(texts: Mapping[str, str]) -> str:
    names = (texts.get("full_name"), texts.get("first_name"), texts.get("last_name"))
    return " ".join(name for name in names if name)[:120]


def other_columns(batch: ImportBatch, row: int, shown: Iterable[str]) -> list[tuple[str, str]]:
    """Return column and header of what the grid does not show, in the order of the file."""
    parts = parts_of(batch)
    mapping = parts[part_number_of(row)].mapping or parts[part_number_of(row)].guess
    hidden = set(mapping.columns) - set(shown)
    return sorted(
        ((column, mapping.header_of(column)) for column in hidden),
        key=lambda pair: mapping.columns[pair[0]],
    )
