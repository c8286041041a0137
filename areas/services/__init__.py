"""Writing the Area tree, and telling the aggregation that something changed."""

from areas.services.changing import (
    Recode,
    UnableToChangeAreas,
    rename_area,
    supersede,
    whole_recode,
)
from areas.services.finding import former_codes, present_code, subdistricts_named
from areas.services.loading import (
    LEVEL_OF_LENGTH,
    AreaRow,
    LoadReport,
    UnableToLoadAreas,
    learn_areas,
    load_areas,
    load_reference_areas,
    mark_changed,
    read_areas,
)

__all__ = [
    "LEVEL_OF_LENGTH",
    "AreaRow",
    "LoadReport",
    "Recode",
    "UnableToChangeAreas",
    "UnableToLoadAreas",
    "former_codes",
    "learn_areas",
    "load_areas",
    "load_reference_areas",
    "mark_changed",
    "present_code",
    "read_areas",
    "rename_area",
    "subdistricts_named",
    "supersede",
    "whole_recode",
]
