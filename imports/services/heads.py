"""The first lines of each sheet, kept sealed, for the person who says how the file is read.

With them the screen can show another sheet, header or encoding at once, without the file.
"""

import base64
import json
import uuid
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from imports import reading
from imports.models import ImportBatch
from imports.reading.cells import cells_from_wire, to_wire
from imports.reading.delimited import head_of_text
from ppaos.orm import keyring

KEPT_LINES = 40
_KEPT_SHEETS = 30
_KEPT_BYTES = 48 * 1024
_KEPT_MERGES = 200
_MARKS: dict[type, str] = {
    reading.ErrorCell: "e",
    reading.FormulaWithoutValue: "f",
    reading.MergedCell: "m",
}


@dataclass(frozen=True, slots=True)
class Head:
    """A file as far as one can see it at a glance. `start` are the first bytes of a CSV."""

    kind: str
    encoding: str
    delimiter: str
    sheets: tuple[reading.SheetInfo, ...]
    start: bytes = b""

    @property
    def is_text(self) -> bool:
        return self.kind == reading.Kind.CSV

    def sheet(self, name: str | None) -> reading.SheetInfo | None:
        return next((each for each in self.sheets if self.is_text or each.name == name), None)


def look(
    path: Path,
    *,
    lines: int,
    options: reading.Options,
    glanced: Callable[[Head], None] | None = None,
) -> Head:
    """Look at a file; tell `glanced` before what one sees of it at once. Raises UnableToRead."""

    def told(found: reading.Inspection) -> None:
        if glanced is not None:
            glanced(_head_of(found, b""))

    found = reading.inspect(path, head=lines, options=options, glanced=told)
    start = b""
    if found.kind == reading.Kind.CSV:
        with path.open("rb") as stream:
            start = stream.read(_KEPT_BYTES)
    return _head_of(found, start)


def _head_of(found: reading.Inspection, start: bytes) -> Head:
    return Head(
        kind=found.kind.value,
        encoding=found.encoding or "",
        delimiter=found.delimiter or "",
        sheets=tuple(found.sheets),
        start=start,
    )


def seen_as(head: Head, *, encoding: str, delimiter: str) -> Head:
    """Return a text file's head as another encoding and separator show it.

    The number of its lines is the one that was counted before. Raises UnableToRead.
    """
    if not head.is_text or not (encoding or delimiter):
        return head
    text = head_of_text(head.start, encoding, delimiter, KEPT_LINES)
    [sheet] = head.sheets
    return replace(
        head,
        encoding=text.encoding,
        delimiter=text.delimiter,
        sheets=(replace(sheet, columns=text.columns, head=text.lines),),
    )


def keep_head(batch: ImportBatch, head: Head) -> None:
    """Put the head into the batch's layout, its cells sealed; the caller saves it."""
    batch.layout = {
        **batch.layout,
        "kind": head.kind,
        "encoding": head.encoding or None,
        "delimiter": head.delimiter or None,
        "sheets": [
            {
                "name": sheet.name,
                "hidden": sheet.hidden,
                "rows": sheet.rows,
                "columns": sheet.columns,
                "hidden_rows": sheet.hidden_rows,
                "hidden_columns": sheet.hidden_columns,
                "merges": [list(merge) for merge in sheet.merges[:_KEPT_MERGES]],
            }
            for sheet in head.sheets
        ],
        "samples": _seal(batch, head),
    }


def open_head(batch: ImportBatch) -> Head | None:
    """Return the head that was kept; None before the file was looked at, or once it is purged."""
    blob = base64.b64decode(batch.layout.get("samples") or "")
    if not blob or "sheets" not in batch.layout:
        return None
    plain = zlib.decompress(keyring().unseal(blob, context=samples_context(batch.pk)))
    kept: dict[str, Any] = json.loads(plain)
    heads: list[list[Any]] = kept["heads"]
    heads += [[] for _ in batch.layout["sheets"][len(heads) :]]
    return Head(
        kind=batch.layout["kind"],
        encoding=batch.layout.get("encoding") or "",
        delimiter=batch.layout.get("delimiter") or "",
        sheets=tuple(
            reading.SheetInfo(
                **{
                    **about,
                    "merges": [tuple(merge) for merge in about["merges"]],
                    "head": [(line, cells_from_wire(cells)) for line, cells in lines],
                }
            )
            for about, lines in zip(batch.layout["sheets"], heads, strict=True)
        ),
        start=base64.b64decode(kept["start"]),
    )


def samples_context(batch_id: uuid.UUID) -> str:
    """Name the one import whose samples a ciphertext holds."""
    return f"import samples {batch_id}"


def _seal(batch: ImportBatch, head: Head) -> str:
    heads = [
        [[line, list(_marked(cells))] for line, cells in sheet.head[:KEPT_LINES]]
        for sheet in head.sheets[:_KEPT_SHEETS]
    ]
    plain = to_wire({"heads": heads, "start": base64.b64encode(head.start).decode()})
    sealed = keyring().seal(zlib.compress(plain), context=samples_context(batch.pk))
    return base64.b64encode(sealed).decode()


def _marked(cells: Sequence[reading.Cell]) -> Iterator[Any]:
    for cell in cells:
        mark = _MARKS.get(type(cell))
        yield {mark: str(cell)} if mark else cell
