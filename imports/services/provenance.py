"""Where each value of a household came from: which list of which year, or which person.

Worked out from what is kept anyway: what each import added or changed (imports.models) and
the trail of acts (audit). Nothing is written for it, so nothing can be forgotten.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from uuid import UUID

from accounts.models import User
from audit.models import Event
from duplicates.models import MergeChange
from households.models import Household, Member, MemberMove
from imports.apply.writing import open_image
from imports.models import ImportAdded, ImportBatch, ImportChange

Columns = tuple[str, ...]

HOUSEHOLD_FIELDS: tuple[tuple[str, Columns], ...] = (
    ("รหัสบ้าน", ("house_code", "temporary_code", "seq")),
    ("ที่อยู่", ("house_no", "soi", "road", "village_name")),
    ("พื้นที่", ("area",)),
    ("พิกัด", ("lat", "lon")),
    ("โทรศัพท์", ("phone",)),
    ("ความยินยอม", ("consent", "consent_date")),
)
MEMBER_FIELDS: tuple[tuple[str, Columns], ...] = (
    ("ชื่อ", ("title", "first_name", "last_name")),
    ("เลขประจำตัว", ("citizen_id", "no_id_reason")),
    ("วันเกิด", ("birth_date", "birth_year")),
    ("เพศ", ("sex",)),
    ("ความสัมพันธ์", ("relation", "is_head")),
    ("สถานะในทะเบียนบ้าน", ("residence",)),
)

# Acts that wrote every value of what they were about. Others name their `fields`.
_REGISTERED = "household.registered"
_ADDED = ("member.added", "member.born")
_MOVED = "household.moved"
_PLACE = frozenset({"area", "house_no", "village_name", "soi", "road", "lat", "lon"})


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value came from. `batch` is the import, None for an act of a person."""

    what: str
    at: datetime | None
    by: str
    batch: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Write:
    """One writing of some columns of one row; None: of all of them."""

    at: datetime
    row: UUID
    columns: frozenset[str] | None
    origin: Origin


UNKNOWN = Origin("ไม่มีบันทึกที่มา", None, "")


@dataclass(frozen=True, slots=True)
class Known:
    """Fields of one row of the register, each with its origin."""

    row: Household | Member
    fields: list[tuple[str, Origin]]


def provenance_of(household: Household, members: Sequence[Member]) -> list[Known]:
    """Return where each value of the household and of these members came from; 7 queries."""
    rows = [household.pk, *(member.pk for member in members)]
    writes = sorted(
        chain(
            _added(household, rows),
            _changed(rows),
            _merged(household, rows),
            _joined(rows),
            _acted(household, members),
        ),
        key=lambda write: write.at,
    )
    known = [Known(household, _fields(household.pk, HOUSEHOLD_FIELDS, writes))]
    known += [Known(member, _fields(member.pk, MEMBER_FIELDS, writes)) for member in members]
    return known


def _fields(
    row: UUID, fields: Iterable[tuple[str, Columns]], writes: Sequence[_Write]
) -> list[tuple[str, Origin]]:
    own = [write for write in writes if write.row == row]
    return [(label, _latest(own, columns)) for label, columns in fields]


def _latest(own: Sequence[_Write], columns: Columns) -> Origin:
    """Return who wrote one of the columns last; `own` are in the order of time."""
    for write in reversed(own):
        if write.columns is None or not write.columns.isdisjoint(columns):
            return write.origin
    return UNKNOWN


# ---- lists ---------------------------------------------------------------------------
def _of(batch: ImportBatch) -> Origin:
    return Origin(
        what=f"บัญชี {batch}",
        at=batch.applied_at or batch.uploaded_at,
        by=batch.uploaded_by.name,
        batch=batch.pk,
    )


def _moment(batch: ImportBatch) -> datetime:
    return batch.applied_at or batch.uploaded_at


def _added(household: Household, rows: Sequence[UUID]) -> Iterable[_Write]:
    wanted = set(rows)
    notes = ImportAdded.objects.filter(household_key=household.pk, is_undone=False)
    for note in notes.select_related("batch__uploaded_by").order_by("pk"):
        for pk in note.pks:
            if pk in wanted:
                yield _Write(_moment(note.batch), pk, None, _of(note.batch))


def _changed(rows: Sequence[UUID]) -> Iterable[_Write]:
    notes = ImportChange.objects.filter(pk_value__in=[str(row) for row in rows], is_undone=False)
    for note in notes.select_related("batch__uploaded_by").order_by("pk"):
        columns = None if note.image is None else frozenset(map(_name, open_image(note)))
        yield _Write(_moment(note.batch), UUID(note.pk_value), columns, _of(note.batch))


def _name(column: str) -> str:
    """Name a column as people's acts name it: `area_id` is `area`."""
    return "area" if column == "area_id" else column


# ---- people --------------------------------------------------------------------------
def _merged(household: Household, rows: Sequence[UUID]) -> Iterable[_Write]:
    """Yield what merges into this household chose for its rows."""
    changes = MergeChange.objects.filter(
        merge__survivor=household,
        merge__undone_at__isnull=True,
        row__in=[str(row) for row in rows],
        columns__len__gte=1,
    )
    for change in changes.select_related("merge__merged_by").defer("before", "after"):
        merge = change.merge
        origin = Origin("รวมแฟ้มที่ซ้ำ", merge.merged_at, merge.merged_by.name)
        columns = frozenset(map(_name, change.columns))
        yield _Write(merge.merged_at, UUID(change.row), columns, origin)


def _joined(rows: Sequence[UUID]) -> Iterable[_Write]:
    """Yield who came here from another household: all of their row was brought along."""
    moves = MemberMove.objects.filter(member_after__in=rows, undone_at__isnull=True)
    for move in moves.select_related("recorded_by"):
        origin = Origin("ย้ายมาจากครัวเรือนอื่น", move.recorded_at, move.recorded_by.name)
        yield _Write(move.recorded_at, move.member_after_id, None, origin)


def _acted(household: Household, members: Sequence[Member]) -> Iterable[_Write]:
    events = list(
        Event.objects.filter(subject_id=str(household.pk))
        .exclude(event__in=("household.read", "assessment.answered"))
        .order_by("at", "pk")
    )
    found = {event.actor_id for event in events if event.actor_id}
    names = dict(User.objects.filter(pk__in=found).values_list("pk", "name"))
    for event in events:
        by = names.get(event.actor_id, event.actor) if event.actor_id else event.actor
        yield from _writes_of(event, household, members, by)


def _writes_of(
    event: Event, household: Household, members: Sequence[Member], by: str
) -> Iterable[_Write]:
    member = event.detail.get("member")
    row = UUID(member) if isinstance(member, str) else household.pk
    if event.event == _REGISTERED:
        origin = Origin("เพิ่มในพื้นที่", event.at, by)
        for pk in (household.pk, *(member.pk for member in members)):
            yield _Write(event.at, pk, None, origin)
    elif event.event == _MOVED:
        yield _Write(event.at, row, _PLACE, Origin("ย้ายที่อยู่", event.at, by))
    elif event.event in _ADDED and row != household.pk:
        yield _Write(event.at, row, None, Origin("เพิ่มสมาชิกในระบบ", event.at, by))
    elif fields := event.detail.get("fields"):
        origin = Origin("แก้ไขในระบบ", event.at, by)
        yield _Write(event.at, row, frozenset(map(_name, fields)), origin)
