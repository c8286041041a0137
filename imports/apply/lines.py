"""One accepted line as the register sees it: typed values instead of the sheet's words."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import Any

from households.models import Household
from households.services import citizen_id_indexes
from households.workflow import Sex
from imports.models import open_values
from imports.profiles.columns import INDICATOR_COLUMNS
from imports.profiles.profile import Unit
from imports.workflow import part_number_of
from ppaos.lib.thai_text import name_key
from ppaos.orm import keyring
from problems.rules import DIMENSIONS, DimensionBits, PackedResults, pack_dimensions

_SEXES = {"ชาย": Sex.MALE.value, "หญิง": Sex.FEMALE.value}
_HOUSE_PLACE = "house_place"
NO_HOUSE = "~row "


@dataclass(slots=True)
class Line:
    """One line of the list: a person, a household, a help or the figures of an area.

    `passed` are the codes that somebody has looked at and let through. `chosen_member`
    and `is_new_person` are what somebody answered who was asked who this is.
    """

    row: int
    house_key: str
    area_code: str
    values: Mapping[str, Any]
    passed: frozenset[str]
    house_code: str | None
    house_seq: int
    citizen_id: str | None
    indexes: list[bytes]
    name_key: str
    birth_date: date | None
    birth_year: int | None
    dimensions: DimensionBits
    indicators: PackedResults
    notes: list[str] = field(default_factory=list)
    """Codes found against the register: a hold keeps the line out."""
    unit: Unit = Unit.PERSON
    chosen_member: uuid.UUID | None = None
    is_new_person: bool = False

    @property
    def names_someone(self) -> bool:
        return self.name_key != ""

    def text(self, column: str) -> str:
        value = self.values.get(column)
        return value if type(value) is str else str(value or "")


def house_key(values: Mapping[str, Any], *, area_code: str, row: int) -> str:
    """Return what puts lines of one household together: at most 24 characters.

    The house code and the household's number in it; without a code a keyed
    fingerprint of tambon, village and house number; without both the line itself.
    Lines that can name nobody are figures: those of one area are together.
    """
    if "citizen_id" not in values and area_code:
        return f"@{area_code}"
    if values.get("house_code"):
        return f"{values['house_code']}/{int(values.get('household_seq') or 1)}"
    if values.get("house_no"):
        place = f"{area_code}|{values['house_no']}"
        return "~" + keyring().index(place, purpose=_HOUSE_PLACE).hex()[:22]
    return f"{NO_HOUSE}{row}"


def area_of(values: Mapping[str, Any]) -> str:
    """Return the most precise area: the village if the village number is known, else the tambon."""
    village = str(values.get("village_code") or "")
    if len(village) == 8:
        return village
    tambon = str(values.get("tambon_code") or "")
    moo = values.get("moo")
    if len(tambon) == 6 and moo not in (None, "") and 0 < int(moo) <= 99:
        return f"{tambon}{int(moo):02d}"
    return tambon


LINE_COLUMNS = (
    "batch_id",
    "row",
    "house_key",
    "area_code",
    "codes",
    "decision",
    "chosen_member_id",
    "is_new_person",
    "sealed_payload",
    "sealed_in",
    "sealed_row",
)
"""What `lines_of` needs of each row, as RowQuerySet.with_sealed gives it.

