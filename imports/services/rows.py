"""Lines in doubt: accept, leave out, correct; one, or all that wait for the same reason."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from accounts.models import User
from areas.models import Area, Level
from audit.services import record
from imports.models import ImportBatch, ImportRow
from imports.services.closing import CLOSED, closed_to
from imports.services.duplicates import DUP_IN_FILE, check_choice
from imports.services.holding import UnableToDecide, hold, stamp_of
from imports.services.mending import Mended, Mending, cannot_be_right
from imports.services.parts import place_of
from imports.verdicts import severity_of
from imports.workflow import Decision, Severity, Verdict

SAFE_TO_ACCEPT = frozenset({"H_NO_HOUSE", "H_HOUSENO_DATE", "H_YEAR", "H_UNREADABLE"})
"""What may be let through for all lines at once: nothing about who is who, or where."""


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody does with one line: `values` go with a correction, the rest with accepting.

    `seen` is the stamp of the line as they saw it, None if nobody says.
    """

    decision: Decision
    values: Mapping[str, str] = field(default_factory=dict)
    member: uuid.UUID | None = None
    is_new_person: bool = False
    seen: str | None = None


def decide_row(
    *,
    batch: ImportBatch,
    row: int,
    decision: Decision,
    by: User,
    at: datetime,
    values: Mapping[str, str] | None = None,
    member: uuid.UUID | None = None,
    is_new_person: bool = False,
) -> ImportRow:
    """Accept a held line as it is, leave a line out, or correct cells of it.

    `values` is canonical column → text, read by the same rules as the file: the
    line may be held or rejected again, with its reason. Of a possible duplicate the
    person accepts who it is: `member` of the register, or `is_new_person`. A decision can be
    changed as long as the line is not in the register. Raises PermissionDenied,
    UnableToMove and UnableToDecide.
    """
    act = Act(decision, values or {}, member, is_new_person)
    refused = decide_rows(batch=batch, acts={row: act}, by=by, at=at)
    if refused:
        raise refused[row]
    return ImportRow.objects.get(batch=batch, row=row)


@transaction.atomic
def decide_rows(
    *, batch: ImportBatch, acts: Mapping[int, Act], by: User, at: datetime
) -> dict[int, UnableToDecide]:
    """Decide several lines at once; return why some were not, the others stand.

    Raises PermissionDenied, UnableToMove and UnableToDecide for the whole.
    """
    hold(batch, by=by, at=at)
    found = batch.rows.select_for_update(of=("self",)).filter(row__in=list(acts))
    lines = {line.row: line for line in found.order_by("row")}
    mending = Mending(batch, by, at)
    mended: list[Mended] = []
    keys: set[str] = set()
    closed = closed_to(by, batch=batch, rows=lines.values()).lines
    refused = {row: UnableToDecide(CLOSED) for row in closed}
    for row, act in acts.items():
        if row in closed:
            continue
        line = lines.get(row)
        before = line.house_key if line else ""
        try:
            keys |= _decide(mending, line, act, mended)
        except UnableToDecide as error:
            refused[row] = error
        else:
            keys.add(before)
    decided = [lines[row] for row in acts if row not in refused]
    if decided:
        mending.write(mended)
        mending.settle(keys | {line.house_key for line in decided})
    for line in decided:
        act = acts[line.row]
        record(
            event="import.row-decided",
            subject=batch,
            by=by,
            at=at,
            area=line.area_code,
            detail={
                "row": line.row,
                "decision": act.decision.value,
                "columns": sorted(act.values),
            },
        )
    return refused


def _decide(mending: Mending, line: ImportRow | None, act: Act, mended: list[Mended]) -> set[str]:
    """Do one act; return the households whose other lines it touches."""
    if line is None or not _may_be_decided(line):
        raise UnableToDecide("แถวนี้ไม่ได้รอการตัดสินใจ")
    if act.seen is not None and act.seen != stamp_of(line):
        raise UnableToDecide("มีผู้แก้แถวนี้หลังจากท่านเปิดหน้านี้ ดูค่าล่าสุดแล้วแก้อีกครั้ง")
    if act.decision is Decision.CORRECT:
        mended.append(mending.read(line, act.values))
    elif act.decision is Decision.REJECT:
        _leave_out(line, mending.by, mending.at)
    else:
        return _accept(
            mending.batch,
            line,
            mending.by,
            mending.at,
            member=act.member,
            is_new_person=act.is_new_person,
        )
    return set()


def _may_be_decided(line: ImportRow) -> bool:
    if line.is_applied:
        return False
    return line.verdict in (Verdict.HELD, Verdict.REJECTED) or bool(line.decision)


def _leave_out(line: ImportRow, by: User, at: datetime) -> None:
    line.verdict, line.action, line.household_action = Verdict.REJECTED, "", ""
    line.chosen_member, line.is_new_person = None, False
    line.decision, line.decided_by, line.decided_at = Decision.REJECT, by, at
    line.save()


