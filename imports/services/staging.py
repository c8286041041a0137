"""Read a file into staged lines: each with its verdict, sealed, in chunks that hold whole.

A worker that takes over continues behind the last committed line; what it cannot
read back from the lines (which earlier line a later one repeats) it rebuilds from them.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from areas.models import Area
from files.services import UnableToOpen, on_disk
from imports import reading
from imports.apply import compare_batch
from imports.apply.chunks import Beat, recount
from imports.apply.copying import copy_rows
from imports.apply.lines import house_key
from imports.models import ImportBatch, ImportChunk, ImportRow, RowIssue, seal_payload
from imports.normalise import AreaResolver, FileTracker, KnownArea, Normaliser, Record
from imports.normalise.cells import text_of
from imports.services.errors import UnableToStage
from imports.services.layouts import find_layout, settle_mapping
from imports.services.parts import Part, line_of, part_number_of, parts_of, row_of
from imports.services.states import move
from imports.verdicts import severity_of, verdict
from imports.workflow import Phase, State, Verdict
from ppaos.orm import keyring

_ROW_COLUMNS = (
    "batch_id",
    "row",
    "verdict",
    "codes",
    "payload",
    "citizen_index",
    "row_hash",
    "house_key",
    "area_code",
    "action",
    "household_action",
    "is_applied",
    "decision",
)
_ISSUE_COLUMNS = ("batch_id", "row", "column", "code", "severity")


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
    if not batch.layout:
        beat("ตรวจไฟล์", 0, None)
        find_layout(batch, path)
    if not settle_mapping(batch):
        with transaction.atomic():
            beat("รอจับคู่คอลัมน์", 0, None)
            move(batch, to=State.NEEDS_MAPPING)
        return
    _stage_parts(batch, path, beat, at)
    compare_batch(batch=batch, beat=beat, at=at)
    _finish(batch, beat)


# ---- the lines ----------------------------------------------------------------------
def _stage_parts(batch: ImportBatch, path: Path, beat: Beat, at: datetime) -> None:
    """Read each part from behind the last line that the ledger has."""
    stages = batch.chunks.filter(phase=Phase.STAGE)
    latest = stages.order_by("-number").first()
    number, last_row = (latest.number, latest.last_row) if latest else (0, 0)
    done = sum(stages.values_list("lines", flat=True))
    limits = reading.Limits(chunk_lines=settings.IMPORT_CHUNK_LINES)
    tracker = FileTracker()
    if latest:
        remember(batch, tracker)
    for part in parts_of(batch):
        if part.number < part_number_of(last_row):
            continue
        stager = Stager(batch, part, tracker, at=at)
        behind = line_of(max(last_row, part.first_row))
        for chunk in reading.read(path, sheet=part.sheet, skip_to=behind, limits=limits):
            number += 1
            with transaction.atomic():
                done += len(chunk.lines)
                beat(Phase.STAGE.label, done, batch.lines_counted)
                stager.write(chunk, number, at)


def remember(batch: ImportBatch, tracker: FileTracker) -> None:
    """Tell the tracker what is staged already, in the order of the file."""
    kept = batch.rows.filter(verdict__in=[Verdict.ACCEPTED, Verdict.HELD]).order_by("row")
    for row in kept.iterator(chunk_size=1_000):
        values = row.open_payload()["normalised"]
        tracker.track(row.row, Record(values, (), row.area_code or None))


class Stager:
    """Turns lines of one part into staged rows; remembers earlier lines to compare with."""

    def __init__(
        self, batch: ImportBatch, part: Part, tracker: FileTracker, *, at: datetime
    ) -> None:
        self.batch = batch
        self.part = part
        self.tracker = tracker
        self.normaliser = make_normaliser(batch, part, at=at)

    def write(self, chunk: reading.Chunk, number: int, at: datetime) -> None:
        """COPY the lines and their issues, and enter the chunk into the ledger."""
        records = [
            (row, cells, self._judge(row, cells, line in chunk.ragged))
            for line, cells in chunk.lines
            for row in (row_of(self.part.number, line),)
        ]
        copy_rows(
            ImportRow._meta.db_table,
            _ROW_COLUMNS,
            (self._row(row, cells, record) for row, cells, record in records),
        )
        copy_rows(
            RowIssue._meta.db_table,
            _ISSUE_COLUMNS,
            (issue for row, _, record in records for issue in self._issues(row, record)),
        )
        ImportChunk.objects.create(
            batch=self.batch,
            phase=Phase.STAGE,
            number=number,
            last_row=records[-1][0],
            lines=len(records),
            counts=_counts(record for _, _, record in records),
            committed_at=at,
        )

    def _judge(self, row: int, cells: Sequence[Any], is_ragged: bool) -> Record:
        return self.tracker.track(row, self.normaliser.read(cells, is_ragged=is_ragged))

    def _row(self, row: int, cells: Sequence[Any], record: Record) -> tuple[Any, ...]:
        values = record.values
        citizen_id = values.get("citizen_id")
        area = record.area_code or ""
        payload = {
            # Nearly every cell is one of these two.
            "raw": [
                cell if type(cell) is str else str(cell) if type(cell) is int else text_of(cell)
                for cell in cells
            ],
            "normalised": values,
            "notes": notes_of(record),
        }
        return (
            self.batch.pk,
            row,
            verdict(record.findings).value,
            list(dict.fromkeys(finding.code for finding in record.findings)),
            seal_payload(payload, batch_id=self.batch.pk, row=row),
            citizen_index(citizen_id) if citizen_id else None,
            row_hash(values),
            house_key(values, area_code=area, row=row),
            area,
            "",
            "",
            False,
            "",
        )

    def _issues(self, row: int, record: Record) -> Iterator[tuple[Any, ...]]:
        for column, code in dict.fromkeys((f.column, f.code) for f in record.findings):
            yield (self.batch.pk, row, column, code, severity_of(code).value)


def notes_of(record: Record) -> list[list[str]]:
    """Return what is kept, sealed, of each finding: code, column, cell as read, detail."""
    return [[f.code, f.column, f.raw_text, f.detail] for f in record.findings]


def citizen_index(citizen_id: str) -> bytes:
    """Return the fingerprint by which lines of one person find each other."""
    return keyring().index(citizen_id, purpose="import_citizen_id")


def row_hash(values: dict[str, Any]) -> bytes:
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return keyring().index(text, purpose="import_row")


def make_normaliser(batch: ImportBatch, part: Part, *, at: datetime) -> Normaliser:
    """Return the reader of a part's lines, with the areas as the tree has them now."""
    assert part.mapping is not None
    known = Area.objects.in_force().order_by("code")
    areas = AreaResolver(
        [
            KnownArea(area.code, area.level, area.name, tuple(area.aliases))
            for area in known.only("code", "level", "name", "aliases").iterator()
        ],
        scopes=batch.scope_codes,
    )
    return Normaliser(
        part.mapping,
        part.profile,
        today=localdate(at),
        year_be=batch.year_be,
        is_check_strict=batch.options.get("is_check_strict", True),
        areas=areas,
    )


def _counts(records: Iterator[Record]) -> dict[str, Any]:
    """Count the chunk's verdicts, and keep the new areas that its lines propose."""
    counts: dict[str, Any] = {}
    areas: dict[str, list[str]] = {}
    for record in records:
        found = verdict(record.findings).value
        counts[found] = counts.get(found, 0) + 1
        for area in record.new_areas:
            if area.needs_confirmation:
                areas[area.code] = [area.level, area.name]
    return {**counts, "new_areas": areas} if areas else counts


# ---- the end ------------------------------------------------------------------------
def _finish(batch: ImportBatch, beat: Beat) -> None:
    """Count every line once more and end staging, if nothing was lost or doubled."""
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


def _scope_of_lines(batch: ImportBatch) -> list[str]:
    """Return those of the uploader's areas in which a line lies; all if none does."""
    provinces = set(batch.rows.exclude(area_code="").values_list("area_code", flat=True).distinct())
    touched = [
        code for code in batch.scope_codes if any(area.startswith(code) for area in provinces)
    ]
    return touched or list(batch.scope_codes)
