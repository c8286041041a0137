"""New areas that a file names: each is confirmed once, then its lines go through."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from accounts.models import User
from areas.models import Area
from audit.services import record
from imports import permissions
from imports.apply import compare_again, learn
from imports.models import ImportBatch, ImportRow, RowIssue
from imports.services.holding import UnableToDecide, hold, reopen_undecided
from imports.verdicts import verdict_of_codes
from imports.workflow import Verdict

AREA_NEW = "H_AREA_NEW"


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
    if not proposed:
        return []
    known = Area.objects.in_bulk({code[:-2] for code in proposed} | set(proposed))
    waiting = batch.rows.filter(verdict=Verdict.HELD, codes__contains=[AREA_NEW])
    lines = list(waiting.values_list("area_code").annotate(lines=Count("pk")))
    return [
        NewArea(
            code=code,
            name=name,
            level=level,
            parent=known.get(code[:-2]),
            lines=sum(count for area, count in lines if area.startswith(code)),
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
    return confirm_areas(batch=batch, codes=[code], by=by, at=at)


@transaction.atomic
def confirm_areas(*, batch: ImportBatch, codes: Sequence[str], by: User, at: datetime) -> int:
    """Add new areas to the tree, parents first; return how many lines they let through.

    Either all of them or none. Raises PermissionDenied, UnableToMove and UnableToDecide.
    """
    permissions.check_can_manage(by, batch)
    for code in codes:
        permissions.check_can_learn_area(by, code)
    hold(batch, by=by, at=at)
    freed = [
        row
        for code in sorted(set(codes), key=lambda code: (len(code), code))
        for row in _learn(batch, code, by, at)
    ]
    keys = sorted({row.house_key for row in freed})
    compare_again(batch=batch, keys=keys, at=at)
    reopen_undecided(batch, keys)
    return len(freed)


def _learn(batch: ImportBatch, code: str, by: User, at: datetime) -> list[ImportRow]:
    area = next((area for area in new_areas(batch) if area.code == code), None)
    if area is None:
        raise UnableToDecide("ไม่มีพื้นที่ใหม่รหัสนี้ที่รอยืนยัน")
    if area.parent is None:
        raise UnableToDecide("ยืนยันพื้นที่ที่สังกัดก่อน")
    learn(batch, {code: area.name}, chunk=0)
    freed = _let_through(batch, code)
    record(
        event="area.learnt", subject=batch, by=by, at=at, area=code, detail={"lines": len(freed)}
    )
    return freed


def _let_through(batch: ImportBatch, code: str) -> list[ImportRow]:
    """Take the new-area code off the lines whose whole area is known now."""
    rows = batch.rows.filter(
        verdict=Verdict.HELD, codes__contains=[AREA_NEW], area_code__startswith=code
    ).order_by("row")
    known = set(Area.objects.filter(code__startswith=code[:2]).values_list("code", flat=True))
    changed = []
    for row in rows.only("batch_id", "row", "codes", "verdict", "area_code", "house_key"):
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