Whole objects would cost as much as the opening.
"""


def lines_of(rows: Iterable[tuple[Any, ...]], units: Sequence[Unit] = ()) -> Iterator[Line]:
    """Open the payload of each row, given as LINE_COLUMNS; `units` are those of the parts."""
    for _, row, key, area_code, codes, decision, chosen, is_new, *sealed in rows:
        payload, sealed_in, sealed_row = sealed
        yield make_line(
            row=row,
            house_key=key,
            area_code=area_code,
            values=open_values(payload, batch_id=sealed_in, row=sealed_row),
            passed=frozenset(codes) if decision else frozenset(),
            unit=units[part_number_of(row)] if units else Unit.PERSON,
            chosen_member=chosen,
            is_new_person=is_new,
        )


def make_line(
    *,
    row: int,
    house_key: str,
    area_code: str,
    values: Mapping[str, Any],
    passed: frozenset[str] = frozenset(),
    unit: Unit = Unit.PERSON,
    chosen_member: uuid.UUID | None = None,
    is_new_person: bool = False,
) -> Line:
    citizen_id = values.get("citizen_id") or None
    born_on, born_in = _birth(values.get("birth_date"))
    return Line(
        row=row,
        house_key=house_key,
        area_code=area_code,
        values=values,
        passed=passed,
        house_code=values.get("house_code") or None,
        house_seq=int(values.get("household_seq") or 1),
        citizen_id=citizen_id,
        indexes=citizen_id_indexes(citizen_id) if citizen_id else [],
        name_key=name_key(f"{values.get('first_name') or ''} {values.get('last_name') or ''}"),
        birth_date=born_on,
        birth_year=born_in,
        dimensions=_dimensions(tuple(map(values.get, _DIMENSION_COLUMNS))),
        indicators=_indicators(values),
        unit=unit,
        chosen_member=chosen_member,
        is_new_person=is_new_person,
    )


_DIMENSION_COLUMNS = tuple(f"dim_{dimension.value}" for dimension in DIMENSIONS)


@lru_cache(maxsize=1_000)
def _dimensions(flags: tuple[bool | None, ...]) -> DimensionBits:
    """Pack the dimension columns: there are few combinations of them."""
    return pack_dimensions(dict(zip(DIMENSIONS, flags, strict=True)))


def _birth(text: Any) -> tuple[date | None, int | None]:
    """Read `YYYY-MM-DD` or `YYYY` (CE)."""
    if not text:
        return None, None
    if len(str(text)) == 4:
        return None, int(text)
    day = date.fromisoformat(str(text))
    return day, day.year


_indicator_values = itemgetter(*INDICATOR_COLUMNS)


def _indicators(values: Mapping[str, Any]) -> PackedResults:
    """Pack the indicator columns; the bits are those of problems.rules.pack."""
    try:
        return _packed(_indicator_values(values))
    except KeyError:
        # The shorter form, or none.
        return _packed(tuple(map(values.get, INDICATOR_COLUMNS)))


# Result → its digit among the known bits, and among the passed ones.
_KNOWN = {None: "0", 0: "1", 1: "1"}
_PASSED = {None: "0", 0: "0", 1: "1"}


def _packed(results: tuple[Any, ...]) -> PackedResults:
    """Read the results as two binary numbers, the first indicator as the lowest bit."""
    last_first = results[::-1]
    return PackedResults(
        int("".join(map(_KNOWN.__getitem__, last_first)), 2),
        int("".join(map(_PASSED.__getitem__, last_first)), 2),
    )


_WIDTHS = {
    name: getattr(Household._meta.get_field(name), "max_length", None)
    for name in ("house_no", "village_name", "soi", "road")
}


def household_values(lines: list[Line]) -> dict[str, Any]:
    """Return what these lines of one household say of it; what none says is left out.

    The first line that says something counts.
    """
    said: dict[str, Any] = {}
    for name in ("house_no", "village_name", "soi", "road"):
        for line in lines:
            if text := line.text(name):
                said[name] = text[: _WIDTHS[name]]
                break
    for line in lines:
        if line.values.get("lat") and line.values.get("lon"):
            said["lat"], said["lon"] = str(line.values["lat"]), str(line.values["lon"])
            break
    areas = [line.area_code for line in lines if line.area_code]
    if areas:
        said["area_id"] = max(areas, key=len)
    return said


def member_values(line: Line) -> dict[str, Any]:
    """Return what the line says of the person; a blank says nothing."""
    said: dict[str, Any] = {
        "title": line.text("title")[:40],
        "first_name": line.text("first_name")[:120],
        "last_name": line.text("last_name")[:120],
        "sex": _SEXES.get(line.text("sex"), ""),
        "relation": line.text("relation")[:60],
        "birth_date": line.birth_date,
        "birth_year": line.birth_year,
    }
    return {column: value for column, value in said.items() if value not in (None, "")}
