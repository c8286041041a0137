"""Lines of a file → rows to be staged: checked, sealed, and as the register would see them.

Nothing here asks the database but for lines that are known, and those stand in an import that
is over: so a thread can prepare lines, on a connection of its own, while another writes.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

import orjson
from django.utils.timezone import localdate

from areas.models import Area
from areas.services import former_codes
from imports import reading
from imports.apply.known import Known, KnownRow
from imports.apply.lines import NO_HOUSE, Line, house_key, make_line
from imports.models import ImportBatch, seal_packed
from imports.normalise import (
    AreaDecision,
    AreaResolver,
    FileTracker,
    KnownArea,
    Normaliser,
    Record,
)
from imports.normalise.areas import Place
from imports.normalise.packing import pack_line, raw_bytes
from imports.normalise.tracker import DISMISSED, Prints, with_found
from imports.profiles.profile import Unit
from imports.services.parts import Part, row_of
from imports.verdicts import Finding, verdict
from imports.workflow import Verdict
from ppaos.orm import keyring

# A file that says more places than there are villages is read line by line the next time.
_MOST_PLACES = 100_000


class Prepared(NamedTuple):
    """One line, ready to be staged. `line` is made ahead if it was accepted."""

    row: int
    record: Record
    verdict: Verdict
    house_key: str
    payload: bytes
    citizen_index: bytes | None
    row_hash: bytes
    raw_hash: bytes
    prints: bytes | None
    line: Line | None

    def to_line(self) -> Line:
        """Return the line as the register sees it."""
        return self.line or _line(self.row, self.house_key, self.record)


class Repeated(NamedTuple):
    """One line that an applied import accepted word for word, and its cells as they travelled.

    Nothing of it is opened: it is taken as it was, or read like any other.
    """

    row: int
    known: KnownRow
    cells: bytes

    @property
    def house_key(self) -> str:
        return self.known.house_key

    @property
    def verdict(self) -> Verdict:
        return Verdict.ACCEPTED


class Preparer:
    """Checks and seals the lines of one part; remembers earlier lines to compare with."""

    def __init__(
        self, batch: ImportBatch, part: Part, tracker: FileTracker, *, normaliser: Normaliser
    ) -> None:
        self._batch_id = batch.pk
        self._number = part.number
        self._tracker = tracker
        self._normaliser = normaliser
        self._raw_key = keyring().index("key", purpose="import_raw_row")
        self._places: set[Place] = set()
        self._new_places: list[list[Any]] = []

    def trust(self, known: Known) -> None:
        """Let lines be known whose places are decided today as they were then."""
        for said, code, findings in known.told_places():
            place = tuple(said)
            decision = self._normaliser.decide(place)
            told = [list(finding) for finding in map(_told, decision.findings)]
            if (decision.code or "", told) == (code, findings) and not decision.new_areas:
                known.places.add(self._tracker.short_print(place))
                self._note_place(place, decision)

    def prepare(
        self, chunk: reading.Chunk, known: Known | None = None
    ) -> list[Prepared | Repeated]:
        """Prepare the lines of a chunk. With `known` it asks the database."""
        marks = [raw_hash(cells, self._raw_key) for cells in chunk.rows]
        found = known.fetch(marks) if known else {}
        noted = chunk.ragged | chunk.hidden | chunk.filled
        prepared: list[Prepared | Repeated] = []
        for line, cells, mark in zip(chunk.numbers, chunk.rows, marks, strict=True):
            row = row_of(self._number, line)
            told = found.get(mark) if found and line not in noted else None
            if known and told and self._is_as_then(told, known):
                prepared.append(self._repeated(row, told, cells))
                continue
            read = reading.cells_of(cells)
            record = (
                self._noted(line, read, chunk) if line in noted else self._normaliser.read(read)
            )
            prepared.append(self._prepared(row, record, read, mark))
        return prepared

    def complete(self, line: Repeated) -> Prepared:
        """Return a line as it reads today, which was compared with the others already."""
        cells = reading.cells_of(line.cells)
        record = self._normaliser.read(cells)
        return self._sealed(line.row, record, cells, line.known.raw_hash, line.known.prints)

    def new_places(self) -> list[list[Any]]:
        """Return what lines said of their areas since this was last asked."""
        # The same list goes on: another thread may add to it at this moment.
        count = len(self._new_places)
        places = self._new_places[:count]
        del self._new_places[:count]
        return places

    def _is_as_then(self, told: KnownRow, known: Known) -> bool:
        """Whether the line means what it meant, as far as its place and the register go."""
        prints = told.prints
        return (
            (not prints.place or prints.place in known.places)
            # What the register said of it then, it has to say anew.
            and prints.codes == self._codes_print(told.codes)
            and not told.house_key.startswith(NO_HOUSE)
        )

    def _codes_print(self, codes: Sequence[str]) -> int:
        return self._tracker.short_print(" ".join(codes)) if codes else 0

    def _repeated(self, row: int, told: KnownRow, cells: bytes) -> Prepared | Repeated:
        found = self._tracker.track_prints(row, told.prints)
        if not found:
            return Repeated(row, told, cells)
        read = reading.cells_of(cells)
        record = with_found(self._normaliser.read(read), found)
        return self._sealed(row, record, read, told.raw_hash, None)

    def _noted(self, line: int, cells: Sequence[Any], chunk: reading.Chunk) -> Record:
        """Read a line that is ragged, hidden and to be left out, or filled from a merged cell."""
        if line in chunk.hidden and cells:
            return self._normaliser.read(())._replace(findings=(Finding("S_HIDDEN"),))
        record = self._normaliser.read(cells, is_ragged=line in chunk.ragged)
        if line in chunk.filled:
            return record._replace(findings=(*record.findings, Finding("F_MERGED")))
        return record

    def _prepared(self, row: int, record: Record, cells: Sequence[Any], mark: bytes) -> Prepared:
        """Compare the line with those before it, and seal it."""
        if verdict(record.findings) in DISMISSED:
            return self._sealed(row, record, cells, mark, None)
        prints = self._tracker.prints_of(record, whole=row_hash(record.values))
        record = self._tracker.compare(row, record, prints)
        if record.unit is not Unit.PERSON or verdict(record.findings) in DISMISSED:
            return self._sealed(row, record, cells, mark, None)
        place = self._normaliser.place_of(record.values)
        codes = list(dict.fromkeys([finding.code for finding in record.findings]))
        if place is not None and place not in self._places:
            self._note_place(place, self._normaliser.decide(place))
        prints = prints._replace(
            place=0 if place is None else self._tracker.short_print(place),
            codes=self._codes_print(codes),
        )
        return self._sealed(row, record, cells, mark, prints)

    def _note_place(self, place: Place, decision: AreaDecision) -> None:
        if len(self._places) < _MOST_PLACES:
            self._places.add(place)
            findings = [list(_told(finding)) for finding in decision.findings]
            self._new_places.append([list(place), decision.code or "", findings])

    def _sealed(
        self, row: int, record: Record, cells: Sequence[Any], mark: bytes, prints: Prints | None
    ) -> Prepared:
        values, found = record.values, verdict(record.findings)
        key = house_key(values, area_code=record.area_code or "", row=row)
        plain = pack_line(raw_bytes(cells), values, notes_of(record))
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
            prints.pack() if prints else None,
            _line(row, key, record) if found is Verdict.ACCEPTED else None,
        )


def _told(finding: Finding) -> tuple[str, str, str, str]:
    return finding.code, finding.column, finding.raw_text, finding.detail


def make_tracker(sheets: Sequence[str | None]) -> FileTracker:
    """Return a tracker whose prints stay the same from file to file."""
    return FileTracker(sheets=sheets, key=keyring().index("key", purpose="import_prints"))


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


def raw_hash(raw: bytes, key: bytes) -> bytes:
    """Return the keyed fingerprint of a line as it was read, its cells as they travelled."""
    return blake2b(raw, digest_size=32, key=key).digest()


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
        former=former_codes(),
    )
    return Normaliser(
        part.mapping,
        part.profile,
        today=localdate(at),
        year_be=batch.year_be,
        is_check_strict=batch.options.get("is_check_strict", True),
        areas=areas,
    )
