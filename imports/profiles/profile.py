"""What a kind of list is (Profile), and which of its columns stands where (Mapping)."""

from collections.abc import Mapping as MappingABC
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from imports.profiles.column import Column
from imports.profiles.columns import COLUMNS


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """One column of the workbook offered for download, with what stands beside its header.

    `allowed` are the values a cell may have, if they can be counted; other spellings that
    the reader knows are not offered.
    """

    header: str
    column: str
    explanation: str
    example: str
    is_required: bool = False
    allowed: tuple[str, ...] = ()


class Unit(StrEnum):
    """What one line of a list is about, and so which values its record carries.

    PERSON: who it is (citizen_id, title, first_name, last_name, birth_date, sex, …), where
    (house_code, household_seq, house_no, the area), and what the list says of the person.

    HOUSEHOLD: house_code or house_no; a name or ID on the line is that of the head, unless
    member_seq or relation says otherwise, and both may be missing. Of the household speak
    ind_1 … ind_38, dim_*, cap_human … cap_social (decimal strings), problem_health …
    problem_accessibility (one text for each dimension), or dimension (a code) with
    problem_text and need_text: then a household has a line for each dimension. A list of
    the vulnerable has target_group (codes with commas between, in the order of
    `words.GROUP_WORDS`), vulnerability_level 0 to 3, and numbers of small_children, elderly,
    disabled, bedridden.

    HELP: house_code or citizen_id, of which one may be None; dimension (a code or None),
    agency and activity (texts), help_kind and help_result (codes of a referral's help, or
    None), budget (a decimal string), help_date (YYYY-MM-DD), help_note, referral_number.
    Such a list has no area of its own.

    AREA: the columns of the area and counts (whole numbers from 0) under the names of
    `columns.FIGURE_COLUMNS`, with survey_year if the list has the years of a series. Where a
    line is one figure, figure_item and figure_unit name it and figure_value or
    household_count holds it.

    The record's `area_code` is a tambon or, with a moo, a village; of an AREA line it is the
    smallest area that the line names, so a district or a province too. It is None if the
    line names no area: then the house must be known, from another sheet or the register.
    """

    PERSON = "person"
    HOUSEHOLD = "household"
    HELP = "help"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of list, as data.

    A source may come in several shapes: each is a profile with a `key` of its own, the
    first of them with the source's name as its key. `unit` is what a line is about; the line
    of a household may name a person too. Sheets of a workbook are read together
    if the profile `joins_sheets`.
    `columns` are always in a record, `optional` ones only if the file carries them.
    `required` has groups of canonical columns: of each group the file needs at least one.
    `marks` are columns by which this kind of list is told from the others.
    `year_column` must agree with the year that the uploader named, unless the list
    `is_series` of years. `earlier_years` are columns whose year is never after it.
    `aliases` are headers that mean in this list something else than elsewhere.
    `implies` are values of columns that the file does not have, since being on the list says
    so. `blank_dimension` is what an empty dimension cell means where the column exists.
    `asks_polarity` says that in such lists 1 may mean either, so that a person must tell.
    `x_means` is what the letter x means in a yes-or-no cell; None means nobody knows.
    `sheet` is the name of its sheet in a workbook of several.
    """

    source: str
    label: str
    columns: tuple[str, ...]
    optional: tuple[str, ...]
    required: tuple[tuple[str, ...], ...]
    year_column: str
    template_name: str
    template: tuple[TemplateColumn, ...]
    key: str = ""
    unit: Unit = Unit.PERSON
    joins_sheets: bool = False
    marks: tuple[str, ...] = ()
    is_series: bool = False
    earlier_years: tuple[str, ...] = ()
    aliases: MappingABC[str, str] = field(default_factory=dict)
    implies: MappingABC[str, Any] = field(default_factory=dict)
    sheet: str = "ข้อมูล"
    asks_polarity: bool = False
    blank_dimension: bool | None = None
    x_means: bool | None = None

    def __post_init__(self) -> None:
        if not self.key:
            object.__setattr__(self, "key", self.source)

    @property
    def accepts(self) -> frozenset[str]:
        """Every canonical column that a file of this kind may carry."""
        return frozenset(self.columns + self.optional)


@dataclass(frozen=True, slots=True)
class Question:
    """Something about the columns that only a person can settle. `text` is Thai."""

    column: str
    indexes: tuple[int, ...]
    text: str


class UnableToMap(Exception):
    """The chosen columns cannot be used. The message is Thai."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which canonical column stands at which index of a line.

    `confidence` is the share of the file's named columns that are known, 0 to 1.
    `unknown` are columns that are read past, `duplicates` canonical columns that several
    headers claim, `missing` the groups of required columns of which none is there.
    `one_is_problem` is the polarity of the dimensions, `one_is_passed` of the indicators.
    """

    profile: str
    headers: tuple[str, ...]
    columns: MappingABC[str, int]
    one_is_problem: bool = True
    one_is_passed: bool = True
    confidence: float = 1.0
    unknown: tuple[int, ...] = ()
    duplicates: MappingABC[str, tuple[int, ...]] = field(default_factory=dict)
    missing: tuple[tuple[str, ...], ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Say whether lines can be read without asking anybody first."""
        return not (self.missing or self.duplicates or self.questions)

    def header_of(self, column: str) -> str:
        """Return the header as the file has it, or the usual one if the file has none."""
        index = self.columns.get(column)
        if index is not None and index < len(self.headers) and self.headers[index]:
            return self.headers[index]
        known = COLUMNS.get(column)
        return known.label if known else ""

    def to_json(self) -> dict[str, Any]:
        """Return what is kept of a confirmed mapping."""
        return {
            "profile": self.profile,
            "headers": list(self.headers),
            "columns": dict(self.columns),
            "one_is_problem": self.one_is_problem,
            "one_is_passed": self.one_is_passed,
        }

    @classmethod
    def from_json(cls, kept: MappingABC[str, Any]) -> Self:
        return cls(
            profile=kept["profile"],
            headers=tuple(kept["headers"]),
            columns=dict(kept["columns"]),
            one_is_problem=kept.get("one_is_problem", True),
            one_is_passed=kept.get("one_is_passed", True),
        )


