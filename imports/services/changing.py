"""What lines change in the register, old → new; before they are applied, and after."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from accounts.models import User
from areas.models import Area
from audit.services import record
from households.models import Household
from households.workflow import Sex
from imports.apply.chunks import context_of, lines_with_keys, plan_lines
from imports.apply.plan import Plan
from imports.apply.tables import HOUSEHOLDS, MEMBERS
from imports.apply.writing import open_image
from imports.models import ImportBatch, ImportChange, ImportRow
from imports.services.closing import closed_to
from imports.services.grid import who
from imports.services.masking import masked
from imports.services.parts import place_of
from imports.workflow import Kind

KEPT = "W_REGISTER_KEPT"
_OF_PERSON = (
    *("title", "first_name", "last_name", "birth_date", "birth_year", "sex", "relation"),
    *("citizen_id", "household_id", "is_head"),
)
_OF_HOUSE = ("area_id", "house_no", "village_name", "soi", "road", "lat", "lon", "phone")
_SAID_WITHOUT_VALUE = {
    "household_id": "ย้ายมาอยู่บ้านหลังนี้",
    "is_head": "เป็นหัวหน้าครัวเรือน",
    "citizen_id": "เติมเลขประจำตัวประชาชน",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One value of the register, before and after. `said` stands alone where values may not."""

    label: str
    old: str
    new: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """What one line changes, or what the register keeps of it."""

    row: int
    place: str
    who: str
    household_id: uuid.UUID | None
    changes: tuple[Change, ...]
    kept: tuple[str, ...]


def show_changes(
    batch: ImportBatch, rows: Sequence[ImportRow], *, by: User, at: datetime
) -> list[Changed]:
    """Return what the lines change. A fixed number of queries, one audit event."""
    if not rows:
        return []
    record(
        event="import.changes-read",
        subject=batch,
        area=batch.area_code,
        by=by,
        at=at,
        detail={"first": rows[0].row, "last": rows[-1].row, "rows": len(rows)},
    )
    closed = closed_to(by, batch=batch, rows=rows)
    shown = [row for row in rows if row.household_id not in closed.homes]
    pending = [row for row in shown if not row.is_applied]
    planned = _planned(batch, pending, at) if pending else {}
    written = _written(batch, [row for row in shown if row.is_applied])
    kept = _kept(batch, shown)
    return [
        Changed(
            row=row.row,
            place=place_of(batch, row.row),
            who=who(closed.payload_of(row)["normalised"]),
            household_id=closed.home_of(row),
            changes=tuple(_shown((written if row.is_applied else planned).get(row.row, []))),
            kept=tuple(kept.get(row.row, [])),
        )
        for row in rows
    ]


Pair = tuple[str, str, Any, Any]
"""Label, column, before, after."""


def _planned(batch: ImportBatch, rows: Sequence[ImportRow], at: datetime) -> dict[int, list[Pair]]:
    """Compute what the households of these lines become, as applying them would."""
    lines = lines_with_keys(batch, [row.house_key for row in rows])
    plan = plan_lines(lines, context_of(batch, by_id=batch.uploaded_by_id, at=at), lock=False)
    wanted = {row.row for row in rows}
    hidden = _protected(outcome.household_id for outcome in plan.outcomes)
    found: dict[int, list[Pair]] = {}
    told: set[uuid.UUID] = set()
    for outcome in plan.outcomes:
        pairs: list[Pair] = []
        home = outcome.household_id
        if home in hidden:
            continue
        if home is not None and home not in told and outcome.line.row in wanted:
            told.add(home)
            pairs += _pairs_of_plan(plan, HOUSEHOLDS.name, home)
        if outcome.member is not None:
            pairs += _pairs_of_plan(plan, MEMBERS.name, outcome.member["id"])
        found[outcome.line.row] = pairs
    return found


def _pairs_of_plan(plan: Plan, table: str, pk: uuid.UUID) -> list[Pair]:
    new, old = plan.updates[table].get(pk, {}), plan.before[table].get(pk, {})
    return _pairs(table, {column: (old.get(column), value) for column, value in new.items()})


def _written(batch: ImportBatch, rows: Sequence[ImportRow]) -> dict[int, list[Pair]]:
    """Open the before-images of what these lines changed."""
    keys = {str(key) for row in rows for key in (row.household_id, row.member_id) if key}
    updates = batch.changes.filter(pk_value__in=keys, kind=Kind.UPDATE)
    hidden = _protected(row.household_id for row in rows)
    images: dict[str, list[Pair]] = defaultdict(list)
    for change in updates.filter(table__in=[HOUSEHOLDS.name, MEMBERS.name]).order_by("pk"):
        images[change.pk_value] += _image(change)
    return {
        row.row: [
            *(images.pop(str(row.household_id), []) if row.household_id else []),
            *(images.get(str(row.member_id), []) if row.member_id else []),
        ]
        for row in rows
        if row.household_id not in hidden
    }


def _protected(households: Iterable[uuid.UUID | None]) -> set[uuid.UUID]:
    """Return those that must not be found: a list's bringer is not told what is known of them."""
    found = Household.objects.filter(is_protected=True, pk__in={pk for pk in households if pk})
    return set(found.values_list("pk", flat=True))


def _image(change: ImportChange) -> list[Pair]:
    return _pairs(change.table, {c: (pair[0], pair[1]) for c, pair in open_image(change).items()})


def _pairs(table: str, values: Mapping[str, tuple[Any, Any]]) -> list[Pair]:
    known, model = (_OF_HOUSE, HOUSEHOLDS) if table == HOUSEHOLDS.name else (_OF_PERSON, MEMBERS)
    return [(model.label_of(c), c, *values[c]) for c in known if c in values]


def _kept(batch: ImportBatch, rows: Sequence[ImportRow]) -> dict[int, list[str]]:
    """Return the labels of values that the register keeps, whatever the lines say."""
    labels = {c: MEMBERS.label_of(c) for c in _OF_PERSON} | {
        c.removesuffix("_id"): HOUSEHOLDS.label_of(c) for c in _OF_HOUSE
    }
    found: dict[int, list[str]] = defaultdict(list)
    issues = batch.issues.filter(code=KEPT, row__in=[row.row for row in rows])
    for row, column in issues.order_by("row", "pk").values_list("row", "column"):
        found[row].append(labels.get(column, "ค่าในทะเบียน"))
    return found


# ---- in words ---------------------------------------------------------------------------
def _shown(pairs: Iterable[Pair]) -> list[Change]:
    pairs = list(pairs)
    areas = Area.objects.in_bulk(
        {str(value) for _, column, *both in pairs if column == "area_id" for value in both if value}
    )
    return [
        Change(
            label,
            _text(column, old, areas),
            _text(column, new, areas),
            _SAID_WITHOUT_VALUE.get(column, ""),
        )
        for label, column, old, new in pairs
    ]


def _text(column: str, value: Any, areas: Mapping[str, Area]) -> str:
    if value is None or value == "" or column in _SAID_WITHOUT_VALUE:
        return ""
    if column == "area_id":
        return str(areas.get(str(value), value))
    if column == "sex":
        return Sex(value).label
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return masked(str(value), column)
