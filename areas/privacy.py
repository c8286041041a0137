"""Which columns tell something about a person, and which do not.

PERSONAL columns are scrubbed in copies and left out of exports without names.
"""

PERSONAL: dict[str, set[str]] = {}

OPEN: dict[str, set[str]] = {
    "Area": {
        "code",
        "level",
        "parent",
        "name",
        "name_en",
        "aliases",
        "is_municipal",
        "origin",
        "valid_from",
        "valid_to",
        "successor",
        "code_length",
    },
    "AreaChange": {"id", "area", "year_be", "changed_at"},
    "AreaFigure": {
        "id",
        "area",
        "source",
        "year_be",
        "measure",
        "unit",
        "value",
        "is_current",
        "recorded_at",
    },
}
