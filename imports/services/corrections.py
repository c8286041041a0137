"""Mended lines that come back as a workbook: only those lines are taken, nothing is lost.

The order stands in the batch's options, what became of its lines in the ledger, a chunk
at a time: a worker that takes over continues behind the last line that was committed.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from accounts.models import User
from audit.services import record
from files.models import Purpose, StoredFile
from files.services import UnableToOpen, on_disk, store
from imports import reading
from imports.apply.chunks import Beat
from imports.models import ImportBatch, ImportChunk, ImportRow
from imports.services.holding import UnableToDecide, hold
from imports.services.mending import Mended, Mending
from imports.services.parts import Part, line_of, part_number_of, row_of
from imports.services.reporting import ORDERS, Report, chunks_of, report_of, reports
from imports.services.sending_back import (
    Sent,
    Table,
    Told,
    changes,
    doubled_rows,
    find_tables,
    lines_of,
    mark_of,
)
from imports.services.states import UnableToMove
from imports.verdicts import CATALOGUE, severity_of
from imports.workflow import Decision, Phase, Severity, Verdict
from jobs.models import Job
from jobs.services import Lease, UnableToFinish, enqueue
from jobs.workflow import State as JobState

MEND_TASK = "imports.mend"
_IN_REQUEST_BYTES = 100_000


def send_corrections(
    *,
    batch: ImportBatch,
    stream: IO[bytes],
    name: str,
    by: User,
    at: datetime,
    content_type: str = "application/octet-stream",
) -> Report:
    """Take mended lines in: at once if they are few, else by a worker.

    Raises PermissionDenied, UnableToMove, and UnableToDecide with a sentence if the file is
    none of this import.
    """
    try:
        with transaction.atomic():
            order, is_small = _keep(batch, stream, name, content_type, by, at)
            if not is_small:
                enqueue(kind=MEND_TASK, subject_id=batch.pk, by=by, at=at)
    except IntegrityError as error:
        raise UnableToDecide("กำลังรับแถวที่แก้จากไฟล์ก่อนหน้า รอให้เสร็จแล้วส่งอีกครั้ง") from error
    if is_small:
        try:
            _take(batch, order, by=by, at=at, beat=_no_beat)
        except (reading.UnableToRead, UnableToMove, UnableToDecide) as error:
            # Also if somebody had the rest of the import applied or read again meanwhile.
            _end(batch, order, by=by, at=at, error=str(error))
            raise UnableToDecide(str(error)) from error
    return reports(batch)[0]


def _keep(
    batch: ImportBatch, stream: IO[bytes], name: str, content_type: str, by: User, at: datetime
) -> tuple[int, bool]:
    hold(batch, by=by, at=at)
    if is_mending(batch):
        raise UnableToDecide("กำลังรับแถวที่แก้จากไฟล์ก่อนหน้า รอให้เสร็จแล้วส่งอีกครั้ง")
    file = store(
        stream=stream,
        name=name[:255],
        purpose=Purpose.IMPORT,
        content_type=content_type,
        by=by,
        at=at,
        purge_on=batch.file.purge_on,
    )
    orders = batch.options.get(ORDERS, [])
    order = {"file": str(file.pk), "name": name[:255], "at": at.isoformat(), "error": ""}
    batch.options = {**batch.options, ORDERS: [*orders, {**order, "is_over": False}]}
    batch.save(update_fields=["options"])
    record(
        event="import.mending-ordered",
        subject=batch,
        area=batch.area_code,
        by=by,
        at=at,
        detail={"sha256": file.sha256, "bytes": file.size},
    )
    return len(orders), file.size <= _IN_REQUEST_BYTES


def _no_beat(stage: str, done: int, total: int | None) -> None:
    """In a request there is no lease to renew."""


def is_mending(batch: ImportBatch) -> bool:
    """Say whether a worker is taking mended lines in, or will."""
    return Job.objects.filter(
        subject_id=batch.pk, kind=MEND_TASK, state__in=JobState.live()
    ).exists()


def mend_work(lease: Lease, *, clock: Callable[[], datetime] = now) -> None:
    """Take in what was sent last, as a worker."""
    batch = ImportBatch.objects.select_related("file").get(pk=lease.subject_id)
    order = len(batch.options.get(ORDERS, [])) - 1
    by = Job.objects.select_related("created_by").get(pk=lease.job_id).created_by
    assert by is not None

    def beat(stage: str, done: int, total: int | None) -> None:
        lease.heartbeat(stage=stage, done=done, total=total)
        if total is not None:
            lease.made_progress()

    try:
        _take(batch, order, by=by, at=clock(), beat=beat)
    except (reading.UnableToRead, UnableToOpen, UnableToMove, UnableToDecide) as error:
        _end(batch, order, by=by, at=clock(), error=str(error))
        raise UnableToFinish(str(error)) from error


# ---- the work ---------------------------------------------------------------------------
def _take(batch: ImportBatch, order: int, *, by: User, at: datetime, beat: Beat) -> None:
    file = StoredFile.objects.get(pk=uuid.UUID(batch.options[ORDERS][order]["file"]))
    with on_disk(file) as path:
        beat("ตรวจไฟล์ที่แก้แล้ว", 0, None)
        tables, told = find_tables(batch, path)
        if not tables:
            raise NotOurs(told)
        work = _Work(batch, order, by, at, beat, told)
        work.run(path, tables)
    _end(batch, order, by=by, at=at, told=told)


class NotOurs(reading.UnableToRead):
    """The file holds no line of this import. The message is for the user."""

    def __init__(self, told: Sequence[Told]) -> None:
        said = " · ".join(f"{each.place}: {each.text}" for each in told[:3])
        super().__init__("not_ours", said or "ไฟล์นี้ไม่มีแถวของการนำเข้านี้")


@dataclass
class _Work:
    """One workbook's lines into the batch, chunk by chunk."""

    batch: ImportBatch
    order: int
    by: User
    at: datetime
    beat: Beat
    told: Sequence[Told]
    doubled: set[int] = field(default_factory=set)

    def run(self, path: Path, tables: Sequence[Table]) -> None:
        size = settings.IMPORT_CHUNK_LINES
        self.doubled = doubled_rows(path, tables, chunk_lines=size)
        last = self._last()
        done = sum(chunk.lines for chunk in self._chunks())
        for number, table in enumerate(tables):
            if number < part_number_of(last):
                continue
            skip_to = line_of(last) if number == part_number_of(last) else 0
            for line, sent in lines_of(path, table, skip_to=skip_to, chunk_lines=size):
                done += len(sent)
                self._one_chunk(table, row_of(number, line), sent, done)

    def _chunks(self) -> list[ImportChunk]:
        return list(chunks_of(self.batch, self.order))

    def _last(self) -> int:
        return max((chunk.last_row for chunk in self._chunks()), default=0)

    def _one_chunk(self, table: Table, last: int, sent: Sequence[Sent], done: int) -> None:
        with transaction.atomic():
            # First the lease: a worker that lost it must not even wait for the batch.
            self.beat(Phase.MEND.label, done, done)
            hold(self.batch, by=self.by, at=self.at)
            counts, told = self._mend(table, sent)
            latest = self.batch.chunks.filter(phase=Phase.MEND).order_by("-number").first()
            ImportChunk.objects.create(
                batch=self.batch,
                phase=Phase.MEND,
                number=latest.number + 1 if latest else 1,
                last_row=last,
                lines=len(sent),
                counts={
                    "order": self.order,
                    **counts,
                    "told": [[each.place, each.text] for each in told],
                },
                committed_at=self.at,
            )

    def _mend(self, table: Table, sent: Sequence[Sent]) -> tuple[Counter[str], list[Told]]:
        counts: Counter[str] = Counter()
        told: list[Told] = []
        mending = Mending(self.batch, self.by, self.at)
        rows = self._rows(sent)
        mended: list[Mended] = []
        keys: set[str] = set()
        places: dict[int, str] = {}
        for each in sent:
            place = _place(table, each)
            line = rows.get(each.row or 0)
            problem = self._problem(each, line)
            if problem or line is None:
                counts["not_found"] += 1
                told.append(Told(place, problem))
                continue
            outcome = self._read(mending, table.part, line, each)
            if isinstance(outcome, str):
                counts["still_wrong" if outcome else "unchanged"] += 1
                if outcome:
                    told.append(Told(place, outcome))
                continue
            keys.add(line.house_key)
            places[line.row] = place
            mended.append(outcome)
        if mended:
            mending.write(mended)
            mending.settle(keys | {each.line.house_key for each in mended})
            self._look(places, counts, told)
        return counts, told

    def _rows(self, sent: Sequence[Sent]) -> dict[int, ImportRow]:
        numbers = [each.row for each in sent if each.row is not None]
        return {row.row: row for row in self.batch.rows.filter(row__in=numbers)}

    def _problem(self, sent: Sent, line: ImportRow | None) -> str:
        if sent.mark and sent.mark != mark_of(self.batch):
            return "แถวนี้เป็นของการนำเข้าอื่น ส่งไฟล์แถวที่ต้องแก้ซึ่งดาวน์โหลดจากการนำเข้านี้"
        if sent.row is None:
            return "ไม่มีเลขแถวเดิมในคอลัมน์ “แถวที่” จึงไม่รู้ว่าเป็นแถวใด คืนเลขเดิมแล้วส่งอีกครั้ง"
        if sent.row in self.doubled:
            return "เลขแถวเดิมนี้มีมากกว่าหนึ่งแถวในไฟล์ที่ส่ง เหลือไว้แถวเดียวแล้วส่งอีกครั้ง"
        if line is None:
            return "การนำเข้านี้ไม่มีแถวเลขนี้ ตรวจเลขในคอลัมน์ “แถวที่”"
        is_waiting = line.verdict in (Verdict.HELD, Verdict.REJECTED)
        if not is_waiting or line.decision == Decision.REJECT:
            return "แถวนี้ไม่ได้รอแก้แล้ว จึงไม่เปลี่ยนอะไร"
        return ""

    def _read(self, mending: Mending, part: Part, line: ImportRow, sent: Sent) -> Mended | str:
        """Return the line read anew, "" if nothing was changed, else what is still wrong."""
        mapping = part.mapping or part.guess
        changed, hidden = changes(sent, texts_of(line, mapping.columns))
        if hidden:
            return f"คอลัมน์ “{mapping.header_of(hidden[0])}” ยังเป็นค่าที่ปิดบัง พิมพ์ค่าเต็ม หรือปล่อยไว้ตามเดิม"
        if not changed:
            return ""
        try:
            return mending.read(line, changed)
        except UnableToDecide as error:
            return " · ".join(
                f"คอลัมน์ “{mapping.header_of(column)}”: {', '.join(sentences)}"
                for column, sentences in error.fields.items()
            )

    def _look(self, places: Mapping[int, str], counts: Counter[str], told: list[Told]) -> None:
        """Count what the mended lines became, once the file and the register were compared."""
        found = self.batch.rows.filter(row__in=list(places)).values_list("row", "verdict", "codes")
        for row, verdict, codes in found.order_by("row"):
            if verdict in (Verdict.ACCEPTED, Verdict.SKIPPED):
                counts["mended"] += 1
                if verdict == Verdict.ACCEPTED:
                    continue
            else:
                counts["still_wrong"] += 1
            told.append(Told(places[row], reasons(codes)))


