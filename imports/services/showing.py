"""What people and programs see of an import: progress, issues, lines. IDs are masked."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, F, Func, IntegerField, Sum

from accounts.models import User
from audit.services import record
from imports import permissions
from imports.apply.known import hand_on_lines
from imports.apply.tables import CAPITALS, FIGURES, HELP, HOUSEHOLDS, MEMBERS
from imports.models import ImportBatch, ImportChange, ImportRow, RowIssue
from imports.profiles.columns import COLUMNS
from imports.profiles.profile import Mapping
from imports.services.closing import Closed, closed_to
from imports.services.following import progress
from imports.services.masking import masked as masked
from imports.services.parts import Part, line_of, part_number_of, parts_of
from imports.verdicts import CATALOGUE, Finding, explain
from imports.workflow import Kind


def issues_by_code(batch: ImportBatch) -> dict[str, int]:
    """Return lines per code, the most frequent first. One query."""
    counts = batch.issues.values("code").annotate(lines=Count("row", distinct=True))
    return {each["code"]: each["lines"] for each in counts.order_by("-lines", "code")}


# ---- issues -------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ShownIssue:
    """One issue with everything a person needs: where, what stood there, why, the cure."""

    row: int
    column: str
    header: str
    code: str
    severity: str
    raw: str
    value: str
    reason: str
    detail: str
    cure: str
    message: str


def show_issues(
    batch: ImportBatch, issues: Sequence[RowIssue], *, by: User, at: datetime
) -> list[ShownIssue]:
    """Return the issues with their cells, opened from the lines' payloads; IDs masked.

    One query, and one audit event, since the cells may hold names.
    """
    if not issues:
        return []
    record(
        event="import.issues-read",
        subject=batch,
        area=batch.area_code,
        by=by,
        at=at,
        detail={"first": issues[0].row, "last": issues[-1].row, "issues": len(issues)},
    )
    wanted = sorted({issue.row for issue in issues})
    lines = list(batch.rows.filter(row__in=wanted))
    closed = closed_to(by, batch=batch, rows=lines)
    rows = {row.row: closed.payload_of(row) for row in lines}
    mappings = [part.mapping or part.guess for part in parts_of(batch)]
    return [
        _show_issue(issue, rows.get(issue.row, {}), mappings[part_number_of(issue.row)])
        for issue in issues
    ]


def mapping_of(batch: ImportBatch, row: int = 0) -> Mapping:
    """Return how a line of the file is read, or would be."""
    parts = parts_of(batch)
    if not parts:
        return Mapping(profile=batch.source, headers=(), columns={})
    part = parts[part_number_of(row)]
    return part.mapping or part.guess


def _show_issue(issue: RowIssue, payload: dict[str, Any], mapping: Mapping) -> ShownIssue:
    notes = payload.get("notes", [])
    note = next((n for n in notes if n[0] == issue.code and n[1] == issue.column), None)
    raw, detail = (note[2], note[3]) if note else ("", "")
    index = mapping.columns.get(issue.column)
    cells = payload.get("raw", [])
    if not raw and index is not None and index < len(cells):
        raw = cells[index]
    value = payload.get("normalised", {}).get(issue.column)
    header = mapping.header_of(issue.column) if issue.column else ""
    rule = CATALOGUE[issue.code]
    finding = Finding(issue.code, issue.column, "", detail)
    return ShownIssue(
        row=issue.row,
        column=issue.column,
        header=header,
        code=issue.code,
        severity=issue.severity,
        raw=masked(raw, issue.column),
        value="" if value is None else masked(str(value), issue.column),
        reason=rule.reason,
        detail=detail,
        cure=rule.cure,
        message=explain(finding, header=header),
    )


# ---- lines --------------------------------------------------------------------------
def show_rows(
    batch: ImportBatch, rows: Iterable[ImportRow], *, by: User, at: datetime
) -> list[dict[str, Any]]:
    """Return lines as the API and the pages show them, and note that they were read.

    `raw` is header as in the file → text as read. Whole citizen IDs are for the
    uploader and the import admins of the area. One audit event.
    """
    rows = list(rows)
    parts = parts_of(batch)
    closed = closed_to(by, batch=batch, rows=rows)
    is_full = permissions.can_see_full_ids(by, batch)
    shown = [
        _show_row(row, parts[part_number_of(row.row)], closed, is_full=is_full) for row in rows
    ]
    if shown:
        record(
            event="import.rows-read",
            subject=batch,
            area=batch.area_code,
            by=by,
            at=at,
            detail={
                "first": shown[0]["row"],
                "last": shown[-1]["row"],
                "rows": len(shown),
                "whole_ids": is_full,
            },
        )
    return shown


def _show_row(row: ImportRow, part: Part, closed: Closed, *, is_full: bool) -> dict[str, Any]:
    payload = closed.payload_of(row)
    home = closed.home_of(row)
    headers, mapping = part.headers, part.mapping or part.guess
    columns = {index: name for name, index in mapping.columns.items()}
    raw = {
        headers[index] if index < len(headers) else f"คอลัมน์ที่ {index + 1}": (
            text if is_full else masked(text, columns.get(index, ""))
        )
        for index, text in enumerate(payload["raw"])
    }
    normalised = payload["normalised"]
    if not is_full:
        normalised = {
            name: masked(value, name) if isinstance(value, str) else value
            for name, value in normalised.items()
        }
    return {
        "row": row.row,
        "sheet": part.sheet,
        "line": line_of(row.row),
        "verdict": row.verdict,
        "codes": row.codes,
        "raw": raw,
        "normalised": normalised,
        "household": str(home) if home else None,
        "member": str(row.member_id) if row.member_id and home else None,
        "action": row.action,
        "is_applied": row.is_applied,
        "decision": row.decision,
        "is_closed": row.row in closed.lines,
    }


def label_of(column: str) -> str:
    """Return what people call a canonical column."""
    known = COLUMNS.get(column)
    return known.label if known else column


def purge_due(*, on: date) -> int:
    """Empty the lines whose file's time is up; verdicts and counts stay. Return the batches."""
    due = ImportBatch.objects.filter(file__purge_on__lte=on).exclude(layout__has_key="is_purged")
    purged = 0
    for batch in due.order_by("uploaded_at", "pk"):
        with transaction.atomic():
            hand_on_lines(batch)
            batch.rows.exclude(payload=b"", kept_in=None).update(
                payload=b"", kept_in=None, kept_row=None
            )
            batch.layout = {**batch.layout, "samples": "", "is_purged": True}
            batch.save(update_fields=["layout"])
        purged += 1
    return purged


