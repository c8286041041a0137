"""Workbooks that go out: the lines to mend, and the empty forms."""

import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

from accounts.models import User
from audit.services import record
from imports import permissions
from imports.models import ImportBatch
from imports.profiles import SOURCES
from imports.services.parts import parts_of
from imports.services.showing import mapping_of, masked
from imports.verdicts import Finding, explain, severity_of
from imports.workflow import Severity
from ppaos.lib.workbook import Sheet, write_workbook

ROW_HEADER, CODE_HEADER, REASON_HEADER = "แถวที่", "รหัสข้อผิดพลาด", "คำอธิบาย"
_IN_MEMORY_BYTES = 4 << 20
_TELLING = (Severity.ERROR, Severity.HOLD)


def error_file(*, batch: ImportBatch, by: User, at: datetime) -> tuple[IO[bytes], str]:
    """Return the error workbook as an open temporary file, and the name it should have."""
    stream = _temporary()
    write_error_workbook(stream, batch=batch, by=by, at=at)
    stream.seek(0)
    return stream, f"{batch.source}-{batch.year_be}-errors.xlsx"


def template_file(*, source: str) -> tuple[IO[bytes], str]:
    """Return the empty form of a list as an open temporary file, and the name it should have."""
    stream = _temporary()
    name = write_template(stream, source=source)
    stream.seek(0)
    return stream, name


def _temporary() -> IO[bytes]:
    # Closed by whoever serves it; on disk it has no name, so it is gone then.
    return tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES, prefix="ppaos-")


def write_error_workbook(stream: IO[bytes], *, batch: ImportBatch, by: User, at: datetime) -> None:
    """Write the lines that were not taken, in the file's own columns, with row, code and reason.

    Mended and sent again, they are read like the first file. Whole IDs are for the
    uploader and the import admins of the area, masked for others.
    """
    headers = [header for part in parts_of(batch)[:1] for header in part.headers]
    is_full = permissions.can_see_full_ids(by, batch)
    sheet = Sheet(
        name="แถวที่ต้องแก้",
        headers=[*headers, ROW_HEADER, CODE_HEADER, REASON_HEADER],
        rows=_trouble(batch, len(headers), is_full=is_full),
    )
    write_workbook(stream, [sheet])
    record(
        event="import.errors-exported",
        subject=batch,
        area=batch.area_code,
        by=by,
        at=at,
        detail={"held": batch.held, "rejected": batch.rejected, "whole_ids": is_full},
    )


def _trouble(batch: ImportBatch, width: int, *, is_full: bool) -> Iterator[list[Any]]:
    mapping = mapping_of(batch)
    columns = {index: name for name, index in mapping.columns.items()}
    for row in batch.rows.with_trouble().order_by("row").iterator(chunk_size=1_000):
        payload = row.open_payload()
        cells = [
            text if is_full else masked(text, columns.get(index, ""))
            for index, text in enumerate(payload["raw"][:width])
        ]
        notes = {(note[0], note[1]): note[3] for note in payload["notes"]}
        codes = [code for code in row.codes if severity_of(code) in _TELLING]
        told = [
            Finding(code, column, "", detail)
            for (code, column), detail in notes.items()
            if code in codes
        ]
        told += [Finding(code) for code in codes if code not in {f.code for f in told}]
        reasons = [explain(f, header=mapping.header_of(f.column) if f.column else "") for f in told]
        padding = [""] * (width - len(cells))
        yield [*cells, *padding, row.row, ", ".join(codes), "\n".join(reasons)]


def write_template(stream: IO[bytes], *, source: str) -> str:
    """Write the empty form of a list with its explanations; return its file name.

    Raises KeyError for a list that cannot be imported.
    """
    profile = SOURCES[source]
    required = frozenset(column.header for column in profile.template if column.is_required)
    form = Sheet(
        name="ข้อมูล",
        headers=[column.header for column in profile.template],
        required=required,
    )
    guide = Sheet(
        name="คำอธิบาย",
        headers=["คอลัมน์", "ต้องมี", "คำอธิบาย", "ตัวอย่าง"],
        rows=[
            [
                column.header,
                "ต้องมี" if column.is_required else "ถ้ามี",
                column.explanation,
                column.example,
            ]
            for column in profile.template
        ],
    )
    write_workbook(stream, [form, guide])
    return profile.template_name
