"""One raw line of a list → one record in normal form with what was found on the way."""

import re
from collections.abc import Sequence
from datetime import date
from operator import getitem, itemgetter
from typing import Any

from imports.normalise.areas import PLACE_COLUMNS, AreaDecision, AreaResolver, Place, place_of
from imports.normalise.cells import (
    CellCache,
    is_blank,
    text_of,
    tidy,
)
from imports.normalise.checks import (
    KEY_FINDINGS,
    NameSplitter,
    age_findings,
    name_findings,
    position_findings,
    sex_findings,
)
from imports.normalise.readers import readers_of
from imports.normalise.record import Record
from imports.profiles.headers import header_key
from imports.profiles.profile import Mapping, Profile, Unit
from imports.verdicts import Finding
from ppaos.lib import house_code

_CACHE_SIZE = 40_000
# Cells of these types can be looked up by equality; 1, 1.0 and True would be one key, and a
# marked cell would equal its text, so every other type is read without the cache.
_PLAIN_TYPES = frozenset({type(None), str, int, float})
_HEADER_CELLS = 3
_TOTALS = frozenset(
    {"รวม", "รวมทั้งหมด", "รวมทั้งสิ้น"}
    | {
        f"รวมทั้ง{level}"
        for level in ("ประเทศ", "ภาค", "จังหวัด", "อำเภอ", "เขต", "ตำบล", "แขวง", "หมู่บ้าน", "หมู่")
    }
)
_TOTAL_NOISE = re.compile(r"[\s:]+")
_NUMBER = re.compile(r"[0-9.,\-/ ]+")
_NO_AREA = AreaDecision(None)
# What is said of every line of a list that does not have the column at all.
_UNMAPPED: dict[Unit, dict[str, str]] = {
    Unit.PERSON: {"citizen_id": "W_CID_MISSING", "house_code": "H_NO_HOUSE"},
    Unit.HOUSEHOLD: {"house_code": "H_NO_HOUSE"},
    Unit.HELP: {},
    Unit.AREA: {},
}


