"""What people decide while a file waits: the columns, new areas, and lines in doubt."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from areas.models import Area
from audit.services import record
from imports import permissions
from imports.apply import compare_again, learn
from imports.apply.lines import house_key
from imports.models import ImportBatch, ImportRow, RowIssue, seal_payload
from imports.services.errors import UnableToStage
from imports.services.layouts import mapping_of
from imports.services.parts import part_of, parts_of
from imports.services.staging import citizen_index, make_normaliser, notes_of, row_hash
from imports.services.states import UnableToMove, move
from imports.services.uploading import STAGE_TASK
from imports.verdicts import CATALOGUE, severity_of, verdict, verdict_of_codes
from imports.workflow import Decision, State, Verdict
from jobs.services import enqueue

AREA_NEW = "H_AREA_NEW"
DUP_IN_FILE = "H_DUP_IN_FILE"


class UnableToDecide(Exception):
    """The decision cannot stand. The message is for the user; `fields` names what is wrong."""

    def __init__(self, message: str, *, fields: Mapping[str, list[str]] | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})


@transaction.atomic
def confirm_mapping(
    *,
    batch: ImportBatch,
    columns: Mapping[str, Any],
    by: User,
    at: datetime,
    one_is_problem: bool = True,
) -> None:
    """Say which column of the file holds what, and let the file be read.

    `columns` is canonical column → header as in the file, or its index from 0.
    Kept for later files with the same headers. Raises PermissionDenied, UnableToMove
    and UnableToDecide.
    """
    permissions.check_can_manage(by, batch)
    if batch.state != State.NEEDS_MAPPING:
        raise UnableToMove("ไฟล์นี้ไม่ได้รอจับคู่คอลัมน์")
    try:
        first, *others = parts_of(batch)
        mapping = mapping_of(first, columns, one_is_problem=one_is_problem)
    except UnableToStage as error:
        raise UnableToDecide(str(error)) from error
    move(
        batch,
        to=State.UPLOADED,
        mapping=[mapping.to_json(), *(part.guess.to_json() for part in others)],
        options={**batch.options, "is_mapping_confirmed": True},
    )
    enqueue(kind=STAGE_TASK, subject_id=batch.pk, by=by, at=at)
    record(
        event="import.mapped",
        subject=batch,
        area=batch.area_code,
        by=by,
        at=at,
        detail={"columns": dict(mapping.columns), "one_is_problem": one_is_problem},
    )


# ---- new areas ----------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class NewArea:
    """An area that lines name by code and name together, and nobody has confirmed."""

    code: str
    name: str
    level: str
    parent: Area | None
    lines: int


def new_areas(batch: ImportBatch) -> list[NewArea]:
    """Return what waits to be confirmed, parents first, with the lines that wait for each."""
    proposed: dict[str, list[str]] = batch.layout.get("new_areas", {})
    known = Area.objects.in_bulk({code[:-2] for code in proposed} | set(proposed))
    waiting = batch.rows.filter(verdict=Verdict.HELD, codes__contains=[AREA_NEW])
    return [
        NewArea(
            code=code,
            name=name,
            level=level,
            parent=known.get(code[:-2]),
            lines=waiting.filter(area_code__startswith=code).count(),
        )
        for code, (level, name) in sorted(proposed.items(), key=lambda item: len(item[0]))
        if code not in known
    ]


@transaction.atomic
def confirm_area(*, batch: ImportBatch, code: str, by: User, at: datetime) -> int:
    """Add a new area to the tree; return how many lines it let through.

    Raises PermissionDenied, UnableToMove, and UnableToDecide if nobody proposed the
    area or its parent is not confirmed yet.
    """
    permissions.check_can_manage(by, batch)
    permissions.check_can_learn_area(by, code)
    _hold(batch)
    area = next((area for area in new_areas(batch) if area.code == code), None)
    if area is None:
        raise UnableToDecide("ไม่มีพื้นที่ใหม่รหัสนี้ที่รอยืนยัน")
    if area.parent is None:
        raise UnableToDecide("ยืนยันพื้นที่ที่สังกัดก่อน")
    learn(batch, {code: area.name}, chunk=0)
    freed = _let_through(batch, code)
    compare_again(batch=batch, keys=[row.house_key for row in freed], at=at)
    record(
        event="area.learnt", subject=batch, by=by, at=at, area=code, detail={"lines": len(freed)}
    )
    return len(freed)


def _let_through(batch: ImportBatch, code: str) -> list[ImportRow]:
    """Take the new-area code off the lines whose whole area is known now."""
    rows = batch.rows.filter(
        verdict=Verdict.HELD, codes__contains=[AREA_NEW], area_code__startswith=code
    ).order_by("row")
    known = set(Area.objects.filter(code__startswith=code[:2]).values_list("code", flat=True))
    changed = []
    for row in rows:
        if row.area_code[:6] not in known:
            continue
        row.codes = [each for each in row.codes if each != AREA_NEW]
        row.verdict = verdict_of_codes(row.codes)
        changed.append(row)
    ImportRow.objects.bulk_update(changed, ["codes", "verdict"], batch_size=1_000)
    RowIssue.objects.filter(
        batch=batch, code=AREA_NEW, row__in=[row.row for row in changed]
    ).delete()
    return [row for row in changed if row.verdict == Verdict.ACCEPTED]


# ---- lines in doubt -----------------------------------------------------------------
@transaction.atomic
def decide_row(
    *,
    batch: ImportBatch,
    row: int,
    decision: Decision,
    by: User,
    at: datetime,
    values: Mapping[str, str] | None = None,
) -> ImportRow:
    """Accept a held line as it is, leave it out, or correct cells of it and accept it.

    `values` is canonical column → text, read by the same rules as the file. A
    decision can be changed while the file waits. Raises PermissionDenied,
    UnableToMove and UnableToDecide.
    """
    permissions.check_can_manage(by, batch)
    _hold(batch)
    line = batch.rows.select_for_update().filter(row=row).first()
    if line is None or not (line.verdict == Verdict.HELD or line.decision):
        raise UnableToDecide("แถวนี้ไม่ได้รอการตัดสินใจ")
    touched = {line.house_key}
    if decision is Decision.REJECT:
        line.verdict, line.action = Verdict.REJECTED, ""
    else:
        if decision is Decision.CORRECT:
            _correct(batch, line, values or {}, at)
        _check_area(line)
        line.verdict = Verdict.ACCEPTED
        touched |= _leave_out_twins(line, by, at)
    line.decision, line.decided_by, line.decided_at = decision, by, at
    line.save()
    touched.add(line.house_key)
    compare_again(batch=batch, keys=sorted(touched), at=at)
    record(
        event="import.row-decided",
        subject=batch,
        by=by,
        at=at,
        area=line.area_code,
        detail={"row": row, "decision": decision.value, "columns": sorted(values or {})},
    )
    line.refresh_from_db()
    return line


def _hold(batch: ImportBatch) -> None:
    """Lock the batch while it waits for people; refuse once it is on its way."""
    current = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    batch.state = current.state
    if current.state not in (State.STAGED, State.AWAITING_APPROVAL):
        raise UnableToMove("ตัดสินใจได้เฉพาะก่อนนำเข้า")


def _check_area(line: ImportRow) -> None:
    if not line.area_code or not Area.objects.filter(pk=line.area_code[:6]).exists():
        raise UnableToDecide("ยืนยันพื้นที่ใหม่ หรือแก้ตำบลของแถวนี้ก่อน")


def _leave_out_twins(line: ImportRow, by: User, at: datetime) -> set[str]:
    """Of two lines for one person the chosen one counts: leave the others out."""
    if line.citizen_index is None:
        return set()
    twins = ImportRow.objects.filter(
        batch_id=line.batch_id, citizen_index=line.citizen_index, verdict=Verdict.ACCEPTED
    ).exclude(pk=line.pk)
    keys = set(twins.values_list("house_key", flat=True))
    twins.update(
        verdict=Verdict.REJECTED,
        action="",
        decision=Decision.REJECT,
        decided_by=by,
        decided_at=at,
    )
    return keys


def _correct(batch: ImportBatch, line: ImportRow, values: Mapping[str, str], at: datetime) -> None:
    """Read the line again with the corrected cells. What is still impossible is refused."""
    part = part_of(batch, line.row)
    mapping = part.mapping
    assert mapping is not None
    unknown = {name: ["ไฟล์นี้ไม่มีคอลัมน์นี้"] for name in values if name not in mapping.columns}
    if unknown:
        raise UnableToDecide("มีคอลัมน์ที่ไฟล์นี้ไม่มี", fields=unknown)
    payload = line.open_payload()
    cells: list[str] = payload["raw"] + [""] * (len(mapping.headers) - len(payload["raw"]))
    for name, text in values.items():
        cells[mapping.columns[name]] = text
    read = make_normaliser(batch, part, at=at).read(cells)
    if verdict(read.findings) in (Verdict.REJECTED, Verdict.SKIPPED):
        wrong = [f for f in read.findings if severity_of(f.code).value == "error"]
        raise UnableToDecide(
            "ค่าที่แก้ยังใช้ไม่ได้",
            fields={f.column or "row": [CATALOGUE[f.code].reason] for f in wrong},
        )
    normalised, area = read.values, read.area_code or ""
    line.payload = seal_payload(
        {
            "raw": payload["raw"],
            "corrected": {**payload.get("corrected", {}), **values},
            "normalised": normalised,
            "notes": notes_of(read),
        },
        batch_id=batch.pk,
        row=line.row,
    )
    line.area_code = area
    line.house_key = house_key(normalised, area_code=area, row=line.row)
    citizen_id = normalised.get("citizen_id")
    line.citizen_index = citizen_index(citizen_id) if citizen_id else None
    line.row_hash = row_hash(normalised)
    line.codes = list(dict.fromkeys([*line.codes, *(f.code for f in read.findings)]))
