"""Taking a merge back: both are again as they were, or later work says why that cannot be."""

from datetime import datetime
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import Count, F, Q

from accounts.models import User
from areas.services import mark_changed
from audit.services import record
from duplicates import permissions
from duplicates.models import Merge, MergeChange
from duplicates.services.errors import UnableToUnmerge
from duplicates.services.ledger import put_back, row_values
from duplicates.services.relinking import dependents
from duplicates.workflow import Act, Kind
from households.models import Household, Member
from households.services import share_protection

Rows = dict[type[models.Model], set[str]]


@transaction.atomic
def unmerge(*, merge: Merge, reason: str, by: User, at: datetime) -> None:
    """Restore both rows and all that was moved or changed.

    What was added to the survivor since stays with it. Raises PermissionDenied, and
    UnableToUnmerge with each reason if somebody was first, a value was changed since, or
    something new ties what would be parted.
    """
    permissions.check_can_merge(by, merge.survivor, merge.merged)
    keys = sorted({merge.survivor_id, merge.merged_id})
    list(Household.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    merge = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if merge.undone_at is not None:
        raise UnableToUnmerge("มีผู้แยกกลับไปแล้ว")
    if not reason.strip():
        raise UnableToUnmerge("ระบุเหตุผลที่แยกกลับ")
    places = set(Household.objects.filter(pk__in=keys).values_list("area_id", flat=True))
    changes = list(merge.changes.order_by("-number"))
    _check_later_merges(merge)
    found = _ties(changes, merge)
    found += _take_back(changes)
    if reasons := list(dict.fromkeys(found)):
        raise UnableToUnmerge("แยกกลับไม่ได้ เพราะมีงานทำต่อหลังจากรวมแล้ว", reasons=reasons)
    merge.undone_at, merge.undone_by, merge.undone_reason = at, by, reason.strip()
    merge.save(update_fields=["undone_at", "undone_by", "undone_reason"])
    _bump(merge, keys, at=at)
    homes = list(Household.objects.filter(pk__in=keys).order_by("pk"))
    if merge.kind == Kind.HOUSEHOLD:
        held = {household.pk: household for household in homes}
        # Who was hidden since the merge is not found again in the other's address.
        share_protection(of=held[merge.survivor_id], to=held[merge.merged_id], by=by, at=at)
    for household in homes:
        record(
            event="household.unmerged" if merge.kind == Kind.HOUSEHOLD else "member.unmerged",
            subject=household,
            by=by,
            at=at,
            area=household.area_id,
            reason=reason.strip(),
            detail={"merge": str(merge.pk)},
        )
    mark_changed(area_codes=places | {household.area_id for household in homes})


def _bump(merge: Merge, keys: list[UUID], *, at: datetime) -> None:
    Household.objects.filter(pk__in=keys).update(version=F("version") + 1, updated_at=at)
    people = [change.row for change in merge.changes.all() if change.table == _MEMBERS]
    Member.objects.filter(pk__in=people).update(version=F("version") + 1, updated_at=at)


_MEMBERS = Member._meta.db_table


def _check_later_merges(merge: Merge) -> None:
    """The last of several merges of one row is taken back first."""
    later = Merge.objects.standing().exclude(pk=merge.pk).filter(merged_at__gte=merge.merged_at)
    into = later.filter(merged=merge.survivor_id, kind=Kind.HOUSEHOLD)
    if into.exists():
        raise UnableToUnmerge("ครัวเรือนหลักถูกรวมเข้ากับอีกครัวเรือนหลังจากนั้น ให้แยกการรวมครั้งหลังก่อน")
    if merge.survivor_member_id and later.filter(merged_member=merge.survivor_member_id).exists():
        raise UnableToUnmerge("บุคคลหลักถูกรวมเข้ากับอีกรายหลังจากนั้น ให้แยกการรวมครั้งหลังก่อน")


def counts_of(merge: Merge) -> list[tuple[str, str, int]]:
    """Return what a merge did: table in words, act in words, how many rows."""
    rows = merge.changes.values_list("table", "act").annotate(rows=Count("pk")).order_by("table")
    return [
        (str(_model(table)._meta.verbose_name), str(Act(act).label), count)
        for table, act, count in rows
    ]


# ---- step by step back --------------------------------------------------------------
def _take_back(changes: list[MergeChange]) -> list[str]:
    """Undo each step, the last first; return why some cannot be undone."""
    reasons = []
    for change in changes:
        model = _model(change.table)
        if change.act == Act.ADDED:
            model._base_manager.filter(pk=change.row).delete()
        elif change.act != Act.KEPT:
            reasons += _restore(model, change)
    return reasons


def _restore(model: type[models.Model], change: MergeChange) -> list[str]:
    now_there = row_values(model, change.row, change.columns)
    label = str(model._meta.verbose_name)
    if now_there is None:
        return [f"{label}: รายการที่ย้ายมาถูกลบไปแล้ว"]
    if now_there != change.after:
        return [f"{label}: มีผู้แก้ไข{_columns(model, change.columns)}หลังจากรวม"]
    assert change.before is not None
    try:
        with transaction.atomic():
            put_back(model, change.row, change.columns, change.before)
    except IntegrityError:
        return [f"{label}: ค่าเดิมของ{_columns(model, change.columns)}มีรายการอื่นใช้อยู่"]
    return []


def _columns(model: type[models.Model], columns: list[str]) -> str:
    names = {field.column: str(field.verbose_name) for field in model._meta.concrete_fields}
    return " " + ", ".join(names.get(column, column) for column in columns[:3]) + " "


def _model(table: str) -> type[models.Model]:
    return next(
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.db_table == table
    )


# ---- what was tied together since -----------------------------------------------------
def _ties(changes: list[MergeChange], merge: Merge) -> list[str]:
    """Find rows made since that hang on a row which goes, and on the survivor which stays."""
    moved: Rows = {}
    for change in changes:
        if change.act == Act.MOVED:
            moved.setdefault(_model(change.table), set()).add(change.row)
    known = {(change.table, change.row) for change in changes}
    going = moved.get(Member, set()) | _people_of(moved.get(Household, set()))
    reasons = []
    for model, keys in moved.items():
        for other, column in dependents(model):
            for row in other._base_manager.filter(_points(other, column, keys)).order_by("pk"):
                if (other._meta.db_table, str(row.pk)) in known:
                    continue
                if _stays(row, merge, going):
                    reasons.append(f"{other._meta.verbose_name}: มีรายการใหม่ที่ผูกกับข้อมูลของทั้งสองราย")
    return reasons


def _people_of(households: set[str]) -> set[str]:
    """Return who is written down in what was merged into one of the two before, and goes along."""
    rows = Member.objects.filter(household__in=sorted(households))
    return {str(pk) for pk in rows.values_list("pk", flat=True)}


def _points(model: type[models.Model], column: str, keys: set[str]) -> Q:
    field = next(field for field in model._meta.concrete_fields if field.column == column)
    return Q(**{f"{field.name}__in": sorted(keys)})


def _stays(row: models.Model, merge: Merge, going: set[str]) -> bool:
    """Say whether the row also points at the survivor, or at a member who stays with it."""
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if value is None or field.related_model is None:
            continue
        if field.related_model is Household and value == merge.survivor_id:
            return True
        if field.related_model is Member and str(value) not in going:
            return True
    return False
