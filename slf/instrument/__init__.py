"""The questionnaire, the level bands and the classification rules, as versioned data.

`parts` says what a questionnaire is made of, `pd27` holds the questionnaire PD-27,
`rules` holds the bands, the groups and the rule that turns answers into problems.
All of it is the default of this system; the tables in the database are loaded from here.
"""

from slf.instrument.parts import (
    CAPITALS,
    NOT_APPLICABLE,
    Band,
    Capital,
    DebtKind,
    Hazard,
    Instrument,
    Item,
    Method,
    NonFarmRule,
    Place,
    Scope,
    Who,
)
from slf.instrument.pd27 import (
    ASSETS,
    COPING,
    FARMING,
    FREQUENCIES,
    LAND_PROBLEMS,
    MORTGAGED_INFORMALLY,
    PD27_V1,
    STUDENT,
)
from slf.instrument.rules import (
    LEVEL_BANDS_V1,
    LEVEL_BANDS_VERSION,
    PROBLEM_RULES_V1,
    PROBLEM_RULES_VERSION,
    RULE_VERSIONS,
    Group,
    ProblemRule,
    Rule,
    SubType,
)

__all__ = [
    "ASSETS",
    "CAPITALS",
    "COPING",
    "FARMING",
    "FREQUENCIES",
    "LAND_PROBLEMS",
    "LEVEL_BANDS_V1",
    "LEVEL_BANDS_VERSION",
    "MORTGAGED_INFORMALLY",
    "NOT_APPLICABLE",
    "PD27_V1",
    "PROBLEM_RULES_V1",
    "PROBLEM_RULES_VERSION",
    "RULE_VERSIONS",
    "STUDENT",
    "Band",
    "Capital",
    "DebtKind",
    "Group",
    "Hazard",
    "Instrument",
    "Item",
    "Method",
    "NonFarmRule",
    "Place",
    "ProblemRule",
    "Rule",
    "Scope",
    "SubType",
    "Who",
]
