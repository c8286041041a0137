"""Store, open and purge files."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from django.db import transaction
from django.db.models import Func, IntegerField, Value

from files.models import FileChunk, StoredFile
from ppaos.orm import keyring

CHUNK_BYTES = 1 << 20


class UnableToOpen(Exception):
    """The bytes are no longer kept. The message is shown to the user."""


def _context(file: StoredFile, number: int) -> str:
    return f"{FileChunk._meta.db_table}.sealed.{file.pk}.{number}"


@transaction.atomic
def store(
    *,
    stream: IO[bytes],
    name: str,
    purpose: str,
    content_type: str,
    by: Any,
    at: datetime,
    purge_on: date | None = None,
) -> StoredFile:
    """Encrypt and keep a stream, a mebibyte at a time; return its row.

    Runs in the caller's transaction: either all of the file is kept or none.
    """
    file = StoredFile(
        purpose=purpose,
        name=name,
        content_type=content_type,
        size=0,
        sha256="0" * 64,
        created_by=by,
        created_at=at,
        purge_on=purge_on,
    )
    file.save(force_insert=True)
    digest = hashlib.sha256()
    for number, piece in enumerate(iter(lambda: stream.read(CHUNK_BYTES), b"")):
        digest.update(piece)
        file.size += len(piece)
        FileChunk.objects.create(
            file=file, number=number, sealed=keyring().seal(piece, context=_context(file, number))
        )
    file.sha256 = digest.hexdigest()
    file.save(update_fields=["size", "sha256"])
    return file


def pieces(file: StoredFile) -> Iterator[bytes]:
    """Yield the plain bytes in order, at most a mebibyte at a time.

    Raises UnableToOpen if they were purged.
    """
    if file.purged_at is not None:
        raise UnableToOpen("เนื้อไฟล์นี้ถูกลบตามกำหนดเก็บรักษาแล้ว")
    chunks = file.chunks.order_by("number").values_list("number", "sealed")
    for number, sealed in chunks.iterator(chunk_size=4):
        yield keyring().unseal(bytes(sealed), context=_context(file, number))


@contextmanager
def on_disk(file: StoredFile) -> Iterator[Path]:
    """Lend the file as a private temporary file, for readers that need a path.

    It has no name in any folder, so that nothing of it is left when we are killed: the
    path leads through our own open file.
    """
    with tempfile.TemporaryFile() as copy:
        for piece in pieces(file):
            copy.write(piece)
        copy.flush()
        yield Path(f"/proc/{os.getpid()}/fd/{copy.fileno()}")


@transaction.atomic
def purge(*, file: StoredFile, at: datetime) -> None:
    """Delete the bytes and keep the row, with its fingerprint, for the record."""
    FileChunk.objects.filter(file=file).delete()
    file.purged_at = at
    file.save(update_fields=["purged_at"])


def purge_due(*, on: date, at: datetime) -> int:
    """Purge every file whose time is up; return how many."""
    due = StoredFile.objects.filter(purge_on__lte=on, purged_at__isnull=True).order_by("pk")
    for file in due:
        purge(file=file, at=at)
    return len(due)


def reseal_chunks(*, batch: int) -> int:
    """Bring some chunks under the current key; return how many. 0: all are.

    Safe to repeat and to interrupt: each call is one transaction.
    """
    ring = keyring()
    version = Func("sealed", Value(0), function="get_byte", output_field=IntegerField())
    stale = FileChunk.objects.alias(version=version).exclude(version=ring.current_version)
    with transaction.atomic():
        chunks = list(
            stale.select_related("file").select_for_update(of=("self",)).order_by("pk")[:batch]
        )
        for chunk in chunks:
            context = _context(chunk.file, chunk.number)
            plain = ring.unseal(bytes(chunk.sealed), context=context)
            chunk.sealed = ring.seal(plain, context=context)
        FileChunk.objects.bulk_update(chunks, ["sealed"])
    return len(chunks)
