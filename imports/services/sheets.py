"""Workbooks that go out: the lines to mend, and the empty forms."""

import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

from accounts.models import User
from audit.services import record
from imports import permissions
from imports.models import ImportBatch
from imports.services.closing import closed_to
from imports.services.masking import masked
from imports.services.parts import Part, line_of, parts_of, row_of
from imports.services.sending_back import EXTRA_HEADERS, SHEET, mark_of, sheet_name
from imports.services.templates import write_template
from imports.verdicts import Finding, explain, severity_of
from imports.workflow import Severity
from ppaos.lib.workbook import Sheet, write_workbook

_IN_MEMORY_BYTES = 4 << 20
_TELLING = (Severity.ERROR, Severity.HOLD)


def error_file(*, batch: ImportBatch, by: User, at: datetime) -> tuple[IO[bytes], str]:
    """Return the error workbook as an open temporary file, and the name it should have."""
    stream = _temporary()
    write_error_workbook(stream, batch=batch, by=by, at=at)
    stream.seek(0)
    return stream, f"{batch.source}-{batch.year_be}-errors.xlsx"


def template_file(*, key: str) -> tuple[IO[bytes], str]:
    """Return the empty form of a list as an open temporary file, and the name it should have."""
    stream = _temporary()
    name = write_template(stream, key=key)
    stream.seek(0)
    return stream, name


def _temporary() -> IO[bytes]:
    # Closed by whoever serves it; on disk it has no name, so it is gone then.
    return tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES, prefix="ppaos-")


def write_error_workbook(stream: IO[bytes], *, batch: ImportBatch, by: User, at: datetime) -> None:
    """Write the lines that were not taken, in the file's own columns, with line, code and reason.

    One sheet for each part of the file that has such lines. Mended and sent back, only
    these lines are read again. Whole IDs are for the uploader and the import admins of the
    area, masked for others; a line that is closed to the reader is left out.
    """
    parts = parts_of(batch)
    is_full = permissions.can_see_full_ids(by, batch)
    troubled = _troubled_parts(batch)
    sheets = [
        Sheet(
            name=sheet_name(parts, part),
            headers=[*part.headers, *EXTRA_HEADERS],
            rows=_trouble(batch, part, by=by, is_full=is_full),
        )
        for part in parts
        if part.number in troubled
    ]
    write_workbook(stream, sheets or [Sheet(name=SHEET, headers=EXTRA_HEADERS)])
    record(
        event="import.errors-exported",
        subject=batch,
        area=batch.area_code,
        by=by,
        at=at,
        detail={"held": batch.held, "rejected": batch.rejected, "whole_ids": is_full},
    )


def _troubled_parts(batch: ImportBatch) -> set[int]:
    return {
        part.number
        for part in parts_of(batch)
        if batch.rows.to_mend().filter(row__range=_rows_of(part)).exists()
    }


def _rows_of(part: Part) -> tuple[int, int]:
    return row_of(part.number, 0), row_of(part.number + 1, 0) - 1


def _trouble(batch: ImportBatch, part: Part, *, by: User, is_full: bool) -> Iterator[list[Any]]:
    width, mapping, mark = len(part.headers), part.mapping or part.guess, mark_of(batch)
    columns = {index: name for name, index in mapping.columns.items()}
    lines = batch.rows.to_mend().filter(row__range=_rows_of(part)).order_by("row")
    with_home = lines.filter(household__isnull=False).defer("payload")
    closed = closed_to(by, batch=batch, rows=with_home).lines
    for row in lines.iterator(chunk_size=1_000):
        if row.row in closed:
            continue
        payload = row.open_payload()
        cells = [*payload["raw"][:width], *[""] * (width - len(payload["raw"]))]
        for name, text in payload.get("corrected", {}).items():
            cells[mapping.columns[name]] = text
        if not is_full:
            cells = [masked(text, columns.get(index, "")) for index, text in enumerate(cells)]
        notes = {(note[0], note[1]): note[3] for note in payload["notes"]}
        codes = [code for code in row.codes if severity_of(code) in _TELLING]
        told = [
            Finding(code, column, "", detail)
            for (code, column), detail in notes.items()
            if code in codes
        ]
        told += [Finding(code) for code in codes if code not in {f.code for f in told}]
        reasons = [explain(f, header=mapping.header_of(f.column) if f.column else "") for f in told]
        yield [*cells, line_of(row.row), ", ".join(codes), "\n".join(reasons), mark]
