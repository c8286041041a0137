"""Read a file into staged lines: each with its verdict, sealed, in chunks that hold whole.

A worker that takes over continues behind the last committed line; what it cannot
read back from the lines (which earlier line a later one repeats) it rebuilds from them.
"""

import base64
import json
import uuid
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
from imports.profiles import PROFILES
from imports.profiles.headers import find_header, guess
from imports.profiles.profile import Mapping, Profile, UnableToMap, confirm
from imports.services.states import move
from imports.verdicts import severity_of, verdict
from imports.workflow import Phase, State, Verdict
from ppaos.orm import keyring

_SAMPLE_LINES = 200
_SHOWN_LINES = 5
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


class UnableToStage(Exception):
    """The file cannot become lines of this list. The message is for the user."""


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
        _find_layout(batch, path)
    mapping = _settle_mapping(batch)
    if mapping is None:
        with transaction.atomic():
            beat("รอจับคู่คอลัมน์", 0, None)
            move(batch, to=State.NEEDS_MAPPING)
        return
    _stage_lines(batch, path, mapping, beat, at)
    compare_batch(batch=batch, beat=beat, at=at)
    _finish(batch, beat)


# ---- the table in the file ----------------------------------------------------------
def _find_layout(batch: ImportBatch, path: Path) -> None:
    """Find sheet, header line and headers, and count the lines below by other code."""
    found = reading.inspect(path, head=_SAMPLE_LINES)
    profile = PROFILES[batch.source]
    for sheet in [sheet for sheet in found.sheets if not sheet.hidden]:
        lines = sheet.head
        index = find_header([cells for _, cells in lines])
        if index is None:
            continue
        number, headers = lines[index]
        samples = [cells for _, cells in lines[index + 1 :]]
        mapping = guess(headers, profile, samples=samples)
        name = sheet.name if found.kind != reading.Kind.CSV else None
        # What inspect counts comes from other code than what reads the lines.
        batch.lines_counted = sheet.rows - number
        batch.layout = {
            "kind": found.kind.value,
            "sheet": name,
            "hidden_sheets": [s.name for s in found.sheets if s.hidden],
            "encoding": found.encoding,
            "header_line": number,
            "headers": _distinct(mapping.headers),
            "guess": mapping.to_json(),
            "is_certain": mapping.is_certain,
            "questions": [question.text for question in mapping.questions],
            "samples": _seal_samples(batch, samples[:_SHOWN_LINES]),
        }
        batch.save(update_fields=["layout", "lines_counted"])
        return
    raise UnableToStage(
        "ไม่พบบรรทัดหัวตารางใน 15 บรรทัดแรก ไฟล์ต้องมีหัวคอลัมน์ เช่น รหัสบ้าน เลขประจำตัวประชาชน ชื่อ "
        "ดาวน์โหลดแบบฟอร์มเพื่อดูตัวอย่าง"
    )


def _distinct(headers: Sequence[str]) -> list[str]:
    """Name every column once: two of one name, or none, are told apart by their number."""
    names: list[str] = []
    for number, header in enumerate(headers, start=1):
        name = header or f"คอลัมน์ที่ {number}"
        names.append(name if name not in names else f"{name} ({number})")
    return names


def _seal_samples(batch: ImportBatch, samples: Sequence[Sequence[Any]]) -> str:
    plain = json.dumps([[text_of(cell) for cell in cells] for cells in samples]).encode()
    return base64.b64encode(keyring().seal(plain, context=samples_context(batch.pk))).decode()


def samples_context(batch_id: uuid.UUID) -> str:
    """Name the one import whose samples a ciphertext holds."""
    return f"import samples {batch_id}"


def open_samples(batch: ImportBatch) -> list[list[str]]:
    """Return the first lines below the header, as text, for the person who maps columns."""
    blob = base64.b64decode(batch.layout.get("samples") or "")
    if not blob:
        return []
    samples: list[list[str]] = json.loads(keyring().unseal(blob, context=samples_context(batch.pk)))
    return samples


def _settle_mapping(batch: ImportBatch) -> Mapping | None:
    """Return the mapping to read with, None if a person must say."""
    if batch.mapping is not None:
        return Mapping.from_json(batch.mapping)
    guessed = Mapping.from_json(batch.layout["guess"])
    asked = batch.options.get("asked_mapping")
    if asked:
        mapping: Mapping | None = mapping_of(batch, asked)
    elif batch.layout["is_certain"]:
        mapping = guessed
    else:
        mapping = _earlier_mapping(batch)
    if mapping is not None:
        batch.mapping = mapping.to_json()
        batch.save(update_fields=["mapping"])
    return mapping


