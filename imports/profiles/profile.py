"""What a kind of list is (Profile), and which of its columns stands where (Mapping)."""

from collections.abc import Mapping as MappingABC
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from imports.profiles.columns import COLUMNS, Column


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """One column of the workbook offered for download, with what stands beside its header."""

    header: str
    column: str
    explanation: str
    example: str
    is_required: bool = False


class Unit(StrEnum):
    """What one line of a list is about."""

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
    `year_column` must agree with the year that the uploader named.
    `blank_dimension` is what an empty dimension cell means where the column exists.
    `x_means` is what the letter x means in a yes-or-no cell; None means nobody knows.
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
        names = ", ".join(" หรือ ".join(labels(group)) for group in missing)
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


def labels(names: Sequence[str]) -> list[str]:
    """Return the usual Thai headers of canonical columns."""
    return [column.label for column in map(_column, names)]


def _column(name: str) -> Column:
    return COLUMNS[name]
