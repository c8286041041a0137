"""One raw line of a list → one record in normal form with what was found on the way."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from operator import getitem, itemgetter
from typing import Any

from imports.normalise import codes, identity, times, values
from imports.normalise.areas import AreaDecision, AreaResolver
from imports.normalise.cells import (
    CellCache,
    Reader,
    guarded,
    is_blank,
    text_of,
    text_reader,
    tidy,
)
from imports.normalise.checks import (
    NameSplitter,
    age_findings,
    key_findings,
    name_findings,
    position_findings,
    sex_findings,
)
from imports.normalise.record import Record
from imports.profiles.column import Column, Holds
from imports.profiles.columns import COLUMNS
from imports.profiles.headers import header_key
from imports.profiles.profile import Mapping, Profile
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
# What these say decides where the line goes, so a word that nobody knows holds it.
_DECISIVE = frozenset({"dimension"})


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
        names, indexes = tuple(mapping.columns), tuple(mapping.columns.values())
        readers = tuple(
            _reader(
                COLUMNS[name],
                profile,
                today=today,
                expected_year_be=year_be if name == _year_column(mapping, profile) else None,
                is_check_strict=is_check_strict,
                one_is_problem=mapping.one_is_problem,
                one_is_passed=mapping.one_is_passed,
            )
            for name in names
        )
        self._names, self._indexes = names, indexes
        self._plan = tuple(zip(readers, indexes, strict=True))
        self._caches = tuple(CellCache(read, _CACHE_SIZE) for read in readers)
        self._pick = itemgetter(*indexes)
        self._splitter = NameSplitter(_CACHE_SIZE)
        self._width = max(indexes, default=-1) + 1
        self._nothing: dict[str, Any] = dict.fromkeys(
            (*profile.columns, *(name for name in profile.optional if name in mapping.columns))
        )
        self._header_keys = tuple(header_key(mapping.headers[index]) for index in indexes)
        self._unmapped = tuple(
            Finding(code, name)
            for name, code in (("citizen_id", "W_CID_MISSING"), ("house_code", "H_NO_HOUSE"))
            if name not in mapping.columns
        )

    def read(self, cells: Sequence[object], *, is_ragged: bool = False) -> Record:
        """Return the record of one line. Cells that are missing at its end are blank.

        `is_ragged` says that the line had another number of cells than its file.
        """
        if len(cells) < self._width:
            cells = [*cells, *[None] * (self._width - len(cells))]
        values, findings = self._outcomes(cells)
        read = self._nothing.copy()
        read.update(zip(self._names, values, strict=True))
        if read["citizen_id"] is None and read["house_code"] is None:
            skip = self._skip_code(cells)
            if skip:
                return Record(self._nothing.copy(), (Finding(skip),))
        found = [item for items in findings for item in items] if any(findings) else []
        found.extend(self._unmapped)
        if is_ragged:
            found.append(Finding("E_RAGGED"))
        return self._checked(read, found)

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
        found.extend(key_findings(read, found))
        found.extend(age_findings(read, year_be=self._year_be, today=self._today))
        found.extend(position_findings(read))
        area = _NO_AREA
        if self._areas and not any(item.code.startswith("E_AREA") for item in found):
            area = self._areas.resolve(read)
            found.extend(area.findings)
        found.extend(self._prefix_findings(read, area.code))
        return Record(read, tuple(found), area.code, area.new_areas)

    def _prefix_findings(self, read: dict[str, Any], area_code: str | None) -> list[Finding]:
        """Say if the house code is another province's; a refused area proves nothing."""
        code = area_code if self._areas else _first_code(read)
        house = read["house_code"]
        if house is None or code is None or house_code.fits_province(house, code[:2]):
            return []
        return [Finding("W_HC_PREFIX", "house_code", house)]

    def _skip_code(self, cells: Sequence[object]) -> str | None:
        """Return why a line without ID and house code is no person's line, if it is none."""
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


def _year_column(mapping: Mapping, profile: Profile) -> str:
    """Return the column that must agree with the year of the list."""
    return profile.year_column if profile.year_column in mapping.columns else "survey_year"


def _reader(
    column: Column,
    profile: Profile,
    *,
    today: date,
    expected_year_be: int | None,
    is_check_strict: bool,
    one_is_problem: bool,
    one_is_passed: bool,
) -> Reader:
    """Return the function that reads the cells of one column."""
    name, size, x_means = column.name, column.size, profile.x_means
    readers: dict[Holds, Callable[[], Reader]] = {
        Holds.CITIZEN_ID: lambda: identity.citizen_id_reader(name, is_check_strict=is_check_strict),
        Holds.HOUSE_CODE: lambda: identity.house_code_reader(name),
        Holds.HOUSE_NO: lambda: values.house_no_reader(name, size),
        Holds.PHONE: lambda: identity.phone_reader(name),
        Holds.YEAR: lambda: times.year_reader(name, expected_be=expected_year_be),
        Holds.BIRTH_DATE: lambda: times.date_reader(name, today=today, is_birth=True),
        Holds.DATE: lambda: times.date_reader(name, today=today, is_birth=False),
        Holds.TITLE: lambda: values.title_reader(name, size),
        Holds.TEXT: lambda: text_reader(name, size),
        Holds.PLACE: lambda: values.place_reader(name, size, column.level),
        Holds.AREA_CODE: lambda: values.area_code_reader(name, size),
        Holds.WHOLE: lambda: values.whole_reader(name, size),
        Holds.MOO: lambda: values.moo_reader(name),
        Holds.AMOUNT: lambda: values.amount_reader(name),
        Holds.DEGREES: lambda: values.degrees_reader(name),
        Holds.SEX: lambda: values.sex_reader(name),
        Holds.FLAG: lambda: values.flag_reader(name, x_means=x_means),
        Holds.DIMENSION: lambda: values.dimension_reader(
            name,
            one_is_problem=one_is_problem,
            blank=profile.blank_dimension,
            x_means=x_means,
        ),
        Holds.INDICATOR: lambda: values.indicator_reader(
            name, x_means=x_means, one_is_passed=one_is_passed
        ),
        Holds.CAPITAL: lambda: values.capital_reader(name),
        Holds.COUNT: lambda: codes.count_reader(name, size),
        Holds.CHOICE: lambda: codes.choice_reader(
            name, column.words, is_many=column.is_many, is_decisive=name in _DECISIVE
        ),
    }
    return guarded(name, readers[column.holds]())
