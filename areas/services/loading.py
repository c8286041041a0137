"""Writing the Area tree from lists, and telling the aggregation that something changed."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from django.db import transaction

from areas.models import CODE_LENGTH, Area, AreaChange, Level, Origin
from ppaos.lib.thai_text import clean, strip_area_prefix, to_ascii_digits

REFERENCE = Path(__file__).parent.parent / "reference" / "areas.csv"
LEVEL_OF_LENGTH = {length: level for level, length in CODE_LENGTH.items()}
BATCH = 2_000


class UnableToLoadAreas(Exception):
    """The list cannot be right. The message names the line and the cure."""


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One line of a list of areas. The level follows from the length of the code."""

    code: str
    name: str
    name_en: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def level(self) -> str:
        return LEVEL_OF_LENGTH[len(self.code)]


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did, in areas."""

    created: int
    changed: int
    unchanged: int


def mark_changed(*, area_codes: Iterable[str], year_be: int | None = None) -> None:
    """Note, in the caller's transaction, that counts of these areas are stale."""
    AreaChange.objects.bulk_create(
        AreaChange(area_id=code, year_be=year_be) for code in sorted(set(area_codes))
    )


def read_areas(stream: TextIO) -> Iterator[AreaRow]:
    """Yield the lines of a CSV with the columns `code`, `name_th`, perhaps `name_en`, `aliases`.

    Aliases are separated by `|`. Raises UnableToLoadAreas at the first line
    that cannot be an area.
    """
    table = csv.DictReader(stream)
    missing = {"code", "name_th"} - set(table.fieldnames or ())
    if missing:
        raise UnableToLoadAreas(f"ไฟล์ไม่มีคอลัมน์ {', '.join(sorted(missing))} ในบรรทัดหัวตาราง")
    for number, line in enumerate(table, start=2):
        code = to_ascii_digits((line["code"] or "").strip())
        if not (code.isascii() and code.isdigit() and len(code) in LEVEL_OF_LENGTH):
            raise UnableToLoadAreas(
                f"บรรทัด {number}: รหัส “{line['code']}” ต้องเป็นตัวเลข 2, 4, 6 หรือ 8 หลัก"
            )
        name = strip_area_prefix(clean(line["name_th"] or ""), LEVEL_OF_LENGTH[len(code)])
        if not name:
            raise UnableToLoadAreas(f"บรรทัด {number}: ไม่มีชื่อพื้นที่ของรหัส {code}")
        aliases = tuple(a for a in (line.get("aliases") or "").split("|") if a)
        yield AreaRow(code=code, name=name, name_en=line.get("name_en") or "", aliases=aliases)


@transaction.atomic
def load_areas(*, rows: Iterable[AreaRow]) -> LoadReport:
    """Bring the tree in line with an official list; safe to repeat.

    An area whose name changed keeps the old name as an alias; a learnt area
    becomes official. Areas that the list does not name stay as they are.

    Raises UnableToLoadAreas for a code that is listed twice or has no parent.
    """
    wanted = _by_code(rows)
    existing = {area.code: area for area in Area.objects.all()}
    _check_parents(wanted, existing.keys())
    new: list[Area] = []
    changed: list[Area] = []
    for code, row in sorted(wanted.items(), key=lambda item: (len(item[0]), item[0])):
        area = existing.get(code)
        if area is None:
            new.append(_new_area(row, Origin.OFFICIAL))
        elif _bring_in_line(area, row):
            changed.append(area)
    Area.objects.bulk_create(new, batch_size=BATCH)
    Area.objects.bulk_update(changed, ["name", "name_en", "aliases", "origin"], batch_size=BATCH)
    return LoadReport(
        created=len(new), changed=len(changed), unchanged=len(wanted) - len(new) - len(changed)
    )


def load_reference_areas() -> LoadReport:
    """Load what the product ships: 77 provinces, and some districts and subdistricts.

    Source: codes of กรมการปกครอง, as in the public boundary files of TPMAP.
    """
    with REFERENCE.open(encoding="utf-8", newline="") as stream:
        return load_areas(rows=read_areas(stream))


def learn_areas(*, rows: Iterable[AreaRow]) -> int:
    """Add areas that an import brought, code and name together; return how many were new.

    Known areas are left alone. Raises UnableToLoadAreas if a parent is unknown.
    """
    wanted = _by_code(rows)
    known = set(Area.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    parents = set(
        Area.objects.filter(pk__in={code[:-2] for code in wanted}).values_list("pk", flat=True)
    )
    fresh = {code: row for code, row in wanted.items() if code not in known}
    _check_parents(fresh, known | parents)
    ordered = sorted(fresh.values(), key=lambda row: (len(row.code), row.code))
    Area.objects.bulk_create(
        [_new_area(row, Origin.LEARNT) for row in ordered],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    return len(ordered)


def _by_code(rows: Iterable[AreaRow]) -> dict[str, AreaRow]:
    wanted: dict[str, AreaRow] = {}
    for row in rows:
        if row.code in wanted and wanted[row.code] != row:
            raise UnableToLoadAreas(f"รหัส {row.code} มีสองบรรทัดที่ไม่เหมือนกัน")
        wanted[row.code] = row
    return wanted


def _check_parents(wanted: dict[str, AreaRow], known: Iterable[str]) -> None:
    there = {*known, *wanted}
    for code in wanted:
        if len(code) > CODE_LENGTH[Level.PROVINCE] and code[:-2] not in there:
            raise UnableToLoadAreas(f"รหัส {code}: ไม่พบพื้นที่ที่สังกัด {code[:-2]} ให้เพิ่มบรรทัดนั้นก่อน")


def _new_area(row: AreaRow, origin: Origin) -> Area:
    return Area(
        code=row.code,
        level=row.level,
        parent_id=row.code[:-2] or None,
        name=row.name,
        name_en=row.name_en,
        aliases=list(row.aliases),
        origin=origin,
    )


def _bring_in_line(area: Area, row: AreaRow) -> bool:
    """Change `area` to what the list says; return whether anything changed."""
    aliases = list(dict.fromkeys([*area.aliases, *row.aliases]))
    if area.name != row.name and area.name not in aliases:
        aliases.append(area.name)
    after = (row.name, row.name_en or area.name_en, aliases, Origin.OFFICIAL.value)
    if (area.name, area.name_en, area.aliases, area.origin) == after:
        return False
    area.name, area.name_en, area.aliases, area.origin = after
    return True