# ---- the whole ----------------------------------------------------------------------
def summary(batch: ImportBatch, *, at: datetime) -> dict[str, Any]:
    """Return an import as the API and `import_file --json` show it. Two queries."""
    effect = batch.effect
    return {
        "id": str(batch.pk),
        "state": batch.state,
        "source": batch.source,
        "year_be": batch.year_be,
        "sha256": batch.sha256,
        "rows_read": batch.rows_read,
        "accepted": batch.accepted,
        "held": batch.held,
        "rejected": batch.rejected,
        "skipped": batch.skipped,
        "warned": batch.warned,
        **{name: effect.get(name, 0) for name in _FORECAST},
        "progress": progress(batch, at=at),
        "issues_by_code": issues_by_code(batch),
        "error": batch.error,
    }


_FORECAST = (
    "households_created",
    "households_updated",
    "members_created",
    "members_updated",
    "unchanged",
)


@dataclass(frozen=True, slots=True)
class Written:
    """Rows of the register that an import wrote."""

    households: int
    members: int
    updated: int
    capitals: int = 0
    helps: int = 0
    figures: int = 0


def written(*, batch_id: uuid.UUID) -> Written:
    """Count what an import added and changed. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT u.number, count(*) FROM imports_importadded a"
            " CROSS JOIN LATERAL unnest(a.tables) u (number) WHERE a.batch_id = %s GROUP BY 1",
            [batch_id],
        )
        added = dict(cursor.fetchall())
    return Written(
        households=added.get(HOUSEHOLDS.number, 0),
        members=added.get(MEMBERS.number, 0),
        updated=ImportChange.objects.filter(batch=batch_id, kind=Kind.UPDATE).count(),
        capitals=added.get(CAPITALS.number, 0),
        helps=added.get(HELP.number, 0),
        figures=added.get(FIGURES.number, 0),
    )


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why some rows stayed when an import was taken back, and how many."""

    reason: str
    count: int
    households: int


def conflicts(batch: ImportBatch) -> list[Conflict]:
    """Return what an undo left in the register, the most frequent reason first. Two queries."""
    found: dict[str, Conflict] = {}
    rows = Func(F("pks"), function="cardinality", output_field=IntegerField())
    for kept, count in (
        (batch.added.exclude(conflict=""), Sum(rows)),
        (batch.changes.exclude(conflict=""), Count("pk")),
    ):
        groups = kept.values("conflict").annotate(
            count=count, households=Count("household_key", distinct=True)
        )
        for each in groups.order_by("conflict"):
            other = found.get(each["conflict"], Conflict(each["conflict"], 0, 0))
            found[each["conflict"]] = Conflict(
                other.reason,
                other.count + each["count"],
                # Of a household both added to and changed, the larger group has all.
                max(other.households, each["households"]),
            )
    return sorted(found.values(), key=lambda each: (-each.count, each.reason))
