"""What the first lines of a file would become under a mapping, before anything is read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from areas.models import Area
from imports.models import ImportBatch
from imports.profiles.columns import COLUMNS, DIMENSION_COLUMNS, INDICATOR_COLUMNS
from imports.profiles.profile import Mapping
from imports.reading import Line
from imports.services.parts import Part
from imports.services.preparing import make_normaliser
from imports.services.showing import masked
from imports.verdicts import CATALOGUE, Rule, verdict
from ppaos.lib.buddhist_era import OFFSET, format_date
from ppaos.lib.citizen_id import mask

_SHOWN_APART = frozenset(
    {"title", "first_name", "last_name", "full_name", "citizen_id", "house_code", "house_no"}
    | {"moo", "birth_date", "tambon_name", "amphoe_name", "province_name", "province_code"}
    | {"amphoe_code", "tambon_code", "village_code", *DIMENSION_COLUMNS, *INDICATOR_COLUMNS}
)
_OTHERS = 6
_LEVELS = (8, 6, 4)


@dataclass(frozen=True, slots=True)
class Tried:
    """One line as it would be staged. IDs are masked; blank is unknown."""

    line: int
    name: str
    masked_id: str
    house: str
    area: str
    birth: str
    failed: tuple[str, ...]
    passed: tuple[str, ...]
    indicators_passed: int
    indicators_failed: int
    others: tuple[tuple[str, str], ...]
    verdict: str
    rules: tuple[Rule, ...]

    @property
    def has_indicators(self) -> bool:
        return bool(self.indicators_passed or self.indicators_failed)


def try_mapping(
    batch: ImportBatch, part: Part, mapping: Mapping, lines: Sequence[Line], *, at: datetime
) -> list[Tried]:
    """Return what these lines would become. Nothing is written; a few queries for the areas."""
    if not mapping.columns:
        return []
    normaliser = make_normaliser(batch, replace(part, mapping=mapping), at=at)
    read = [(line, normaliser.read(cells)) for line, cells in lines]
    places = _places([found.area_code for _, found in read if found.area_code])
    return [
        _tried(line, found.values, found.findings, places.get(found.area_code or "", ""))
        for line, found in read
    ]


def _places(codes: Sequence[str]) -> dict[str, str]:
    """Return code → the areas that are known under it, the smallest first. One query."""
    wanted = {code[:length] for code in codes for length in _LEVELS}
    names = {area.code: str(area) for area in Area.objects.filter(code__in=wanted)}
    return {
        code: " · ".join(names[part] for part in _above(code) if part in names) for code in codes
    }


def _above(code: str) -> list[str]:
    return list(dict.fromkeys(code[:length] for length in _LEVELS))


def _tried(line: int, values: dict[str, Any], findings: Sequence[Any], area: str) -> Tried:
    parts = (values.get(name) for name in ("title", "first_name", "last_name"))
    citizen_id = values.get("citizen_id") or ""
    dimensions = [(name, values.get(name)) for name in DIMENSION_COLUMNS]
    indicators = [values.get(name) for name in INDICATOR_COLUMNS]
    return Tried(
        line=line,
        name=" ".join(part for part in parts if part),
        masked_id=mask(citizen_id) if len(citizen_id) == 13 else masked(citizen_id),
        house=_house(values),
        area=area,
        birth=_birth(values.get("birth_date")),
        failed=tuple(COLUMNS[name].label for name, value in dimensions if value is True),
        passed=tuple(COLUMNS[name].label for name, value in dimensions if value is False),
        indicators_passed=indicators.count(1),
        indicators_failed=indicators.count(0),
        others=tuple(_others(values)),
        verdict=verdict(findings).value,
        rules=tuple(CATALOGUE[code] for code in dict.fromkeys(each.code for each in findings)),
    )


def _birth(value: str | None) -> str:
    """Return a birth date, or its year alone, in the Buddhist era."""
    if not value:
        return ""
    if len(value) == 4:
        return f"พ.ศ. {int(value) + OFFSET}"
    return format_date(date.fromisoformat(value))


def _house(values: dict[str, Any]) -> str:
    written = (
        ("รหัสบ้าน ", values.get("house_code")),
        ("เลขที่ ", values.get("house_no")),
        ("หมู่ ", values.get("moo")),
    )
    return " ".join(f"{label}{value}" for label, value in written if value is not None)


def _others(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Return a few more values under their labels: what lists of help or areas are about."""
    known = (
        (COLUMNS[name].label, _word(name, value))
        for name, value in values.items()
        if value is not None and name not in _SHOWN_APART and name in COLUMNS
    )
    return list(known)[:_OTHERS]


def _word(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "ใช่" if value else "ไม่ใช่"
    return masked(str(value), name)