def confirm(
    profile: Profile,
    headers: Sequence[str],
    columns: MappingABC[str, int],
    *,
    one_is_problem: bool = True,
    one_is_passed: bool = True,
) -> Mapping:
    """Return the mapping that a person chose.

    Raises UnableToMap for an unknown column, an index outside the file, one column of the
    file used twice, or a required column that is missing.
    """
    for name, index in columns.items():
        if name not in profile.accepts:
            raise UnableToMap(f"ไฟล์ประเภทนี้ไม่มีคอลัมน์ {name}")
        if not 0 <= index < len(headers):
            raise UnableToMap(f"ไม่มีคอลัมน์ที่ {index + 1} ในไฟล์")
    if len(set(columns.values())) != len(columns):
        raise UnableToMap("คอลัมน์หนึ่งของไฟล์ใช้ได้เพียงช่องเดียว")
    missing = missing_groups(profile, columns)
    if missing:
        names = ", ".join(one_of(group) for group in missing)
        raise UnableToMap(f"ยังขาดคอลัมน์: {names}")
    used = set(columns.values())
    named = [index for index, header in enumerate(headers) if header]
    return Mapping(
        profile=profile.key,
        headers=tuple(headers),
        columns=dict(columns),
        one_is_problem=one_is_problem,
        one_is_passed=one_is_passed,
        confidence=len(used) / len(named) if named else 0.0,
        unknown=tuple(index for index in named if index not in used),
    )


def missing_groups(profile: Profile, columns: MappingABC[str, int]) -> tuple[tuple[str, ...], ...]:
    """Return the required groups of which the file has no column."""
    return tuple(group for group in profile.required if not any(name in columns for name in group))


_NAMED_AT_MOST = 4


def one_of(group: Sequence[str]) -> str:
    """Return the usual headers of a required group as a person reads them; not all of many."""
    named = " หรือ ".join(labels(group[:_NAMED_AT_MOST]))
    more = len(group) - _NAMED_AT_MOST
    return f"{named} หรืออีก {more} คอลัมน์ในแบบฟอร์ม" if more > 0 else named


def labels(names: Sequence[str]) -> list[str]:
    """Return the usual Thai headers of canonical columns."""
    return [column.label for column in map(_column, names)]


def _column(name: str) -> Column:
    return COLUMNS[name]
