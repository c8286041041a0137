"""Lines beside whom they may be: people of the register, and other lines of the file."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from audit.services import record
from households.models import Member, SourceListing
from imports.apply.lines import LINE_COLUMNS, Line, lines_of
from imports.apply.matching import candidates
from imports.apply.register import load
from imports.models import ImportBatch, ImportRow
from imports.services.closing import closed_to
from imports.services.holding import UnableToDecide
from imports.services.parts import place_of
from imports.workflow import Verdict
from ppaos.lib.citizen_id import mask

POSSIBLE_DUP, DUP_IN_FILE = "H_POSSIBLE_DUP", "H_DUP_IN_FILE"
_SHOWN_PEOPLE = 5


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the register whom a line may mean. The ID is masked."""

    id: uuid.UUID
    household_id: uuid.UUID
    name: str
    birth: str
    house: str
    area: str
    masked_id: str
    listings: tuple[str, ...]
    has_same_id: bool


@dataclass(frozen=True, slots=True)
class Twin:
    """Another line of the file that names the same citizen ID."""

    row: int
    place: str
    verdict: str
    is_applied: bool
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Pair:
    """A line that waits, and all whom it may be."""

    row: int
    place: str
    codes: tuple[str, ...]
    values: Mapping[str, object]
    people: tuple[Person, ...]
    twins: tuple[Twin, ...]

    @property
    def can_be_new(self) -> bool:
        """Say whether this can be nobody of the register: an ID belongs to one person."""
        return not any(person.has_same_id for person in self.people)


def show_pairs(
    batch: ImportBatch, rows: Sequence[ImportRow], *, by: User, at: datetime
) -> list[Pair]:
    """Return the lines with whom they may be. A fixed number of queries, one audit event."""
    if not rows:
        return []
    record(
        event="import.duplicates-read",
        subject=batch,
        area=batch.area_code,
        by=by,
        at=at,
        detail={"first": rows[0].row, "last": rows[-1].row, "rows": len(rows)},
    )
    people = _people(batch, rows)
    twins = _twins(batch, rows, by)
    closed = closed_to(by, batch=batch, rows=rows)
    return [
        Pair(
            row=row.row,
            place=place_of(batch, row.row),
            codes=tuple(row.codes),
            values=closed.payload_of(row)["normalised"],
            people=tuple(people.get(row.row, [])) if POSSIBLE_DUP in row.codes else (),
            twins=tuple(twins.get(row.row, [])) if DUP_IN_FILE in row.codes else (),
        )
        for row in rows
    ]


def check_choice(
    batch: ImportBatch,
    row: ImportRow,
    *,
    member: uuid.UUID | None,
    is_new_person: bool,
    at: datetime,
) -> None:
    """Refuse an answer that cannot be: somebody who is not alike, or a new owner of an ID."""
    found = _people(batch, [row]).get(row.row, [])
    if member is not None and is_new_person:
        raise UnableToDecide("เลือกได้อย่างเดียว เป็นคนเดียวกันหรือคนละคน")
    if member is not None and member not in {person.id for person in found}:
        raise UnableToDecide("บุคคลที่เลือกไม่ได้อยู่ในรายการที่อาจเป็นคนเดียวกัน เปิดหน้านี้ใหม่แล้วเลือกอีกครั้ง")
    if is_new_person and any(person.has_same_id for person in found):
        raise UnableToDecide("เลขประจำตัวนี้เป็นของบุคคลในทะเบียนแล้ว แก้เลขในแถวนี้ก่อน หรือเลือกว่าเป็นคนเดียวกัน")


# ---- people of the register -----------------------------------------------------------
def _people(batch: ImportBatch, rows: Sequence[ImportRow]) -> dict[int, list[Person]]:
    chosen = batch.rows.filter(row__in=[row.row for row in rows]).order_by("row")
    lines = list(lines_of(chosen.with_sealed().values_list(*LINE_COLUMNS)))
    register = load(lines, source=batch.source, year_be=batch.year_be, lock=False)
    wanted: dict[int, list[uuid.UUID]] = {}
    for line in lines:
        home = register.by_code.get((line.house_code or "", line.house_seq))
        found = candidates(line, home["id"] if home else None, register)
        wanted[line.row] = found[:_SHOWN_PEOPLE]
    shown = _members(batch, {pk for found in wanted.values() for pk in found})
    listings = _listings(shown)
    return {
        line.row: [_person(shown[pk], line, listings[pk]) for pk in wanted[line.row] if pk in shown]
        for line in lines
    }


def _members(batch: ImportBatch, wanted: set[uuid.UUID]) -> dict[uuid.UUID, Member]:
    """Return those of the people who live where the import may touch; none who is protected."""
    found = Member.objects.filter(
        pk__in=wanted, left_on__isnull=True, household__is_protected=False
    )
    return {
        member.pk: member
        for member in found.select_related("household__area__parent")
        if member.household.area_id.startswith(tuple(batch.scope_codes))
    }


def _listings(members: Mapping[uuid.UUID, Member]) -> dict[uuid.UUID, list[str]]:
    said: dict[uuid.UUID, list[str]] = defaultdict(list)
    found = SourceListing.objects.filter(member__in=list(members)).order_by("year_be", "source")
    for listing in found:
        assert listing.member_id is not None
        said[listing.member_id].append(f"{listing.get_source_display()} {listing.year_be}")
    return said


def _person(member: Member, line: Line, listings: Sequence[str]) -> Person:
    household = member.household
    index = member.citizen_id_index
    parent = household.area.parent
    return Person(
        id=member.pk,
        household_id=household.pk,
        name=" ".join(filter(None, (member.title, member.first_name, member.last_name))),
        birth=member.birth_date.isoformat() if member.birth_date else str(member.birth_year or ""),
        house=household.house_no or "",
        area=f"{household.area} {parent}" if parent else str(household.area),
        masked_id=mask(member.citizen_id) if member.citizen_id else "",
        listings=tuple(listings),
        has_same_id=index is not None and bytes(index) in line.indexes,
    )


# ---- other lines of the file ----------------------------------------------------------
def _twins(batch: ImportBatch, rows: Sequence[ImportRow], by: User) -> dict[int, list[Twin]]:
    doubled = [row for row in rows if DUP_IN_FILE in row.codes and row.citizen_index is not None]
    if not doubled:
        return {}
    by_person: dict[bytes, list[ImportRow]] = defaultdict(list)
    same = batch.rows.filter(
        citizen_index__in=[row.citizen_index for row in doubled],
        verdict__in=[Verdict.ACCEPTED, Verdict.HELD],
    )
    others = list(same.order_by("row"))
    closed = closed_to(by, batch=batch, rows=others)
    for other in others:
        assert other.citizen_index is not None
        by_person[bytes(other.citizen_index)].append(other)
    return {
        row.row: [
            Twin(
                row=other.row,
                place=place_of(batch, other.row),
                verdict=other.verdict,
                is_applied=other.is_applied,
                values=closed.payload_of(other)["normalised"],
            )
            for other in by_person[bytes(row.citizen_index or b"")]
            if other.row != row.row
        ][:_SHOWN_PEOPLE]
        for row in doubled
    }