def mapping_of(
    batch: ImportBatch, columns: dict[str, Any], *, one_is_problem: bool = True
) -> Mapping:
    """Return the mapping of canonical column → header (as in the file) or its index from 0.

    Raises UnableToStage for a header that the file does not have, or a missing column.
    """
    headers: list[str] = batch.layout["headers"]
    indexes: dict[str, int] = {}
    for name, header in columns.items():
        if isinstance(header, str):
            if header not in headers:
                raise UnableToStage(f"ไฟล์ไม่มีคอลัมน์ “{header}”")
            indexes[name] = headers.index(header)
        elif isinstance(header, int) and not isinstance(header, bool):
            indexes[name] = header
        else:
            raise UnableToStage(f"คอลัมน์ {name} ต้องระบุเป็นหัวตารางในไฟล์ หรือลำดับคอลัมน์เริ่มจาก 0")
    try:
        return confirm(
            PROFILES[batch.source],
            batch.layout["guess"]["headers"],
            indexes,
            one_is_problem=one_is_problem,
        )
    except UnableToMap as error:
        raise UnableToStage(str(error)) from error


def _earlier_mapping(batch: ImportBatch) -> Mapping | None:
    """Return what a person confirmed for the same headers of the same list before."""
    earlier = (
        ImportBatch.objects.filter(source=batch.source, options__is_mapping_confirmed=True)
        .exclude(pk=batch.pk)
        .filter(mapping__headers=batch.layout["guess"]["headers"])
        .order_by("-uploaded_at", "-pk")
        .first()
    )
    return Mapping.from_json(earlier.mapping) if earlier and earlier.mapping else None


# ---- the lines ----------------------------------------------------------------------
def _stage_lines(
    batch: ImportBatch, path: Path, mapping: Mapping, beat: Beat, at: datetime
) -> None:
    latest = batch.chunks.filter(phase=Phase.STAGE).order_by("-number").first()
    number = latest.number if latest else 0
    header_line = int(batch.layout["header_line"])
    last_row = latest.last_row if latest else header_line
    stager = Stager(batch, mapping, at=at)
    if latest:
        stager.remember(batch)
    limits = reading.Limits(chunk_lines=settings.IMPORT_CHUNK_LINES)
    for chunk in reading.read(path, sheet=batch.layout["sheet"], skip_to=last_row, limits=limits):
        number += 1
        with transaction.atomic():
            done = chunk.lines[-1][0] - header_line
            beat(Phase.STAGE.label, done, batch.lines_counted)
            stager.write(chunk, number, at)


class Stager:
    """Turns lines of one file into staged rows; remembers earlier lines to compare with."""

    def __init__(self, batch: ImportBatch, mapping: Mapping, *, at: datetime) -> None:
        self.batch = batch
        self.profile: Profile = PROFILES[batch.source]
        self.tracker = FileTracker()
        self.normaliser = make_normaliser(batch, mapping, at=at)

    def remember(self, batch: ImportBatch) -> None:
        """Tell the tracker what is staged already, in the order of the file."""
        kept = batch.rows.filter(verdict__in=[Verdict.ACCEPTED, Verdict.HELD]).order_by("row")
        for row in kept.iterator(chunk_size=1_000):
            values = row.open_payload()["normalised"]
            self.tracker.track(row.row, Record(values, (), row.area_code or None))

    def write(self, chunk: reading.Chunk, number: int, at: datetime) -> None:
        """COPY the lines and their issues, and enter the chunk into the ledger."""
        records = [
            (row, cells, self._judge(row, cells, row in chunk.ragged)) for row, cells in chunk.lines
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


def make_normaliser(batch: ImportBatch, mapping: Mapping, *, at: datetime) -> Normaliser:
    """Return the reader of the batch's lines, with the areas as the tree has them now."""
    known = Area.objects.in_force().order_by("code")
    areas = AreaResolver(
        [
            KnownArea(area.code, area.level, area.name, tuple(area.aliases))
            for area in known.only("code", "level", "name", "aliases").iterator()
        ],
        scopes=batch.scope_codes,
    )
    return Normaliser(
        mapping,
        PROFILES[batch.source],
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
