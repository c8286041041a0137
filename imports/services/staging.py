"""Read a file into staged lines: each with its verdict, sealed, in chunks that hold whole.

A worker that takes over continues behind the last committed line; what it cannot
read back from the lines (which earlier line a later one repeats) it rebuilds from them.
"""

import uuid
from collections.abc import Generator, Iterable
from collections.abc import Set as AbstractSet
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from files.services import UnableToOpen, on_disk
from imports import reading
from imports.apply.beside import asked_ahead
from imports.apply.chunks import Beat, recount
from imports.apply.comparing import Comparer, compare_waiting
from imports.apply.copying import copy_rows
from imports.apply.known import Known, KnownRow, basis_of
from imports.apply.places import Place, seal_places
from imports.apply.plan import Context, Outcome
from imports.models import ImportBatch, ImportChunk, ImportRow, RowIssue
from imports.normalise import FileTracker, Record
from imports.normalise.tracker import Prints
from imports.profiles.profile import Unit
from imports.services.early import Reading
from imports.services.errors import UnableToStage
from imports.services.layouts import find_layout, settle_mapping
from imports.services.parts import Part, line_of, part_number_of, parts_of
from imports.services.preparing import (
    Prepared,
    Preparer,
    Repeated,
    make_normaliser,
    make_tracker,
)
from imports.services.states import move
from imports.verdicts import severity_of, verdict, verdict_of_codes
from imports.workflow import Action, Phase, State, Verdict
from ppaos.lib.ahead import ahead

_ROW_COLUMNS = (
    "batch_id",
    "row",
    "verdict",
    "codes",
    "payload",
    "prints",
    "citizen_index",
    "row_hash",
    "raw_hash",
    "house_key",
    "area_code",
    "action",
    "household_action",
    "household_id",
    "member_id",
    "is_applied",
    "decision",
    "is_new_person",
)
_ISSUE_COLUMNS = ("batch_id", "row", "column", "code", "severity")
# From so many lines on, the database is told of them at the end.
_MANY = 20_000


def stage(*, batch: ImportBatch, beat: Beat, at: datetime) -> None:
    """Read, check and compare the whole file; end in `staged`, or `needs_mapping`.

    Raises UnableToStage; what was committed before stays and is continued from.
    """
    if batch.state == State.UPLOADED:
        move(batch, to=State.STAGING)
    try:
        with on_disk(batch.file) as path:
            _read(batch, path, beat, at)
    except reading.UnableToRead as error:
        raise UnableToStage(str(error)) from error
    except UnableToOpen as error:
        raise UnableToStage(str(error)) from error


def _read(batch: ImportBatch, path: Path, beat: Beat, at: datetime) -> None:
    with closing(Reading(batch, path)) as lines:
        if not batch.layout:
            beat("ตรวจไฟล์", 0, None)
            find_layout(batch, path, glanced=lines.begin)
        if not settle_mapping(batch):
            with transaction.atomic():
                beat("รอจับคู่คอลัมน์", 0, None)
                move(batch, to=State.NEEDS_MAPPING)
            return
        _stage_parts(batch, lines, beat, at)
    compare_waiting(batch=batch, beat=beat, at=at)
    _finish(batch, beat)


# ---- the lines ----------------------------------------------------------------------
def _stage_parts(batch: ImportBatch, lines_of_file: Reading, beat: Beat, at: datetime) -> None:
    """Read each part from behind the last line that the ledger has."""
    stages = batch.chunks.filter(phase=Phase.STAGE)
    latest = stages.order_by("-number").first()
    number, last_row = (latest.number, latest.last_row) if latest else (0, 0)
    done = sum(stages.values_list("lines", flat=True))
    parts = parts_of(batch)
    tracker = make_tracker([part.sheet for part in parts])
    # Sheets that belong together tell of the same households.
    comparer = Comparer(batch, at, is_scattered=len(parts) > 1)
    known = _known_before(batch, parts, comparer.context, is_begun=latest is not None)
    if latest:
        remember(batch, tracker)
    for part in parts:
        if part.number < part_number_of(last_row):
            continue
        preparer = Preparer(batch, part, tracker, normaliser=make_normaliser(batch, part, at=at))
        if known:
            preparer.trust(known)
        behind = line_of(max(last_row, part.first_row))
        prepared = _prepared(lines_of_file.lines(part.sheet, behind), preparer, known)
        with closing(asked_ahead(prepared) if known else ahead(prepared)) as chunks:
            for lines in chunks:
                number, done = number + 1, done + len(lines)
                with transaction.atomic():
                    _commit_without_waiting()
                    beat(Phase.STAGE.label, done, batch.lines_counted)
                    _write(batch, lines, comparer, preparer, known, number=number, at=at)