def reasons(codes: Sequence[str]) -> str:
    """Return why a line is where it is, in words."""
    telling = (Severity.ERROR, Severity.HOLD, Severity.SKIP)
    return " · ".join(CATALOGUE[code].reason for code in codes if severity_of(code) in telling)


def texts_of(line: ImportRow, columns: Mapping[str, int]) -> dict[str, str]:
    """Return canonical column → text as it stands: as corrected, else as in the file."""
    return texts_in(line.open_payload(), columns)


def texts_in(payload: Mapping[str, Any], columns: Mapping[str, int]) -> dict[str, str]:
    """Return the same of an opened line."""
    raw, corrected = payload["raw"], payload.get("corrected", {})
    return {
        name: corrected.get(name, raw[index] if index < len(raw) else "")
        for name, index in columns.items()
    }


def _place(table: Table, sent: Sent) -> str:
    sheet = f"แผ่นงาน “{table.sheet}” " if table.sheet else ""
    asked = f" (แถวที่ {line_of(sent.row):,} ของไฟล์เดิม)" if sent.row is not None else ""
    return f"{sheet}แถว {sent.line:,}{asked}"


# ---- the end ---------------------------------------------------------
@transaction.atomic
def _end(
    batch: ImportBatch,
    order: int,
    *,
    by: User,
    at: datetime,
    told: Sequence[Told] = (),
    error: str = "",
) -> None:
    current = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    orders: list[dict[str, Any]] = list(current.options[ORDERS])
    orders[order] = {
        **orders[order],
        "is_over": True,
        "error": error,
        "told": [[each.place, each.text] for each in told],
    }
    batch.options = {**current.options, ORDERS: orders}
    batch.save(update_fields=["options"])
    found = report_of(batch, order, orders[order])
    record(
        event="import.mended",
        subject=batch,
        area=batch.area_code,
        by=by,
        at=at,
        detail={
            "mended": found.mended,
            "still_wrong": found.still_wrong,
            "unchanged": found.unchanged,
            "not_found": found.not_found,
        },
    )
