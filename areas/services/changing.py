"""What the ministry announces: a new name, a new code, a part that becomes an area of its own.

An area that got another code stays in the tree with the day it ended and what stands for it,
so that old lists are still understood. Who moves with it is the register's business.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from areas.models import Area, AreaFigure, Origin
from areas.services.loading import LEVEL_OF_LENGTH
from ppaos.lib.thai_text import clean, strip_area_prefix


class UnableToChangeAreas(Exception):
    """The change cannot be right. The message names the area and the cure."""


@dataclass(frozen=True, slots=True)
class Recode:
    """From a day on, `new` stands for `old`. Without a name it keeps the one it has."""

    old: str
    new: str
    name: str = ""


def whole_recode(changes: Sequence[Recode]) -> list[Recode]:
    """Add what lies inside a recoded area and is not named itself; larger areas first.

    Raises UnableToChangeAreas for a code that cannot be, or is named twice.
    """
    named = {change.old: change for change in changes}
    if len(named) != len(changes):
        raise UnableToChangeAreas("มีรหัสเดิมซ้ำกันในรายการ แก้ให้เหลือรหัสละบรรทัด")
    for change in changes:
        _check_codes(change)
    found = dict(named)
    for change in changes:
        inside = Area.objects.in_force().under([change.old]).exclude(pk=change.old)
        for code in inside.values_list("pk", flat=True):
            found.setdefault(code, Recode(code, change.new + code[len(change.old) :]))
    return sorted(found.values(), key=lambda change: (len(change.old), change.old))


def _check_codes(change: Recode) -> None:
    for code in (change.old, change.new):
        if not (code.isascii() and code.isdigit() and len(code) in LEVEL_OF_LENGTH):
            raise UnableToChangeAreas(f"รหัส “{code}” ต้องเป็นตัวเลข 2, 4, 6 หรือ 8 หลัก")
    if len(change.old) != len(change.new) or change.old == change.new:
        raise UnableToChangeAreas(
            f"{change.old} → {change.new}: รหัสใหม่ต้องเป็นระดับเดียวกันและไม่ใช่รหัสเดิม"
        )


@transaction.atomic
def supersede(*, changes: Sequence[Recode], on: date) -> list[Recode]:
    """Let new codes take the place of old ones; return all changes, inner areas included.

    Figures that lists published go along, where the new code has none of its own. Raises
    UnableToChangeAreas for an old code that is not in force, or a new one without a parent.
    """
    whole = whole_recode(changes)
    areas = {
        area.code: area
        for area in Area.objects.select_for_update().filter(
            pk__in=_all_codes(whole) | {change.new[:-2] for change in whole}
        )
    }
    for change in whole:
        old = areas.get(change.old)
        if old is None or old.valid_to is not None:
            raise UnableToChangeAreas(f"ไม่พบพื้นที่รหัส {change.old} ที่ใช้อยู่")
        new = areas.get(change.new)
        if new is None:
            parent = change.new[:-2]
            if parent and parent not in areas:
                raise UnableToChangeAreas(f"รหัส {change.new}: ไม่พบพื้นที่ที่สังกัด {parent} ให้เพิ่มก่อน")
            areas[change.new] = _create(old, change, on)
        elif new.valid_to is not None:
            raise UnableToChangeAreas(f"รหัส {change.new} เคยยกเลิกแล้ว ใช้เป็นรหัสใหม่ไม่ได้")
    for change in whole:
        Area.objects.filter(pk=change.old).update(valid_to=on, successor=change.new)
        if not AreaFigure.objects.filter(area=change.new).exists():
            AreaFigure.objects.filter(area=change.old).update(area=change.new)
    return whole


def _all_codes(changes: Iterable[Recode]) -> set[str]:
    return {code for change in changes for code in (change.old, change.new)}


def _create(old: Area, change: Recode, on: date) -> Area:
    name = strip_area_prefix(clean(change.name), old.level) or old.name
    former = [] if name == old.name else [old.name]
    return Area.objects.create(
        code=change.new,
        level=old.level,
        parent_id=change.new[:-2] or None,
        name=name,
        aliases=list(dict.fromkeys([*old.aliases, *former])),
        is_municipal=old.is_municipal,
        origin=Origin.OFFICIAL,
        valid_from=on,
    )


@transaction.atomic
def rename_area(*, area: Area, name: str) -> Area:
    """Give an area another name; the old one still finds it. Raises UnableToChangeAreas."""
    current = Area.objects.select_for_update().get(pk=area.pk)
    name = strip_area_prefix(clean(name), current.level)
    if not name or name == current.name:
        raise UnableToChangeAreas("ระบุชื่อใหม่ที่ต่างจากชื่อเดิม")
    current.aliases = [
        alias for alias in dict.fromkeys([*current.aliases, current.name]) if alias != name
    ]
    current.name = name
    current.save(update_fields=["name", "aliases"])
    return current