def _prepared(
    chunks: Generator[reading.Chunk, None, None], preparer: Preparer, known: Known | None
) -> Generator[list[Prepared | Repeated], None, None]:
    """Yield the lines of one chunk of the file after the other."""
    with closing(chunks):
        for chunk in chunks:
            yield preparer.prepare(chunk, known)


def _known_before(
    batch: ImportBatch, parts: list[Part], context: Context, *, is_begun: bool
) -> Known | None:
    """Note on what the lines of this file rest, and return what is known on the same basis.

    A file of which a part was read on another basis, before the rules were exchanged, is
    nobody's measure.
    """
    basis = basis_of(batch, context)
    if is_begun and batch.layout.get("basis") != basis:
        batch.layout["basis"] = ""
    else:
        batch.layout["basis"] = basis
    batch.save(update_fields=["layout"])
    if len(parts) > 1 or parts[0].profile.unit is not Unit.PERSON:
        return None
    return Known.before(batch, basis)


def remember(batch: ImportBatch, tracker: FileTracker) -> None:
    """Tell the tracker what is staged already, in the order of the file.

    What the register said of a line came after the tracker had seen it.
    """
    units = [part.profile.unit for part in parts_of(batch)]
    kept = batch.rows.exclude(verdict=Verdict.SKIPPED).order_by("row")
    is_same_basis = bool(batch.layout.get("basis"))
    for row in kept.iterator(chunk_size=1_000):
        if row.prints and is_same_basis:
            tracker.track_prints(row.row, Prints.unpack(row.prints))
            continue
        payload = row.open_payload()
        if verdict_of_codes(note[0] for note in payload["notes"]) is not Verdict.REJECTED:
            unit = units[part_number_of(row.row)]
            area = row.area_code or None
            record = Record(payload["normalised"], (), area, unit=unit)
            prints = tracker.prints_of(record, whole=bytes(row.row_hash or b""))
            tracker.compare(row.row, record, prints)


