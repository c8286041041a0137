"""Take in a file: kept, entered and handed to a worker in one transaction."""

import hashlib
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import IO, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from accounts.models import User
from accounts.permissions import area_prefixes
from accounts.roles import Permission
from audit.services import record
from files.models import Purpose
from files.services import store
from imports import permissions
from imports.models import ImportBatch
from imports.profiles import SOURCES
from imports.reading import Limits
from imports.services.choices import asked_options
from imports.services.errors import UnableToStage
from jobs.services import enqueue, live_jobs_of
from ppaos.lib.buddhist_era import to_be_year

STAGE_TASK = "imports.stage"
QUEUE = "imports"
_PIECE = 1 << 20


class UnableToUpload(Exception):
    """The file is not taken in. The message is for the user; `field` says beside which field."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class AlreadyImported(UnableToUpload):
    """The same bytes are there as this list and year, and not undone."""

    def __init__(self, batch_id: uuid.UUID) -> None:
        super().__init__("ไฟล์นี้นำเข้าเป็นบัญชีและปีนี้แล้ว", field="file")
        self.batch_id = batch_id


class QueueFull(UnableToUpload):
    """So many files of this person wait already that another would only wait as well."""

    def __init__(self, waiting: list[ImportBatch]) -> None:
        names = ", ".join(f"“{batch.file.name}”" for batch in waiting)
        super().__init__(
            f"ท่านมีไฟล์รอคิวอยู่แล้ว {len(waiting):,} ไฟล์ ได้แก่ {names} "
            "ไฟล์นี้จึงยังไม่รับ รอให้ไฟล์แรกเสร็จ หรือยกเลิกไฟล์ที่ไม่ใช้ แล้วส่งไฟล์นี้อีกครั้ง",
            field="file",
        )
        self.waiting = waiting


def upload(
    *,
    stream: IO[bytes],
    name: str,
    source: str,
    year_be: int,
    by: User,
    at: datetime,
    content_type: str = "application/octet-stream",
    comment: str = "",
    reimport_reason: str = "",
    mapping: Mapping[str, Any] | None = None,
    is_check_strict: bool = True,
) -> ImportBatch:
    """Keep the file encrypted, open a batch for it and queue its staging.

    `year_be` is the list's own year as its owner calls it. `mapping` is canonical
    column → header, for files whose headers nobody could guess, or all that can be said of
    how a file is read. The same bytes as
    the same list and year are taken again only with `reimport_reason`.
    Raises PermissionDenied, AlreadyImported, QueueFull and UnableToUpload.
    """
    permissions.check_can_upload(by)
    _check(source, year_be, at)
    sha256 = _fingerprint(stream)
    if not reimport_reason.strip():
        _check_is_new(sha256, source, year_be)
    try:
        with transaction.atomic():
            _check_queue(by)
            return _take_in(
                stream,
                name=name,
                content_type=content_type,
                by=by,
                at=at,
                columns={
                    "source": source,
                    "year_be": year_be,
                    "sha256": sha256,
                    "comment": comment.strip()[:300],
                    "reimport_reason": reimport_reason.strip()[:300],
                    "options": {
                        "is_check_strict": is_check_strict,
                        **_asked(mapping or {}),
                    },
                },
            )
    except IntegrityError:
        # Another request brought the same bytes in this very moment.
        _check_is_new(sha256, source, year_be)
        raise


def _check(source: str, year_be: int, at: datetime) -> None:
    if source not in SOURCES:
        raise UnableToUpload("ยังไม่รองรับการนำเข้าบัญชีนี้", field="source")
    if not 2540 <= year_be <= to_be_year(localdate(at).year) + 1:
        raise UnableToUpload("ปีของบัญชีต้องเป็น พ.ศ. สี่หลัก และไม่เกินปีหน้า", field="year_be")


def _asked(mapping: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return asked_options(mapping)
    except UnableToStage as error:
        raise UnableToUpload(str(error), field="mapping") from error


def _fingerprint(stream: IO[bytes]) -> str:
    """Return the SHA-256 of the stream and leave it at its start. Refuses what is too large."""
    limit = Limits().file_bytes
    digest, size = hashlib.sha256(), 0
    stream.seek(0)
    for piece in iter(lambda: stream.read(_PIECE), b""):
        size += len(piece)
        if size > limit:
            raise UnableToUpload(
                f"ไฟล์ใหญ่เกิน {limit >> 20:,} MB แบ่งเป็นหลายไฟล์ เช่น แยกตามอำเภอ", field="file"
            )
        digest.update(piece)
    if size == 0:
        raise UnableToUpload("ไฟล์ว่างเปล่า ตรวจว่าเลือกไฟล์ถูกต้องและบันทึกแล้ว", field="file")
    stream.seek(0)
    return digest.hexdigest()


def _check_is_new(sha256: str, source: str, year_be: int) -> None:
    same = ImportBatch.objects.filter(sha256=sha256, source=source, year_be=year_be).standing()
    earlier = same.order_by("-uploaded_at", "-pk").values_list("pk", flat=True).first()
    if earlier is not None:
        raise AlreadyImported(earlier)


def _check_queue(by: User) -> None:
    """Refuse what would be one more file than a person may have waiting.

    Of all that lives the oldest counts as running, whether a worker has it yet or not.
    """
    rules = settings.JOB_QUEUES[QUEUE]
    # One upload of a person after the other, or two would both be the last that fits.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    live = live_jobs_of(QUEUE, by.pk)
    waiting = live[rules["running_per_person"] :]
    if len(waiting) >= rules["waiting_per_person"]:
        waits = [job.subject_id for job in waiting]
        batches = ImportBatch.objects.filter(pk__in=waits).select_related("file")
        raise QueueFull(sorted(batches, key=lambda batch: waits.index(batch.pk)))


def _take_in(
    stream: IO[bytes],
    *,
    name: str,
    content_type: str,
    by: User,
    at: datetime,
    columns: Mapping[str, Any],
) -> ImportBatch:
    file = store(
        stream=stream,
        name=name.replace("\0", "")[-255:] or "-",
        purpose=Purpose.IMPORT,
        content_type=content_type[:100],
        by=by,
        at=at,
        purge_on=localdate(at) + timedelta(days=settings.IMPORT_KEEP_DAYS),
    )
    batch = ImportBatch.objects.create(
        file=file,
        scope_codes=list(area_prefixes(by, Permission.IMPORT)),
        uploaded_by=by,
        uploaded_at=at,
        **columns,
    )
    enqueue(kind=STAGE_TASK, subject_id=batch.pk, by=by, at=at)
    record(
        event="import.uploaded",
        subject=batch,
        area=batch.area_code,
        by=by,
        at=at,
        reason=batch.reimport_reason,
        detail={
            "source": batch.source,
            "year_be": batch.year_be,
            "sha256": batch.sha256,
            "bytes": file.size,
        },
    )
    return batch
