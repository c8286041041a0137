"""Which columns tell something about a person, and which are reference data.

PERSONAL columns are scrubbed in copies and left out of exports without names.
"""

PERSONAL: dict[str, set[str]] = {
    "Problem": {"need_text", "members"},
    "ProblemMember": {"member"},
    "IndicatorResult": {"member"},
}

OPEN: dict[str, set[str]] = {
    "IndicatorSet": {"id", "code", "version", "name", "year_from", "year_to", "size"},
    "Indicator": {
        "id",
        "indicator_set",
        "number",
        "wording",
        "section",
        "unit",
        "age_min",
        "age_max",
        "dimension",
        "counts_in_tpmap",
    },
    "IncomeThreshold": {
        "id",
        "version",
        "year_from",
        "year_to",
        "amount_thb",
        "source",
        "is_confirmed",
    },
    "IndicatorResult": {
        "id",
        "household",
        "source",
        "year_be",
        "indicator_set",
        "known_bits",
        "passed_bits",
        "dimension_known_bits",
        "dimension_failed_bits",
        "version",
    },
    "Problem": {
        "id",
        "household",
        "dimension",
        "code",
        "status",
        "origin",
        "opened_on",
        "opened_by",
        "resolved_on",
        "resolved_by",
        "resolution",
        "version",
    },
    "ProblemMember": {"id", "problem"},
}