def _commit_without_waiting() -> None:
    """Let this chunk's commit not wait for the disk.

    A server that crashes may forget the latest chunks, whole and with their entries in
    the ledger, and they are read again; the end of staging waits, and makes all durable.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")


def _write(
    batch: ImportBatch,
    lines: list[Prepared | Repeated],
    comparer: Comparer,
    preparer: Preparer,
    known: Known | None,
    *,
    number: int,
    at: datetime,
) -> None:
    """COPY the lines and their issues, and enter the chunk into the ledger."""
    ready = comparer.ready([each.house_key for each in lines])
    unchanged = _unchanged(lines, ready, known) if known else set()
    repeated: list[tuple[int, KnownRow]] = []
    others: list[Prepared] = []
    for each in lines:
        if isinstance(each, Prepared):
            others.append(each)
        elif each.house_key in unchanged:
            repeated.append((each.row, each.known))
        else:
            others.append(preparer.complete(each))
    if known and repeated:
        known.stage_unchanged(batch, repeated)
    outcomes = comparer.compare(
        each.to_line()
        for each in others
        if each.verdict is Verdict.ACCEPTED
        and each.house_key in ready
        and each.house_key not in unchanged
    )
    copy_rows(
        ImportRow._meta.db_table,
        _ROW_COLUMNS,
        [_row(batch.pk, each, outcomes.get(each.row)) for each in others],
    )
    copy_rows(
        RowIssue._meta.db_table,
        _ISSUE_COLUMNS,
        [
            (batch.pk, each.row, column, code, severity_of(code).value)
            for each in others
            for column, code in _issues(each, outcomes.get(each.row))
        ],
    )
    ImportChunk.objects.create(
        batch=batch,
        phase=Phase.STAGE,
        number=number,
        last_row=lines[-1].row,
        lines=len(lines),
        counts=_counts(batch, others, preparer.new_places(), repeated=len(repeated)),
        committed_at=at,
    )


def _unchanged(lines: list[Prepared | Repeated], ready: AbstractSet[str], known: Known) -> set[str]:
    """Return the keys of households that an applied import left exactly so."""
    if not known.is_still_there():
        return set()
    homes: dict[str, list[KnownRow]] = {}
    others: set[str] = set()
    for each in lines:
        if isinstance(each, Repeated):
            homes.setdefault(each.house_key, []).append(each.known)
        elif each.verdict is Verdict.ACCEPTED:
            others.add(each.house_key)
    return known.unchanged(
        {key: rows for key, rows in homes.items() if key in ready and key not in others}
    )


def _row(batch_id: uuid.UUID, line: Prepared, outcome: Outcome | None) -> tuple[Any, ...]:
    codes = list(dict.fromkeys([finding.code for finding in line.record.findings]))
    found, action, household_action = line.verdict, "", ""
    household_id = member_id = None
    if outcome is not None:
        if outcome.codes:
            more = [code for code, _ in outcome.codes]
            found, codes = verdict_of_codes(more), list(dict.fromkeys([*codes, *more]))
        action, household_action = outcome.action, outcome.household_action
        # A new household or person has no row yet.
        household_id = outcome.household_id if household_action != Action.NEW else None
        member_id = outcome.member["id"] if outcome.member and not outcome.is_new else None
    return (
        batch_id,
        line.row,
        found.value,
        codes,
        line.payload,
        line.prints,
        line.citizen_index,
        line.row_hash,
        line.raw_hash,
        line.house_key,
        line.record.area_code or "",
        action,
        household_action,
        household_id,
        member_id,
        False,
        "",
        False,
    )


def _issues(line: Prepared, outcome: Outcome | None) -> Iterable[tuple[str, str]]:
    """Return each (column, code) once."""
    found = [(finding.column, finding.code) for finding in line.record.findings]
    if outcome is not None:
        found += [(column, code) for code, column in outcome.codes]
    return dict.fromkeys(found)


def _counts(
    batch: ImportBatch, lines: list[Prepared], places: list[Place], *, repeated: int
) -> dict[str, Any]:
    """Count the chunk's verdicts, and keep the new areas that its lines propose.

    What they say of their areas is kept too, sealed, for the next list of the kind.
    """
    counts: dict[str, Any] = {Verdict.ACCEPTED.value: repeated} if repeated else {}
    areas: dict[str, list[str]] = {}
    for each in lines:
        found = verdict(each.record.findings).value
        counts[found] = counts.get(found, 0) + 1
        for area in each.record.new_areas:
            if area.needs_confirmation:
                areas[area.code] = [area.level, area.name]
    if places:
        counts["places"] = seal_places(places, batch_id=batch.pk)
    return {**counts, "new_areas": areas} if areas else counts


# ---- the end ------------------------------------------------------------------------
def _finish(batch: ImportBatch, beat: Beat) -> None:
    """Count every line once more and end staging, if nothing was lost or doubled."""
    if (batch.lines_counted or 0) >= _MANY:
        _look_at_lines()
    with transaction.atomic():
        beat("สรุปผล", batch.lines_counted or 0, batch.lines_counted)
        areas: dict[str, list[str]] = {}
        for chunk in batch.chunks.filter(phase=Phase.STAGE).order_by("number"):
            areas |= chunk.counts.get("new_areas", {})
        batch.layout = {**batch.layout, "new_areas": areas}
        batch.scope_codes = _scope_of_lines(batch)
        batch.save(update_fields=["layout", "scope_codes"])
        read = batch.rows.count()
        if read != batch.lines_counted:
            raise UnableToStage(
                f"อ่านได้ {read:,} แถว แต่นับแยกได้ {batch.lines_counted:,} แถว จึงไม่นำเข้า "
                "บันทึกไฟล์ใหม่เป็น .xlsx หรือ .csv แล้วส่งอีกครั้ง"
            )
        if not read:
            raise UnableToStage("ใต้หัวตารางไม่มีข้อมูล ตรวจว่าเลือกไฟล์ถูกต้อง")
        recount(batch)
        move(batch, to=State.STAGED)


def _look_at_lines() -> None:
    """Let the database know what many new lines are like, before they are looked up to apply.

    Without it the plan for a chunk was made for an empty table, and took seconds among a
    million lines; autovacuum comes when it comes. Some thousand lines tell enough.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL default_statistics_target = 10")
        cursor.execute("ANALYZE imports_importrow")


def _scope_of_lines(batch: ImportBatch) -> list[str]:
    """Return those of the uploader's areas in which a line lies; all if none does."""
    provinces = set(batch.rows.exclude(area_code="").values_list("area_code", flat=True).distinct())
    touched = [
        code for code in batch.scope_codes if any(area.startswith(code) for area in provinces)
    ]
    return touched or list(batch.scope_codes)
