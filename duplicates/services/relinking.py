"""Everything that points at a merged row shall point at the survivor.

Which tables point there is asked of the models, so a new app needs nothing here. Where
the survivor already has the like of a row, `ON_CLASH` says what happens; a table that is
not named there leaves its row where it is, with the merged household, and says so.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import models
from django.db.models import Max, Q

from duplicates.services.errors import UnableToMerge
from duplicates.services.ledger import Ledger
from households.models import Household, Member

OWN_APP = "duplicates"
STAYS = frozenset({"households.Exit.household_id", "households.Member.household_id"})
"""Exits tell the story of the merged row only; members are paired or moved one by one."""


class Rule(StrEnum):
    FOLD = "fold"
    """Both mean one thing: what hangs on the row goes to the survivor's, blanks are filled."""
    NUMBER = "number"
    """Both happened: the later one gets the next number."""
    CLOSE = "close"
    """Only one can be current: the merged one becomes past."""
    REFUSE = "refuse"
    """A person must decide before the merge."""


@dataclass(frozen=True, slots=True)
class Clash:
    """What to do, with which column, and which columns are filled from the folded row."""

    rule: Rule
    column: str = ""
    by: str = ""
    within: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()


ON_CLASH: dict[str, Clash] = {
    "households.SourceListing": Clash(
        Rule.FOLD,
        filled=(
            "bmn_year_be",
            "welfare_year_be",
            "is_mpi_poor",
            "is_registered",
            "has_welfare_card",
        ),
    ),
    "problems.Problem": Clash(Rule.FOLD),
    "slf.Assessment": Clash(
        Rule.NUMBER, column="round", by="assessed_on", within=("year_be", "period")
    ),
    "slf.LivelihoodProfile": Clash(Rule.CLOSE, column="superseded_at"),
    "plans.HouseholdPlan": Clash(Rule.CLOSE, column="superseded_at"),
    "referrals.Referral": Clash(Rule.REFUSE),
}
_NUMBERED = {"plans.HouseholdPlan": "number"}
"""Columns that count rows of a household: a row that moves gets the next free one."""

REFUSALS = {
    "referrals.Referral": "ทั้งสองครัวเรือนมีเรื่องส่งต่อปัญหาเดียวกันถึงหน่วยงานเดียวกันที่ยังไม่สิ้นสุด"
    " ({row}) ปิดหรือยกเลิกเรื่องหนึ่งก่อน แล้วรวมอีกครั้ง",
}


def dependents(model: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    """Yield each table that points at `model`, with the column; hidden relations too."""
    for field in model._meta.get_fields(include_hidden=True):
        if not field.auto_created or field.concrete or field.many_to_many:
            continue
        other = field.related_model
        assert isinstance(other, type)
        assert issubclass(other, models.Model)
        if other._meta.app_label != OWN_APP:
            yield other, str(field.field.column)  # type: ignore[union-attr]


def relink(
    ledger: Ledger, model: type[models.Model], *, of: object, to: object, at: datetime
) -> None:
    """Let every row that points at `of` point at `to`."""
    for other, column in dependents(model):
        if f"{other._meta.label}.{column}" in STAYS:
            continue
        for row in _pointing(other, column, of):
            if not ledger.has_kept(other, row.pk):
                _relink_row(ledger, other, row, column, to, at)


def name_anew(ledger: Ledger, *, of: Member, to: Member) -> None:
    """Let documents of the two households, such as answers by person, name `to` instead.

    Where a document speaks of both, what it says of `to` stands.
    """
    for model, column in dependents(Household):
        documents = [f for f in model._meta.concrete_fields if isinstance(f, models.JSONField)]
        rows = model._base_manager.filter(
            **{f"{_field_of(model, column).name}__in": [of.household_id, to.household_id]}
        )
        for document in documents:
            for key, value in rows.order_by("pk").values_list("pk", document.name):
                text = json.dumps(value, ensure_ascii=False)
                if str(of.pk) in text and str(to.pk) not in text:
                    renamed = text.replace(str(of.pk), str(to.pk))
                    ledger.change(model, key, {str(document.column): renamed})


def _pointing(model: type[models.Model], column: str, key: object) -> list[models.Model]:
    name = _field_of(model, column).name
    return list(model._base_manager.filter(**{name: key}).order_by("pk"))


def _field_of(model: type[models.Model], column: str) -> Any:
    return next(field for field in model._meta.concrete_fields if field.column == column)


def _relink_row(
    ledger: Ledger,
    model: type[models.Model],
    row: models.Model,
    column: str,
    to: object,
    at: datetime,
) -> None:
    values: dict[str, Any] = {column: to}
    label = model._meta.label
    if label in _NUMBERED:
        values[_NUMBERED[label]] = _next(
            model, {_field_of(model, column).name: to}, _NUMBERED[label]
        )
    if ledger.move(model, row.pk, values):
        return
    clash = ON_CLASH.get(label)
    partner = partner_of(model, row, column, to)
    if clash is None or partner is None:
        ledger.kept(model, row.pk)
    elif clash.rule is Rule.FOLD:
        fold(ledger, model, row, partner, clash, at=at)
    elif clash.rule is Rule.NUMBER:
        _number(ledger, model, row, partner, column, to, clash)
    elif clash.rule is Rule.CLOSE:
        if not ledger.move(model, row.pk, values | {clash.column: at}):
            ledger.kept(model, row.pk)
    else:
        raise UnableToMerge(REFUSALS[label].format(row=row))


def partner_of(
    model: type[models.Model], row: models.Model, column: str, to: object
) -> models.Model | None:
    """Return the row that is in the way: equal in what must be unique, once `row` has moved."""
    moving = _field_of(model, column).name
    for constraint in model._meta.constraints:
        if not isinstance(constraint, models.UniqueConstraint) or moving not in constraint.fields:
            continue
        same = {
            name: to if name == moving else getattr(row, model._meta.get_field(name).attname)  # type: ignore[union-attr]
            for name in constraint.fields
        }
        rows = model._base_manager.exclude(pk=row.pk)
        found = rows.filter(constraint.condition or Q(), **same).first()
        if found is not None:
            return found
    return None


def fold(
    ledger: Ledger,
    model: type[models.Model],
    row: models.Model,
    into: models.Model,
    clash: Clash,
    *,
    at: datetime,
) -> None:
    """Leave `row` behind, and hand what hangs on it, and what `into` lacks, to `into`."""
    relink(ledger, model, of=row.pk, to=into.pk, at=at)
    missing = {
        name: getattr(row, name)
        for name in clash.filled
        if getattr(into, name) is None and getattr(row, name) is not None
    }
    if missing:
        ledger.change(model, into.pk, missing)
    ledger.kept(model, row.pk)


def _number(
    ledger: Ledger,
    model: type[models.Model],
    row: models.Model,
    partner: models.Model,
    column: str,
    to: object,
    clash: Clash,
) -> None:
    group = {name: getattr(row, name) for name in clash.within}
    following = _next(model, group | {_field_of(model, column).name: to}, clash.column)
    earlier = getattr(row, clash.by) < getattr(partner, clash.by)
    if earlier:
        ledger.change(model, partner.pk, {clash.column: following})
        ledger.move(model, row.pk, {column: to})
    else:
        ledger.move(model, row.pk, {column: to, clash.column: following})


def _next(model: type[models.Model], group: dict[str, Any], number: str) -> int:
    highest = model._base_manager.filter(**group).aggregate(highest=Max(number))["highest"]
    return int(highest or 0) + 1
