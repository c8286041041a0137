"""Lines of a file → rows to be staged: checked, sealed, and as the register would see them.

Nothing here asks the database, so that a thread can prepare lines while another writes.
"""

import queue
import threading
from collections.abc import Generator, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

import orjson
from django.utils.timezone import localdate

from areas.models import Area
from imports import reading
from imports.apply.known import Known, KnownRow
from imports.apply.lines import Line, house_key, make_line
from imports.models import ImportBatch, seal_packed
from imports.normalise import AreaResolver, FileTracker, KnownArea, Normaliser, Record
from imports.normalise.packing import pack_line, raw_bytes, unpack_values
from imports.services.parts import Part, row_of
from imports.verdicts import Finding, verdict
from imports.workflow import Verdict
from ppaos.lib.turns import short_turns
from ppaos.orm import keyring

_T = TypeVar("_T")
_PATIENCE_SECONDS = 0.2


class Prepared(NamedTuple):
    """One line, ready to be staged.

    `line` is made ahead if it was accepted, unless an applied import had it before: `known`.
    """

    row: int
    record: Record
    verdict: Verdict
    house_key: str
    payload: bytes
    citizen_index: bytes | memoryview | None
    row_hash: bytes | memoryview
    raw_hash: bytes
    line: Line | None
    known: KnownRow | None = None

    def to_line(self) -> Line:
        """Return the line as the register sees it."""
        return self.line or _line(self.row, self.house_key, self.record)


class Preparer:
    """Checks and seals the lines of one part; remembers earlier lines to compare with."""

    def __init__(
        self, batch: ImportBatch, part: Part, tracker: FileTracker, *, normaliser: Normaliser
    ) -> None:
        self._batch_id = batch.pk
        self._number = part.number
        self._tracker = tracker
        self._normaliser = normaliser

    def prepare(self, chunk: reading.Chunk, known: Known | None = None) -> list[Prepared]:
        """Prepare the lines of a chunk. With `known` it asks the database."""
        lines = [(row_of(self._number, line), raw_bytes(cells)) for line, cells in chunk.lines]
        marks = [raw_hash(raw) for _, raw in lines]
        found = known.fetch(marks) if known else {}
        noted = chunk.ragged | chunk.hidden | chunk.filled
        return [
            self._prepared(row, self._noted(line, cells, chunk), raw, mark)
            if line in noted
            else (mark in found and self._taken_over(row, found[mark]))
            or self._prepared(row, self._normaliser.read(cells), raw, mark)
            for (row, raw), mark, (line, cells) in zip(lines, marks, chunk.lines, strict=True)
        ]

    def _noted(self, line: int, cells: Sequence[Any], chunk: reading.Chunk) -> Record:
        """Read a line that is ragged, hidden and to be left out, or filled from a merged cell."""
        if line in chunk.hidden and cells:
            return self._normaliser.read(())._replace(findings=(Finding("S_HIDDEN"),))
        record = self._normaliser.read(cells, is_ragged=line in chunk.ragged)
        if line in chunk.filled:
            return record._replace(findings=(*record.findings, Finding("F_MERGED")))
        return record

    def _prepared(self, row: int, read: Record, raw: bytes, mark: bytes) -> Prepared:
        record = self._tracker.track(row, read)
        values, found = record.values, verdict(record.findings)
        key = house_key(values, area_code=record.area_code or "", row=row)
        plain = pack_line(raw, values, notes_of(record))
        citizen_id = values.get("citizen_id")
        return Prepared(
            row,
            record,
            found,
            key,
            seal_packed(plain, batch_id=self._batch_id, row=row),
            citizen_index(citizen_id) if citizen_id else None,
            row_hash(values),
            mark,
            _line(row, key, record) if found is Verdict.ACCEPTED else None,
        )

    def _taken_over(self, row: int, known: KnownRow) -> Prepared | None:
        """Return the line as it was accepted before; None if it may be something else today."""
        plain = known.plain()
        payload = unpack_values(plain)
        values, notes = payload["normalised"], payload["notes"]
        codes = list(dict.fromkeys([note[0] for note in notes]))
        # What the register said of it then, it has to say anew.
        if codes != known.codes or not self._normaliser.still_means(values, known.area_code, codes):
            return None
        findings = tuple(Finding(code, column, raw, told) for code, column, raw, told in notes)
        record = Record(values, findings, known.area_code or None)
        if self._tracker.track(row, record) is not record:
            return None
        return Prepared(
            row,
            record,
            Verdict.ACCEPTED,
            house_key(values, area_code=known.area_code, row=row),
            seal_packed(plain, batch_id=self._batch_id, row=row),
            known.citizen_index,
            known.row_hash,
            known.raw_hash,
            None,
            known,
        )


def _line(row: int, key: str, record: Record) -> Line:
    return make_line(
        row=row,
        house_key=key,
        area_code=record.area_code or "",
        values=record.values,
        unit=record.unit,
    )


def notes_of(record: Record) -> list[list[str]]:
    """Return what is kept, sealed, of each finding: code, column, cell as read, detail."""
    return [[f.code, f.column, f.raw_text, f.detail] for f in record.findings]


def citizen_index(citizen_id: str) -> bytes:
    """Return the fingerprint by which lines of one person find each other."""
    return keyring().index(citizen_id, purpose="import_citizen_id")


def row_hash(values: dict[str, Any]) -> bytes:
    """Return the keyed fingerprint of a line in normal form: repeats have the same."""
    return keyring().index(orjson.dumps(values).decode(), purpose="import_row")


def raw_hash(raw: bytes) -> bytes:
    """Return the keyed fingerprint of a line as it was read; `raw` is what raw_bytes gave."""
    return keyring().index(raw.decode(), purpose="import_raw_row")


def make_normaliser(batch: ImportBatch, part: Part, *, at: Any) -> Normaliser:
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


# ---- the next while this one is written ------------------------------------------------
def ahead(items: Generator[_T, None, None]) -> Generator[_T, None, None]:
    """Yield the items; a thread makes the next one while the caller works on this one.

    What making raises is raised here, in its place. Closing this closes the items too.
    """
    ready: queue.Queue[tuple[bool, Any]] = queue.Queue(maxsize=1)
    is_over = threading.Event()

    def put(is_item: bool, what: object) -> bool:
        while not is_over.is_set():
            try:
                ready.put((is_item, what), timeout=_PATIENCE_SECONDS)
            except queue.Full:
                continue
            return True
        return False

    def make() -> None:
        try:
            for item in items:
                if not put(True, item):
                    break
            else:
                put(False, None)
        except BaseException as error:
            put(False, error)
        finally:
            items.close()

    thread = threading.Thread(target=make, name="ahead", daemon=True)
    thread.start()
    try:
        with short_turns():
            yield from _taken(ready)
    finally:
        is_over.set()
        thread.join()


def _taken(ready: "queue.Queue[tuple[bool, Any]]") -> Iterator[Any]:
    while True:
        is_item, what = ready.get()
        if is_item:
            yield what
        elif what is None:
            return
        else:
            raise what