class Normaliser:
    """Reads the lines of one file under one mapping.

    `today` bounds birth dates. `year_be` is the list's own year: another year in a line is
    held. `is_check_strict` False turns a wrong check digit into a warning. With `areas`
    each line's area is decided too.
    """

    def __init__(
        self,
        mapping: Mapping,
        profile: Profile,
        *,
        today: date,
        year_be: int | None = None,
        is_check_strict: bool = True,
        areas: AreaResolver | None = None,
    ) -> None:
        self._mapping = mapping
        self._today = today
        self._year_be = year_be
        self._areas = areas
        self._unit = profile.unit
        self._is_area = profile.unit is Unit.AREA
        names, indexes = tuple(mapping.columns), tuple(mapping.columns.values())
        readers = readers_of(
            mapping, profile, today=today, year_be=year_be, is_check_strict=is_check_strict
        )
        self._names, self._indexes = names, indexes
        self._plan = tuple(zip(readers, indexes, strict=True))
        self._caches = tuple(CellCache(read, _CACHE_SIZE) for read in readers)
        self._pick = itemgetter(*indexes)
        self._splitter = NameSplitter(_CACHE_SIZE)
        self._width = max(indexes, default=-1) + 1
        self._blank: dict[str, Any] = dict.fromkeys(
            (*profile.columns, *(name for name in profile.optional if name in mapping.columns))
        )
        said = {name: value for name, value in profile.implies.items() if name not in names}
        self._nothing = self._blank | said
        self._header_keys = tuple(header_key(mapping.headers[index]) for index in indexes)
        self._unmapped = tuple(
            Finding(code, name)
            for name, code in _UNMAPPED[profile.unit].items()
            if name not in mapping.columns
        )
        self._key_findings = KEY_FINDINGS[profile.unit]
        # A line whose house is known from elsewhere need not say where it stands.
        self._must_say_where = any("tambon_name" in group for group in profile.required)

    def read(self, cells: Sequence[object], *, is_ragged: bool = False) -> Record:
        """Return the record of one line. Cells that are missing at its end are blank.

        `is_ragged` says that the line had another number of cells than its file.
        """
        if len(cells) < self._width:
            cells = [*cells, *[None] * (self._width - len(cells))]
        values, findings = self._outcomes(cells)
        read = self._nothing.copy()
        read.update(zip(self._names, values, strict=True))
        if self._is_area or (read["citizen_id"] is None and read["house_code"] is None):
            skip = self._skip_code(cells)
            if skip:
                return Record(self._blank.copy(), (Finding(skip),), unit=self._unit)
        found = [item for items in findings for item in items] if any(findings) else []
        found.extend(self._unmapped)
        if is_ragged:
            found.append(Finding("E_RAGGED"))
        return self._figures(read, found) if self._is_area else self._checked(read, found)

    def _outcomes(
        self, cells: Sequence[object]
    ) -> tuple[tuple[Any, ...], tuple[tuple[Finding, ...], ...]]:
        """Return the values and the findings of the mapped columns, in their order."""
        if _PLAIN_TYPES.issuperset(map(type, cells)):
            # All in C for cells that were seen before: this line is where the time goes.
            outcomes = list(map(getitem, self._caches, self._pick(cells)))
        else:
            outcomes = [read(cells[index]) for read, index in self._plan]
        return tuple(zip(*outcomes, strict=True))  # type: ignore[return-value]

    def _checked(self, read: dict[str, Any], found: list[Finding]) -> Record:
        """Compare the cells of one line with each other, and find its area."""
        found.extend(name_findings(read, self._splitter))
        found.extend(sex_findings(read))
        found.extend(self._key_findings(read, found))
        found.extend(age_findings(read, year_be=self._year_be, today=self._today))
        found.extend(position_findings(read))
        area = _NO_AREA
        if (
            self._areas
            and not any(item.code.startswith("E_AREA") for item in found)
            and (self._must_say_where or _says_where(read))
        ):
            area = self._areas.resolve(read)
            found.extend(area.findings)
        found.extend(self._prefix_findings(read, area.code))
        return Record(read, tuple(found), area.code, area.new_areas, self._unit)

    def place_of(self, values: dict[str, Any]) -> Place | None:
        """Return all that a line says of its area; None if nobody needs to know that."""
        if self._areas and (self._must_say_where or _says_where(values)):
            return place_of(values)
        return None

    def decide(self, place: Place) -> AreaDecision:
        """Return what the areas of today make of such a place."""
        assert self._areas is not None
        return self._areas.resolve(dict(zip(PLACE_COLUMNS, place, strict=True)))

    def _figures(self, read: dict[str, Any], found: list[Finding]) -> Record:
        """Find the area of a line of counts: a district or a province too."""
        area = _NO_AREA
        if self._areas and not any(item.code.startswith("E_AREA") for item in found):
            area = self._areas.resolve_any(read)
            found.extend(area.findings)
        return Record(read, tuple(found), area.code, area.new_areas, self._unit)

    def _prefix_findings(self, read: dict[str, Any], area_code: str | None) -> list[Finding]:
        """Say if the house code is another province's; a refused area proves nothing."""
        code = area_code if self._areas else _first_code(read)
        house = read["house_code"]
        if house is None or code is None or house_code.fits_province(house, code[:2]):
            return []
        return [Finding("W_HC_PREFIX", "house_code", house)]

    def _skip_code(self, cells: Sequence[object]) -> str | None:
        """Return why a line without ID and house code says nothing of its own, if it does not."""
        if all(is_blank(cell) for cell in cells):
            return "S_BLANK"
        if _first_text(cells) in _TOTALS and not any(
            _has_digit(cells[self._mapping.columns[name]])
            for name in ("citizen_id", "house_code")
            if name in self._mapping.columns
        ):
            return "S_TOTAL"
        same = sum(
            bool(key) and header_key(cells[index]) == key
            for key, index in zip(self._header_keys, self._indexes, strict=True)
        )
        return "S_HEADER" if same >= _HEADER_CELLS else None


def _first_text(cells: Sequence[object]) -> str:
    """Return the line's first text that is no number, without spaces and colons."""
    for cell in cells:
        text = tidy(cell)
        if text and not _NUMBER.fullmatch(text):
            return _TOTAL_NOISE.sub("", text)
    return ""


def _has_digit(cell: object) -> bool:
    return any(character.isdigit() for character in text_of(cell))


def _first_code(read: dict[str, Any]) -> str | None:
    codes = ("tambon_code", "village_code", "amphoe_code", "province_code")
    return next((read[code] for code in codes if read[code]), None)


def _says_where(read: dict[str, Any]) -> bool:
    return bool(read["tambon_name"] or read["tambon_code"] or read["village_code"])