def _accept(
    batch: ImportBatch,
    line: ImportRow,
    by: User,
    at: datetime,
    *,
    member: uuid.UUID | None,
    is_new_person: bool,
) -> set[str]:
    """Let a held line through; return the households whose other lines that touches."""
    if cannot_be_right(line):
        raise UnableToDecide("แถวนี้มีค่าที่นำเข้าไม่ได้ แก้ค่านั้นก่อน หรือเลือกไม่นำเข้า")
    _check_area(line)
    if member is not None or is_new_person:
        check_choice(batch, line, member=member, is_new_person=is_new_person, at=at)
    line.chosen_member_id, line.is_new_person = member, is_new_person
    line.verdict = Verdict.ACCEPTED
    line.decision, line.decided_by, line.decided_at = Decision.ACCEPT, by, at
    keys = _leave_out_twins(batch, line, by, at)
    line.save()
    return keys


def _check_area(line: ImportRow) -> None:
    if not line.area_code and not any(code[2:].startswith("AREA_") for code in line.codes):
        # Its household or its person is known from elsewhere, and so is where that is.
        return
    if not line.area_code or not Area.objects.filter(pk=line.area_code[:6]).exists():
        raise UnableToDecide("ยืนยันพื้นที่ใหม่ หรือแก้ตำบลของแถวนี้ก่อน")


def _leave_out_twins(batch: ImportBatch, line: ImportRow, by: User, at: datetime) -> set[str]:
    """Of two lines for one person the chosen one counts: leave the others out."""
    if line.citizen_index is None or DUP_IN_FILE not in line.codes:
        return set()
    twins = batch.rows.filter(citizen_index=line.citizen_index, verdict=Verdict.ACCEPTED).exclude(
        pk=line.pk
    )
    applied = twins.filter(is_applied=True).order_by("row").first()
    if applied is not None:
        raise UnableToDecide(
            f"{place_of(batch, applied.row)} เป็นบุคคลเดียวกันและอยู่ในทะเบียนแล้ว "
            "แก้เลขประจำตัวของแถวนี้ หรือเลือกไม่นำเข้า"
        )
    keys = set(twins.values_list("house_key", flat=True))
    twins.update(
        verdict=Verdict.REJECTED,
        action="",
        household_action="",
        decision=Decision.REJECT,
        decided_by=by,
        decided_at=at,
    )
    return keys


# ---- all lines of one reason ------------------------------------------------------------
def can_accept_all(code: str) -> bool:
    """Say whether all lines held for this reason may be let through at once."""
    return code in SAFE_TO_ACCEPT


@transaction.atomic
def decide_code(
    *,
    batch: ImportBatch,
    code: str,
    decision: Decision,
    by: User,
    at: datetime,
    limit: int = 5_000,
) -> int:
    """Accept or leave out the lines that wait for this one reason; return how many.

    A line that waits for another reason too is not accepted, nor one that names no area
    the tree knows. At most `limit` lines are accepted at once; the rest wait as before.
    Raises PermissionDenied, UnableToMove and UnableToDecide.
    """
    hold(batch, by=by, at=at)
    if decision is Decision.ACCEPT and not can_accept_all(code):
        raise UnableToDecide("เหตุนี้ต้องดูทีละแถว จึงยืนยันพร้อมกันไม่ได้")
    lines = batch.rows.to_mend(code=code).order_by("row")
    mending = Mending(batch, by, at)
    decided_by = {"decision": decision, "decided_by": by, "decided_at": at}
    if decision is Decision.REJECT:
        count = lines.update(verdict=Verdict.REJECTED, action="", household_action="", **decided_by)
        keys: set[str] = set()
    else:
        chosen = _only_for(code, batch, limit)
        keys = {key for _, key in chosen}
        count = batch.rows.filter(row__in=[row for row, _ in chosen]).update(
            verdict=Verdict.ACCEPTED, **decided_by
        )
    if not count:
        raise UnableToDecide("ไม่มีแถวที่ตัดสินพร้อมกันได้ ดูทีละแถว")
    mending.settle(keys)
    record(
        event="import.code-decided",
        subject=batch,
        by=by,
        at=at,
        area=batch.area_code,
        detail={"code": code, "decision": decision.value, "rows": count},
    )
    return count


def _only_for(code: str, batch: ImportBatch, limit: int) -> list[tuple[int, str]]:
    """Return row and household of held lines that have this reason and no other."""
    held = batch.rows.to_mend(code=code).filter(verdict=Verdict.HELD).order_by("row")
    found = held.values_list("row", "house_key", "area_code", "codes")
    known = set(Area.objects.filter(level=Level.SUBDISTRICT).values_list("pk", flat=True))
    return [
        (row, key)
        for row, key, area, codes in found[: 2 * limit]
        if area[:6] in known
        and all(each == code or severity_of(each) is not Severity.HOLD for each in codes)
    ][:limit]
