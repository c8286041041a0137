"""One table of a file on the screen where somebody says what its columns hold."""

from dataclasses import dataclass, field

from django import forms

from imports.forms import MappingForm
from imports.profiles import PROFILES
from imports.profiles.columns import DIMENSION_COLUMNS, INDICATOR_COLUMNS
from imports.profiles.profile import Mapping, Profile, missing_groups, one_of
from imports.services.masking import masked
from imports.services.parts import Part
from imports.services.trying import Tried


@dataclass
class ShownPart:
    """One table of the file with its form, and what its first lines would become."""

    part: Part
    form: MappingForm
    chosen: Mapping
    samples: list[list[str]]
    tried: list[Tried] = field(default_factory=list)

    @property
    def profile(self) -> Profile:
        return PROFILES[self.chosen.profile]

    @property
    def percent(self) -> int:
        """Return the share of the named columns that are known."""
        named = sum(1 for header in self.chosen.headers if header)
        return round(100 * len(set(self.chosen.columns.values())) / named) if named else 0

    @property
    def columns(self) -> list[tuple[forms.BoundField, list[str]]]:
        by_index = {index: name for name, index in self.chosen.columns.items()}
        return [
            (
                self.form[f"column-{index}"],
                [
                    masked(line[index], by_index.get(index, ""))
                    for line in self.samples
                    if index < len(line)
                ],
            )
            for index in range(len(self.part.headers))
        ]

    @property
    def unknown(self) -> list[str]:
        used = set(self.chosen.columns.values())
        return [
            header
            for index, header in enumerate(self.part.headers)
            if index not in used and any(line[index : index + 1] != [""] for line in self.samples)
        ]

    @property
    def missing(self) -> list[str]:
        groups = missing_groups(self.profile, self.chosen.columns)
        return [one_of(group) for group in groups]

    @property
    def lacking(self) -> list[str]:
        """Return the columns of the list's own form that this file does not have."""
        return [
            column.header
            for column in self.profile.template
            if column.column not in self.chosen.columns
        ]

    @property
    def has_dimensions(self) -> bool:
        return any(name in self.chosen.columns for name in DIMENSION_COLUMNS)

    @property
    def has_indicators(self) -> bool:
        return any(name in self.chosen.columns for name in INDICATOR_COLUMNS)
